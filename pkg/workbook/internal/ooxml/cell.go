package ooxml

import (
	"bytes"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/formula"
	"huizong/pkg/workbook/internal/isodate"
	"huizong/pkg/workbook/internal/xmlscan"
)

// rawCell is a cell element while its children are read.
type rawCell struct {
	cell     reporting.Cell
	kind     string // the attribute t
	style    int
	hasValue bool
	formula  bool
	shared   int // the number of the shared formula that stands for this cell's, −1 when it has its own
}

// cell reads a cell element, and appends to the row what it holds, if anything.
func (r *sheetReader) cell() error {
	var c rawCell
	if err := r.cellAttrs(&c); err != nil {
		return err
	}
	for {
		kind, err := r.Next()
		if err != nil {
			return err
		}
		switch kind {
		case xmlscan.End:
			return r.endCell(&c)
		case xmlscan.Text:
			err = onlySpace(r.Scanner)
		case xmlscan.Start:
			err = r.cellChild(&c)
		}
		if err != nil {
			return err
		}
	}
}

func (r *sheetReader) cellAttrs(c *rawCell) error {
	c.cell.Row, c.cell.Col = r.row.Index, r.lastCol+1
	for _, a := range r.Attrs() {
		switch string(a.Name) {
		case "r":
			row, col, ok := parseCell(a.Value)
			if !ok {
				return r.Errorf("cell reference %q", a.Value)
			}
			if row != r.row.Index || col <= r.lastCol {
				return r.Errorf("cell %s stands out of order", a.Value)
			}
			c.cell.Col = col
		case "s":
			i, ok := parseIndex(a.Value)
			if !ok {
				return r.Errorf("style %q", a.Value)
			}
			c.style = i
			show := r.book.styles.style(i)
			if show == nil {
				return r.Errorf("style %d does not exist", i)
			}
			c.cell.Date, c.cell.Marks, c.cell.Look = show.Date, show.marks, show.Look
		case "t":
			var ok bool
			if c.kind, ok = cellKind(a.Value); !ok {
				return r.Errorf("cell type %q", a.Value)
			}
		}
	}
	r.lastCol = c.cell.Col
	return nil
}

// cellKind returns the type as a constant, so that no string is made for each cell.
func cellKind(v []byte) (string, bool) {
	switch string(v) {
	case "s":
		return "s", true
	case "n":
		return "", true
	case "str":
		return "str", true
	case "inlineStr":
		return "inlineStr", true
	case "b":
		return "b", true
	case "e":
		return "e", true
	case "d":
		return "d", true
	}
	return "", false
}

func (r *sheetReader) cellChild(c *rawCell) error {
	switch string(r.Local()) {
	case "v":
		if c.hasValue {
			return r.Errorf("a cell with two values")
		}
		c.hasValue = true
		v, err := r.Content()
		if err != nil {
			return err
		}
		return r.value(c, v)
	case "is":
		b, err := r.rich.read(r.Scanner)
		if err != nil {
			return err
		}
		if c.kind == "inlineStr" {
			c.hasValue = true
			c.setText(r.texts.Add(b))
			c.setRich(richString{r.rich.marks, r.rich.runs.own >= r.rich.runs.all && r.rich.runs.own > 0, r.rich.look()})
		}
		return nil
	case "f":
		return r.formula(c)
	case "extLst":
		return r.Skip()
	}
	return r.Errorf("unknown element <%s> in a cell", r.Name())
}

// value reads the content of <v> as the cell's type says.
func (r *sheetReader) value(c *rawCell, v []byte) error {
	switch c.kind {
	case "s":
		if len(v) == 0 {
			return nil
		}
		i, ok := parseIndex(bytes.TrimSpace(v))
		if !ok || i >= r.book.strings.Len() {
			return r.Errorf("shared string %.20q, there are %d", v, r.book.strings.Len())
		}
		text, err := r.book.strings.Text(i, r.texts)
		if err != nil {
			return err
		}
		c.setText(text)
		if len(r.book.rich) > 0 {
			r.setRich(&c.cell, i)
		}
	case "str", "inlineStr":
		r.scratch = appendUnescaped(r.scratch[:0], v)
		c.setText(r.texts.Add(r.scratch))
	case "":
		return r.number(c, v)
	case "b":
		is, err := parseBool(r.Scanner, bytes.TrimSpace(v))
		if err != nil || len(v) == 0 {
			return err
		}
		c.cell.Kind, c.cell.Text = reporting.BoolCell, "FALSE"
		if is {
			c.cell.Text = "TRUE"
		}
	case "e":
		if len(v) > 0 {
			c.cell.Kind, c.cell.Text = reporting.ErrorCell, r.texts.Add(v)
		}
	case "d":
		return r.isoDate(c, v)
	}
	return nil
}

// setText makes it a text cell. Empty text is as good as no cell.
func (c *rawCell) setText(text string) {
	if text != "" {
		c.cell.Kind, c.cell.Text = reporting.TextCell, text
	}
}

// setRich adds what the shared string shows beside its letters.
func (r *sheetReader) setRich(c *reporting.Cell, i int) {
	if rich, found := r.book.rich[i]; found {
		setRich(c, rich)
	}
}

func (c *rawCell) setRich(rich richString) { setRich(&c.cell, rich) }

// setRich puts the marks of a text's own runs in the place of those of the cell's font, where all runs have a font of their own.
func setRich(c *reporting.Cell, rich richString) {
	if rich.own {
		c.Marks &^= reporting.Struck
	}
	if c.Marks |= rich.marks; rich.look != nil {
		c.Look = rich.look
	}
}

