// Package landlock keeps a thread, and all that it starts, to the files that are granted to it, and, where asked, from the network and
// from other processes. The kernel enforces it (Landlock, from Linux 5.13 on), and nothing undoes it.
//
// It does not concern files that are open already: to hand one over is to grant it.
package landlock

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Access is what a file or folder may be used for.
type Access uint64

// What can be granted. All is what the kernel's version knows.
const (
	Read Access = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	Make Access = unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_WRITE_FILE
	Run  Access = unix.LANDLOCK_ACCESS_FS_EXECUTE
	All  Access = 1<<63 - 1
)

// What each version of Landlock added.
const (
	first    = 1<<13 - 1
	moving   = unix.LANDLOCK_ACCESS_FS_REFER     // the second, Linux 5.19
	cutting  = unix.LANDLOCK_ACCESS_FS_TRUNCATE  // the third
	devices  = unix.LANDLOCK_ACCESS_FS_IOCTL_DEV // the fifth
	tcp      = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	netSince = 4
	others   = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	since    = 6 // of others

	onFiles = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_EXECUTE | cutting // what can be granted to a file
)

// Version is the kernel's; 0 where it has none.
func Version() int {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(version)
}

// OwnProcess leads to the folder of the process itself.
const OwnProcess = "/proc/self"

// Rules say what is left of the world. TCP is what the kernel calls so: another protocol, such as multipath TCP, has to be kept away by other means.
type Rules struct {
	Files map[string]Access // granted, to what lies at the path and below; a path that is not there needs no grant
	Mute  bool              // and no TCP connection is opened, from version 4 on: it answers, and asks nobody
	Alone bool              // and no TCP, no abstract socket, and no signal to a process outside, as far as the kernel's version can forbid it
}

// Restrict is for good. Without Landlock it does nothing: ask Version. The caller has locked the thread.
func Restrict(rules Rules) error {
	version := Version()
	if version == 0 {
		return nil
	}
	attributes, size := handled(version, rules)
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attributes)), size, 0)
	if errno != 0 {
		return fmt.Errorf("landlock: %w", errno)
	}
	defer unix.Close(int(fd))
	for path, access := range rules.Files {
		if err := grant(int(fd), path, uint64(access)&attributes.Handled_access_fs); err != nil {
			return err
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("landlock: %w", err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return fmt.Errorf("landlock: %w", errno)
	}
	return nil
}

// handled is what is forbidden but for the grants, and how much of the struct the version knows.
func handled(version int, r Rules) (rules unix.LandlockRulesetAttr, size uintptr) {
	rules.Handled_access_fs = first
	for _, step := range []struct {
		version int
		access  uint64
	}{{2, moving}, {3, cutting}, {5, devices}} {
		if version >= step.version && (r.Alone || step.access != devices) { // what a library asks of its devices is its own affair
			rules.Handled_access_fs |= step.access
		}
	}
	size = unsafe.Sizeof(rules.Handled_access_fs)
	if (r.Mute || r.Alone) && version >= netSince {
		rules.Handled_access_net, size = unix.LANDLOCK_ACCESS_NET_CONNECT_TCP, unsafe.Offsetof(rules.Scoped)
	}
	if r.Alone && version >= netSince {
		rules.Handled_access_net = tcp
	}
	if r.Alone && version >= since {
		rules.Scoped, size = others, unsafe.Offsetof(rules.Quiet_access_fs)
	}
	return rules, size
}

func grant(rules int, path string, access uint64) error {
	flags := unix.O_PATH | unix.O_CLOEXEC
	if path == OwnProcess { // stays open: the kernel would forget the folder, and make another without the grant
		flags = unix.O_PATH
	}
	fd, err := unix.Open(path, flags, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("landlock: %s: %w", path, err)
	}
	if path != OwnProcess {
		defer unix.Close(fd)
	}
	var is unix.Stat_t
	if err := unix.Fstat(fd, &is); err != nil {
		return fmt.Errorf("landlock: %s: %w", path, err)
	}
	if is.Mode&unix.S_IFMT != unix.S_IFDIR {
		access &= onFiles
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)}
	if _, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(rules), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("landlock: %s: %w", path, errno)
	}
	return nil
}
