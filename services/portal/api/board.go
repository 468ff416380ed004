package api

import (
	"net/http"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/duty"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// getBoard answers with the board of the months that are asked for, or of those whose sheets are collected now. Who belongs to a unit
// sees that one.
func (p *Service) getBoard(w http.ResponseWriter, r *http.Request) error {
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
	board, err := p.Answers.Board(r.Context(), months, unit, now)
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, board)
}

// maxBoard is how many months a board may have.
const maxBoard = 24
