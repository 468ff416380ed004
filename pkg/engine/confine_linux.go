package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What a file or folder may be used for. Everything is forbidden that is not granted to a path.
const (
	mayRead  = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	mayMake  = unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_WRITE_FILE
	mayRun   = unix.LANDLOCK_ACCESS_FS_EXECUTE
	mayAll   = 1<<14 - 1 // all that the second version of Landlock knows; the third adds that a file is cut short
	truncate = unix.LANDLOCK_ACCESS_FS_TRUNCATE

	onFiles = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | mayRun | truncate // what can be granted to a file
)

// oldestLandlock is the first version with which files can be moved from folder to folder (Linux 5.19): ClickHouse does.
const oldestLandlock = 2

// systemPaths are what libraries read of the machine: themselves, the processor and memory, the zone. Nothing of them is secret: of /proc
// the environment of other processes would be.
var systemPaths = []string{"/usr", "/lib", "/lib64", "/sys", ownProcess, "/proc/cpuinfo", "/proc/diskstats", "/proc/filesystems", "/proc/loadavg", "/proc/meminfo", "/proc/pressure",
	"/proc/stat", "/proc/sys", "/proc/uptime", "/proc/version", "/proc/vmstat", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/timezone",
	"/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/hosts", "/etc/host.conf", "/etc/resolv.conf", "/etc/gai.conf"}

// ownProcess leads to the folder of the process itself.
const ownProcess = "/proc/self"

// landlock is the kernel's version of it; 0 where it has none.
func landlock() int {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(version)
}

// confinable reports whether a child can be kept to the engine's files.
func confinable() bool { return landlock() >= oldestLandlock }

// confine keeps this thread, and all that it starts, to the files that the engine needs. ClickHouse as `clickhouse local` lets whoever may ask
// it anything read every file of its user, by the function file(): the accounts and keys beside the engine's folder, and the passwords in
// it. The caller has locked the thread, and is in the engine's folder.
func confine(engine string, run bool) error {
	version := landlock()
	if version < oldestLandlock {
		return nil // nobody but our services has a password then: see writeConfig
	}
	handled := uint64(mayAll)
	if version > oldestLandlock {
		handled |= truncate
	}
	rules := unix.LandlockRulesetAttr{Handled_access_fs: handled}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&rules)), unsafe.Sizeof(rules.Handled_access_fs), 0)
	if errno != 0 {
		return fmt.Errorf("confine engine: %w", errno)
	}
	defer unix.Close(int(fd))
	granted := map[string]uint64{dataName: handled, ".": mayMake, configName: mayRead, usersName: mayRead, "/dev/null": mayRead | mayMake, "/dev/urandom": mayRead, engine: mayRead}
	for _, path := range systemPaths {
		granted[path] = mayRead
	}
	if run { // a program of its own needs its loader, too
		for _, path := range []string{engine, "/usr", "/lib", "/lib64"} {
			granted[path] |= mayRun
		}
	} else {
		granted[filepath.Dir(engine)] |= mayRead
	}
	for path, access := range granted {
		if err := grant(int(fd), path, access&handled); err != nil {
			return err
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("confine engine: %w", err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return fmt.Errorf("confine engine: %w", errno)
	}
	return nil
}

// grant allows the access to what lies at the path and below. A path that is not there needs none.
func grant(rules int, path string, access uint64) error {
	flags := unix.O_PATH | unix.O_CLOEXEC
	if path == ownProcess { // stays open: the kernel would forget the folder, and make another without the grant
		flags = unix.O_PATH
	}
	fd, err := unix.Open(path, flags, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("confine engine: %s: %w", path, err)
	}
	if path != ownProcess {
		defer unix.Close(fd)
	}
	var is unix.Stat_t
	if err := unix.Fstat(fd, &is); err != nil {
		return fmt.Errorf("confine engine: %s: %w", path, err)
	}
	if is.Mode&unix.S_IFMT != unix.S_IFDIR {
		access &= onFiles
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)}
	if _, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(rules), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("confine engine: %s: %w", path, errno)
	}
	return nil
}
