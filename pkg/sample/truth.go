package sample

import (
	"cmp"
	"maps"
	"math/big"
	"slices"

	"huizong/pkg/reporting"
)

// Truth is what a kit comes to once all its files are in. It knows the numbers from before they were typed, and adds them up in
// the plainest way, so that it can be held against what the product makes of the sheets.
type Truth struct {
	city      *city
	forms     []*form
	standing  map[slot]delivery
	targets   map[string]reporting.Decimal
	baselines map[string]reporting.Observation
}

// slot is what one standing sheet counts for: a period or, of a year-to-date ledger, the whole year.
type slot struct{ form, sender, period string }

// Fact is the value of one indicator for one unit and one month; money is in yuan.
type Fact struct {
	Indicator string
	Month     reporting.Month
	Unit      string
	Value     reporting.Decimal
}

// derived are the indicators that no sheet holds: a ratio of two others, or the sum of several.
var derived = map[string]struct {
	numerator, denominator string
	parts                  []string
}{
	"employment.registered_unemployment_rate": {numerator: "employment.registered_unemployed", denominator: "employment.registered_labour_force"},
	"relations.contract_signing_rate":         {numerator: "relations.employees_with_contract", denominator: "relations.employees_surveyed"},
	"disputes.closing_rate":                   {numerator: "disputes.cases_closed", denominator: "disputes.cases_on_docket"},
	"inspection.complaint_closing_rate":       {numerator: "inspection.complaints_closed", denominator: "inspection.complaints_on_docket"},
	"insurance.urban_three.income":            {parts: []string{"insurance.pension_employee.income", "insurance.unemployment.income", "insurance.work_injury.income"}},
	"insurance.urban_three.expenditure":       {parts: []string{"insurance.pension_employee.expenditure", "insurance.unemployment.expenditure", "insurance.work_injury.expenditure"}},
	"insurance.urban_three.remitted_up":       {parts: []string{"insurance.pension_employee.remitted_up", "insurance.unemployment.remitted_up", "insurance.work_injury.remitted_up"}},
	"insurance.urban_three.balance":           {parts: []string{"insurance.pension_employee.balance", "insurance.unemployment.balance", "insurance.work_injury.balance"}},
	"training.subsidised_total":               {parts: []string{"training.enterprise_post_upgrading", "training.employment_skills"}},
}

func newTruth(c *city, chosen []*form) *Truth {
	return &Truth{
		city: c, forms: chosen, standing: map[slot]delivery{},
		targets: map[string]reporting.Decimal{}, baselines: map[string]reporting.Observation{},
	}
}

// take lets the sheet stand in the place of an older one.
func (t *Truth) take(d delivery) {
	switch d.form.shape {
	case reporting.TargetForm:
		for _, o := range d.page.facts {
			t.targets[o.Indicator] = o.Value
		}
	case reporting.BaselineForm:
		for _, o := range d.page.facts {
			t.baselines[o.Indicator] = o
		}
	}
	s := slot{d.form.id, d.sender.code, d.period.String()}
	if d.form.coverage == reporting.CoversYear {
		s.period = reporting.YearPeriod(d.period.Last.Year()).String()
	}
	if old, ok := t.standing[s]; !ok || old.period.Last <= d.period.Last {
		t.standing[s] = d
	}
}

// codes lists the indicators that Figure knows.
func (t *Truth) codes() []string {
	codes := slices.Collect(maps.Keys(derived))
	for _, f := range t.forms {
		for _, i := range f.indicators {
			codes = append(codes, i.code)
		}
	}
	slices.Sort(codes)
	return codes
}

// Facts lists the facts of all units by indicator, month and unit. A ledger's zero is no fact.
func (t *Truth) Facts() []Fact {
	var facts []Fact
	for _, f := range t.forms {
		for _, ind := range f.indicators {
			for n := 1; n <= t.city.months; n++ {
				facts = append(facts, t.monthFacts(f, ind, t.city.month(n))...)
			}
		}
	}
	slices.SortFunc(facts, func(a, b Fact) int {
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Unit, b.Unit))
	})
	return facts
}

func (t *Truth) monthFacts(f *form, ind indicator, m reporting.Month) []Fact {
	byUnit := map[string][]reporting.Observation{}
	for _, o := range t.observations(f, ind.code) {
		byUnit[o.Unit] = append(byUnit[o.Unit], o)
	}
	var facts []Fact
	for unit, list := range byUnit {
		value, ok := ind.rollUp(list, reporting.MonthPeriod(m))
		if ok && (f.shape != reporting.Ledger || value.Sign() != 0) {
			facts = append(facts, Fact{ind.code, m, unit, value})
		}
	}
	return facts
}

// observations are all that the standing sheets say of the indicator.
func (t *Truth) observations(f *form, code string) []reporting.Observation {
	var out []reporting.Observation
	for s, d := range t.standing {
		if s.form != f.id {
			continue
		}
		for _, o := range d.page.facts {
			if o.Indicator == code {
				out = append(out, o)
			}
		}
	}
	return out
}

