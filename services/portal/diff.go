package portal

import (
	"context"
	"math/big"
	"net/http"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/difference"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// Diff is what a submission changed: the cells, against the accepted one whose place it takes, and for who reads figures those of the city.
type Diff struct {
	Submission string              `json:"submission"`
	Outcome    reporting.Outcome   `json:"outcome"` // a rejected one changes cells, and moves nothing
	Form       string              `json:"form"`
	Org        string              `json:"org"`
	Period     reporting.Period    `json:"period"`
	Against    string              `json:"against"` // "" where nothing was accepted before: then there are no changes
	Changes    []difference.Change `json:"changes"`
	Moved      []Movement          `json:"moved"`
}

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

func (p *Portal) diff(w http.ResponseWriter, r *http.Request) error {
	d, err := p.decision(r)
	if err != nil {
		return err
	}
	diff, err := p.diffOf(r.Context(), d, r.URL.Query().Get("against"))
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, diff)
}

// diffOf compares a submission with another, "" for the one whose place it takes.
func (p *Portal) diffOf(ctx context.Context, d reporting.Decision, against string) (Diff, error) {
	diff := Diff{Submission: d.Submission, Outcome: d.Outcome, Form: d.Form, Org: d.Org, Period: d.Period, Against: against,
		Changes: []difference.Change{}, Moved: []Movement{}}
	form := p.Catalogue.Form(d.Form)
	if form == nil {
		return diff, reporting.Errorf(reporting.Invalid, "submission %s is none of the forms: it can be compared with nothing", d.Submission)
	}
	var err error
	if diff.Against == "" {
		if diff.Against, err = p.Facts.Replaced(ctx, d.Org, form, d.Period, d.Submission); err != nil {
			return diff, err
		}
	}
	if diff.Against != "" {
		if diff.Changes, err = p.changes(ctx, diff.Against, d.Submission); err != nil {
			return diff, err
		}
	}
	// What moved are figures of the city, and nobody is told these by way of the own sheet before they are released.
	if d.Outcome == reporting.Accepted && access.From(ctx).May(access.ReadFigures) {
		if diff.Moved, err = p.moved(ctx, form, d); err != nil {
			return diff, err
		}
	}
	return diff, nil
}

// changes reads both originals again and compares their tables.
func (p *Portal) changes(ctx context.Context, against, submission string) ([]difference.Change, error) {
	older, err := p.tableOf(ctx, against)
	if err != nil {
		return nil, err
	}
	newer, err := p.tableOf(ctx, submission)
	if err != nil {
		return nil, err
	}
	if older.Form.ID != newer.Form.ID {
		return nil, reporting.Errorf(reporting.Invalid, "%s is a %s, %s a %s: they cannot be compared", submission, newer.Form.ID, against, older.Form.ID)
	}
	if changes := difference.Tables(older, newer); changes != nil {
		return changes, nil
	}
	return []difference.Change{}, nil
}

func (p *Portal) tableOf(ctx context.Context, submission string) (*reporting.Table, error) {
	e, err := p.envelope(ctx, submission)
	if err != nil {
		return nil, err
	}
	file, err := p.Store.OpenFile(e.SHA256)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return p.Reader.Table(ctx, access.From(ctx).Account, file, e)
}

// moved compares the figures of the city as they stood just before the submission with those just after it. No two envelopes share
// a millisecond, so the moment between belongs to this one alone; what was sent later has no part in it.
func (p *Portal) moved(ctx context.Context, form *reporting.Form, d reporting.Decision) ([]Movement, error) {
	q := reporting.Question{Periods: periodsMoved(form, d.Period), AsOf: d.ReceivedAt}
	var after, before []reporting.Figure
	if _, err := p.ask(ctx, "figures", q, &after); err != nil {
		return nil, err
	}
	q.AsOf = d.ReceivedAt.Add(-time.Millisecond)
	if _, err := p.ask(ctx, "figures", q, &before); err != nil {
		return nil, err
	}
	type place struct {
		indicator, unit string
		period          reporting.Period
	}
	old := map[place]reporting.Figure{}
	for _, f := range before {
		old[place{f.Indicator, f.Unit, f.Period}] = f
	}
	moved := []Movement{}
	for _, f := range after {
		was := old[place{f.Indicator, f.Unit, f.Period}]
		for _, number := range []struct {
			what     string
			old, new *big.Rat
		}{{"value", was.Value, f.Value}, {"target", was.Target, f.Target}, {"previous", was.Previous, f.Previous}} {
			if !sameNumber(number.old, number.new) {
				moved = append(moved, p.movement(f, number.what, number.old, number.new))
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

func sameNumber(a, b *big.Rat) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return a.Cmp(b) == 0
}

func (p *Portal) movement(f reporting.Figure, what string, old, new *big.Rat) Movement {
	i := p.Catalogue.Indicator(f.Indicator)
	m := Movement{Indicator: f.Indicator, Name: i.Name, Period: f.Period, What: what, Old: reporting.PlainNumber(old, i.Places()), New: reporting.PlainNumber(new, i.Places())}
	if old != nil && new != nil {
		m.Difference = reporting.PlainNumber(new.Sub(new, old), i.Places())
	}
	return m
}
