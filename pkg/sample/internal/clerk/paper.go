// Package clerk types papers as offices do. A Paper is what an office has to report; Type draws the habits of one clerk (the file
// format, where the unit of money stands, how dates and zeros are written, which rows are left blank) and types it that way.
//
// Whatever the habits, the meaning stays: a reader who knows them all comes back to the paper's values. The same paper and the
// same source of chance give the same bytes.
package clerk

import "huizong/pkg/reporting"

// Paper is what an office has to report, before anybody types it.
type Paper struct {
	City    string // 示例市
	Office  string // the sender, in full: 城东街道
	Title   string
	Group   string // heading over all figures that some clerks add to a matrix
	Shape   reporting.Shape
	Period  reporting.Period
	Money   reporting.Money // the form's own unit of money, "" where there is none
	Columns []Column
	Lines   []Line
	Total   *Line
	People  [3]string      // who filled it in, checked it and answers for it
	Filled  reporting.Date // when
	Plain   bool           // a mistake in it must stay visible: no formula that mends it, no table without the lines around it
}

// Column is one column of the paper's table.
type Column struct {
	ID        string
	Header    string
	Aliases   []string // what clerks write instead of Header
	Group     []string // the header above, as printed first; nil for none
	Type      reporting.ValueType
	SumOf     string // ID of the column whose months this one adds up
	Loose     bool   // may be left out
	Mergeable bool   // equal values under each other may share one cell
}

// Line is one row of the table, one value a column.
type Line []Value

// Kind says what a Value is.
type Kind uint8

// The kinds.
const (
	Empty         Kind = iota
	Words              // text as it is
	Name               // the name of an office
	Count              // a whole number
	Sum                // money, in yuan
	Day                // a date
	YearMonth          // a month
	NotApplicable      // —
)

// Value is one cell's meaning.
type Value struct {
	Kind   Kind
	Text   string
	Number reporting.Decimal
	Date   reporting.Date
	Month  reporting.Month
}

// Text is a cell of words.
func Text(s string) Value { return Value{Kind: Words, Text: s} }

// Office is a cell that names an office.
func Office(name string) Value { return Value{Kind: Name, Text: name} }

// Number is a cell of a whole number.
func Number(n int64) Value { return Value{Kind: Count, Number: reporting.Int(n)} }

// Yuan is a cell of money.
func Yuan(d reporting.Decimal) Value { return Value{Kind: Sum, Number: d} }

// On is a cell of a date; the zero date leaves it empty.
func On(d reporting.Date) Value {
	if d == 0 {
		return Value{}
	}
	return Value{Kind: Day, Date: d}
}

// In is a cell of a month.
func In(m reporting.Month) Value { return Value{Kind: YearMonth, Month: m} }

// Nothing is a cell that cannot apply to its row.
func Nothing() Value { return Value{Kind: NotApplicable} }

// Column returns the place of the column with the id, or −1.
func (p *Paper) Column(id string) int {
	for i := range p.Columns {
		if p.Columns[i].ID == id {
			return i
		}
	}
	return -1
}

// column returns the place of the first column of the type, or −1.
func (p *Paper) column(t reporting.ValueType) int {
	for i := range p.Columns {
		if p.Columns[i].Type == t {
			return i
		}
	}
	return -1
}

func (p *Paper) has(k Kind) bool {
	for _, line := range p.Lines {
		for _, v := range line {
			if v.Kind == k {
				return true
			}
		}
	}
	return false
}

// grouped reports whether columns stand under common headers.
func (p *Paper) grouped() bool {
	for i := range p.Columns {
		if p.Columns[i].Group != nil {
			return true
		}
	}
	return false
}
