package reporting

import (
	"regexp"
	"slices"
)

// Shape is how a form's table is built.
type Shape string

// The shapes.
const (
	IndicatorForm Shape = "indicators" // one row an indicator
	Matrix        Shape = "matrix"     // one row a scheme or a unit, under one to three header rows
	Ledger        Shape = "ledger"     // one row a person, case, project or visit
	TargetForm    Shape = "targets"    // one row an indicator: the year's target
	BaselineForm  Shape = "baselines"  // one row an indicator: last year's figure
	NarrativeForm Shape = "narrative"  // one row a text
)

// Coverage is the time that a form's rows cover.
type Coverage string

// The coverages.
const (
	CoversPeriod   Coverage = "period"       // only the submission's own period
	CoversYear     Coverage = "year_to_date" // the whole year so far; the latest period counts for the year
	CoversSnapshot Coverage = "snapshot"     // the state at the period's end
)

// Duty says whether a form must be sent.
type Duty string

// The duties.
const (
	MonthlyDuty Duty = "monthly"
	YearlyDuty  Duty = "yearly"
	NoDuty      Duty = "none"
)

// Form describes a sheet that units send: how to recognise it, how to read it, what to check, and what it loads. Forms are data
// under schemas/forms, one file each.
type Form struct {
	ID       string
	Number   int
	Title    Text
	Aliases  []string // other titles
	Shape    Shape
	Coverage Coverage
	Duty     Duty
	Periods  PeriodKind // the kind of period that it is sent for: month, half, year
	Due      Due        // until when, unless the bureau has set another deadline
	Levels   []Level    // the levels of units that send it
	Senders  []string   // units that send it besides
	Money    Money      // the unit of money where the sheet names none; "" for a form without money
	Table    string     // the typed table of a ledger's rows
	Columns  []Column
	Rows     []FormRow // fixed rows, in order; none for ledgers and for matrices by unit
	Named    []FormRow // of a form whose rows name indicators of the catalogue: further names of some of them; Code and Indicator are the same
	RowUnits bool      // the rows of a matrix are units
	Total    []string  // names of the total row, which is checked and never loaded
	Key      []string  // columns that together name a ledger row once
	Loads    []Load    // what a ledger row feeds
	Rules    []Rule
	Source   string // the file that describes it
}

// NamesIndicators reports whether the form's rows are whichever indicators of the catalogue they name.
func (f *Form) NamesIndicators() bool { return f.Shape == TargetForm || f.Shape == BaselineForm }

// ValueType says what a column's cells hold.
type ValueType string

// The types of value. RowLabel names the row (indicator, scheme or unit); Amount is an integer or money, as the row's indicator has it.
const (
	RowLabel   ValueType = "row"
	Amount     ValueType = "amount"
	Integer    ValueType = "integer"
	MoneyValue ValueType = "money"
	TextValue  ValueType = "text"
	DateValue  ValueType = "date"
	MonthValue ValueType = "month"
	UnitValue  ValueType = "unit"
	Category   ValueType = "category"
	IDNumber   ValueType = "id_number"
	CreditCode ValueType = "credit_code"
	Measure    ValueType = "measure" // the unit of measure of the row: 人, 万元
	Sequence   ValueType = "sequence"
	Remark     ValueType = "remark"
)

// Column describes one column of a form.
type Column struct {
	ID         string
	Header     string           // as the form prints it
	Labels     []string         // normalised header texts that mean this column, the printed one first
	Patterns   []*regexp.Regexp // further header texts, matched whole after normalising
	Type       ValueType
	Required   bool       // the sheet must have the column
	Blank      bool       // its cells may be empty
	BlankIf    string     // … where this other column is empty
	Negative   bool       // its numbers may be below zero
	Cumulative bool       // its flows are the year to date; the month is the difference of two
	Loads      string     // matrix: indicator; "{row}" stands for the row's code
	Level      string     // of a form of targets: who has issued those of the column; "" is the city
	SumOf      string     // this column is the year's sum of that one
	PartOf     string     // this column is a part of that one
	Totalled   bool       // the total row sums it
	Field      string     // column of the ledger's table
	Masked     bool       // a person's name: stored masked
	Choices    []Choice   // of a category
	Mergeable  bool       // a merged cell holds for all its rows
	Bounds     DateBounds // of a date
	Plausible  Plausible  // of money, for one row
}

// Plausible are the yuan between which an amount lies where nothing else is known of it; the zero one says nothing. It is wide: what lies
// outside is most likely in another unit than it says.
type Plausible struct{ From, To Decimal }

// Holds reports whether the amount can be meant. Nothing at all always can.
func (p Plausible) Holds(amount Decimal) bool {
	amount = amount.Abs()
	return p.To.Sign() == 0 || amount.Sign() == 0 || amount.Cmp(p.From) >= 0 && amount.Cmp(p.To) <= 0
}

