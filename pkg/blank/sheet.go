package blank

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
)

// sheet writes a plan. The first error ends it, and is kept.
type sheet struct {
	*plan
	book   *excelize.File
	name   string
	words  *words
	styles map[look]int
	lists  map[string]string // names of a list → the range that holds them
	err    error
}

func newSheet(p *plan) (*sheet, error) {
	s := &sheet{plan: p, book: excelize.NewFile(), name: tabName(p), words: wordsOf(p.Language), styles: map[look]int{}, lists: map[string]string{}}
	yes := true
	s.do(s.book.SetSheetName(s.book.GetSheetName(0), s.name))
	s.do(s.book.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &yes}))
	return s, s.err
}

// tabName is the period, as in a workbook with one sheet a month.
func tabName(p *plan) string { return p.Period.Label() }

func (s *sheet) do(err error) {
	if s.err == nil {
		s.err = err
	}
}

// columns is how many the table has.
func (s *sheet) columns() int { return len(s.Form.Columns) }

// span is a run of cells in one row, merged where it is more than one; columns are zero-based, the last one inside.
func (s *sheet) span(row, first, last int, text string, l look) {
	from, to := reporting.CellName(int32(row-1), int32(first)), reporting.CellName(int32(row-1), int32(last))
	s.do(s.book.SetCellStyle(s.name, from, to, s.styleOf(l)))
	if text != "" {
		s.do(s.book.SetCellStr(s.name, from, text))
	}
	if last > first {
		s.do(s.book.MergeCell(s.name, from, to))
	}
}

// head writes title, info line and header.
func (s *sheet) head() {
	last := s.columns() - 1
	s.span(titleRow, 0, last, s.Form.Title.ZH, look{part: "title", align: "center"})
	s.infoLine()
	if s.grows() {
		s.signatures(signRow)
	} else {
		s.signatures(s.first + len(s.lines))
	}
	s.header()
	for _, b := range s.helpers {
		l := look{part: "caption", align: "center", wrap: true}
		s.span(infoRow, b.at, b.at, s.caption(b.column), l)
		for row := infoRow + 1; row < s.first; row++ {
			s.span(row, b.at, b.at, "", l)
		}
	}
}

// caption names a helper: 上月累计, or 上月收入累计 where there are several. It stands above the rows of the header: a text in them
// would be a column's.
func (s *sheet) caption(column int) string {
	return "上月" + s.groups[column] + "累计"
}

// infoLine prints unit, period and unit of money side by side, each in cells of its own; in one cell where they would not fit.
func (s *sheet) infoLine() {
	info := s.info()
	ends := s.split(len(info))
	for i, text := range info {
		if s.spanWidth(ends[i], ends[i+1]) < float64(displayWidth(text)) {
			s.span(infoRow, 0, s.columns()-1, strings.Join(info, "　　　"), look{part: "info", align: "left"})
			return
		}
	}
	for i, text := range info {
		align := "center"
		switch i {
		case 0:
			align = "left"
		case len(info) - 1:
			align = "right"
		}
		s.span(infoRow, ends[i], ends[i+1]-1, text, look{part: "info", align: align})
	}
}

func (s *sheet) spanWidth(first, end int) float64 {
	width := 0.0
	for i := first; i < end; i++ {
		width += s.width(i)
	}
	return width
}

// signatures is one cell to type into: names go behind their words.
func (s *sheet) signatures(row int) {
	const gap = "　　　　　　"
	s.span(row, 0, s.columns()-1, strings.Join([]string{"填报人：", "审核人：", "负责人：", "填报日期："}, gap), look{part: "sign", align: "left"})
}

// split parts the table's columns into n runs of about the same width, and returns where each begins and where the last ends.
func (s *sheet) split(n int) []int {
	total := s.spanWidth(0, s.columns())
	ends := []int{0}
	sum := 0.0
	for i := range s.Form.Columns {
		left, runs := s.columns()-i, n-len(ends)
		if i > ends[len(ends)-1] && runs > 0 && (sum+s.width(i)/2 > total*float64(len(ends))/float64(n) || left <= runs) {
			ends = append(ends, i)
		}
		sum += s.width(i)
	}
	return append(ends, s.columns())
}

func (s *sheet) header() {
	top, bottom := s.headerRow(), s.first-1
	l := look{part: "header", align: "center", wrap: true}
	for i := 0; i < s.columns(); i++ {
		if s.groups[i] == "" {
			s.rise(i, top, bottom, s.Form.Columns[i].Header, l)
			continue
		}
		last := i
		for last+1 < s.columns() && s.groups[last+1] == s.groups[i] {
			last++
		}
		s.span(top, i, last, s.groups[i], l)
		for ; i < last; i++ {
			s.span(bottom, i, i, s.Form.Columns[i].Header, l)
		}
		s.span(bottom, i, i, s.Form.Columns[i].Header, l)
	}
}

// rise is a header over all rows of the header.
func (s *sheet) rise(column, top, bottom int, text string, l look) {
	from, to := reporting.CellName(int32(top-1), int32(column)), reporting.CellName(int32(bottom-1), int32(column))
	s.do(s.book.SetCellStyle(s.name, from, to, s.styleOf(l)))
	s.do(s.book.SetCellStr(s.name, from, text))
	if top < bottom {
		s.do(s.book.MergeCell(s.name, from, to))
	}
}

// body writes the cells of the table and the helpers beside it.
func (s *sheet) body() {
	for i := range s.lines {
		for column, c := range s.cells[i] {
			s.put(s.cell(i, column), c, s.align(column), s.prose(column))
		}
		for _, b := range s.helpers {
			s.known(i, b)
		}
	}
}

func (s *sheet) align(column int) string {
	if a := alignment[s.Form.Columns[column].Type]; a != "" {
		return a
	}
	return "left"
}

// prose reports whether the column's texts may be longer than its width.
func (s *sheet) prose(column int) bool {
	t := s.Form.Columns[column].Type
	return t == reporting.TextValue || t == reporting.Remark
}

// known writes last month's cumulative beside a line that has one.
func (s *sheet) known(i int, b beside) {
	c := content{role: helper, format: s.format(&s.lines[i], b.column)}
	if value, ok := s.cumulative(&s.lines[i], b.column); ok {
		c.number = &value
	}
	s.put(s.cell(i, b.at), c, "right", false)
}

// put writes one cell: its value first, for a formula takes the value that stands there for its result.
func (s *sheet) put(cell string, c content, align string, wrap bool) {
	if c.role == fixed && c.text == "—" {
		align = "center"
	}
	switch {
	case c.number != nil:
		s.do(s.book.SetCellDefault(s.name, cell, c.number.String()))
	case c.text != "":
		s.do(s.book.SetCellStr(s.name, cell, c.text))
	}
	if c.formula != "" {
		s.do(s.book.SetCellFormula(s.name, cell, c.formula))
	}
	s.do(s.book.SetCellStyle(s.name, cell, cell, s.styleOf(look{role: c.role, format: c.format, align: align, wrap: wrap})))
}

// lastRow is the last row of the table that is made ready.
func (s *sheet) lastRow() int { return s.first + len(s.lines) - 1 }

func (s *sheet) ref(column, first, last int) string {
	name := reporting.ColumnName(int32(column))
	return fmt.Sprintf("%s%d:%s%d", name, first, name, last)
}
