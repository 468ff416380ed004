package ods

import (
	"bytes"
	"strconv"
	"strings"

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
	limits   limits.Limits
	styles   *styles
	head     *reporting.Sheet
	meter    *limits.Meter
	texts    *arena.Texts
	visit    func(*reporting.Row) error
	row      reporting.Row
	col      int64 // of the next column definition
	text     []byte
	kept     []byte          // text without what is struck through or raised
	marks    reporting.Marks // PartStruck and Raised: what was left out of kept
	spans    []span
	ahead    []columnStyle // the styles of the columns' cells that name none
	rowStyle string
}

// span is a piece of text with a style of its own.
type span struct {
	depth int
	marks reporting.Marks
}

// columnStyle is the style of the cells of the columns up to the last.
type columnStyle struct {
	last int64
	name string
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
	case "table:shapes":
		return besideCells(r.Scanner, &r.head.Beside)
	case "table:table-column":
		return r.column()
	case "table:table-row":
		return r.readRow()
	}
	return r.Skip()
}

// maxBeside bounds the texts outside of the cells that are kept.
const maxBeside = 200

// besideCells adds the paragraphs inside the element: of a text box, or of a page's header.
func besideCells(s *xmlscan.Scanner, beside *[]string) error {
	var paragraph []byte
	flush := func() {
		if len(paragraph) > 0 && len(*beside) < maxBeside {
			*beside = append(*beside, string(paragraph))
		}
		paragraph = paragraph[:0]
	}
	err := each(s, func() error {
		if string(s.Name()) == "text:p" {
			flush()
		}
		return nil
	}, func(b []byte) {
		if len(paragraph)+len(b) < 1<<16 {
			paragraph = append(paragraph, b...)
		}
	})
	flush()
	return err
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
	width, _, err := r.Attr("table:style-name")
	if err != nil {
		return err
	}
	hidden = hidden || r.styles.hidden[columnOf+string(width)]
	if hidden && len(r.head.HiddenCols) < maxMerges && r.col < int64(r.limits.Cols) {
		last := min(r.col+n-1, int64(r.limits.Cols))
		r.head.HiddenCols = append(r.head.HiddenCols, reporting.Range{FirstCol: int32(r.col), LastCol: int32(last)})
	}
	r.col += n
	style, _, err := r.Attr("table:default-cell-style-name")
	if err != nil {
		return err
	}
	if len(r.ahead) < maxMerges {
		r.ahead = append(r.ahead, columnStyle{r.col - 1, string(style)})
	}
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
	style, _, err := r.Attr("table:default-cell-style-name")
	if err != nil {
		return err
	}
	r.rowStyle = string(style)
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
	c, style, err := r.value()
	if err != nil {
		return 0, err
	}
	show := r.look(style, col)
	if err := r.paragraphs(); err != nil {
		return 0, err
	}
	if c.Kind == reporting.TextCell && len(r.text) == 0 && c.Text != "" {
		r.text = append(r.text, c.Text...) // the text stands in the cell's attribute alone
		r.kept = append(r.kept, c.Text...)
	}
	c.Marks = show.marks
	switch {
	case c.Kind == reporting.TextCell && len(r.text) > 0:
		c.Text = r.texts.Add(r.text)
		r.dress(&c)
	case c.Kind == reporting.TextCell:
		return col + n, nil
	case c.Kind == reporting.Blank && c.Look == nil:
		return col + n, nil
	case c.Kind == reporting.ErrorCell:
		c.Text = r.texts.Add(r.text)
	case c.Kind == reporting.NumberCell && show.Look != nil:
		c.Look = show.Look
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

// look is what the style shows: the cell's own, or the row's or column's.
func (r *tableReader) look(style string, col int64) *look {
	if style == "" {
		style = r.rowStyle
	}
	for i := 0; style == "" && i < len(r.ahead); i++ {
		if col <= r.ahead[i].last {
			style = r.ahead[i].name
			break
		}
	}
	return r.styles.look(style)
}

// dress adds to a text cell what its pieces show.
func (r *tableReader) dress(c *reporting.Cell) {
	switch left := len(bytes.TrimSpace(r.kept)); {
	case r.marks == 0:
	case left == 0 && r.marks == reporting.PartStruck:
		c.Marks |= reporting.Struck
	case left > 0:
		c.Marks |= r.marks
		c.Look = &reporting.Look{Kept: string(r.kept)}
	}
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
func (r *tableReader) value() (c reporting.Cell, style string, err error) {
	var kind, calc, value, alone, source string
	for _, a := range r.Attrs() {
		v, err := r.Value(a)
		if err != nil {
			return c, "", err
		}
		switch string(a.Name) {
		case "table:style-name":
			style = string(v)
		case "office:string-value":
			alone = string(v)
		case "office:value-type":
			kind = string(v)
		case "calcext:value-type":
			calc = string(v)
		case "office:value", "office:date-value", "office:time-value", "office:boolean-value":
			value = string(v)
		case "table:formula":
			c.Computed, source = true, string(v)
		}
	}
	if calc == "error" {
		c.Kind = reporting.ErrorCell
		return c, style, nil
	}
	if kind == "" && c.Computed { // no result is stored
		c.Computed, c.Look = false, &reporting.Look{Formula: plainFormula(source)}
		return c, style, nil
	}
	err = r.setValue(&c, kind, value)
	if c.Kind == reporting.TextCell {
		c.Text = alone
	}
	return c, style, err
}

// plainFormula writes a formula as other spreadsheets do: of:=SUM([.D4:.D6];1) is SUM(D4:D6,1).
func plainFormula(source string) string {
	_, source, found := strings.Cut(source, "=")
	if !found {
		return "?"
	}
	return strings.NewReplacer("[.", "", ":.", ":", "]", "", ";", ",").Replace(source)
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
	r.text, r.kept, r.marks, r.spans = r.text[:0], r.kept[:0], 0, r.spans[:0]
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
			for n := len(r.spans); n > 0 && r.Depth() < r.spans[n-1].depth; n = len(r.spans) {
				r.spans = r.spans[:n-1]
			}
		case xmlscan.Text:
			var b []byte
			if b, err = r.Text(); err == nil && r.Depth() > depth {
				r.add(b)
			}
			if len(r.text) > xmlscan.MaxText {
				err = fault.TooLarge(content, fault.Bomb())
			}
		case xmlscan.Start:
			if string(r.Name()) == "text:p" {
				if any {
					r.add([]byte{'\n'})
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

// add adds text of the piece being read.
func (r *tableReader) add(b []byte) {
	r.text = append(r.text, b...)
	var marks reporting.Marks
	for _, s := range r.spans {
		marks |= s.marks
	}
	switch blank := len(bytes.TrimSpace(b)) == 0; {
	case marks == 0 || blank && marks&reporting.Struck == 0:
		r.kept = append(r.kept, b...)
	case marks&reporting.Struck != 0 && !blank:
		r.marks |= reporting.PartStruck
	case !blank:
		r.marks |= reporting.Raised
	}
}

// inText reads an element inside a cell's text.
func (r *tableReader) inText() error {
	if len(r.text) > xmlscan.MaxText {
		return fault.TooLarge(content, fault.Bomb())
	}
	switch string(r.Name()) {
	case "text:p", "text:a", "text:ruby", "text:ruby-base", "text:date", "text:time", "text:title", "text:sheet-name", "text:file-name", "text:author-name":
		return nil
	case "text:span":
		style, _, err := r.Attr("text:style-name")
		r.spans = append(r.spans, span{r.Depth(), r.styles.texts[string(style)]})
		return err
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
		r.add(bytes.Repeat([]byte{' '}, n))
	case "text:tab":
		r.add([]byte{'\t'})
	case "text:line-break":
		r.add([]byte{'\n'})
	}
	return r.Skip()
}
