//go:build !linux

package engine

import "syscall"

// self is empty where the kernel has no name for the running binary: its path is used.
const self = ""

// procAttr puts the child into a process group of its own, so that a Ctrl-C meant for us does not take the engine away before
// we have finished with it. There is no parent-death signal here: the child ends with its standard input.
func procAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
