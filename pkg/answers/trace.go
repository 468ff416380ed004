package answers

import (
	"context"
	"slices"
	"strings"
	"time"

	"huizong/pkg/compile"
	"huizong/pkg/reporting"
)

// Trace leads from a figure to the cells that it was added up from. Unit "" is the city.
func (a *Answers) Trace(ctx context.Context, indicator, unit string, period reporting.Period, from Standpoint) (reporting.Trace, error) {
	ctx, end, err := a.Begin(ctx)
	if err != nil {
		return reporting.Trace{}, err
	}
	defer end()
	a = a.On(from.On)
	if a.Catalogue.Indicator(indicator) == nil {
		return reporting.Trace{}, reporting.Errorf(reporting.NotFound, "no such indicator: %q", indicator)
	}
	all := Selection{Periods: []reporting.Period{period}, Standpoint: Standpoint{AsOf: from.AsOf}}
	if unit == "" || unit == a.Catalogue.City {
		unit = a.Catalogue.City
	} else {
		all.Units = []string{unit}
	}
	figures, err := a.figures(ctx, all)
	if err != nil {
		return reporting.Trace{}, err
	}
	traces, err := a.Origins(ctx, compile.LookupIn(figures), []compile.FigureID{{Indicator: indicator, Unit: unit, Period: period}}, from.AsOf)
	if err != nil {
		return reporting.Trace{}, err
	}
	return traces[0], nil
}

// tracer follows figures that are there down to their cells.
type tracer struct {
	*Answers
	figures compile.Lookup
	files   map[string]reporting.Decision // of the cells, by submission
}

// Origins follows the figures with these ids to their cells, with one pass over the observations of each period.
func (a *Answers) Origins(ctx context.Context, figures compile.Lookup, ids []compile.FigureID, asOf time.Time) ([]reporting.Trace, error) {
	t := tracer{Answers: a, figures: figures}
	return t.traces(ctx, ids, asOf)
}

func (t *tracer) traces(ctx context.Context, ids []compile.FigureID, asOf time.Time) ([]reporting.Trace, error) {
	wanted := map[reporting.Period][]string{}
	var periods []reporting.Period
	for _, id := range ids {
		if wanted[id.Period] == nil {
			periods = append(periods, id.Period)
		}
		for _, p := range t.parts(t.Catalogue.Indicator(id.Indicator), "value") {
			if !slices.Contains(wanted[id.Period], p.indicator) {
				wanted[id.Period] = append(wanted[id.Period], p.indicator)
			}
		}
	}
	cells := make([]map[string][]reporting.Fact, len(periods))
	steps := []func() error{func() (err error) {
		t.files, err = t.Submissions(ctx)
		return err
	}}
	for i, p := range periods {
		steps = append(steps, func() error {
			facts, err := t.terms(ctx, wanted[p], p, asOf)
			cells[i] = map[string][]reporting.Fact{}
			for _, f := range facts {
				cells[i][f.Indicator] = append(cells[i][f.Indicator], f)
			}
			return wrap("observations of "+p.String(), err)
		})
	}
	if err := together(steps...); err != nil {
		return nil, err
	}
	traces := make([]reporting.Trace, len(ids))
	for i, id := range ids {
		traces[i] = t.trace(id, cells[slices.Index(periods, id.Period)])
	}
	return traces, nil
}

// terms are the observations that the base indicators' values of the period are computed of. Of one whose facts hold the year to date
// these are the last in the period and, taken off, the one before it (reporting.Catalogue.Terms); so the whole year is read.
func (a *Answers) terms(ctx context.Context, codes []string, p reporting.Period, asOf time.Time) ([]reporting.Fact, error) {
	var plain, cumulative []string
	for _, code := range codes {
		if a.Catalogue.Cumulative(code) {
			cumulative = append(cumulative, code)
		} else {
			plain = append(plain, code)
		}
	}
	facts, err := a.Facts.ObservationsOf(ctx, plain, p, asOf)
	if err != nil || cumulative == nil {
		return facts, err
	}
	years := reporting.Period{First: reporting.NewMonth(p.First.Year(), 1), Last: reporting.NewMonth(p.Last.Year(), 12)}
	toDate, err := a.Facts.ObservationsOf(ctx, cumulative, years, asOf)
	return append(facts, a.Catalogue.Terms(toDate, p)...), err
}

