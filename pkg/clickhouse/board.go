package clickhouse

import (
	"context"
	"time"

	"huizong/pkg/reporting"
)

// All rows of a submission agree on its period, so that the row that counts is looked for among those of the periods alone. Findings
// are ordered by submission: only those of the list are read.
const selectSent = `
WITH arrayZip({from:Array(Date32)}, {to:Array(Date32)}) AS periods
SELECT s.submission, s.outcome, s.form, s.sender, s.period_from, s.period_to, s.sha256, s.file_name, s.received_at, f.errors, f.warnings, f.notes, f.faults
FROM
(
    SELECT submission, attempt, outcome, form, sender, period_from, period_to, sha256, file_name, received_at
    FROM submission_outcome
    WHERE (period_from, period_to) IN periods AND ({org:String} = '' OR sender = {org:String})
    ORDER BY submission, entry DESC, decided_at, attempt
    LIMIT 1 BY submission
) AS s
LEFT JOIN
(
    SELECT submission, attempt, countIf(severity = 'error') AS errors, countIf(severity = 'warning') AS warnings, countIf(severity = 'note') AS notes, countIf(code = 'our_fault') AS faults
    FROM finding
    WHERE submission IN (SELECT submission FROM submission_outcome WHERE (period_from, period_to) IN periods AND ({org:String} = '' OR sender = {org:String}))
    GROUP BY submission, attempt
) AS f ON s.submission = f.submission AND s.attempt = f.attempt
ORDER BY s.submission`

// Sent lists the decided submissions that the unit has sent for one of the periods, or all units with "", accepted and rejected, in order,
// with how much was found in each: all that a board of units, forms and periods shows, in one query.
func (s *Store) Sent(ctx context.Context, org string, periods ...reporting.Period) ([]reporting.Sent, error) {
	if len(periods) == 0 {
		return nil, nil
	}
	from, to := make([]string, len(periods)), make([]string, len(periods))
	for i, p := range periods {
		from[i], to[i] = dayParam(p.Start()), dayParam(p.End())
	}
	return selectAll(ctx, s, "list what was sent", selectSent, params{"from": from, "to": to, "org": org}, scanSent)
}

func scanSent(r row) (s reporting.Sent, err error) {
	var outcome string
	var from, to time.Time
	var errors, warnings, notes, faults uint64
	err = r.Scan(&s.Submission, &outcome, &s.Form, &s.Org, &from, &to, &s.SHA256, &s.FileName, &s.ReceivedAt, &errors, &warnings, &notes, &faults)
	s.Outcome, s.Period, s.ReceivedAt = reporting.Outcome(outcome), periodOf(from, to), s.ReceivedAt.UTC()
	s.Errors, s.Warnings, s.Notes, s.OurFault = int(errors), int(warnings), int(notes), faults > 0
	return s, err
}

const selectNewest = `
SELECT submission
FROM
(
    SELECT *
    FROM submission_outcome
    WHERE sender = {org:String} AND period_from = {from:Date32} AND period_to = {to:Date32}
    ORDER BY submission, entry DESC, decided_at, attempt
    LIMIT 1 BY submission
)
WHERE outcome = 'accepted' AND form = {form:String}
ORDER BY submission DESC
LIMIT 1`

// Newest returns the newest accepted submission of the sender for the form and the period, or "". It is what a reviewer looks at; of a
// ledger of the year so far the one of a later month may count in the figures.
func (s *Store) Newest(ctx context.Context, org, form string, period reporting.Period) (string, error) {
	p := params{"org": org, "form": form}
	found, err := selectAll(ctx, s, "look for the newest of "+org+" "+form, selectNewest, p.within(period), scanString)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}
