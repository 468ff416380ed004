package annotate

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"

	"github.com/xuri/excelize/v2"
)

var errNotXLSX = errors.New("not an .xlsx package")

// unpackedLimit bounds what excelize unpacks. The file has passed the reader's own limits before it came here.
const unpackedLimit = 1 << 30

// openOriginal opens the clerk's workbook without what could act. It is written once in between, so that what excelize reads is what was
// looked at, and nothing else that the file may hold.
func (a *annotation) openOriginal() (*excelize.File, error) {
	if !bytes.HasPrefix(a.File, []byte("PK\x03\x04")) {
		return nil, errNotXLSX
	}
	parts, err := unpack(a.File)
	if err != nil {
		return nil, err
	}
	if a.removed, err = parts.clean(); err != nil {
		return nil, err
	}
	var clean bytes.Buffer
	if err := parts.write(&clean, zip.Store); err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(&clean, excelize.Options{UnzipSizeLimit: unpackedLimit})
	if err != nil {
		return nil, err
	}
	if len(book.GetSheetList()) == 0 {
		return nil, errors.Join(errNotXLSX, book.Close())
	}
	return book, nil
}

// recoverInto makes an error of a panic.
func recoverInto(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("panic: %v", r)
	}
}
