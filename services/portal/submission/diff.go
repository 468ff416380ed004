package submission

import (
	"context"

	"huizong/pkg/access"
	"huizong/pkg/answers"
	"huizong/pkg/difference"
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

// Diff compares a submission with another, "" for the one whose place it takes.
func (k *Desk) Diff(ctx context.Context, d reporting.Decision, against string) (Diff, error) {
	diff := Diff{Submission: d.Submission, Outcome: d.Outcome, Form: d.Form, Org: d.Org, Period: d.Period, Against: against,
		Changes: []difference.Change{}, Moved: []answers.Movement{}}
	form := k.Catalogue.Form(d.Form)
	if form == nil {
		return diff, reporting.Errorf(reporting.Invalid, "submission %s is none of the forms: it can be compared with nothing", d.Submission)
	}
	var err error
	if diff.Against == "" {
		if diff.Against, err = k.Facts.Replaced(ctx, d.Org, form, d.Period, d.Submission); err != nil {
			return diff, err
		}
	}
	if diff.Against != "" {
		if diff.Changes, err = k.Changes(ctx, diff.Against, d.Submission); err != nil {
			return diff, err
		}
	}
	// What moved are figures of the city: a clerk is not shown them through the own sheet before they are released.
	if d.Outcome == reporting.Accepted && access.From(ctx).May(access.ReadFigures) {
		if diff.Moved, err = k.Answers.Moved(ctx, d); err != nil {
			return diff, err
		}
	}
	return diff, nil
}
