package reporting

import "regexp"

// Kind says how a measure lives in time.
type Kind string

// The kinds. A flow adds over months; a stock is a state at a period's end; a ratio is a sum over a sum.
const (
	Flow  Kind = "flow"
	Stock Kind = "stock"
	Ratio Kind = "ratio"
)

// Rollup says how monthly values of units become a figure of a period and a city.
type Rollup string

// The roll-ups.
const (
	RollupSum      Rollup = "sum"      // add over months and units
	RollupLast     Rollup = "last"     // the last month's value, added over units
	RollupDistinct Rollup = "distinct" // count distinct keys over the whole city and period; values without a key are added
	RollupDocket   Rollup = "docket"   // count the cases that were open at some time in the period
	RollupParts    Rollup = "parts"    // the sum of other indicators (Parts)
	RollupRatio    Rollup = "ratio"    // Numerator over Denominator
)

// TargetKind says what reaching the year's target means.
type TargetKind string

// The kinds of target; "" means that the indicator has none.
const (
	TargetFloor   TargetKind = "floor"   // at least, by the end of the year
	TargetCeiling TargetKind = "ceiling" // at most, at any time
)

// PeriodRule says which days a month of the indicator holds.
type PeriodRule string

// The period rules.
const (
	CalendarMonth PeriodRule = "calendar_month"
	From21To20    PeriodRule = "21st_to_20th" // the 21st of the month before to the 20th, as the ministry's employment tables have it
)

// Domain is the fact table that an indicator's observations stand in.
type Domain string

// The domains.
const (
	Employment    Domain = "employment"
	InsuranceFund Domain = "insurance_fund"
	LaborDispute  Domain = "labor_dispute"
)

// Indicator is a named measure with its unit and the way it adds up. The catalogue under schemas/indicators is the list of them.
type Indicator struct {
	Code        string
	Name        Text
	Measure     string // as sheets and reports write it: 人, 件, 万元, %
	Kind        Kind
	Rollup      Rollup
	Domain      Domain
	Numerator   string   // of a ratio
	Denominator string   // of a ratio
	Parts       []string // of RollupParts
	Target      TargetKind
	PeriodRule  PeriodRule
	Negative    bool // a net measure, which may be below zero
}

// IsMoney reports whether values are money: stored in yuan with two digits.
func (i Indicator) IsMoney() bool {
	_, ok := Money(i.Measure).Factor()
	return ok
}

// Places is the number of digits after the point of a stored value: 2 for money, 0 for counts, 6 for printed ratios.
func (i Indicator) Places() int {
	switch {
	case i.Kind == Ratio:
		return 6
	case i.IsMoney():
		return 2
	}
	return 0
}

// Base reports whether the indicator has observations of its own, and is not computed from others.
func (i Indicator) Base() bool { return i.Rollup != RollupParts && i.Rollup != RollupRatio }

// Check says what indicators of one sender must be to one another in a month, whichever of its forms they stand in.
type Check struct {
	Holds  string // an expression over their codes, and previous.CODE of the month before; must be true
	Code   FindingCode
	Says   Text // why
	Source string
	Line   int
}

// Catalogue is the data that the arithmetic and the checks go by: indicators, forms and units. It is read-only after loading.
type Catalogue struct {
	City       string // code of the city
	Indicators []Indicator
	Forms      []*Form
	Units      []OrgUnit
	Checks     []Check // between forms

	indicators map[string]*Indicator
	forms      map[string]*Form
	units      map[string]*OrgUnit
	form       map[string]string // indicator → the form that it comes from
	cumulative map[string]bool   // indicators whose facts hold the year to date
	bearers    map[string]string // unit that ended → the one that its values count for; nil: each for itself
}

// Index prepares the look-ups. The builder of a Catalogue calls it once, after filling the lists.
func (c *Catalogue) Index() {
	c.indicators = make(map[string]*Indicator, len(c.Indicators))
	c.forms = make(map[string]*Form, len(c.Forms))
	c.units = make(map[string]*OrgUnit, len(c.Units))
	c.form = make(map[string]string)
	c.cumulative = make(map[string]bool)
	for i := range c.Indicators {
		c.indicators[c.Indicators[i].Code] = &c.Indicators[i]
	}
	for _, f := range c.Forms {
		c.forms[f.ID] = f
		for _, code := range f.Indicators() {
			c.form[code] = f.ID
			if i := c.indicators[code]; i != nil && i.Kind == Flow && i.Rollup == RollupSum && f.Cumulative(code) {
				c.cumulative[code] = true
			}
		}
	}
	for i := range c.Units {
		c.units[c.Units[i].Code] = &c.Units[i]
	}
}

// Indicator returns the indicator of the code, or nil.
func (c *Catalogue) Indicator(code string) *Indicator { return c.indicators[code] }

// Form returns the form of the id, or nil.
func (c *Catalogue) Form(id string) *Form { return c.forms[id] }

// Unit returns the unit of the code, or nil.
func (c *Catalogue) Unit(code string) *OrgUnit { return c.units[code] }

// FormOf returns the form that an indicator's observations come from, or nil for a computed one.
func (c *Catalogue) FormOf(indicator string) *Form { return c.forms[c.form[indicator]] }

// Expected lists the codes of the units that owe the form for the period, in order.
func (c *Catalogue) Expected(f *Form, p Period) []string {
	if f.Duty == NoDuty {
		return nil
	}
	var codes []string
	for _, u := range c.Units {
		if f.SentBy(u) && u.Valid(p) {
			codes = append(codes, u.Code)
		}
	}
	return codes
}

var codePattern = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)

// ValidIndicatorCode reports whether a code is well formed: "insurance.unemployment.income".
func ValidIndicatorCode(code string) bool { return codePattern.MatchString(code) }
