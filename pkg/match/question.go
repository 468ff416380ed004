package match

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// Where two readings remain, the matcher asks: a Question names them, and its id is made of what the sheet's layout says and of nothing that
// changes from month to month. An answer for that id settles it; one that names none of the options is no answer.

// hear reads the sheet by what persons have answered, where it asks.
func (c *candidate) hear(answers map[string]string) {
	if len(answers) == 0 {
		return // most sheets; to look for what could be asked reads all of their rows
	}
	c.heard = map[int]*reporting.Question{}
	for i := range c.form.Columns {
		q, headers := c.whichColumn(i)
		if q == nil {
			continue
		}
		if at := q.Settle(answers); at >= 0 {
			c.heard[i] = q
			c.takeColumn(i, headers[at])
		}
	}
	if q := c.whichMoney(c.statedMoney(c.columns())); q != nil && q.Settle(answers) >= 0 {
		c.money, c.info.rivals = q, [2]reporting.Note{}
	}
	if q := c.whichPeriod(); q != nil {
		if at := q.Settle(answers); at >= 0 {
			c.info.period = c.info.rivals[at]
			c.info.names, _ = c.info.periodIn(c.info.period.Text)
			c.dated, c.info.rivals = q, [2]reporting.Note{}
		}
	}
}

// takeColumn makes the header the only one of the form's column.
func (c *candidate) takeColumn(i int, h header) {
	c.free = slices.DeleteFunc(c.free, func(other header) bool { return other.column == h.column })
	if len(c.claims[i][0].beside) > 0 && c.cut() && !c.grid.isRecord(c.last+1) {
		c.last++ // what each is called stands there
	}
	c.claims[i] = []claim{{column: h.column, text: strings.Join(h.texts, ""), written: h.written, measure: h.measure, quality: exact}}
}

// maxOptions are as many as a person can choose from.
const maxOptions = 20

// whichColumn asks which of the sheet's columns is the form's, where several could be; the headers are those of the options. Halves of a
// table that stand side by side are no readings of it: to take one of them would lose the other.
func (c *candidate) whichColumn(i int) (*reporting.Question, []header) {
	column, claims := c.form.Columns[i], c.claims[i]
	if isAside(column.Type) || len(claims) == 0 || c.heard[i] != nil {
		return nil, nil
	}
	var headers []header
	for _, cl := range claims {
		headers = append(headers, cl.header(i))
	}
	name := label.ColumnName(c.form, i)
	switch rivals := c.rivals(i); {
	case len(rivals) > 0:
		for _, r := range rivals {
			headers = append(headers, r.header)
		}
	case claims[0].quality == otherPeriod || len(claims) > 1 && c.inHalves():
		return nil, nil
	case len(claims) == 1 && len(claims[0].beside) > 0 && feedsFigures(column.Type):
		for _, col := range claims[0].beside {
			h := headers[0]
			h.column = col
			headers = append(headers, h)
		}
	case len(claims) == 1:
		return nil, nil
	}
	if len(headers) > maxOptions {
		return nil, nil
	}
	text := reporting.Textf("有 %d 列都可能是“%s”，哪一列是？", "%d columns could be “%s”: which one is it?", len(headers), name)
	var options []reporting.Option
	row := c.unlike(headers)
	for _, h := range headers {
		options = append(options, c.columnOption(h, row))
	}
	return reporting.NewQuestion(c.form.ID, column.ID, text, options, c.layoutText()), headers
}

// unlike is the first row below the header in which the columns show different things, or else the first in which any shows something.
func (c *candidate) unlike(headers []header) int32 {
	first := int32(-1)
	for _, row := range c.grid.sheet.Rows {
		if row.Index <= c.last || len(row.Cells) == 0 {
			continue
		}
		texts := map[string]bool{}
		for _, h := range headers {
			texts[shown(row, h.column)] = true
		}
		if len(texts) > 1 && (c.grid.isRecord(row.Index) || row.Index > c.grid.rows[len(c.grid.rows)-1]) {
			return row.Index
		}
		if first < 0 && !(len(texts) == 1 && texts[""]) {
			first = row.Index
		}
	}
	return first
}

