package biff

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"crypto/subtle"
	"unicode/utf16"
)

// unasked is the password with which Excel locks a workbook whose structure is protected. It tries it before it asks a person
// for one: such a file opens for everybody, and its sender knows of no password.
const unasked = "VelvetSweatshop"

// lockBlock is the part of a stream that has a key of its own.
const lockBlock = 1024

// lock is the encryption of Excel 97 to 2003. It is not for concurrent use.
type lock struct {
	key   [5]byte
	block int // of which pad is
	pad   [lockBlock]byte
	plain []byte
}

// newLock reads a FILEPASS record, and returns false where the lock is of another kind or has another password.
func newLock(b []byte) (l *lock, ok bool) {
	if len(b) != 54 || !bytes.Equal(b[:6], []byte{1, 0, 1, 0, 1, 0}) {
		return nil, false
	}
	l = &lock{block: -1}
	salt, verifier, hash := b[6:22], b[22:38], b[38:54]
	var password []byte
	for _, u := range utf16.Encode([]rune(unasked)) {
		password = le.AppendUint16(password, u)
	}
	first := md5.Sum(password)
	second := md5.Sum(bytes.Repeat(append(bytes.Clone(first[:5]), salt...), 16))
	copy(l.key[:], second[:])
	c := l.cipher(0)
	var plain, plainHash [16]byte
	c.XORKeyStream(plain[:], verifier)
	c.XORKeyStream(plainHash[:], hash)
	return l, md5.Sum(plain[:]) == plainHash
}

func (l *lock) cipher(block int) *rc4.Cipher {
	key := md5.Sum(le.AppendUint32(bytes.Clone(l.key[:]), uint32(block)))
	c, _ := rc4.NewCipher(key[:]) // only the length of a key can be wrong
	return c
}

// open returns the plain data of a record that stand at the place of the stream, which are valid until the next call. The heads of
// records, some records and the places of sheets are not encrypted, but take their share of the key.
func (l *lock) open(id uint16, at int, data []byte) []byte {
	l.plain = append(l.plain[:0], data...)
	for i := openBytes(id, len(data)); i < len(data); {
		pad := l.padAt(at + i)
		i += subtle.XORBytes(l.plain[i:], data[i:], pad)
	}
	return l.plain
}

// padAt returns what the stream is encrypted with, from the place to the end of the block.
func (l *lock) padAt(at int) []byte {
	if block := at / lockBlock; block != l.block {
		clear(l.pad[:])
		l.cipher(block).XORKeyStream(l.pad[:], l.pad[:])
		l.block = block
	}
	return l.pad[at%lockBlock:]
}

// openBytes is how many of a record's bytes are not encrypted.
func openBytes(id uint16, n int) int {
	switch id {
	case idBOF, idFilePass, 0x00E1, 0x0138, 0x0194, 0x0195, 0x0196:
		return n
	case idBoundSheet:
		return min(n, 4)
	}
	return 0
}
