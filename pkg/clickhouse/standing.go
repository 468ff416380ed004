package clickhouse

import (
	"context"
	"slices"
	"time"

	"huizong/pkg/reporting"
)

const selectStandings = `
SELECT s.submission, s.attempt, s.form, s.sender, s.period_from, s.period_to, s.received_at, r.revision, c.months
FROM standing_at(as_of = {as_of:DateTime64(3, 'UTC')}) AS s
INNER JOIN
(
    SELECT form, sender, period_from, period_to, uniqExact(sha256) AS revision
    FROM submission_at(as_of = {as_of:DateTime64(3, 'UTC')})
    WHERE outcome = 'accepted'
    GROUP BY form, sender, period_from, period_to
) AS r ON s.form = r.form AND s.sender = r.sender AND s.period_from = r.period_from AND s.period_to = r.period_to
LEFT JOIN
(
    SELECT form, sender, groupArray(month) AS months
    FROM
    (
        SELECT form, sender, month
        FROM
        (
            SELECT *
            FROM submission_outcome
            WHERE entered_at <= {as_of:DateTime64(3, 'UTC')}
            ORDER BY submission, entry DESC, decided_at, attempt
            LIMIT 1 BY submission
        )
        ARRAY JOIN spoken AS month, said AS hash
        WHERE outcome = 'accepted'
        GROUP BY form, sender, month
        HAVING uniqExact(hash) > 1
    )
    GROUP BY form, sender
) AS c ON s.form = c.form AND s.sender = c.sender
ORDER BY s.form, s.sender, s.period_to, s.submission`

// standing is a reporting.Standing and the run whose rows it stands for.
type standing struct {
	reporting.Standing
	attempt uint64
}

func scanStanding(r row) (s standing, err error) {
	var from, to time.Time
	err = r.Scan(&s.Submission, &s.attempt, &s.Form, &s.Org, &from, &to, &s.ReceivedAt)
	s.Period, s.ReceivedAt = periodOf(from, to), s.ReceivedAt.UTC()
	return s, err
}

// scanRevised reads a standing with the number of different sheets that have spoken for its unit and period, and the months of which sheets
// have said different things. Where a sheet was replaced by another of the same period, the months of it are among these, even if no figure
// is another.
func scanRevised(r row) (s standing, err error) {
	var from, to time.Time
	var revision uint64
	var months []time.Time
	err = r.Scan(&s.Submission, &s.attempt, &s.Form, &s.Org, &from, &to, &s.ReceivedAt, &revision, &months)
	s.Period, s.ReceivedAt, s.Revision = periodOf(from, to), s.ReceivedAt.UTC(), int(revision)
	for _, m := range months {
		s.Restated = append(s.Restated, reporting.DateOf(m).Month())
	}
	if s.Revision > 1 {
		s.Restated = append(s.Restated, s.Period.Months()...)
	}
	slices.Sort(s.Restated)
	s.Restated = slices.Compact(s.Restated)
	return s, err
}

// Standings lists the submissions that stood at a time, by form, sender and period. The zero Time is now.
func (s *Store) Standings(ctx context.Context, asOf time.Time) ([]reporting.Standing, error) {
	found, err := selectAll(ctx, s, "list standings", selectStandings, params{"as_of": moment(asOf)}, scanRevised)
	return plain(found), err
}

func plain(found []standing) []reporting.Standing {
	all := make([]reporting.Standing, len(found))
	for i, f := range found {
		all[i] = f.Standing
	}
	return all
}

// HistoryMonths is how far back History reaches from the latest period that stands.
const HistoryMonths = 36

// What stood when a submission came is what stands among the accepted ones before it. First the outcome row that counts is
// taken of each, within what all rows of a submission have in common (sender, id); only then is it asked what it says.
const selectHistory = `
SELECT submission, attempt, form, sender, period_from, period_to, received_at
FROM
(
    SELECT *
    FROM submission_outcome
    WHERE sender = {org:String} AND submission < {before:String} AND entry < {before:String}
    ORDER BY submission, entry DESC, decided_at, attempt
    LIMIT 1 BY submission
)
WHERE outcome = 'accepted' AND form = {form:String}
ORDER BY period_to DESC, submission DESC
LIMIT 1 BY slot`

// An attempt belongs to one submission, so the two lists need no pairing.
const selectRuns = `
SELECT ` + factResult + `
FROM fact_raw
WHERE form = {form:String}
  AND submission IN {submissions:Array(String)}
  AND attempt IN {attempts:Array(UInt64)}
ORDER BY ` + factOrder

// History returns what stood for a sender and form when the submission `before` came, the latest period first: the standing
// submissions of the last 36 months up to the latest of them, and their facts. What was sent after `before`, or is accepted only
// after it, has no part in it, so that a submission is judged alike however often it is processed.
func (s *Store) History(ctx context.Context, form, org, before string) ([]reporting.Fact, []reporting.Standing, error) {
	operation := "read history of " + org + " " + form
	stood, err := selectAll(ctx, s, operation, selectHistory, params{"form": form, "org": org, "before": before}, scanStanding)
	if err != nil || len(stood) == 0 {
		return nil, nil, err
	}
	for i := range stood { // the latest period is first
		if stood[i].Period.Last <= stood[0].Period.Last-HistoryMonths {
			stood = stood[:i]
			break
		}
	}
	submissions, attempts := make([]string, len(stood)), make([]uint64, len(stood))
	for i, st := range stood {
		submissions[i], attempts[i] = st.Submission, st.attempt
	}
	facts, err := selectAll(ctx, s, operation, selectRuns,
		params{"form": form, "submissions": submissions, "attempts": attempts}, scanFact)
	if err != nil {
		return nil, nil, err
	}
	return facts, plain(stood), nil
}

const selectSameFile = `
SELECT submission
FROM
(
    SELECT *
    FROM submission_outcome
    WHERE sender = {org:String} AND sha256 = {sha256:String} AND submission < {before:String} AND entry < {before:String}
    ORDER BY submission, entry DESC, decided_at, attempt
    LIMIT 1 BY submission
)
WHERE outcome = 'accepted' AND form = {form:String} AND period_from = {from:Date32} AND period_to = {to:Date32}
ORDER BY submission DESC
LIMIT 1`

// SameFile returns the last accepted submission before `before` of the very same file, by the same sender for the same form
// and period, or "".
func (s *Store) SameFile(ctx context.Context, org, form string, period reporting.Period, sha256, before string) (string, error) {
	p := params{"org": org, "form": form, "sha256": sha256, "before": before}
	found, err := selectAll(ctx, s, "look for the same file", selectSameFile, p.within(period), scanString)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}
