package portal

import (
	"context"
	"net/http"

	"huizong/pkg/access"
	"huizong/pkg/answers"
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
	Moved      []answers.Movement  `json:"moved"`
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
		Changes: []difference.Change{}, Moved: []answers.Movement{}}
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
		if diff.Moved, err = p.Answers.Moved(ctx, d); err != nil {
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
