//go:build !linux && !darwin

package admin

// diskRoom cannot be told here.
func diskRoom(string) (free, total uint64, ok bool) { return 0, 0, false }
