package clickhouse

import (
	"context"
	"encoding/json"
	"time"

	"huizong/pkg/reporting"
)

// Queries about one submission go to the table, by its key, and take the outcome row that the view submission takes.
const selectOutcome = `
SELECT submission, outcome, form, sender, period_from, period_to, sha256, file_name, received_at, observations, attempt, decided_at, findings, entry
FROM submission_outcome
WHERE submission = {submission:String}
ORDER BY entry DESC, decided_at, attempt
LIMIT 1`

const selectFindings = `
SELECT code, severity, sheet, cell, value, message, message_en, question
FROM finding
WHERE submission = {submission:String} AND attempt = {attempt:UInt64}
ORDER BY position`

// Submission is a decided submission without its findings.
type Submission struct {
	reporting.Decision
	DecidedAt    time.Time
	FindingCount int
	Entry        string // of the journal: the submission itself, or the replay by which it was decided

	attempt uint64
}

func scanSubmission(r row) (s Submission, err error) {
	var outcome string
	var from, to time.Time
	var observations, findings uint32
	err = r.Scan(&s.Submission, &outcome, &s.Form, &s.Org, &from, &to, &s.SHA256, &s.FileName, &s.ReceivedAt, &observations,
		&s.attempt, &s.DecidedAt, &findings, &s.Entry)
	s.Outcome, s.Period = reporting.Outcome(outcome), periodOf(from, to)
	s.ReceivedAt, s.DecidedAt = s.ReceivedAt.UTC(), s.DecidedAt.UTC()
	s.Observations, s.FindingCount = int(observations), int(findings)
	return s, err
}

// Outcome returns what became of a submission, with its findings in order, and false while it is not decided.
func (s *Store) Outcome(ctx context.Context, submission string) (reporting.Decision, bool, error) {
	found, err := selectAll(ctx, s, "read outcome of "+submission, selectOutcome, params{"submission": submission}, scanSubmission)
	if err != nil || len(found) == 0 {
		return reporting.Decision{}, false, err
	}
	d := found[0].Decision
	d.Findings = []reporting.Finding{}
	if found[0].FindingCount == 0 {
		return d, true, nil
	}
	d.Findings, err = selectAll(ctx, s, "read findings of "+submission, selectFindings,
		params{"submission": submission, "attempt": found[0].attempt}, scanFinding)
	return d, err == nil, err
}

func scanFinding(r row) (f reporting.Finding, err error) {
	var code, severity, question string
	err = r.Scan(&code, &severity, &f.Sheet, &f.Cell, &f.Value, &f.Message, &f.MessageEN, &question)
	if err == nil && question != "" {
		err = json.Unmarshal([]byte(question), &f.Question)
	}
	f.Code, f.Severity = reporting.FindingCode(code), reporting.Severity(severity)
	return f, err
}

// DecidedAll returns every entry of the journal that has an outcome: submissions, and replays of those that could not be decided. It reads
// all outcomes there are.
func (s *Store) DecidedAll(ctx context.Context) (map[string]bool, error) {
	ids, err := selectAll(ctx, s, "read decided submissions", "SELECT DISTINCT entry FROM submission_outcome", nil, scanString)
	if err != nil {
		return nil, err
	}
	set := make(map[string]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set, nil
}

const selectLastEntry = `SELECT max(entry) FROM submission_outcome WHERE submission = {submission:String}`

// LastEntry returns the last entry of the journal by which the submission was decided: itself, or a replay; "" while it is not decided.
func (s *Store) LastEntry(ctx context.Context, submission string) (string, error) {
	found, err := selectAll(ctx, s, "read the last entry of "+submission, selectLastEntry, params{"submission": submission}, scanString)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// A decision that is none has its one finding (reporting.UndecidedFinding), and no value.
const selectUndecided = `
SELECT submission, outcome, form, sender, period_from, period_to, sha256, file_name, received_at, observations, attempt, decided_at, findings, entry
FROM submission
WHERE outcome = 'rejected' AND findings = 1 AND (submission, attempt) IN (SELECT submission, attempt FROM finding WHERE code = {code:String})
ORDER BY submission`

// Undecided lists the submissions that could not be decided through our own fault, and were not decided since, in order.
func (s *Store) Undecided(ctx context.Context) ([]Submission, error) {
	return selectAll(ctx, s, "list undecided submissions", selectUndecided, params{"code": string(reporting.OurFault)}, scanSubmission)
}

// SubmissionFilter narrows Submissions; a zero field does not.
type SubmissionFilter struct {
	Org    string
	Form   string
	Period reporting.Period
	After  string // only those that come after this one in the list: older ones
	Limit  int
}

const selectSubmissions = `
SELECT submission, outcome, form, sender, period_from, period_to, sha256, file_name, received_at, observations, attempt, decided_at, findings, entry
FROM submission
WHERE ({org:String} = '' OR sender = {org:String})
  AND ({form:String} = '' OR form = {form:String})
  AND ({any_period:Bool} OR (period_from = {from:Date32} AND period_to = {to:Date32}))
  AND ({after:String} = '' OR submission < {after:String})
ORDER BY submission DESC
LIMIT {limit:UInt64}`

// Submissions lists decided submissions, accepted and rejected, the newest first.
func (s *Store) Submissions(ctx context.Context, f SubmissionFilter) ([]Submission, error) {
	limit := uint64(1) << 62
	if f.Limit > 0 {
		limit = uint64(f.Limit)
	}
	p := params{"org": f.Org, "form": f.Form, "after": f.After, "limit": limit}
	return selectAll(ctx, s, "list submissions", selectSubmissions, p.within(f.Period), scanSubmission)
}