// rollUp adds up observations of a period; ok is false where none is of it.
func (ind indicator) rollUp(list []reporting.Observation, p reporting.Period) (value reporting.Decimal, ok bool) {
	if ind.rollup == reporting.RollupLast {
		p.First = p.Last
	}
	keys := map[string]bool{}
	for _, o := range list {
		switch {
		case ind.rollup == reporting.RollupDocket:
			if o.Opened > p.End() || o.Period.Last < p.First || (o.Closed != 0 && o.Closed < p.Start()) {
				continue
			}
		case !p.Contains(o.Period) || (o.Key != "" && keys[o.Key]):
			continue
		}
		keys[o.Key], ok = true, true
		value = value.Add(o.Value)
	}
	return value, ok
}

// Figure is the city's figure of the indicator; ok is false where no form of the kit holds it. Of the figure's fields, Restated is
// left alone.
func (t *Truth) Figure(code string, p reporting.Period) (figure reporting.Figure, ok bool) {
	switch d, is := derived[code]; {
	case is && d.parts != nil:
		figure, ok = t.sum(d.parts, p)
	case is:
		figure, ok = t.ratio(d.numerator, d.denominator, p)
	default:
		figure, ok = t.base(code, p)
	}
	figure.Indicator, figure.Unit, figure.Period = code, cityCode, p
	if target, has := t.targets[code]; ok && has && p.Last.Year() == t.city.year {
		figure.Target = target.Rat()
		figure.Completion = quotient(figure.Value, figure.Target)
	}
	if base, has := t.baselines[code]; ok && has && base.Period == p.LastYear() {
		figure.Previous = base.Value.Rat()
		if figure.YearOnYear = quotient(figure.Value, figure.Previous); figure.YearOnYear != nil {
			figure.YearOnYear.Sub(figure.YearOnYear, big.NewRat(1, 1))
		}
	}
	return figure, ok
}

// base is the figure of an indicator that a form holds.
func (t *Truth) base(code string, p reporting.Period) (reporting.Figure, bool) {
	for _, f := range t.forms {
		at := slices.IndexFunc(f.indicators, func(i indicator) bool { return i.code == code })
		if at < 0 {
			continue
		}
		figure := reporting.Figure{}
		ind := f.indicators[at]
		anything := t.completeness(&figure, f, ind.rollup, p)
		value, reported := ind.rollUp(t.observations(f, code), p)
		if reported || (anything && f.shape == reporting.Ledger) { // a ledger without a row reports zero, a struck-out cell nothing
			figure.Value = value.Rat()
		}
		return figure, true
	}
	return reporting.Figure{}, false
}

// completeness counts the senders whose sheets a figure holds, and reports whether any sheet covers the period at all.
func (t *Truth) completeness(figure *reporting.Figure, f *form, r reporting.Rollup, p reporting.Period) (anything bool) {
	if r == reporting.RollupLast {
		p.First = p.Last
	}
	for _, u := range f.senders {
		months := 0
		for _, m := range p.Months() {
			if t.reported(f, u, m) {
				months++
			}
		}
		anything = anything || months > 0
		owes := f.duty != reporting.NoDuty || months > 0
		there := months == p.Len() || (f.duty == reporting.NoDuty && months > 0)
		switch {
		case owes && there:
			figure.Expected++
			figure.Reported++
		case owes:
			figure.Expected++
			figure.Missing = append(figure.Missing, u.code)
		}
	}
	return anything
}

// reported reports whether a standing sheet covers the month.
func (t *Truth) reported(f *form, u unit, m reporting.Month) bool {
	if f.coverage == reporting.CoversYear {
		d, ok := t.standing[slot{f.id, u.code, reporting.YearPeriod(m.Year()).String()}]
		return ok && m <= d.period.Last
	}
	_, ok := t.standing[slot{f.id, u.code, reporting.MonthPeriod(m).String()}]
	return ok
}

func (t *Truth) ratio(numerator, denominator string, p reporting.Period) (reporting.Figure, bool) {
	above, ok := t.base(numerator, p)
	below, also := t.base(denominator, p)
	figure := less(above, below)
	figure.Numerator, figure.Denominator = above.Value, below.Value
	figure.Value = quotient(above.Value, below.Value)
	return figure, ok && also
}

func (t *Truth) sum(parts []string, p reporting.Period) (reporting.Figure, bool) {
	figure, ok := t.base(parts[0], p)
	for _, code := range parts[1:] {
		part, also := t.base(code, p)
		value := figure.Value
		figure = less(figure, part)
		figure.Value = add(value, part.Value)
		ok = ok && also
	}
	return figure, ok
}

// less is the figure that fewer units reported.
func less(a, b reporting.Figure) reporting.Figure {
	if b.Reported < a.Reported {
		return b
	}
	return a
}

func add(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return new(big.Rat).Add(a, b)
}

func quotient(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil || b.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}
