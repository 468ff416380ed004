package blank

import (
	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
)

// The fonts that offices use: one for headings, one for what is filled in.
const (
	songti   = "宋体"
	fangsong = "仿宋"
)

const (
	printedColour = "EEF1F4" // of printed and computed cells
	headerColour  = "DCE3EA"
	helperColour  = "F2F2F2"
)

// look is what decides a cell's style; styles are made once for each.
type look struct {
	part   string // of the sheet: title, info, header, caption, sign, or "" for the table
	role   role
	format string
	align  string
	wrap   bool
}

var thin = []excelize.Border{
	{Type: "left", Color: "7F7F7F", Style: 1}, {Type: "right", Color: "7F7F7F", Style: 1},
	{Type: "top", Color: "7F7F7F", Style: 1}, {Type: "bottom", Color: "7F7F7F", Style: 1},
}

// parts are the styles of what stands around the table.
var parts = map[string]excelize.Style{
	"title":   {Font: &excelize.Font{Family: songti, Size: 18, Bold: true}},
	"info":    {Font: &excelize.Font{Family: fangsong, Size: 11}},
	"sign":    {Font: &excelize.Font{Family: fangsong, Size: 11}, Protection: &excelize.Protection{Locked: false}},
	"header":  {Font: &excelize.Font{Family: songti, Size: 11, Bold: true}, Border: thin, Fill: solid(headerColour)},
	"caption": {Font: &excelize.Font{Family: fangsong, Size: 10, Color: "595959"}, Fill: solid(helperColour)},
	"heading": {Font: &excelize.Font{Family: songti, Size: 16, Bold: true}},
	"text":    {Font: &excelize.Font{Family: fangsong, Size: 11}},
	"boxed":   {Font: &excelize.Font{Family: fangsong, Size: 11}, Border: thin},
	"below":   {Font: &excelize.Font{Family: fangsong, Size: 11}, Protection: &excelize.Protection{Locked: false}},
}

// roles are the styles of the table's cells.
var roles = map[role]excelize.Style{
	fixed:    {Font: &excelize.Font{Family: songti, Size: 11}, Border: thin, Fill: solid(printedColour)},
	input:    {Font: &excelize.Font{Family: fangsong, Size: 11}, Border: thin, Protection: &excelize.Protection{Locked: false}},
	computed: {Font: &excelize.Font{Family: fangsong, Size: 11, Color: "3A4A5A"}, Border: thin, Fill: solid(printedColour)},
	helper:   {Font: &excelize.Font{Family: fangsong, Size: 10, Color: "7F7F7F"}, Fill: solid(helperColour)},
	nothing:  {Font: &excelize.Font{Family: fangsong, Size: 11}, Border: thin, Fill: solid(printedColour)},
}

func solid(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

// styleOf makes the style of a look, or finds it.
func (s *sheet) styleOf(l look) int {
	if id, ok := s.styles[l]; ok {
		return id
	}
	style, ok := parts[l.part]
	if !ok {
		style = roles[l.role]
	}
	style.Alignment = &excelize.Alignment{Horizontal: l.align, Vertical: "center", WrapText: l.wrap, ShrinkToFit: !l.wrap && l.format != "" && l.format != "@"}
	if l.format != "" {
		style.CustomNumFmt = &l.format
	}
	id, err := s.book.NewStyle(&style)
	s.do(err)
	s.styles[l] = id
	return id
}

// alignment of what is filled in: numbers to the right, codes and dates in the middle, texts to the left.
var alignment = map[reporting.ValueType]string{
	reporting.Amount: "right", reporting.Integer: "right", reporting.MoneyValue: "right",
	reporting.Sequence: "center", reporting.Measure: "center", reporting.DateValue: "center", reporting.MonthValue: "center",
	reporting.UnitValue: "center", reporting.Category: "center", reporting.IDNumber: "center", reporting.CreditCode: "center",
}

// widths of columns in characters of half width, at least; a header of more than two lines makes its column wider.
var widths = map[reporting.ValueType]float64{
	reporting.RowLabel: 32, reporting.Amount: 15, reporting.Integer: 12, reporting.MoneyValue: 16, reporting.TextValue: 20,
	reporting.DateValue: 13, reporting.MonthValue: 11, reporting.UnitValue: 16, reporting.Category: 14, reporting.IDNumber: 22,
	reporting.CreditCode: 22, reporting.Measure: 10, reporting.Sequence: 6, reporting.Remark: 14,
}

// proseWidth is that of the last text of a narrative.
const proseWidth = 70

func (p *plan) width(column int) float64 {
	c := p.Form.Columns[column]
	width := max(widths[c.Type], float64(displayWidth(c.Header))/2+3)
	for _, choice := range c.Choices {
		width = max(width, float64(displayWidth(choice.Name)+3))
	}
	if p.Form.Shape == reporting.NarrativeForm && c.ID == p.lastText() {
		return proseWidth
	}
	return width
}

// lastText is the id of the last column of text.
func (p *plan) lastText() string {
	id := ""
	for _, c := range p.Form.Columns {
		if c.Type == reporting.TextValue {
			id = c.ID
		}
	}
	return id
}

// displayWidth is the width of a text in characters of half width.
func displayWidth(s string) int {
	width := 0
	for _, r := range s {
		if r >= 0x1100 {
			width++
		}
		width++
	}
	return width
}
