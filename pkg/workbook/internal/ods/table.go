package ods

import (
	"strconv"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/isodate"
	"huizong/pkg/workbook/internal/limits"
	"huizong/pkg/workbook/internal/xmlscan"
)

// maxRepeat bounds a stated repetition. Programs fill sheets up to their edges with it.
const maxRepeat = 1 << 30

// maxMerges bounds the merged ranges and hidden columns of a table.
const maxMerges = 200_000

// tableReader reads one table.
type tableReader struct {
	*xmlscan.Scanner
	limits limits.Limits
	head   *reporting.Sheet
	meter  *limits.Meter
	texts  *arena.Texts
	visit  func(*reporting.Row) error
	row    reporting.Row
	col    int64 // of the next column definition
	text   []byte
}

// table reads to the end of the table element. Groups and headers only wrap rows and columns.
func (r *tableReader) table() error {
	for depth := r.Depth(); ; {
		kind, err := r.Next()
		if err != nil {
			return err
		}
		switch kind {
		case xmlscan.End:
			if r.Depth() < depth {
				return nil
			}
		case xmlscan.Text:
			_, err = r.Text()
		case xmlscan.Start:
			err = r.tableChild()
		}
		if err != nil {
			return err
		}
	}
}

func (r *tableReader) tableChild() error {
	switch string(r.Name()) {
	case "table:table-row-group", "table:table-header-rows", "table:table-rows",
		"table:table-column-group", "table:table-header-columns", "table:table-columns":
		return nil
	case "table:table-column":
		return r.column()
	case "table:table-row":
		return r.readRow()
	}
	return r.Skip()
}

func (r *tableReader) column() error {
	n, err := r.repeat("table:number-columns-repeated")
	if err != nil {
		return err
	}
	hidden, err := r.hidden()
	if err != nil {
		return err
	}
	if hidden && len(r.head.HiddenCols) < maxMerges && r.col < int64(r.limits.Cols) {
		last := min(r.col+n-1, int64(r.limits.Cols))
		r.head.HiddenCols = append(r.head.HiddenCols, reporting.Range{FirstCol: int32(r.col), LastCol: int32(last)})
	}
	r.col += n
	return r.Skip()
}

func (r *tableReader) hidden() (bool, error) {
	v, _, err := r.Attr("table:visibility")
	return string(v) == "collapse" || string(v) == "filter", err
}

// repeat is the attribute's number, 1 when it is absent.
func (r *tableReader) repeat(name string) (int64, error) {
	v, found, err := r.Attr(name)
	if err != nil || !found {
		return 1, err
	}
	n, err := strconv.ParseInt(string(v), 10, 64)
	if err != nil || n < 1 || n > maxRepeat {
		return 0, r.Errorf("%s=%q", name, v)
	}
	return n, nil
}

// readRow reads a row and hands it on as often as it is repeated.
func (r *tableReader) readRow() error {
	times, err := r.repeat("table:number-rows-repeated")
	if err != nil {
		return err
	}
	if r.row.Hidden, err = r.hidden(); err != nil {
		return err
	}
	if err := r.cells(); err != nil {
		return err
	}
	if len(r.row.Cells) == 0 {
		if int64(r.row.Index)+times > maxRepeat {
			return r.Errorf("more rows than any sheet has")
		}
		r.row.Index += int32(times)
		return nil
	}
	for range times {
		if err := r.meter.Row(&r.row); err != nil {
			return err
		}
		if err := r.visit(&r.row); err != nil {
			return err
		}
		r.row.Index++
		for i := range r.row.Cells {
			r.row.Cells[i].Row = r.row.Index
		}
	}
	return nil
}

func (r *tableReader) cells() error {
	r.row.Cells = r.row.Cells[:0]
	for col := int64(0); ; {
		kind, err := r.Next()
		if err != nil {
			return err
		}
		switch kind {
		case xmlscan.End:
			return nil
		case xmlscan.Text:
			_, err = r.Text()
		case xmlscan.Start:
			switch string(r.Name()) {
			case "table:table-cell", "table:covered-table-cell":
				col, err = r.cell(col)
			default:
				err = r.Errorf("unknown element <%s> in a row", r.Name())
			}
		}
		if err != nil {
			return err
		}
	}
}

// cell reads a cell at the column and returns the column after it.
func (r *tableReader) cell(col int64) (int64, error) {
	n, err := r.repeat("table:number-columns-repeated")
	if err != nil {
		return 0, err
	}
	if err := r.merge(col); err != nil {
		return 0, err
	}
	c, err := r.value()
	if err != nil {
		return 0, err
	}
	if err := r.paragraphs(); err != nil {
		return 0, err
	}
	switch {
	case c.Kind == reporting.TextCell && len(r.text) > 0:
		c.Text = r.texts.Add(r.text)
	case c.Kind == reporting.TextCell:
		return col + n, nil
	case c.Kind == reporting.Blank && c.Formula == "":
		return col + n, nil
	case c.Kind == reporting.ErrorCell:
		c.Text = r.texts.Add(r.text)
	}
	c.Row, c.Col = r.row.Index, int32(min(max(col, min(col+n-1, int64(r.limits.Cols))), maxRepeat))
	if err := r.meter.Cell(c); err != nil {
		return 0, err
	}
	for at := col; at < col+n; at++ {
		c.Col = int32(at)
		r.row.Cells = append(r.row.Cells, c)
	}
	return col + n, nil
}

