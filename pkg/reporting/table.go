package reporting

import "strings"

// Presence keeps missing, not applicable and given apart, to the end.
type Presence uint8

// The presences.
const (
	Missing       Presence = iota // the cell is empty, or not there
	NotApplicable                 // — - / …
	Unreadable                    // something is written that is no value of the column; a finding says so
	Given
)

// Value is one cell of a form's table after reading.
type Value struct {
	Presence Presence
	Number   Decimal // of a number; money in yuan
	Measure  Money   // of money: the unit that the sheet has it in
	Date     Date    // of a date
	Month    Month   // of a month
	Text     string  // of all others: the trimmed text, the category's name, the unit's code
	Sheet    string  // where it is another than the table's first
	Cell     string  // A1
	Written  string  // as it is written
}

// Place is the value's cell, with its sheet where that is another than the table's first.
func (v Value) Place() string {
	if v.Sheet == "" {
		return v.Cell
	}
	return v.Sheet + "!" + v.Cell
}

// Line is one row of a table.
type Line struct {
	Sheet  string  // where it is another than the table's first
	Row    int32   // one-based
	Code   string  // the code of a fixed row: indicator or scheme
	Unit   string  // the unit that the row's values belong to
	Values []Value // one for each column of the form, in its order
}

// Table is the table of a submission after reading: what the sheet says, in the form's own terms.
type Table struct {
	Form   *Form
	Org    string
	Period Period
	Sheet  string
	Lines  []Line
	Total  *Line // the total row, or nil
}

// LoadedIndicator is the indicator that a matrix column loads for a row: "{row}" in its pattern stands for the row's code.
func LoadedIndicator(pattern, row string) string { return strings.ReplaceAll(pattern, "{row}", row) }

// Indicator returns the indicator that the column of the line loads, or "".
func (t *Table) Indicator(line *Line, column int) string {
	c := t.Form.Columns[column]
	switch {
	case c.Loads != "":
		return LoadedIndicator(c.Loads, line.Code)
	case c.Type == Amount && c.SumOf == "" && line.Code != "":
		for _, r := range t.Form.Rows {
			if r.Code == line.Code {
				return r.Indicator
			}
		}
	}
	return ""
}
