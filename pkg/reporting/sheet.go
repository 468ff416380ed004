package reporting

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// CellKind says what a cell holds.
type CellKind uint8

// The kinds. A cell that holds nothing is not there at all, unless it is a formula without a result.
const (
	Blank      CellKind = iota // a formula without a cached result, or an empty cell that a formula names
	TextCell                   // text, also text that looks like a number
	NumberCell                 // a number, as its exact decimal text
	BoolCell                   // "TRUE" or "FALSE"
	ErrorCell                  // "#REF!", "#DIV/0!" …
)

// Marks are what a cell shows beside its value.
type Marks uint8

// The marks.
const (
	Struck     Marks = 1 << iota // all of it is struck through
	PartStruck                   // some of its text is struck through; Look.Kept is the rest
	Raised                       // some of its text is raised or lowered, as the mark of a note is; Look.Kept is the rest
	Doubtful                     // the formula's result is in doubt by the file's own word, and could not be calculated
	Calculated                   // the result is calculated, as the file's own was absent or another; Look.Kept is the file's own
)

// Cell is one cell as the sheet holds it, without a meaning.
type Cell struct {
	Row, Col int32    // zero-based
	Kind     CellKind //
	Date     bool     // a number whose format shows a date
	Computed bool     // the value is a formula's result
	Marks    Marks    //
	Text     string   // text, or the number's decimal text as the file has it ("4123.4500000000007", "1E3")
	Look     *Look    // what it shows besides; nil for most cells, and shared by those of one format
}

// Look is what makes a cell show something else than what is stored.
type Look struct {
	Format  Format // of a number; nil where the number is shown as it is
	Kept    string // the text without what is struck through or raised; the result that the file gave before it was calculated
	Formula string // only where its result is absent (Kind is Blank) or in doubt
}

// Format makes of a stored number what the cell shows.
type Format interface {
	Show(number string) Shown
}

// Shown is what a cell shows of a number.
type Shown struct {
	Text   string // "" where the format hides it
	Exact  bool   // the text is a number, with letters at most before and behind it; else Scale, Before and After are not known
	Scale  int    // the number in the text is the stored one times ten to this power
	Before string
	After  string
}

// Formula is the formula of a cell whose result is absent or in doubt, else "".
func (c Cell) Formula() string {
	if c.Look == nil {
		return ""
	}
	return c.Look.Formula
}

// Shown is what a person sees of the cell's value. Struck and raised text counts as not there.
func (c Cell) Shown() string {
	switch {
	case c.Look == nil:
	case c.Kind == NumberCell && c.Look.Format != nil:
		return c.Look.Format.Show(c.Text).Text
	case c.Marks&(PartStruck|Raised) != 0:
		return c.Look.Kept
	}
	return c.Text
}

// Row is one row of a sheet. Cells are in order of their columns; a column without a cell is not there.
type Row struct {
	Index  int32 // zero-based
	Hidden bool
	Fields uint16 // of a text file: how many fields the record has, the empty ones too
	Cells  []Cell
}

// Range is a rectangle of cells, all ends inside, zero-based.
type Range struct {
	FirstRow, FirstCol, LastRow, LastCol int32
}

// Holds reports whether the cell lies in the range.
func (r Range) Holds(row, col int32) bool {
	return r.FirstRow <= row && row <= r.LastRow && r.FirstCol <= col && col <= r.LastCol
}

// String prints "A1:C3", or "A1" for one cell.
func (r Range) String() string {
	first, last := CellName(r.FirstRow, r.FirstCol), CellName(r.LastRow, r.LastCol)
	if first == last {
		return first
	}
	return first + ":" + last
}

// Sheet is one worksheet of a workbook, or the single table of a text file (its Name is then "").
type Sheet struct {
	Name       string
	Hidden     bool
	Cut        bool // only its first rows are here
	Date1904   bool // date serials count from 1904-01-01
	Rows       []Row
	Merges     []Range
	HiddenCols []Range   // rows of the range do not count
	Beside     []string  // texts outside of the cells: in text boxes, in the header and footer of the page
	Noted      []Finding // what was broken in the file and was read on over, as no value hangs on it
	Laid       *Laid     // of a table that was laid out anew: where its cells stand on paper; nil where they lie as they are
}

// Place is a place on paper, zero-based.
type Place struct {
	Row, Col int32
	Sheet    string // where it is another than the one whose name the laid-out sheet has
}

// Laid says where the cells of a table that was laid out anew stand on paper. The rows above the table are as they lie.
type Laid struct {
	First int32     // the table's first row
	Rows  [][]Place // from there on, for each row its columns
}

// Paper is where the cell at the place stands on paper.
func (s *Sheet) Paper(row, col int32) Place {
	if s.Laid == nil || row < s.Laid.First || len(s.Laid.Rows) == 0 {
		return Place{Row: row, Col: col}
	}
	places := s.Laid.Rows[min(int(row-s.Laid.First), len(s.Laid.Rows)-1)]
	if len(places) == 0 {
		return Place{Row: s.Laid.First}
	}
	return places[min(int(col), len(places)-1)]
}

