package annotate

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// archive is the parts of a workbook, by their names in the package.
type archive struct {
	parts map[string]*bytes.Buffer
}

// collect lets excelize write the workbook into memory, uncompressed, so that parts can be changed before the package is made.
func collect(book *excelize.File) (*archive, error) {
	a := &archive{parts: map[string]*bytes.Buffer{}}
	book.SetZipWriter(func(io.Writer) excelize.ZipWriter { return a })
	_, err := book.WriteToBuffer()
	return a, err
}

// Create is of excelize.ZipWriter.
func (a *archive) Create(name string) (io.Writer, error) {
	name = strings.TrimPrefix(name, "/")
	a.parts[name] = new(bytes.Buffer)
	return a.parts[name], nil
}

// AddFS is of excelize.ZipWriter; excelize does not call it.
func (a *archive) AddFS(fs.FS) error { return fs.ErrInvalid }

// Close is of excelize.ZipWriter.
func (a *archive) Close() error { return nil }

func (a *archive) has(name string) bool { return a.parts[name] != nil }

// text is a part's content, "" where there is none.
func (a *archive) text(name string) string {
	if a.parts[name] == nil {
		return ""
	}
	return a.parts[name].String()
}

func (a *archive) set(name, content string) { a.parts[name] = bytes.NewBufferString(content) }

const contentTypes = "[Content_Types].xml"

// packed is the day that all parts carry: the bytes must not depend on when they were written.
var packed = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// write makes the package: the list of types first, as Office writes it, then the parts by name.
func (a *archive) write(w io.Writer, method uint16) error {
	names := make([]string, 0, len(a.parts))
	for name := range a.parts {
		if name != contentTypes {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	zw := zip.NewWriter(w)
	for _, name := range append([]string{contentTypes}, names...) {
		part, err := zw.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: packed})
		if err != nil {
			return err
		}
		if _, err := part.Write(a.parts[name].Bytes()); err != nil {
			return err
		}
	}
	return zw.Close()
}
