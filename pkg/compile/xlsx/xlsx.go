// Package xlsx writes the tables and charts of a compile.Document as a workbook: a sheet a table, numbers as numbers with the digits
// of the report as their format, native charts, and sheets of what is missing and of all numbers by their ids.
//
// Of the text it has the numbers, each with its sentence. A cell holds the exact number as far as a workbook can, and shows what the report prints. The
// same Document gives the same bytes. What people sent is always text, never a formula.
package xlsx

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/compile"
)

// Write writes the document to w.
func Write(w io.Writer, d *compile.Document) error {
	b := newBook(d)
	defer b.file.Close()
	for _, step := range []func() error{b.cover, b.gaps, b.spoken, b.tables, b.charts, b.index, b.properties} {
		if err := step(); err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
	}
	return b.write(w)
}

// book is a workbook as far as it is made.
type book struct {
	file     *excelize.File
	document *compile.Document
	styles   styles
	sheets   []string         // in order
	entries  map[string]place // of the origins, by the ids of bindings
	places   []place          // of the bound numbers, as they were written
	named    []place          // of their ids, where these stand beside them
}

// place is a cell, and the binding whose number it holds.
type place struct{ sheet, cell, binding string }

func newBook(d *compile.Document) *book {
	f := excelize.NewFile()
	return &book{file: f, document: d, styles: styles{file: f, ids: map[look]int{}}, entries: map[string]place{}}
}

// sheet makes a sheet of a name that a workbook allows, set up for A4 with its first rows on every page.
func (b *book) sheet(title string, wide bool, head int) (string, error) {
	name := b.freeName(title)
	var err error
	if len(b.sheets) == 0 {
		err = b.file.SetSheetName("Sheet1", name)
	} else {
		_, err = b.file.NewSheet(name)
	}
	b.sheets = append(b.sheets, name)
	if err != nil {
		return "", err
	}
	return name, b.pageSetup(name, wide, head)
}

// freeName cuts and cleans a title to a sheet's name: 31 characters, some of which are forbidden, and no two alike.
func (b *book) freeName(title string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xFFFD || strings.ContainsRune(`[]:*?/\'`, r) {
			return ' '
		}
		return r
	}, title)
	clean = strings.TrimSpace(clean)
	if clean == "" {
		clean = "表"
	}
	for n := 1; ; n++ {
		suffix := ""
		if n > 1 {
			suffix = fmt.Sprintf("（%d）", n)
		}
		runes := []rune(clean)
		name := string(runes[:min(len(runes), 31-len([]rune(suffix)))]) + suffix
		if !slices.ContainsFunc(b.sheets, func(s string) bool { return strings.EqualFold(s, name) }) {
			return name
		}
	}
}

// fitWidth has a sheet printed one page wide.
func (b *book) fitWidth(sheet string) error {
	fit := true
	return b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit})
}

func (b *book) pageSetup(sheet string, wide bool, head int) error {
	paper, width, height, orientation := 9, 1, 0, "portrait"
	if wide {
		orientation = "landscape"
	}
	if err := b.fitWidth(sheet); err != nil {
		return err
	}
	if err := b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &paper, Orientation: &orientation, FitToWidth: &width, FitToHeight: &height}); err != nil {
		return err
	}
	if err := b.file.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&C— &P —"}); err != nil {
		return err
	}
	titles := &excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$1:$%d", sheet, head), Scope: sheet}
	if err := b.file.SetDefinedName(titles); err != nil {
		return err
	}
	return b.file.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: fmt.Sprintf("A%d", head+1), ActivePane: "bottomLeft"})
}

// properties dates the file at the cut-off: the package keeps no clock.
func (b *book) properties() error {
	at := b.document.Cutoff.UTC().Format(time.RFC3339)
	return b.file.SetDocProps(&excelize.DocProperties{
		Title: strings.Join(b.document.Title, ""), Creator: b.document.Issuer, LastModifiedBy: b.document.Issuer, Created: at, Modified: at, Language: "zh-CN",
	})
}