func (c *candidate) columnOption(h header, row int32) reporting.Option {
	sheet := c.grid.sheet
	written, at := h.written, c.last
	if s := c.grid.square(c.last+1, h.column); c.cut() && s.text != "" && !c.grid.numberAt(c.last+1, h.column) {
		written, at = strings.TrimSpace(written+" "+label.Clean(s.text)), c.last+1
	}
	head := sheet.CellName(at, h.column)
	o := reporting.Option{ID: reporting.ColumnName(h.column), Cells: []reporting.Seen{{Sheet: sheet.Name, Cell: head, Shows: reporting.Shorten(written, maxShown)}},
		Text: reporting.Textf("%s“%s”", "%s “%s”", head, reporting.Shorten(written, maxShown))}
	if row < 0 {
		return o
	}
	cell, _ := sheet.At(row, h.column)
	below := reporting.Seen{Sheet: sheet.Name, Cell: sheet.CellName(row, h.column), Shows: shows(cell)}
	o.Cells = append(o.Cells, below)
	o.Text.ZH += fmt.Sprintf("（%s 是 %s）", below.Cell, orEmpty(below.Shows))
	o.Text.EN += fmt.Sprintf(" (%s is %s)", below.Cell, orEmpty(below.Shows))
	return o
}

// maxShown letters of a cell are shown in a question.
const maxShown = 40

// shows is what a person sees in the cell, without the number of a person.
func shows(cell reporting.Cell) string {
	return reporting.Shorten(personNumber.ReplaceAllString(label.Clean(cell.Shown()), "$1…"), maxShown)
}

var personNumber = regexp.MustCompile(`([0-9]{6})[0-9]{8,}[0-9Xx]?`)

// inHalves reports whether the header stands there twice or more, side by side.
func (c *candidate) inHalves() bool {
	for row := c.first; row <= c.last; row++ {
		if h, ok := c.grid.halves(row); ok && h.width > 2 {
			return true
		}
	}
	return false
}

// layoutText is what the header says, column by column, without what changes from month to month: a month is one before or after the sheet's.
func (c *candidate) layoutText() string {
	if c.said == "" {
		c.said = c.readLayout()
	}
	return c.said
}

func (c *candidate) readLayout() string {
	last := c.last
	if c.cut() && !c.grid.isRecord(last+1) {
		last++
	}
	var text strings.Builder
	for row := c.first; row <= last; row++ {
		for col := range c.grid.width {
			s := c.grid.square(row, col)
			if s.text == "" {
				continue
			}
			fmt.Fprintf(&text, "%d %d %s\n", row-c.first, col, c.monthless(label.Fold(s.text)))
		}
	}
	return text.String()
}

var digits = regexp.MustCompile(`[0-9]+`)

func (c *candidate) monthless(text string) string {
	if !strings.ContainsAny(text, "年月") {
		return text
	}
	plain := digits.ReplaceAllString(text, "#")
	if m := c.monthOf(text); !m.IsZero() && m.Len() == 1 && c.period.Len() == 1 {
		return fmt.Sprintf("%s %+d", plain, m.First-c.period.First)
	}
	return plain
}

// whichMoney asks which unit of money counts, where the sheet states several for its whole table.
func (c *candidate) whichMoney(stated []reporting.Note) *reporting.Question {
	if len(stated) < 2 {
		return nil
	}
	var options []reporting.Option
	for _, n := range stated {
		o := reporting.Option{ID: n.Text, Cells: []reporting.Seen{{Sheet: c.grid.sheet.Name, Cell: n.Cell, Shows: n.Text}}, Text: reporting.Textf("“%s”", "“%s”", n.Text)}
		if n.Cell != "" {
			o.Text = reporting.Textf("%s“%s”", "%s “%s”", n.Cell, n.Text)
		}
		options = append(options, o)
	}
	text := reporting.Textf("表上写了 %d 种金额单位，以哪一种为准？", "the sheet states %d units of money: which one counts?", len(stated))
	return reporting.NewQuestion(c.form.ID, "money", text, options, c.layoutText())
}

// whichPeriod asks which of two periods counts, where somebody has brought only one of them up to date.
func (c *candidate) whichPeriod() *reporting.Question {
	r := c.info.rivals
	if r[0].Text == "" || r[0] != c.info.period {
		return nil
	}
	var options []reporting.Option
	for _, n := range r {
		options = append(options, reporting.Option{ID: n.Cell, Cells: []reporting.Seen{{Sheet: c.grid.sheet.Name, Cell: n.Cell, Shows: n.Text}}, Text: reporting.Textf("%s“%s”", "%s “%s”", n.Cell, n.Text)})
	}
	if r[0].Cell == r[1].Cell {
		return nil // one cell says both: it has to be written anew
	}
	return reporting.NewQuestion(c.form.ID, "period", reporting.Textf("表头上写了两个不同的所属期，以哪一处为准？", "the lines above the table name two periods: which place counts?"), options, c.layoutText())
}