// trace puts a figure, its formula and its cells together.
func (t *tracer) trace(id compile.FigureID, cells map[string][]reporting.Fact) reporting.Trace {
	find := func(code string) reporting.Figure {
		if f, ok := t.figures(code, id.Unit, id.Period); ok {
			return f
		}
		return reporting.Figure{Indicator: code, Unit: id.Unit, Period: id.Period}
	}
	indicator := t.Catalogue.Indicator(id.Indicator)
	trace := reporting.Trace{Figure: find(id.Indicator), Formula: t.formula(indicator)}
	for _, p := range t.parts(indicator, "value") {
		part := reporting.Part{Figure: find(p.indicator), Role: p.role, Cells: []reporting.Origin{}}
		for _, f := range cells[p.indicator] {
			if t.counts(f, id) {
				o := origin(f, t.files[f.Submission])
				o.TakenOff = t.Catalogue.Cumulative(f.Indicator) && f.Period.Last < id.Period.First
				part.Cells = append(part.Cells, o)
			}
		}
		trace.Parts = append(trace.Parts, part)
	}
	return trace
}

// counts leaves out what is observed in the period but is not in the figure: another unit's, and a stock of a month before the last.
func (a *Answers) counts(f reporting.Fact, id compile.FigureID) bool {
	if id.Unit != a.Catalogue.City && a.Catalogue.Bearer(f.Unit) != id.Unit {
		return false
	}
	return a.Catalogue.Indicator(f.Indicator).Rollup != reporting.RollupLast || f.Period.Last == id.Period.Last
}

func origin(f reporting.Fact, file reporting.Decision) reporting.Origin {
	return reporting.Origin{
		Submission: f.Submission, SHA256: file.SHA256, FileName: file.FileName, Form: f.Form, Sender: f.Sender, Unit: f.Unit, Period: f.Period,
		Sheet: f.Sheet, Cell: f.Cell, Written: f.Written, Value: f.Value, Opened: f.Opened.String(), Closed: f.Closed.String(),
	}
}

type tracePart struct {
	indicator, role string
}

// parts lists the base indicators of an indicator, each with its role.
func (a *Answers) parts(i *reporting.Indicator, role string) []tracePart {
	switch i.Rollup {
	case reporting.RollupRatio:
		return append(a.parts(a.Catalogue.Indicator(i.Numerator), "numerator"), a.parts(a.Catalogue.Indicator(i.Denominator), "denominator")...)
	case reporting.RollupParts:
		if role == "value" {
			role = "part"
		}
		var parts []tracePart
		for _, code := range i.Parts {
			parts = append(parts, a.parts(a.Catalogue.Indicator(code), role)...)
		}
		return parts
	}
	return []tracePart{{i.Code, role}}
}

// formula says in words how the figure is computed.
func (a *Answers) formula(i *reporting.Indicator) reporting.Text {
	name := func(code string) reporting.Text { return a.Catalogue.Indicator(code).Name }
	switch i.Rollup {
	case reporting.RollupRatio:
		n, d := name(i.Numerator), name(i.Denominator)
		return reporting.Text{ZH: n.ZH + " ÷ " + d.ZH + "（先各自合计，再相除）", EN: n.EN + " ÷ " + d.EN + " (each added up first)"}
	case reporting.RollupParts:
		var zh, en []string
		for _, code := range i.Parts {
			zh, en = append(zh, name(code).ZH), append(en, name(code).EN)
		}
		return reporting.Text{ZH: strings.Join(zh, " + "), EN: strings.Join(en, " + ")}
	case reporting.RollupLast:
		return reporting.Text{ZH: "期末数：期间最后一个月各单位之和", EN: "the last month's values, added over units"}
	case reporting.RollupDistinct:
		return reporting.Text{ZH: "全市、全期间去重计数；没有明细的直接相加", EN: "distinct keys over the whole city and period; values without a key are added"}
	case reporting.RollupDocket:
		return reporting.Text{ZH: "期间内曾在办的案件：期间立案的，加上此前立案、期初尚未结案的", EN: "cases open at some time in the period: accepted in it, or carried in"}
	}
	if a.Catalogue.Cumulative(i.Code) {
		return reporting.Text{ZH: "各单位期末的本年累计，减去期初之前的本年累计（负数）", EN: "each unit's year to date at the end of the period, less that before it (below zero)"}
	}
	return reporting.Text{ZH: "各单位各月之和", EN: "the months added over units"}
}