func (r *sheetReader) number(c *rawCell, v []byte) error {
	v = bytes.TrimSpace(v)
	if len(v) == 0 {
		return nil
	}
	if !isNumber(v) {
		return r.Errorf("%.40q is no number", v)
	}
	c.cell.Kind, c.cell.Text = reporting.NumberCell, r.texts.Add(v)
	return nil
}

// isNumber reports whether v is a decimal number with or without exponent.
func isNumber(v []byte) bool {
	i := 0
	if v[0] == '-' || v[0] == '+' {
		i++
	}
	whole := digits(v[i:])
	i += whole
	fraction := 0
	if i < len(v) && v[i] == '.' {
		fraction = digits(v[i+1:])
		i += 1 + fraction
	}
	if whole+fraction == 0 {
		return false
	}
	if i == len(v) {
		return true
	}
	if v[i]|0x20 != 'e' {
		return false
	}
	i++
	if i < len(v) && (v[i] == '-' || v[i] == '+') {
		i++
	}
	exponent := digits(v[i:])
	return exponent > 0 && i+exponent == len(v)
}

// digits counts the digits at the start.
func digits(v []byte) int {
	for i, c := range v {
		if c < '0' || c > '9' {
			return i
		}
	}
	return len(v)
}

// parseIndex reads a small number without sign.
func parseIndex(v []byte) (int, bool) {
	if len(v) == 0 || len(v) > 9 || digits(v) < len(v) {
		return 0, false
	}
	n := 0
	for _, c := range v {
		n = n*10 + int(c-'0')
	}
	return n, true
}

// isoDate reads the dates of strict workbooks ("2020-06-15", "2020-06-15T12:00:00"), and makes of them the serial number
// that all other workbooks have.
func (r *sheetReader) isoDate(c *rawCell, v []byte) error {
	if len(v) == 0 {
		return nil
	}
	text, ok := isodate.Serial(string(v), r.book.Date1904)
	if !ok {
		return r.Errorf("date %.40q", v)
	}
	c.cell.Kind, c.cell.Date, c.cell.Text = reporting.NumberCell, true, text
	return nil
}

// endCell appends the cell to the row when it holds something.
func (r *sheetReader) endCell(c *rawCell) error {
	isAbsent := c.cell.Kind == reporting.Blank && !(c.hasValue && c.kind == "str" && !r.book.stale)
	if c.cell.Kind != reporting.NumberCell && (c.cell.Look == nil || c.cell.Look.Format != nil) {
		c.cell.Look = nil // the format of a number
	}
	if c.formula {
		c.cell.Computed = !isAbsent // also where the result is an empty text
		if isAbsent || r.book.stale && c.cell.Kind != reporting.Blank {
			if err := r.keepFormula(c, isAbsent); err != nil {
				return err
			}
		}
	}
	if c.cell.Kind == reporting.Blank && c.cell.Look == nil {
		return nil
	}
	if err := r.meter.Cell(c.cell); err != nil {
		return err
	}
	c.cell.Date = c.cell.Date && (c.cell.Kind == reporting.NumberCell || c.cell.Kind == reporting.Blank)
	r.row.Cells = append(r.row.Cells, c.cell)
	return nil
}

// keepFormula keeps the formula of a cell whose result is absent or in doubt.
func (r *sheetReader) keepFormula(c *rawCell, isAbsent bool) error {
	look := reporting.Look{}
	if show := r.book.styles.style(c.style); show != nil && show.Look != nil {
		look = *show.Look
	}
	switch {
	case c.shared >= 0:
		first, found := r.shared[c.shared]
		if !found {
			return r.Errorf("shared formula %d does not exist", c.shared)
		}
		look.Formula = formula.Shift(first.text, c.cell.Row-first.row, c.cell.Col-first.col)
	case len(r.formulaText) > 0:
		look.Formula = r.texts.Add(r.formulaText)
	default:
		look.Formula = "?" // a data table: it has no text of its own, and still the cell must be seen
	}
	if !isAbsent {
		c.cell.Marks |= reporting.Doubtful
	}
	c.cell.Look = &look
	return nil
}

// sharedFormulas are the formulas that others refer to by number.
type sharedFormulas map[int]sharedFormula

type sharedFormula struct {
	text     string
	row, col int32
}

// maxShared bounds the text of the shared formulas of a sheet, which are kept while it is read.
const maxShared = 8 << 20

// formula reads <f>. Its text is only wanted when no value is cached, which is not known yet.
func (r *sheetReader) formula(c *rawCell) error {
	if c.formula {
		return r.Errorf("a cell with two formulas")
	}
	c.formula, c.shared = true, -1
	kind, _, err := r.Attr("t")
	if err != nil {
		return err
	}
	shared := string(kind) == "shared"
	si, err := intAttr(r.Scanner, "si")
	if err != nil {
		return err
	}
	text, err := r.Content()
	if err != nil {
		return err
	}
	if name := formula.Outside(text); name != "" {
		e := fault.Unreadable(r.entry.part, fault.FromOutside(name))
		e.Sheet, e.Cell = r.entry.Name, reporting.CellName(c.cell.Row, c.cell.Col)
		return e
	}
	r.formulaText = append(r.formulaText[:0], text...)
	if !shared {
		return nil
	}
	if len(text) == 0 {
		c.shared = si
		return nil
	}
	if r.shared == nil {
		r.shared = sharedFormulas{}
	}
	if r.sharedSize += len(text); r.sharedSize > maxShared || len(r.shared) > maxShared/100 {
		return fault.TooLarge("", fault.Bomb())
	}
	r.shared[si] = sharedFormula{string(text), c.cell.Row, c.cell.Col}
	return nil
}