// DateBounds says where a date must lie.
type DateBounds string

// The bounds: within the period of the submission, or not after its end.
const (
	InPeriod    DateBounds = "in_period"
	NotAfterEnd DateBounds = "not_after_period"
)

// Choice is one value of a category.
type Choice struct {
	Name    string
	Aliases []string
}

// FormRow is a fixed row of an indicator form or a matrix.
type FormRow struct {
	Code      string // indicator code, or the code of a scheme
	Label     string
	Aliases   []string
	Measure   string // unit of measure printed in the form
	Indicator string // the indicator that the row loads; "" in a matrix
	PartOf    string // code of the row that this one is a part of
	Plausible Plausible
}

// Load says what one row of a ledger feeds: value 1 or a column's number, for the month of a date, under a condition.
type Load struct {
	Indicator string
	Value     string              // column of the number; "" counts 1
	On        string              // column of the date that decides the month; "" is the submission's period
	Opened    string              // docket: the column where a case opens …
	Closed    string              // … and the one where it closes
	Distinct  string              // column that is counted once
	Unit      string              // column of the unit that it belongs to; "" is the sender
	Once      Once                // of Distinct: whom one unit reports no other does in that time
	Where     map[string][]string // column → values, all must hold
	WhereNot  map[string][]string
}

// Once is the time within which a person or an enterprise is reported by one unit only.
type Once string

// The times; "" is that several units may report the same one.
const (
	OncePerMonth Once = "month"
	OncePerYear  Once = "year"
)

// Shared lists the periods whose sheets, of all units, a sheet of the form for p is compared with; nil where nothing in it is to be
// reported once.
func (f *Form) Shared(p Period) []Period {
	var shared []Period
	for _, l := range f.Loads {
		switch {
		case l.Once == "" || len(shared) > 1:
		case l.Once == OncePerYear || f.Coverage == CoversYear:
			shared = nil
			for _, m := range YearPeriod(p.Last.Year()).Months() {
				shared = append(shared, MonthPeriod(m))
			}
		default:
			shared = []Period{p}
		}
	}
	return shared
}

// Rule is a check of one row that the form states as an expression. Operands are the row's columns, previous.<column> (the same
// row in the month before) and, in Message, {column} and {expected}.
type Rule struct {
	Code     FindingCode
	Severity Severity
	At       string // column where the finding stands
	Expect   string // expression that the value at At must equal
	Holds    string // or: a condition that must hold
	Says     Text   // the formula in words: 期初 + 收入 − 支出
	Line     int    // in the form's file
}

// SentBy reports whether the unit sends this form.
func (f *Form) SentBy(u OrgUnit) bool {
	return slices.Contains(f.Levels, u.Level) || slices.Contains(f.Senders, u.Code)
}

// Column returns the index of the column with the id, or −1.
func (f *Form) Column(id string) int {
	return slices.IndexFunc(f.Columns, func(c Column) bool { return c.ID == id })
}

// ColumnOf returns the index of the first column of the type, or −1.
func (f *Form) ColumnOf(t ValueType) int {
	return slices.IndexFunc(f.Columns, func(c Column) bool { return c.Type == t })
}

// Indicators lists the codes of the indicators that the form loads.
func (f *Form) Indicators() []string {
	var codes []string
	add := func(code string) {
		if code != "" && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	if f.Shape == TargetForm || f.Shape == BaselineForm {
		return nil
	}
	for _, r := range f.Rows {
		add(r.Indicator)
	}
	for _, c := range f.Columns {
		switch {
		case c.Loads == "":
		case len(f.Rows) == 0:
			add(c.Loads)
		default:
			for _, r := range f.Rows {
				add(LoadedIndicator(c.Loads, r.Code))
			}
		}
	}
	for _, l := range f.Loads {
		add(l.Indicator)
	}
	return codes
}

// Sends reports whether the form is sent for the period: a month, half or year, as it says.
func (f *Form) Sends(p Period) bool { return f.Periods.Has(p) }

// CollectedWith is the period that the form is sent for in the month after m, and false where there is none: a monthly form for m
// itself, the texts of a half-year after its last month, last year's figures a year later.
func (f *Form) CollectedWith(m Month) (Period, bool) {
	last := m + 1 - Month(f.Due.Months)
	p := Period{First: last - Month(f.Periods.Len()) + 1, Last: last}
	return p, f.Sends(p)
}

// Slot names what a submission of the form counts for; of all accepted submissions of one slot, the one of the latest period, and
// there the newest, stands. It is the period, or the year for a ledger that is sent again each month.
func (f *Form) Slot(p Period) string {
	if f.Coverage == CoversYear {
		return YearPeriod(p.Last.Year()).String()
	}
	return p.String()
}

// Covers is the run of months that a submission for p covers.
func (f *Form) Covers(p Period) Period {
	if f.Coverage == CoversYear {
		return p.YearToDate()
	}
	return p
}
