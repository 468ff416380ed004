// Package limits says how much of a file the readers take in, and counts while they do.
//
// Nothing here trusts a number that the file states about itself: bytes are counted as they come out of the inflater, cells
// as they are read. So a lying header costs nothing, and a bomb is refused at the limit and not after it.
package limits

import (
	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fault"
)

// Limits bounds one file. A zero field means the default.
type Limits struct {
	Bytes    int64 // the file itself
	Unpacked int64 // all parts together, as they inflate
	Ratio    int64 // unpacked bytes for each packed byte of a part, judged beyond RatioFrom
	Entries  int   // entries of the zip, or of the compound file's directory
	Strings  int64 // bytes of the shared strings, with a header each, wherever they are kept
	Rows     int64 // the last row used, counted from 1
	Cols     int32 // the last column used, counted from 1
	Gap      int32 // rows without a cell between two rows with cells
	Cells    int64 // cells of one sheet
	Record   int64 // bytes of one record of a text file
	Memory   int64 // the file wherever it lies, what was decoded of it, its shared strings and a sheet read whole, together
}

// RatioFrom is the size below which a part's ratio is not judged: a small sheet of empty cells packs very well.
const RatioFrom = 32 << 20

// Default are the limits of a bureau's mailbox: generous for a sheet that a person made, and small beside a server.
func Default() Limits {
	return Limits{
		Bytes:    64 << 20,
		Unpacked: 1 << 30,
		Ratio:    200,
		Entries:  10_000,
		Strings:  96 << 20,
		Rows:     1 << 20,
		Cols:     256,
		Gap:      100_000,
		Cells:    5_000_000,
		Record:   4 << 20,
		Memory:   224 << 20, // with the little that is garbage, below 256 MB
	}
}

// WithDefaults fills the zero fields.
func (l Limits) WithDefaults() Limits {
	d := Default()
	l.Bytes = or(l.Bytes, d.Bytes)
	l.Unpacked = or(l.Unpacked, d.Unpacked)
	l.Ratio = or(l.Ratio, d.Ratio)
	l.Entries = or(l.Entries, d.Entries)
	l.Strings = or(l.Strings, d.Strings)
	l.Rows = or(l.Rows, d.Rows)
	l.Cols = or(l.Cols, d.Cols)
	l.Gap = or(l.Gap, d.Gap)
	l.Cells = or(l.Cells, d.Cells)
	l.Record = or(l.Record, d.Record)
	l.Memory = or(l.Memory, d.Memory)
	return l
}

// Left is what remains of the memory when so many bytes are taken, so that a large file leaves less room for its strings.
func (l Limits) Left(taken int64) Limits {
	l.Memory -= taken
	l.Strings = min(l.Strings, l.Memory)
	return l
}

func or[T int | int32 | int64](v, fallback T) T {
	if v == 0 {
		return fallback
	}
	return v
}

// Meter counts the rows and cells of one sheet. Use one a sheet.
type Meter struct {
	limits Limits
	part   string
	sheet  string
	cells  int64
	last   int32 // the last row with a cell, −1 before the first
}

// NewMeter counts for the sheet that stands in the part.
func NewMeter(l Limits, part, sheet string) *Meter {
	return &Meter{limits: l, part: part, sheet: sheet, last: -1}
}

// Row counts a finished row. It must be called before the row is handed on, so that a refused row is never seen.
func (m *Meter) Row(row *reporting.Row) error {
	if len(row.Cells) == 0 {
		return nil
	}
	last := row.Cells[len(row.Cells)-1]
	if err := m.Cell(last); err != nil {
		return err
	}
	if int64(row.Index) >= m.limits.Rows {
		return m.refuse(last, fault.TooManyRows(m.limits.Rows))
	}
	if row.Index-m.last-1 > m.limits.Gap {
		return m.refuse(last, fault.FarAway())
	}
	m.last = row.Index
	m.cells += int64(len(row.Cells))
	if m.cells > m.limits.Cells {
		return m.refuse(last, fault.TooManyCells(m.limits.Cells))
	}
	return nil
}

// Cell judges the column of a cell, so that a reader need not collect a row that will be refused.
func (m *Meter) Cell(c reporting.Cell) error {
	if c.Col >= m.limits.Cols {
		return m.refuse(c, fault.TooManyColumns(m.limits.Cols))
	}
	return nil
}

// Field judges a cell of a text file, of whose record so many bytes were read with it.
func (m *Meter) Field(c reporting.Cell, record int64) error {
	if record > m.limits.Record {
		return m.refuse(c, fault.TextTooLong())
	}
	return m.Cell(c)
}

func (m *Meter) refuse(at reporting.Cell, why reporting.Text) error {
	e := fault.TooLarge(m.part, why)
	e.Sheet, e.Cell = m.sheet, reporting.CellName(at.Row, at.Col)
	return e
}
