package clickhouse

import (
	"context"

	"huizong/pkg/reporting"
)

const selectReplaced = `
SELECT submission
FROM
(
    SELECT *
    FROM submission_outcome
    WHERE sender = {org:String} AND submission < {before:String}
    ORDER BY submission, entry DESC, decided_at, attempt
    LIMIT 1 BY submission
)
WHERE outcome = 'accepted' AND form = {form:String} AND slot = {slot:String}
ORDER BY period_from = {from:Date32} AND period_to = {to:Date32} DESC, period_to DESC, submission DESC
LIMIT 1`

// Replaced returns the accepted submission whose place a submission of the sender for the form and period takes, of those before
// `before`: the last one of the same period, else, of a ledger of the year so far, the one that spoke for the year. "" is none.
func (s *Store) Replaced(ctx context.Context, org string, form *reporting.Form, period reporting.Period, before string) (string, error) {
	p := params{"org": org, "form": form.ID, "slot": form.Slot(period), "before": before}
	found, err := selectAll(ctx, s, "look for what is replaced", selectReplaced, p.within(period), scanString)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}
