package answers

import (
	"context"
	"time"

	"huizong/pkg/duty"
	"huizong/pkg/reporting"
)

// Board is what became of what is due for the months, of one unit or, "", of all. The journal is asked before the outcomes: what comes in
// between is not on the board, and what is decided in between is.
func (a *Answers) Board(ctx context.Context, months reporting.Period, unit string, now time.Time) (*duty.Board, error) {
	periods := duty.Periods(a.Catalogue, months)
	in := duty.Input{Catalogue: a.Catalogue, Months: months, Unit: unit, Deadlines: a.Journal.Deadlines(), Events: a.Journal.PeriodEvents(),
		Received: a.Journal.Received(periods...), Reviews: a.Journal.Reviews, Now: now}
	var err error
	if in.Decided, err = a.Facts.Sent(ctx, unit, periods...); err != nil {
		return nil, err
	}
	return duty.New(in), nil
}
