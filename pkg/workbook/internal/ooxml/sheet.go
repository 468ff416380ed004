package ooxml

import (
	"bytes"
	"strconv"
	"strings"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/limits"
	"huizong/pkg/workbook/internal/xmlscan"
)

// maxMerges bounds the merged ranges of a sheet.
const maxMerges = 200_000

// sheetReader reads one sheet part.
type sheetReader struct {
	*xmlscan.Scanner
	book  *Workbook
	entry Sheet
	head  *reporting.Sheet
	meter *limits.Meter
	texts *arena.Texts
	visit func(*reporting.Row) error

	row      reporting.Row
	lastCol  int32 // the last column named in the row, with or without a value
	seenData bool
	rich     richText
	shared   sharedFormulas
	scratch  []byte

	formulaText []byte // of the cell being read
	sharedSize  int    // bytes of the shared formulas
}

func (w *Workbook) scanSheet(entry Sheet, head *reporting.Sheet, texts *arena.Texts, visit func(*reporting.Row) error) error {
	src, err := w.zip.Open(entry.part)
	if err != nil {
		return err
	}
	defer src.Close()
	r := &sheetReader{
		Scanner: xmlscan.New(src, entry.part, transitional, strict),
		book:    w, entry: entry, head: head, texts: texts, visit: visit,
		meter: limits.NewMeter(w.limits, entry.part, entry.Name),
		row:   reporting.Row{Index: -1},
	}
	return r.scan()
}

func (r *sheetReader) scan() error {
	for {
		kind, err := r.Next()
		if err != nil {
			return err
		}
		switch kind {
		case xmlscan.EOF:
			if !r.seenData {
				return r.Errorf("the sheet has no data part")
			}
			return nil
		case xmlscan.Text:
			if err := onlySpace(r.Scanner); err != nil {
				return err
			}
		case xmlscan.Start:
			if err := r.element(); err != nil {
				return err
			}
		}
	}
}

// element reads what stands in the worksheet element.
func (r *sheetReader) element() error {
	switch string(r.Local()) {
	case "worksheet", "macrosheet", "cols", "mergeCells", "headerFooter":
		return nil
	case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
		return r.pageText()
	case "sheetData":
		if r.seenData {
			return r.Errorf("the sheet has two data parts")
		}
		r.seenData = true
		return r.data()
	case "col":
		return r.column()
	case "mergeCell":
		return r.merge()
	}
	if r.Depth() == 1 && !bytes.HasSuffix(r.Name(), []byte(":macrosheet")) { // whose root has a namespace of its own
		return r.Errorf("the root element is <%s>", r.Name())
	}
	if r.Depth() == 1 {
		return nil
	}
	return r.Skip()
}

func (r *sheetReader) column() error {
	is, err := r.unseen()
	if err != nil || !is {
		return skipAfter(r.Scanner, err)
	}
	first, err := intAttr(r.Scanner, "min")
	if err != nil {
		return err
	}
	last, err := intAttr(r.Scanner, "max")
	if err != nil {
		return err
	}
	if first < 1 || last < first || len(r.head.HiddenCols) > maxMerges {
		return r.Errorf("columns %d to %d", first, last)
	}
	r.head.HiddenCols = append(r.head.HiddenCols, reporting.Range{FirstCol: int32(first - 1), LastCol: int32(last - 1)})
	return r.Skip()
}

// unseen reports whether nobody sees the column: it is hidden, or has no width.
func (r *sheetReader) unseen() (bool, error) {
	width, found, err := r.Attr("width")
	if err != nil {
		return false, err
	}
	if found && len(width) > 0 && strings.Trim(string(width), "0.") == "" {
		return true, nil
	}
	hidden, found, err := r.Attr("hidden")
	if err != nil || !found {
		return false, err
	}
	return parseBool(r.Scanner, hidden)
}

// skipAfter skips the element unless there is an error already.
func skipAfter(s *xmlscan.Scanner, err error) error {
	if err != nil {
		return err
	}
	return s.Skip()
}

func (r *sheetReader) merge() error {
	ref, found, err := r.Attr("ref")
	if err != nil {
		return err
	}
	area, ok := parseRange(ref)
	if !found || !ok {
		return r.Errorf("merged cells %q", ref)
	}
	if len(r.head.Merges) == maxMerges {
		return fault.TooLarge("", fault.TooManyCells(r.book.limits.Cells))
	}
	r.head.Merges = append(r.head.Merges, area)
	return r.Skip()
}

// data reads the rows.
func (r *sheetReader) data() error {
	for {
		kind, err := r.Next()
		if err != nil {
			return err
		}
		switch kind {
		case xmlscan.End:
			return nil
		case xmlscan.Text:
			err = onlySpace(r.Scanner)
		case xmlscan.Start:
			if string(r.Local()) != "row" {
				return r.Errorf("unknown element <%s> among the rows", r.Name())
			}
			err = r.readRow()
		}
		if err != nil {
			return err
		}
	}
}

// readRow reads a row and hands it on. Rows without a cell and without a sign of being hidden are not handed on.
func (r *sheetReader) readRow() error {
	if err := r.beginRow(); err != nil {
		return err
	}
	for {
		r.plainCells()
		kind, err := r.Next()
		if err != nil {
			return err
		}
		switch kind {
		case xmlscan.End:
			return r.endRow()
		case xmlscan.Text:
			err = onlySpace(r.Scanner)
		case xmlscan.Start:
			switch string(r.Local()) {
			case "c":
				err = r.cell()
			case "extLst":
				err = r.Skip()
			default:
				err = r.Errorf("unknown element <%s> in a row", r.Name())
			}
		}
		if err != nil {
			return err
		}
	}
}

func (r *sheetReader) beginRow() error {
	index, hidden := r.row.Index+1, false
	for _, a := range r.Attrs() {
		v, err := r.Value(a)
		if err != nil {
			return err
		}
		switch string(a.Name) {
		case "r":
			n, err := strconv.ParseUint(string(v), 10, 31)
			if err != nil || n == 0 || n > maxRows {
				return r.Errorf("row number %q", v)
			}
			if int32(n-1) < index {
				return r.Errorf("row %d stands after row %d", n, index)
			}
			index = int32(n - 1)
		case "hidden":
			if hidden, err = parseBool(r.Scanner, v); err != nil {
				return err
			}
		}
	}
	r.row = reporting.Row{Index: index, Hidden: hidden, Cells: r.row.Cells[:0]}
	r.lastCol = -1
	return nil
}

func (r *sheetReader) endRow() error {
	if len(r.row.Cells) == 0 {
		return nil
	}
	if err := r.meter.Row(&r.row); err != nil {
		return err
	}
	return r.visit(&r.row)
}
