package portal

import (
	"context"
	"net/http"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/duty"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// board is what became of what is due for the months, of one unit or of all. The journal is asked before the outcomes: what comes in
// between is not on the board, and what is decided in between is.
func (p *Portal) board(ctx context.Context, months reporting.Period, unit string, now time.Time) (*duty.Board, error) {
	periods := duty.Periods(p.Catalogue, months)
	in := duty.Input{Catalogue: p.Catalogue, Months: months, Unit: unit, Deadlines: p.Store.Deadlines(), Events: p.Store.PeriodEvents(),
		Received: p.Store.Received(periods...), Reviews: p.Store.Reviews, Now: now}
	var err error
	if in.Decided, err = p.Facts.Sent(ctx, unit, periods...); err != nil {
		return nil, err
	}
	return duty.New(in), nil
}

// getBoard answers with the board of the months that are asked for, or of those whose sheets are collected now. Who belongs to a unit
// sees that one.
func (p *Portal) getBoard(w http.ResponseWriter, r *http.Request) error {
	now := time.Now()
	months := reporting.MonthPeriod(duty.Collecting(now))
	if text := r.URL.Query().Get("period"); text != "" {
		var err error
		if months, err = reporting.ParsePeriod(text); err != nil {
			return err
		}
	}
	if months.Len() > maxBoard {
		return reporting.Errorf(reporting.Invalid, "period %s: a board shows up to %d months", months, maxBoard)
	}
	who, unit := access.From(r.Context()), r.URL.Query().Get("org")
	if unit == "" {
		unit = who.Unit
	}
	if unit != "" && (p.Catalogue.Unit(unit) == nil || !who.MaySee(unit)) {
		return reporting.Errorf(reporting.NotFound, "org %q: no such unit", unit)
	}
	board, err := p.board(r.Context(), months, unit, now)
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, board)
}

// maxBoard is how many months a board may have.
const maxBoard = 24
