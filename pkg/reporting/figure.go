package reporting

import "math/big"

// Aggregate is what the observations of one base indicator come to for a unit and a period, before targets, ratios and
// completeness. Unit "" is the whole city: for a distinct count that is not the sum of the units.
type Aggregate struct {
	Indicator string
	Unit      string
	Period    Period
	Value     Decimal
}

// Fact is one observation as it stands: of the standing submissions only.
type Fact struct {
	Submission string
	Form       string
	Sender     string
	Observation
}

// Figure is one number of a report: an indicator for a unit (or the city) and a period. Numbers are exact fractions until they
// are printed; nil means that there is none. In JSON a number is the fraction as text: "2518/84995".
type Figure struct {
	Indicator   string   `json:"indicator"`
	Unit        string   `json:"unit"` // the city's code, or a unit's
	Period      Period   `json:"period"`
	Value       *big.Rat `json:"value"`
	Numerator   *big.Rat `json:"numerator"` // of a ratio
	Denominator *big.Rat `json:"denominator"`
	Target      *big.Rat `json:"target"`         // of the year, as the city issued it
	Completion  *big.Rat `json:"completion"`     // Value over Target
	Previous    *big.Rat `json:"previous"`       // the same months of last year
	YearOnYear  *big.Rat `json:"yoy"`            // Value over Previous, less one
	Reported    int      `json:"reported_units"` // units whose sheets the figure holds
	Expected    int      `json:"expected_units"` // units that owe one
	Missing     []string `json:"missing"`        // codes of the units that owe one and did not report
	Restated    bool     `json:"restated"`       // accepted sheets have said different things of it, or the last release has another value

	Targets []FigureTarget `json:"targets,omitempty"` // all that stand for the year, in the order of TargetLevels
}

// FigureTarget is one of the targets that stand for a figure's year, and how much of it is reached.
type FigureTarget struct {
	Level      string   `json:"level"`    // who issued it
	Revision   int      `json:"revision"` // 1, and one more for each time that its sheet was sent again with other content
	Value      *big.Rat `json:"value"`
	Completion *big.Rat `json:"completion"` // the figure's value over this one
}

// TargetBy is the target that a level has issued, and false where there is none.
func (f Figure) TargetBy(level string) (FigureTarget, bool) {
	for _, t := range f.Targets {
		if t.Level == level {
			return t, true
		}
	}
	return FigureTarget{}, false
}

// The words for a number that is not there. With 0, which is a number, they are four different things, and are called so everywhere.
var (
	AbsentUnreported = Text{ZH: "未报", EN: "not reported"}    // a unit owes it and has not sent it: the only one that calls for an action
	AbsentNotOwed    = Text{ZH: "不适用", EN: "not applicable"} // no unit owes it, or those that do have reported that it does not apply
	AbsentNoBasis    = Text{ZH: "无基数", EN: "no basis"}       // nothing over nothing, or compared with nothing
)

// Absence says why a figure has no value.
func (f Figure) Absence() Text {
	switch {
	case f.Expected > 0 && !f.Complete():
		return AbsentUnreported
	case f.Denominator != nil && f.Denominator.Sign() == 0:
		return AbsentNoBasis
	}
	return AbsentNotOwed
}

// Complete reports whether every expected unit is in the figure.
func (f Figure) Complete() bool { return f.Reported >= f.Expected }

// Rat returns d as an exact fraction.
func (d Decimal) Rat() *big.Rat { return new(big.Rat).SetFrac(d.int(), power(d.scale)) }

// PlainNumber prints a number for files: no separators, at most places digits, trailing zeros only as far as places when fixed.
// nil prints "".
func PlainNumber(r *big.Rat, places int) string {
	if r == nil {
		return ""
	}
	return r.FloatString(places)
}