// CellName is the A1 name, on paper, of the cell at the place, with its sheet where that is another: 二!B3.
func (s *Sheet) CellName(row, col int32) string {
	at := s.Paper(row, col)
	return at.on() + CellName(at.Row, at.Col)
}

func (p Place) on() string {
	if p.Sheet == "" {
		return ""
	}
	return p.Sheet + "!"
}

// On parts a name that CellName has given: the sheet, and the cell on it.
func (s *Sheet) On(name string) (sheet, cell string) {
	if at := strings.LastIndex(name, "!"); at >= 0 {
		return name[:at], name[at+1:]
	}
	return s.Name, name
}

// Papers are the names of the sheets on which what was laid out stands.
func (s *Sheet) Papers() []string {
	names := []string{s.Name}
	if s.Laid == nil {
		return names
	}
	for _, row := range s.Laid.Rows {
		for _, place := range row {
			if place.Sheet != "" && place.Sheet != names[len(names)-1] && !slices.Contains(names, place.Sheet) {
				names = append(names, place.Sheet)
			}
		}
	}
	return names
}

// RowNumber is the number, on paper, of the row that begins at the place.
func (s *Sheet) RowNumber(row int32) int32 { return s.Paper(row, 0).Row + 1 }

// Spans prints the range as it is on paper.
func (s *Sheet) Spans(r Range) string {
	first, last := s.Paper(r.FirstRow, r.FirstCol), s.Paper(r.LastRow, r.LastCol)
	return first.on() + Range{min(first.Row, last.Row), min(first.Col, last.Col), max(first.Row, last.Row), max(first.Col, last.Col)}.String()
}

// At returns the cell at the zero-based place, and false where there is none.
func (s *Sheet) At(row, col int32) (Cell, bool) {
	i := sort.Search(len(s.Rows), func(i int) bool { return s.Rows[i].Index >= row })
	if i == len(s.Rows) || s.Rows[i].Index != row {
		return Cell{}, false
	}
	return s.Rows[i].At(col)
}

// At returns the cell in the column, and false where there is none.
func (r Row) At(col int32) (Cell, bool) {
	i := sort.Search(len(r.Cells), func(i int) bool { return r.Cells[i].Col >= col })
	if i == len(r.Cells) || r.Cells[i].Col != col {
		return Cell{}, false
	}
	return r.Cells[i], true
}

// CellName prints the A1 name of a zero-based place.
func CellName(row, col int32) string {
	return ColumnName(col) + strconv.Itoa(int(row)+1)
}

// The limits of a worksheet.
const (
	maxRows    = 1 << 20
	maxColumns = 1 << 14
)

// ParseCellName reads an A1 name as a zero-based place, and false for what names no cell of a worksheet. Letters are capitals.
func ParseCellName(name string) (row, col int32, ok bool) {
	digits := strings.TrimLeft(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	letters := name[:len(name)-len(digits)]
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil || letters == "" || len(letters) > 3 || digits[0] == '0' || n > maxRows {
		return 0, 0, false
	}
	for _, letter := range []byte(letters) {
		col = col*26 + int32(letter-'A') + 1
	}
	return int32(n) - 1, col - 1, col <= maxColumns
}

// ColumnName prints the letters of a zero-based column: 0 is A, 26 is AA.
func ColumnName(col int32) string {
	var letters [8]byte
	i := len(letters)
	for n := col + 1; n > 0; n = (n - 1) / 26 {
		i--
		letters[i] = byte('A' + (n-1)%26)
	}
	return string(letters[i:])
}

// lastSerial is the serial of 2200-12-31, beyond which no date of a sheet is meant.
const lastSerial = 109938

// serialPlaces of a serial are time; what is behind them is binary noise: a midnight less a hundredth of a second is the next day.
const serialPlaces = 7

// Day returns the day that a number shown as a date stands for, and false for any other cell. The time of day is dropped.
func (s *Sheet) Day(c Cell) (Date, bool) {
	if c.Kind != NumberCell || !c.Date {
		return 0, false
	}
	number, err := ParseDecimal(c.Text)
	if err != nil {
		return 0, false
	}
	return s.SerialDay(number)
}

// SerialDay returns the day of a date serial: days since 1899-12-30, for Excel counts a 29 February 1900 that never was, or since
// 1904-01-01.
func (s *Sheet) SerialDay(serial Decimal) (Date, bool) {
	if serial.Sign() < 0 || serial.Cmp(Int(lastSerial)) > 0 {
		return 0, false
	}
	whole, _, _ := strings.Cut(serial.Round(serialPlaces).String(), ".")
	days, err := strconv.Atoi(whole)
	if err != nil {
		return 0, false
	}
	if s.Date1904 {
		first, _ := NewDate(1904, 1, 1)
		return first.AddDays(days), true
	}
	if days < 61 {
		days++ // before the day that never was
	}
	if days < 2 {
		return 0, false
	}
	first, _ := NewDate(1900, 1, 1)
	return first.AddDays(days - 2), true
}
