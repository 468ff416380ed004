package workbook

import (
	"bytes"
	"io"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/formula"
	"huizong/pkg/workbook/internal/input"
	"huizong/pkg/workbook/internal/limits"
)

// Limits bounds what is read of one file. A zero field means the default.
type Limits = limits.Limits

// DefaultLimits are generous for a sheet that a person made: 64 MB, 256 columns, 5 million cells.
func DefaultLimits() Limits { return limits.Default() }

// SheetInfo is what the workbook's own list says of a sheet.
type SheetInfo struct {
	Name       string // "" for the table of a text file
	Hidden     bool
	VeryHidden bool   // hidden so that Excel's menu does not list it; Hidden is then true as well
	Kind       string // "worksheet", "chartsheet", "dialogsheet" or "macrosheet"
}

// source is what each format gives. Scan keeps the texts of the cells in the arena and reuses the row after each visit;
// it returns the sheet without its rows.
type source interface {
	sheets() []SheetInfo
	held() int64 // bytes that it holds beside the file
	scan(i int, texts *arena.Texts, visit func(*reporting.Row) error) (*reporting.Sheet, error)
}

// File is the bytes of a workbook, wherever they lie. They must not change. *bytes.Reader is one, and so is an original.
type File interface {
	io.ReaderAt
	Size() int64
}

// Book is an opened workbook. It refers to the file it was opened with. It is not for concurrent use.
type Book struct {
	limits Limits
	source source
}

// Open is OpenFile for bytes in memory.
func Open(data []byte, l Limits) (*Book, error) { return OpenFile(bytes.NewReader(data), l) }

// OpenFile recognises the format by its content and reads the list of sheets. Limits' zero fields are the defaults. The file must
// stay open while the book is in use; of its bytes only a piece is in memory at a time. What a file is read as does not depend on
// where its bytes lie: they are counted among the memory in both ways.
func OpenFile(file File, l Limits) (book *Book, err error) {
	defer guard(&err)
	l = l.WithDefaults()
	size := file.Size()
	if size > l.Bytes {
		return nil, fault.TooLarge("", fault.TooManyBytes(l.Bytes))
	}
	l = l.Left(size)
	b := &Book{limits: l}
	b.source, err = open(input.New(file, size), l)
	if err != nil {
		return nil, err
	}
	return b, nil
}

// guard turns a panic into an error. No input is known to cause one; but a worker must outlive the one that does.
func guard(err *error) {
	if r := recover(); r != nil {
		*err = fault.Internal(r)
	}
}

// Sheets lists the sheets in their order, hidden ones too.
func (b *Book) Sheets() []SheetInfo { return b.source.sheets() }

// Rows reads sheet i row by row, in memory that does not grow with the sheet. Rows without a cell are left out. The row and
// the texts in it are valid only during the call; visit's error ends the reading and is returned. Formulas without a
// cached result are not evaluated, as their cells may stand further down.
//
// Rows that were visited before an error are not to be used: the file is damaged.
func (b *Book) Rows(i int, visit func(*reporting.Row) error) (err error) {
	defer guard(&err)
	var texts arena.Texts
	_, err = b.source.scan(i, &texts, func(row *reporting.Row) error {
		err := visit(row)
		texts.Reset()
		return err
	})
	return err
}

// Read returns the whole of sheet i. Formulas without a cached result, or with one that the file does not vouch for, are evaluated where
// they are sums or plain arithmetic over the sheet's cells; any other is a Blank cell with its Formula, or is marked as doubtful.
func (b *Book) Read(i int) (sheet *reporting.Sheet, err error) {
	defer guard(&err)
	k := keeper{limit: b.limits.Memory, source: b.source.held}
	sheet, err = b.source.scan(i, &k.texts, k.keep)
	if err != nil {
		return nil, err
	}
	sheet.Rows = k.rows
	if k.formulas {
		formula.Evaluate(sheet)
		confirm(sheet)
	}
	return sheet, nil
}