// whichForm asks as which form a sheet is meant that is two of them alike, where its sender has named none.
func whichForm(found []*candidate, expected Expected) *reporting.Question {
	top := surest(found)
	if expected.Form != "" {
		return nil
	}
	var options []reporting.Option
	for _, c := range found {
		if c.grid.sheet.Name == top.grid.sheet.Name && c.score() == top.score() && c.titled == top.titled {
			head := c.grid.sheet.CellName(c.first, 0)
			options = append(options, reporting.Option{ID: c.form.ID, Text: reporting.Textf("《%s》", "“%s”", c.form.Title.ZH),
				Cells: []reporting.Seen{{Sheet: c.grid.sheet.Name, Cell: head, Shows: orEmpty(c.grid.square(c.first, 0).text)}}})
			options[len(options)-1].Text.EN = "“" + c.form.Title.EN + "”"
		}
	}
	if len(options) < 2 {
		return nil
	}
	q := reporting.NewQuestion("", "form", reporting.Textf("这张表像 %d 种报表，报送的是哪一种？", "the sheet could be %d forms: as which one is it sent?", len(options)), options, top.layoutText())
	q.Settle(expected.Answers)
	return q
}

var sendAsForm = reporting.Text{ZH: "请在报送时选定报表名称", EN: "name the form when you send it"}

// both is the option of all sheets together.
const both = "*"

// whichSheet asks which of the sheets is meant.
func whichSheet(rivals []*candidate, answers map[string]string) *reporting.Question {
	if len(rivals) < 2 {
		return nil
	}
	form := rivals[0].form
	var options []reporting.Option
	at := unlikeCell(rivals[0], rivals[1])
	for _, c := range rivals {
		o := reporting.Option{ID: c.grid.sheet.Name, Text: reporting.Textf("工作表“%s”", "the sheet “%s”", c.grid.sheet.Name)}
		cell, _ := c.grid.sheet.At(at.Row, at.Col)
		seen := reporting.Seen{Sheet: c.grid.sheet.Name, Cell: c.grid.sheet.CellName(at.Row, at.Col), Shows: shows(cell)}
		o.Cells = []reporting.Seen{seen}
		o.Text.ZH += fmt.Sprintf("（%s 是 %s）", seen.Cell, orEmpty(seen.Shows))
		o.Text.EN += fmt.Sprintf(" (%s is %s)", seen.Cell, orEmpty(seen.Shows))
		options = append(options, o)
	}
	text := reporting.Textf("有 %d 张工作表都是《%s》，内容不同，以哪一张为准？", "%d sheets are the form “%s”, with other contents: which one counts?", len(rivals), form.Title.ZH)
	if isList(form) {
		text = reporting.Textf("有 %d 张工作表都是《%s》，有一部分行重复出现，以哪一张为准？", "%d sheets are the form “%s”, and some rows stand on several: which one counts?", len(rivals), form.Title.ZH)
		if len(form.Key) == 0 {
			options = append(options, reporting.Option{ID: both, Text: reporting.Text{ZH: "全部都算，重复的行也各算一次", EN: "all of them, each row as often as it stands there"}, Cells: options[0].Cells})
		}
	}
	var tabs []string
	for _, c := range rivals {
		tabs = append(tabs, c.layoutText())
	}
	q := reporting.NewQuestion(form.ID, "sheet", text, options, tabs...)
	q.Settle(answers)
	return q
}

// unlikeCell is the first place below the header in which the sheets show different things.
func unlikeCell(a, b *candidate) reporting.Place {
	for _, pair := range [][2]*candidate{{a, b}, {b, a}} {
		for _, row := range pair[0].grid.sheet.Rows {
			for _, cell := range row.Cells {
				other, _ := pair[1].grid.sheet.At(row.Index, cell.Col)
				if row.Index > pair[0].last && label.Clean(cell.Shown()) != label.Clean(other.Shown()) {
					return reporting.Place{Row: row.Index, Col: cell.Col}
				}
			}
		}
	}
	return reporting.Place{Row: a.first}
}

// meant are the sheets that are read by the answer; the others are left out.
func meant(q *reporting.Question, rivals []*candidate, left map[*candidate]reason) []*candidate {
	if q.Answer == both {
		return rivals
	}
	var read []*candidate
	for _, c := range rivals {
		if c.grid.sheet.Name == q.Answer {
			read = append(read, c)
		} else {
			left[c] = notMeant
		}
	}
	return read
}
