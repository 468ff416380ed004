package rollup

import (
	"math/big"
	"slices"

	"huizong/pkg/reporting"
)

// Input is all that figures are made of. Everything in it is of the standing submissions, as they are or as they were at a time.
type Input struct {
	Catalogue  *reporting.Catalogue
	Aggregates []reporting.Aggregate // of the periods that Needed lists
	Standings  []reporting.Standing  // also last year's
	Targets    []reporting.Target    // the later of two of one level stands
	Baselines  []reporting.Baseline  // the later of two stands
	Periods    []reporting.Period
	Units      []string // codes of the units wanted besides the city, which is always there
}

// EveryUnit lists the codes of all units below the city, in the catalogue's order, without those that another bears.
func EveryUnit(c *reporting.Catalogue) []string {
	var codes []string
	for _, u := range c.Units {
		if u.Level != reporting.LevelCity && c.Bearer(u.Code) == u.Code {
			codes = append(codes, u.Code)
		}
	}
	return codes
}

// Figures makes the figures of the periods: of every indicator for the city, and for each unit wanted that the indicator is about.
// They come in the catalogue's order of indicators, then the city and the units in the order asked, then the periods as asked.
// Money is in yuan, a ratio is a fraction. The readings are those of forms.md, 12–14:
//
//   - Value is the sum of what there is. A stock is that of the period's last month, and empty without it. A ratio is Numerator
//     over Denominator, each the sum of what there is. With nothing reported it is empty; where a ledger was reported without a
//     row that counts, it is zero.
//   - Targets are those for the year that the period lies in, one a level that has issued some, the city's first; each has its own
//     Completion, Value over it. Target and Completion are the city's. Units have none.
//   - Previous is the value of the same months of last year if every expected sender's sheets of them stand, else the baseline for
//     exactly that period, else empty. YearOnYear is Value over Previous, less one; there is none to a previous zero.
//   - Expected are the senders that owe a sheet: for a stock in the last month, for a flow in any. Reported are those of them whose
//     sheets stand for all of it, Missing the others. Of a form without duty, both are the units that sent one. Of a ratio or a sum
//     of parts it is the part with fewer reported, and Missing names those of either.
//
// A unit's figure counts the senders that report for it: itself, or all senders of a form whose rows name units. There is no figure
// for a unit that no sender is expected to report for and of which nothing is known, and none for an indicator that Check refuses.
func Figures(in Input) []reporting.Figure {
	e := newEvaluator(in)
	subjects := e.subjects(in.Units)
	figures := make([]reporting.Figure, 0, len(subjects)*len(in.Periods))
	for n := range subjects {
		for _, p := range in.Periods {
			if f, ok := e.figure(&subjects[n], p); ok {
				figures = append(figures, f)
			}
		}
	}
	return figures
}

// evaluator holds the input by what it is looked up by.
type evaluator struct {
	catalogue *reporting.Catalogue
	formulas  map[string]formula
	values    map[series][]reporting.Aggregate
	targets   map[targetKey][]reporting.Target // one a level, in the order of reporting.TargetLevels
	baselines map[baselineKey]*big.Rat
	coverage  *coverage
}

type series struct{ indicator, unit string } // unit "" is the city

type targetKey struct {
	indicator string
	year      int
}

type baselineKey struct {
	indicator string
	period    reporting.Period
}

func newEvaluator(in Input) *evaluator {
	derived, _ := formulas(in.Catalogue) // what Check refuses has no formula
	e := &evaluator{
		catalogue: in.Catalogue,
		formulas:  derived,
		values:    bySeries(in.Aggregates),
		targets:   targetsOf(in.Targets),
		baselines: make(map[baselineKey]*big.Rat),
		coverage:  newCoverage(in.Catalogue, in.Standings),
	}
	for _, b := range in.Baselines {
		e.baselines[baselineKey{b.Indicator, b.Period}] = b.Value.Rat()
	}
	return e
}

// targetsOf lists the targets of each indicator and year, of each level that has issued some the last.
func targetsOf(all []reporting.Target) map[targetKey][]reporting.Target {
	by := make(map[targetKey][]reporting.Target)
	for _, level := range reporting.TargetLevels {
		last := make(map[targetKey]reporting.Target)
		for _, t := range all {
			if t.Level == level {
				last[targetKey{t.Indicator, t.Year}] = t
			}
		}
		for key, t := range last {
			by[key] = append(by[key], t)
		}
	}
	return by
}

// bySeries parts the aggregates by indicator and unit. The list as Aggregates makes it is cut where these change; one in another
// order costs more.
func bySeries(list []reporting.Aggregate) map[series][]reporting.Aggregate {
	parts := make(map[series][]reporting.Aggregate)
	for len(list) > 0 {
		s, n := series{list[0].Indicator, list[0].Unit}, 1
		for n < len(list) && list[n].Unit == s.unit && list[n].Indicator == s.indicator {
			n++
		}
		if before, ok := parts[s]; ok {
			parts[s] = slices.Concat(before, list[:n])
		} else {
			parts[s] = list[:n]
		}
		list = list[n:]
	}
	return parts
}

func (e *evaluator) figure(s *subject, p reporting.Period) (reporting.Figure, bool) {
	r := s.reader.read(p)
	if r.value == nil && !s.city() && (r.expected == 0 || !s.concerns(p)) {
		return reporting.Figure{}, false
	}
	previous := e.previous(s, p)
	f := reporting.Figure{
		Indicator: s.indicator.Code, Unit: s.code(e.catalogue), Period: p,
		Value: r.value, Numerator: r.numerator, Denominator: r.denominator,
		Previous: previous, YearOnYear: change(r.value, previous),
		Reported: r.reported, Expected: r.expected, Missing: r.missing, Restated: r.restated,
		Targets: e.figureTargets(s, p, r.value),
	}
	if city, ok := f.TargetBy(reporting.CityTarget); ok {
		f.Target, f.Completion = city.Value, city.Completion
	}
	return f, true
}

// figureTargets are the city's figures' targets of the year that holds the period; a period over two years has none.
func (e *evaluator) figureTargets(s *subject, p reporting.Period, value *big.Rat) []reporting.FigureTarget {
	if !s.city() || p.First.Year() != p.Last.Year() {
		return nil
	}
	var list []reporting.FigureTarget
	for _, t := range e.targets[targetKey{s.indicator.Code, p.Last.Year()}] {
		exact := t.Value.Rat()
		list = append(list, reporting.FigureTarget{Level: t.Level, Revision: t.Revision, Value: exact, Completion: over(value, exact)})
	}
	return list
}

// previous returns last year's value: that of the facts if nothing of them is missing, else the city's baseline.
func (e *evaluator) previous(s *subject, p reporting.Period) *big.Rat {
	last := p.LastYear()
	if s.reader.completeness(last).whole {
		if r := s.reader.read(last); r.value != nil {
			return r.value
		}
	}
	if !s.city() {
		return nil
	}
	return e.baselines[baselineKey{s.indicator.Code, last}]
}
