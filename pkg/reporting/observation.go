package reporting

// Lineage says where a value was written. With the submission it leads to the original file.
type Lineage struct {
	Sheet   string `json:"sheet"`
	Cell    string `json:"cell"`
	Written string `json:"written"` // the cell as it is written
}

// Observation is one value of one indicator for one unit and one month, as one cell or one ledger row gives it.
//
// Three shapes share the type. A plain value has a Value for its Period. A counted row has Value 1 (or an amount), and a Key
// where the indicator counts distinct persons or enterprises. A docket row (Opened is set) says that a case was open from
// Opened up to Closed, or still is: it counts in every period that it touches, so its Value is 1 and its Period is the
// submission's.
type Observation struct {
	Indicator string
	Unit      string // code of the unit that the value belongs to
	Period    Period
	Value     Decimal // yuan for money, else the indicator's own unit
	Key       string
	Opened    Date
	Closed    Date // zero: still open
	Lineage
}

// LedgerRow is one row of a ledger as analysts may see it, under the column names of its table. Persons are masked.
type LedgerRow struct {
	Table  string
	Sheet  string
	Row    int32 // one-based
	Fields []Field
}

// Field is one named value of a ledger row: a string, Decimal, Date, Period, bool, or nil where nothing was reported.
type Field struct {
	Name  string
	Value any
}

// Reading is all that a submission's sheet says, after reading and before judging.
type Reading struct {
	Observations []Observation
	Targets      []Target
	Baselines    []Baseline
	Narratives   []Narrative
	Rows         []LedgerRow
}

// Stood is a submission that stands or stood, with its values.
type Stood struct {
	Standing
	Reading
}

// MonthHash is a hash of all values that a sheet has of a month: sheets of the same values have the same hash.
type MonthHash struct {
	Month Month
	Hash  string
}

// Target is the planned value of an indicator for a year. The city and the province may each have issued one.
type Target struct {
	Indicator string
	Year      int
	Level     string // who issued it: one of TargetLevels
	Revision  int    // that of its Standing
	Value     Decimal
	Lineage
}

// The levels that issue targets.
const (
	CityTarget     = "city"
	ProvinceTarget = "province"
)

// TargetLevels lists them, the city first: its target is the one that a figure's Completion is over.
var TargetLevels = []string{CityTarget, ProvinceTarget}

// Baseline is last year's value of an indicator for a period, where no monthly facts of that year exist. A ratio's value is a
// fraction, not percent.
type Baseline struct {
	Indicator string
	Period    Period
	Value     Decimal
	Lineage
}

// Narrative is one text for a section of the report.
type Narrative struct {
	Section string
	Title   string
	Body    string
	Lineage
}
