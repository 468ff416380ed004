package answers

import (
	"context"
	"math/big"
	"time"

	"huizong/pkg/compile"
	"huizong/pkg/reporting"
)

// Movement is a number of a city figure before the submission and after it. Money is in yuan; "" is none.
type Movement struct {
	Indicator  string           `json:"indicator"`
	Name       reporting.Text   `json:"name"`
	Period     reporting.Period `json:"period"`
	What       string           `json:"what"` // value, target or previous
	Old        string           `json:"old"`
	New        string           `json:"new"`
	Difference string           `json:"difference"` // "" where one of the two is none
}

// Moved compares the figures of the city as they stood just before the submission with those just after it. No two envelopes share
// a millisecond, so the moment between belongs to this one alone; what was sent later has no part in it.
func (a *Answers) Moved(ctx context.Context, d reporting.Decision) ([]Movement, error) {
	s := Selection{Periods: periodsMoved(a.Catalogue.Form(d.Form), d.Period), Standpoint: Standpoint{AsOf: d.ReceivedAt}}
	after, err := a.Figures(ctx, s)
	if err != nil {
		return nil, err
	}
	s.AsOf = d.ReceivedAt.Add(-time.Millisecond)
	before, err := a.Figures(ctx, s)
	if err != nil {
		return nil, err
	}
	old := compile.LookupIn(before)
	moved := []Movement{}
	for _, f := range after {
		was, _ := old(f.Indicator, f.Unit, f.Period)
		for _, number := range []struct {
			what     string
			old, new *big.Rat
		}{{"value", was.Value, f.Value}, {"target", was.Target, f.Target}, {"previous", was.Previous, f.Previous}} {
			if !equal(number.old, number.new) {
				moved = append(moved, a.movement(f, number.what, number.old, number.new))
			}
		}
	}
	return moved, nil
}

// periodsMoved are those in which the submission shows: its own, the year so far, and the half-year. Figures of last year show in
// this year's.
func periodsMoved(form *reporting.Form, period reporting.Period) []reporting.Period {
	if form.Shape == reporting.BaselineForm {
		return []reporting.Period{{First: period.First + 12, Last: period.Last + 12}}
	}
	if period.Len() > 6 {
		return []reporting.Period{period}
	}
	half := reporting.NewMonth(period.Last.Year(), 1)
	if period.Last.Number() > 6 {
		half += 6
	}
	periods := []reporting.Period{period}
	for _, other := range []reporting.Period{period.YearToDate(), {First: half, Last: half + 5}} {
		if other != periods[0] && other != periods[len(periods)-1] {
			periods = append(periods, other)
		}
	}
	return periods
}

func (a *Answers) movement(f reporting.Figure, what string, was, is *big.Rat) Movement {
	i := a.Catalogue.Indicator(f.Indicator)
	m := Movement{Indicator: f.Indicator, Name: i.Name, Period: f.Period, What: what, Old: reporting.PlainNumber(was, i.Places()), New: reporting.PlainNumber(is, i.Places())}
	if was != nil && is != nil {
		m.Difference = reporting.PlainNumber(new(big.Rat).Sub(is, was), i.Places())
	}
	return m
}
