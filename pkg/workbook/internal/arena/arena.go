// Package arena keeps many short texts in few blocks of memory.
//
// A sheet of a million cells would otherwise be a million allocations. It is not a pool: texts are never given back singly.
package arena

import "unsafe"

const blockSize = 64 << 10

// Texts holds texts. The zero value is ready.
type Texts struct {
	block []byte // the block being filled; full ones are kept alive by the strings in them
	held  int64
}

// Add copies the bytes and returns them as a string, which is valid until Reset.
func (t *Texts) Add(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > cap(t.block)-len(t.block) {
		t.grow(len(b))
	}
	start := len(t.block)
	t.block = append(t.block, b...)
	// The bytes behind the string are written once, above, and appended to only beyond its end.
	return unsafe.String(&t.block[start], len(b))
}

func (t *Texts) grow(n int) {
	size := max(blockSize, n)
	t.block = make([]byte, 0, size)
	t.held += int64(size)
}

// Reset forgets all texts. Strings returned before may change from now on.
func (t *Texts) Reset() {
	t.block = t.block[:0]
	t.held = int64(cap(t.block))
}

// Held is the memory taken by the texts.
func (t *Texts) Held() int64 { return t.held }
