//go:build linux || darwin

package admin

import "syscall"

// diskRoom is what is free for us, and in all, on the disk of a folder.
func diskRoom(folder string) (free, total uint64, ok bool) {
	var s syscall.Statfs_t
	if folder == "" || syscall.Statfs(folder, &s) != nil {
		return 0, 0, false
	}
	return s.Bavail * uint64(s.Bsize), s.Blocks * uint64(s.Bsize), true
}
