package cfb_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"huizong/pkg/workbook/internal/cfb"
	"huizong/pkg/workbook/internal/limits"
	"huizong/pkg/workbook/internal/workbooktest"
)

func stream(data []byte, name string) ([]byte, error) {
	file, err := cfb.Open(workbooktest.Input(data), limits.Default())
	if err != nil {
		return nil, err
	}
	s, err := file.Stream(name)
	if err != nil {
		return nil, err
	}
	b := make([]byte, s.Size())
	return b, s.Read(b, 0)
}

// small is a compound file, by its sectors: the allocation table, the directory, the table of the mini sectors, and these. "B" has their second and first.
func small(version int) []byte {
	size := map[int]int{3: 512, 4: 4096}[version]
	le := binary.LittleEndian
	file := make([]byte, 5*size)
	copy(file, cfb.Signature)
	for at, v := range map[int]uint16{26: uint16(version), 28: 0xFFFE, 30: map[int]uint16{3: 9, 4: 12}[version], 32: 6} {
		le.PutUint16(file[at:], v)
	}
	for at, v := range map[int]uint32{44: 1, 48: 1, 56: 4096, 60: 2, 64: 1, 68: 0xFFFFFFFE, 76: 0} {
		le.PutUint32(file[at:], v)
	}
	fat, directory, mini := file[size:], file[2*size:], file[3*size:]
	for i, next := range []uint32{0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFE} {
		le.PutUint32(fat[4*i:], next)
	}
	for i, next := range []uint32{0xFFFFFFFE, 0} {
		le.PutUint32(mini[4*i:], next)
	}
	for i, e := range []struct {
		name         string
		kind         byte
		left, child  uint32
		start, bytes uint32
	}{{"Root", 5, 0xFFFFFFFF, 2, 3, 128}, {"A", 2, 0xFFFFFFFF, 0xFFFFFFFF, 0, 3}, {"b", 2, 1, 0xFFFFFFFF, 1, 70}} {
		entry := directory[128*i:]
		for j, c := range e.name {
			entry[2*j] = byte(c)
		}
		le.PutUint16(entry[64:], uint16(2*len(e.name)+2))
		entry[66] = e.kind
		for at, v := range map[int]uint32{68: e.left, 72: 0xFFFFFFFF, 76: e.child, 116: e.start, 120: e.bytes} {
			le.PutUint32(entry[at:], v)
		}
	}
	copy(file[4*size:], "abc")
	copy(file[4*size+64:], strings.Repeat("x", 64))
	return file
}

// TestSmallStreams reads streams that lie in mini sectors, in files of both versions.
func TestSmallStreams(t *testing.T) {
	for _, version := range []int{3, 4} {
		for name, want := range map[string]string{"a": "abc", "B": strings.Repeat("x", 64) + "abc\x00\x00\x00"} {
			if got, err := stream(small(version), name); err != nil || string(got) != want {
				t.Errorf("version %d, %s: %q, %v", version, name, got, err)
			}
		}
	}
	file, err := cfb.Open(workbooktest.Input(small(3)), limits.Default())
	if err != nil || !file.Has("B") || file.Has("Root") {
		t.Errorf("b is in the file, and the root is no stream: %v", err)
	}
	if !cfb.Is(small(3)) || cfb.Is([]byte("PK")) {
		t.Error("a compound file is told by its first bytes")
	}
}

// TestSmallStreamsRefused: what is wrong with the tables and the directory is told, and with which byte.
func TestSmallStreamsRefused(t *testing.T) {
	const fat, directory, mini = 512, 1024, 1536
	for name, test := range map[string]struct {
		at    int
		bytes string
		cause string
	}{
		"in a circle":          {mini + 4, "\x01", "runs in a circle"},
		"out of the table":     {directory + 2*128 + 116, "\x7F", "runs in a circle"},
		"longer than they are": {directory + 2*128 + 120, "\xFF\x0F", "runs in a circle"},
		"mini sectors":         {32, "\x07", "mini sectors of 1<<7"},
		"version":              {26, "\x05", "version 5"},
		"no root":              {directory + 66, "\x02", "no root"},
		"name too long":        {directory + 128 + 64, "\x42", "name has 66 bytes"},
		"an entry twice":       {directory + 2*128 + 72, "\x01\x00\x00\x00", "stands twice"},
		"no such entry":        {directory + 2*128 + 72, "\x09\x00\x00\x00", "entry 9 does not exist"},
		"a sector twice":       {60, "\x01", "used twice"},
		"behind the end":       {48, "\x77", "behind the end"},
		"in no table":          {directory + 116, "\x04", "behind the end"},
		"no such stream":       {directory + 2*128, "C", "missing"},
	} {
		t.Run(name, func(t *testing.T) {
			file := small(3)
			copy(file[test.at:], test.bytes)
			_, err := stream(file, "b")
			workbooktest.CheckDamaged(t, err, "", test.cause)
		})
	}
}

// TestManyTables: the lists of a large file's tables stand in sectors of their own.
func TestManyTables(t *testing.T) {
	want := bytes.Repeat([]byte("0123456789abcdef"), 9<<16)
	got, err := stream(workbooktest.Compound("Workbook", want), "workbook")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d of %d bytes, %v", len(got), len(want), err)
	}
}

// TestRefuses changes the container.
func TestRefuses(t *testing.T) {
	sound := workbooktest.XLS(workbooktest.Ledger(100))
	table := len(sound) - 512 // the allocation table is the last sector
	for name, change := range map[string]func(b []byte) []byte{
		"byte order":       func(b []byte) []byte { b[28] = 0; return b },
		"sector size":      func(b []byte) []byte { b[30] = 12; return b },
		"a chain in rings": func(b []byte) []byte { copy(b[table+4:], "\x00\x00\x00\x00"); return b },
		"a chain cut":      func(b []byte) []byte { copy(b[table+4:], "\xFE\xFF\xFF\xFF"); return b },
		"a chain out":      func(b []byte) []byte { copy(b[table+4:], "\xFF\xFF\x00\x00"); return b },
		"many tables":      func(b []byte) []byte { copy(b[44:], "\xFF\xFF\xFF\x7F"); return b },
		"a huge stream":    func(b []byte) []byte { copy(b[table-512+128+120:], "\xFF\xFF\xFF\x7F"); return b },
		"cut short":        func(b []byte) []byte { return b[:len(b)/2] },
		"only a header":    func(b []byte) []byte { return b[:512] },
		"half a header":    func(b []byte) []byte { return b[:100] },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := stream(change(bytes.Clone(sound)), "Workbook")
			workbooktest.CheckDamaged(t, err, "", "")
		})
	}
}
