package blank

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// write makes the file.
func (s *sheet) write(w io.Writer) error {
	s.book.SetZipWriter(func(w io.Writer) excelize.ZipWriter { return &numericFormulas{Writer: zip.NewWriter(w)} })
	b, err := s.book.WriteToBuffer()
	if err != nil {
		return err
	}
	_, err = b.WriteTo(w)
	return err
}

// numericFormulas says of the formulas' results that they are numbers, as all of ours are: excelize writes them as texts, and
// LibreOffice, which does not always recompute a file when it opens it, then adds up nothing.
type numericFormulas struct {
	*zip.Writer
}

// Create is of excelize.ZipWriter.
func (n *numericFormulas) Create(name string) (io.Writer, error) {
	w, err := n.Writer.Create(name)
	if err != nil || !strings.HasPrefix(name, "xl/worksheets/sheet") {
		return w, err
	}
	return formulaWriter{w}, nil
}

// formulaWriter relies on excelize writing a part in one piece.
type formulaWriter struct {
	io.Writer
}

func (f formulaWriter) Write(part []byte) (int, error) {
	if _, err := f.Writer.Write(bytes.ReplaceAll(part, []byte(` t="str"><f>`), []byte(`><f>`))); err != nil {
		return 0, err
	}
	return len(part), nil
}
