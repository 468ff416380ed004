package biff

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"unicode/utf16"
)

// unasked is the password with which Excel locks a workbook whose structure is protected. It tries it before it asks a person
// for one: such a file opens for everybody, and its sender knows of no password.
const unasked = "VelvetSweatshop"

// lockBlock is the part of a stream that has a key of its own.
const lockBlock = 1024

// lock is the encryption of Excel 97 to 2003.
type lock struct{ key [5]byte }

// newLock reads a FILEPASS record, and returns false where the lock is of another kind or has another password.
func newLock(b []byte) (l lock, ok bool) {
	if len(b) != 54 || !bytes.Equal(b[:6], []byte{1, 0, 1, 0, 1, 0}) {
		return l, false
	}
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

func (l lock) cipher(block int) *rc4.Cipher {
	key := md5.Sum(le.AppendUint32(bytes.Clone(l.key[:]), uint32(block)))
	c, _ := rc4.NewCipher(key[:]) // only the length of a key can be wrong
	return c
}

// open returns the plain stream. The heads of records, some records and the places of sheets are not encrypted, but take their
// share of the key.
func (l lock) open(stream []byte) []byte {
	plain := bytes.Clone(stream)
	for at := 0; at < len(plain); at += lockBlock {
		block := plain[at:min(at+lockBlock, len(plain))]
		l.cipher(at/lockBlock).XORKeyStream(block, block)
	}
	keep := func(from, to int) {
		copy(plain[min(from, len(plain)):], stream[min(from, len(stream)):min(to, len(stream))])
	}
	for at := 0; at+4 <= len(stream); {
		id, n := le.Uint16(stream[at:]), int(le.Uint16(stream[at+2:]))
		keep(at, at+4+openBytes(id, n))
		at += 4 + n
	}
	return plain
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
