package archive_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"testing"

	"huizong/pkg/compile/internal/archive"
)

var parts = []archive.Part{{Name: "[Content_Types].xml", Content: "<Types/>"}, {Name: "word/document.xml", Content: "正文"}, {Name: "empty", Content: ""}}

// TestWrite: the parts come out in their order with what is in them, as they stand, and the same parts give the same bytes.
func TestWrite(t *testing.T) {
	var first, second bytes.Buffer
	if err := errors.Join(archive.Write(&first, parts), archive.Write(&second, parts)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) || !bytes.Contains(first.Bytes(), []byte("正文")) {
		t.Error("the bytes depend on more than the parts")
	}
	z, err := zip.NewReader(bytes.NewReader(first.Bytes()), int64(first.Len()))
	if err != nil || len(z.File) != len(parts) {
		t.Fatalf("%d files, %v", len(z.File), err)
	}
	for i, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r) // compares the checksum
		if err != nil || f.Name != parts[i].Name || string(content) != parts[i].Content || f.Modified.Year() != 1980 || f.Flags&8 != 0 {
			t.Errorf("%s, want %s: %q of %v, %v", f.Name, parts[i].Name, content, f.Modified, err)
		}
	}
}

// full takes so many bytes.
type full int

func (f *full) Write(b []byte) (int, error) {
	if *f -= full(len(b)); *f < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// TestWriteFails: wherever the disk is full, that is an error and no shorter archive.
func TestWriteFails(t *testing.T) {
	var whole bytes.Buffer
	if err := archive.Write(&whole, parts); err != nil {
		t.Fatal(err)
	}
	for n := range whole.Len() {
		room := full(n)
		if err := archive.Write(&room, parts); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("with room for %d of %d bytes: %v", n, whole.Len(), err)
		}
	}
}
