package rollup

import (
	"slices"

	"huizong/pkg/reporting"
)

// account is one base indicator for the city or a unit: its values, and the sheets that cover them.
type account struct {
	indicator *reporting.Indicator
	unit      *reporting.OrgUnit // nil: the city
	form      *reporting.Form
	duty      *duty
	concerned bool                  // the unit can have values of the indicator
	values    []reporting.Aggregate // one a period
}

func (e *evaluator) account(term *reporting.Indicator, u *reporting.OrgUnit) account {
	a := account{indicator: term, unit: u, form: e.catalogue.FormOf(term.Code), concerned: true}
	byRow := namesUnits(a.form, term.Code)
	code, org := "", ""
	if u != nil {
		code, a.concerned = u.Code, bears(a.form, byRow, u)
		if !byRow {
			org = u.Code
		}
	}
	a.values = e.values[series{term.Code, code}]
	a.duty = e.coverage.duty(a.form, org, e.catalogue.Cumulative(term.Code))
	return a
}

// namesUnits reports whether the rows of the form say which unit the indicator's values belong to; else it is the sender.
func namesUnits(f *reporting.Form, indicator string) bool {
	return f.RowUnits || slices.ContainsFunc(f.Loads, func(l reporting.Load) bool {
		return l.Indicator == indicator && l.Unit != ""
	})
}

// bears reports whether the unit can have values from the form: it is one that rows name, or else it sends the form.
func bears(f *reporting.Form, byRow bool, u *reporting.OrgUnit) bool {
	if byRow {
		return u.Level == reporting.LevelTownship || u.Level == reporting.LevelDirect
	}
	return f.SentBy(*u)
}

// amount returns the aggregate of the period; where there is none, zero if a ledger was reported (it has no row that counts), else
// nothing: an indicator form that gives no value says that it does not apply.
func (a *account) amount(p reporting.Period) amount {
	for n := range a.values {
		if a.values[n].Period == p {
			return amount{given: true, value: a.values[n].Value}
		}
	}
	if a.form.Shape == reporting.Ledger && a.exists(p) && a.completeness(p).reportedAny {
		return amount{given: true}
	}
	return amount{}
}

// exists reports whether the unit can have values in the period.
func (a *account) exists(p reporting.Period) bool {
	return a.unit == nil || a.concerned && a.unit.Valid(p)
}

// completeness counts the units that have reported the indicator in the period: for a stock, in its last month.
func (a *account) completeness(p reporting.Period) completeness {
	if a.indicator.Kind == reporting.Stock {
		p = reporting.MonthPeriod(p.Last)
	}
	return a.duty.in(p)
}
