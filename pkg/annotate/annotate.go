package annotate

import (
	"archive/zip"
	"io"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
)

// Input is one submission with what became of it.
type Input struct {
	File     []byte             // the original, as it was sent
	Sheets   []*reporting.Sheet // as it was decoded; none for a file that cannot be read
	Decision reporting.Decision // outcome, findings, receipt. Without an outcome the findings decide
	Form     reporting.Text     // the form's title; zero when it was not recognised
	Org      reporting.Text     // the sender's name
	Language string             // "en"; anything else is Chinese. Both messages of a finding are listed in any case
}

// Write writes the annotated workbook, always an .xlsx, and says what is not in it. The list of findings says that, too. An error is of
// w, or our own.
func Write(w io.Writer, in Input) ([]Removed, error) {
	a := annotation{Input: in, words: wordsOf(in.Language)}
	parts, err := a.original()
	if err != nil {
		parts, err = a.rebuilt()
	}
	if err != nil {
		return nil, reporting.Errorf(reporting.Internal, "annotate %s: %w", in.Decision.Submission, err)
	}
	return a.left(), parts.write(w, zip.Deflate)
}

// annotation is the writing of one workbook.
type annotation struct {
	Input
	words   *words
	report  string // name of the sheet of findings
	removed map[harm]int
	anew    bool // it is made of the cells, and of nothing else
}

// original annotates the clerk's own workbook. It fails on a file that is no .xlsx, or one that excelize does not understand; the
// caller then rebuilds. A panic of the library on a strange file is such a failure, and not the caller's end.
func (a *annotation) original() (parts *archive, err error) {
	defer recoverInto(&err)
	if len(a.Sheets) == 0 {
		return nil, errNotXLSX // damaged, or over the reader's limits: it is not unpacked here either
	}
	book, err := a.openOriginal()
	if err != nil {
		return nil, err
	}
	defer book.Close()
	return a.annotate(book)
}

// rebuilt annotates a copy made of the decoded cells.
func (a *annotation) rebuilt() (*archive, error) {
	a.anew = true
	book, err := rebuild(a.Sheets)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	return a.annotate(book)
}

func (a *annotation) annotate(book *excelize.File) (*archive, error) {
	if err := a.removeReports(book); err != nil {
		return nil, err
	}
	notes, err := a.mark(book)
	if err != nil {
		return nil, err
	}
	if err := a.addReport(book); err != nil {
		return nil, err
	}
	parts, err := collect(book)
	if err != nil {
		return nil, err
	}
	parts.asPlainWorkbook()
	return parts, parts.addNotes(notes)
}

// sheetName is the sheet of the workbook that a finding names: the table of a text file has no name of its own.
func sheetName(name string) string {
	if name == "" {
		return textSheet
	}
	return name
}
