package annotate

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/xuri/excelize/v2"
)

var errNotXLSX = errors.New("not an .xlsx package")

// unpackedLimit bounds what excelize unpacks. The file has passed the reader's own limits before it came here.
const unpackedLimit = 1 << 30

func openOriginal(file []byte) (*excelize.File, error) {
	if !bytes.HasPrefix(file, []byte("PK\x03\x04")) {
		return nil, errNotXLSX
	}
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: unpackedLimit})
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
