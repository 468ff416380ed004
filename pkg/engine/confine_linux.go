package engine

import (
	"fmt"
	"path/filepath"

	"huizong/pkg/landlock"
)

// oldestLandlock is the first version with which files can be moved from folder to folder (Linux 5.19): ClickHouse does.
const oldestLandlock = 2

// systemPaths are what libraries read of the machine: themselves, the processor and memory, the zone. Nothing of them is secret: of /proc
// the environment of other processes would be.
var systemPaths = []string{"/usr", "/lib", "/lib64", "/sys", landlock.OwnProcess, "/proc/cpuinfo", "/proc/diskstats", "/proc/filesystems", "/proc/loadavg", "/proc/meminfo", "/proc/pressure",
	"/proc/stat", "/proc/sys", "/proc/uptime", "/proc/version", "/proc/vmstat", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/timezone",
	"/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/hosts", "/etc/host.conf", "/etc/resolv.conf", "/etc/gai.conf"}

// confinable reports whether a child can be kept to the engine's files.
func confinable() bool { return landlock.Version() >= oldestLandlock }

// confine keeps this thread, and all that it starts, to the files that the engine needs. `clickhouse local` lets every caller
// read every file of its user, by the function file(): the accounts and keys beside the engine's folder, and the passwords in
// it. The caller has locked the thread, and is in the engine's folder.
func confine(engine string, run bool) error {
	if !confinable() {
		return nil // only our services have a password then: see writeConfig
	}
	granted := map[string]landlock.Access{dataName: landlock.All, ".": landlock.Make, configName: landlock.Read, usersName: landlock.Read,
		"/dev/null": landlock.Read | landlock.Make, "/dev/urandom": landlock.Read, engine: landlock.Read}
	for _, path := range systemPaths {
		granted[path] = landlock.Read
	}
	if run { // a program of its own needs its loader, too
		for _, path := range []string{engine, "/usr", "/lib", "/lib64"} {
			granted[path] |= landlock.Run
		}
	} else {
		granted[filepath.Dir(engine)] |= landlock.Read
	}
	if err := landlock.Restrict(landlock.Rules{Files: granted, Mute: true}); err != nil {
		return fmt.Errorf("confine engine: %w", err)
	}
	return nil
}
