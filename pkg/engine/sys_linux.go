package engine

import "syscall"

// self starts this very binary, also after an upgrade has put another one at its path: a restarted child must be of its parent's version.
const self = "/proc/self/exe"

// procAttr puts the child into a process group of its own, so that a Ctrl-C meant for us does not take the engine away before
// we have finished with it, and has the kernel kill it with us. The pipe alone would end it too, but only after its queries.
func procAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
