package analyst

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"huizong/pkg/answers"
	"huizong/pkg/explore"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// viewOf reads what the explorer is asked for.
func (p *Pages) viewOf(r *http.Request) (explore.View, error) {
	known, whole, err := p.knownMonths(r.Context())
	if err != nil {
		return explore.View{}, err
	}
	v, err := explore.Read(p.Catalogue, r.URL.Path, r.URL.Query(), known, whole)
	if err != nil {
		return v, err
	}
	if v.At, err = portal.TimeOf(v.AsOf); err != nil {
		return v, err
	}
	v.Boundaries, err = portal.DayOf("boundaries", v.On)
	return v, err
}

// standpointOf is the time as of which the view is, and its boundaries.
func standpointOf(v explore.View) answers.Standpoint {
	return answers.Standpoint{AsOf: v.At, On: v.Boundaries}
}

// knownMonths reaches from the first month that somebody has reported to the latest; where nobody has, it is the last month. whole is the
// month that a page shows where the person has chosen none.
func (p *Pages) knownMonths(ctx context.Context) (known reporting.Period, whole reporting.Month, err error) {
	standings, err := p.Facts.Standings(ctx, time.Time{})
	if err != nil {
		return known, 0, err
	}
	for _, s := range standings {
		if f := p.Catalogue.Form(s.Form); f == nil || f.Duty != reporting.MonthlyDuty {
			continue
		}
		if known.IsZero() {
			known = s.Period
		}
		known.First, known.Last = min(known.First, s.Period.First), max(known.Last, s.Period.Last)
	}
	if known.IsZero() {
		known = reporting.MonthPeriod(reporting.DateOf(time.Now().In(reporting.Zone)).Month() - 1)
	}
	return known, wholeMonth(p.Catalogue, standings, known), nil
}

// wholeMonth is the last month for which every monthly sheet that is owed stands: the first sheets of a month must not look like a fall.
// Where there is none, it is the last one for which most stand, or the last known.
func wholeMonth(c *reporting.Catalogue, standings []reporting.Standing, known reporting.Period) reporting.Month {
	type sheet struct {
		form, org string
		month     reporting.Month
	}
	stands := map[sheet]bool{}
	for _, s := range standings {
		if f := c.Form(s.Form); f != nil {
			for _, m := range f.Covers(s.Period).Months() {
				stands[sheet{s.Form, s.Org, m}] = true
			}
		}
	}
	var mostly reporting.Month
	for m := known.Last; m >= known.First; m-- {
		owed, sent := 0, 0
		for _, f := range c.Forms {
			if f.Duty != reporting.MonthlyDuty {
				continue
			}
			for _, org := range c.Expected(f, reporting.MonthPeriod(m)) {
				owed++
				if stands[sheet{f.ID, org, m}] {
					sent++
				}
			}
		}
		if sent == owed {
			return m
		}
		if mostly == 0 && 2*sent > owed {
			mostly = m
		}
	}
	return cmp.Or(mostly, known.Last)
}

// figuresOf asks for the figures of a view, the city's among them.
func (p *Pages) figuresOf(ctx context.Context, v explore.View) (map[explore.Key]reporting.Figure, error) {
	wanted := answers.Selection{Periods: v.Periods(), Standpoint: standpointOf(v)}
	switch {
	case v.Shape != explore.ShapeCity:
		wanted.Units = []string{"*"}
	case v.Unit != "":
		wanted.Units = []string{v.Unit}
	}
	if len(v.Indicators) == 1 {
		wanted.Indicator = v.Indicators[0]
	}
	return p.figuresBy(ctx, wanted)
}

func (p *Pages) figuresBy(ctx context.Context, wanted answers.Selection) (map[explore.Key]reporting.Figure, error) {
	list, err := p.Answers.Figures(ctx, wanted)
	if err != nil {
		return nil, err
	}
	found := make(map[explore.Key]reporting.Figure, len(list))
	for _, f := range list {
		found[explore.Key{Indicator: f.Indicator, Unit: f.Unit, Period: f.Period}] = f
	}
	return found, nil
}

// gridOf is the table of a view, and its figures.
func (p *Pages) gridOf(ctx context.Context, v explore.View, lang string) (*explore.Grid, map[explore.Key]reporting.Figure, error) {
	figures, err := p.figuresOf(ctx, v)
	if err != nil {
		return nil, nil, err
	}
	return explore.NewGrid(p.Catalogue, v, figures, lang), figures, nil
}
