//go:build !linux

// Package landlock does nothing here: only Linux has it.
package landlock

// Version is 0: there is none.
func Version() int { return 0 }