// merge keeps the range of a cell that spans several.
func (r *tableReader) merge(col int64) error {
	cols, err := r.repeat("table:number-columns-spanned")
	if err != nil {
		return err
	}
	rows, err := r.repeat("table:number-rows-spanned")
	if err != nil || cols == 1 && rows == 1 || col >= int64(r.limits.Cols) {
		return err
	}
	if len(r.head.Merges) == maxMerges {
		return fault.TooLarge(content, fault.Bomb())
	}
	r.head.Merges = append(r.head.Merges, reporting.Range{
		FirstRow: r.row.Index, LastRow: r.row.Index + int32(rows-1), FirstCol: int32(col), LastCol: int32(min(col+cols, maxRepeat) - 1),
	})
	return nil
}

// value reads the attributes of a cell. The text of text cells stands inside it.
func (r *tableReader) value() (c reporting.Cell, err error) {
	var kind, calc, value string
	for _, a := range r.Attrs() {
		v, err := r.Value(a)
		if err != nil {
			return c, err
		}
		switch string(a.Name) {
		case "office:value-type":
			kind = string(v)
		case "calcext:value-type":
			calc = string(v)
		case "office:value", "office:date-value", "office:time-value", "office:boolean-value":
			value = string(v)
		case "table:formula":
			c.Computed = true
		}
	}
	if calc == "error" {
		c.Kind = reporting.ErrorCell
		return c, nil
	}
	return c, r.setValue(&c, kind, value)
}

func (r *tableReader) setValue(c *reporting.Cell, kind, value string) error {
	ok := true
	switch kind {
	case "":
	case "string":
		c.Kind = reporting.TextCell
	case "float", "percentage", "currency":
		_, err := strconv.ParseFloat(value, 64)
		c.Kind, ok = reporting.NumberCell, err == nil
	case "date":
		c.Kind, c.Date = reporting.NumberCell, true
		value, ok = isodate.Serial(value, false)
	case "time":
		c.Kind, c.Date = reporting.NumberCell, true
		value, ok = isodate.Duration(value)
	case "boolean":
		c.Kind, ok = reporting.BoolCell, value == "true" || value == "false"
		value = map[string]string{"true": "TRUE", "false": "FALSE"}[value]
	default:
		ok = false
	}
	if !ok {
		return r.Errorf("a cell of type %q with the value %q", kind, value)
	}
	if c.Kind != reporting.Blank && c.Kind != reporting.TextCell {
		c.Text = r.texts.Add([]byte(value))
	}
	return nil
}

// paragraphs reads the content of a cell: the text of its paragraphs, each on a line of its own. Notes and pictures are
// passed over.
func (r *tableReader) paragraphs() error {
	r.text = r.text[:0]
	depth, any := r.Depth(), false
	for {
		kind, err := r.Next()
		if err != nil {
			return err
		}
		switch kind {
		case xmlscan.End:
			if r.Depth() < depth {
				return nil
			}
		case xmlscan.Text:
			var b []byte
			if b, err = r.Text(); err == nil && r.Depth() > depth {
				r.text = append(r.text, b...)
			}
			if len(r.text) > xmlscan.MaxText {
				err = fault.TooLarge(content, fault.Bomb())
			}
		case xmlscan.Start:
			if string(r.Name()) == "text:p" {
				if any {
					r.text = append(r.text, '\n')
				}
				any = true
			}
			err = r.inText()
		}
		if err != nil {
			return err
		}
	}
}

// inText reads an element inside a cell's text.
func (r *tableReader) inText() error {
	if len(r.text) > xmlscan.MaxText {
		return fault.TooLarge(content, fault.Bomb())
	}
	switch string(r.Name()) {
	case "text:p", "text:span", "text:a":
		return nil
	case "text:s":
		v, found, err := r.Attr("text:c")
		if err != nil {
			return err
		}
		n := 1
		if found {
			if n, err = strconv.Atoi(string(v)); err != nil || n < 0 || n > 1<<16 {
				return r.Errorf("text:c=%q", v)
			}
		}
		for range n {
			r.text = append(r.text, ' ')
		}
	case "text:tab":
		r.text = append(r.text, '\t')
	case "text:line-break":
		r.text = append(r.text, '\n')
	}
	return r.Skip()
}
