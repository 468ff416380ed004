package clickhouse

import (
	"math/rand/v2"

	"huizong/pkg/reporting"
)

// Entry is one submission on its way into the tables.
type Entry struct {
	Decision reporting.Decision
	Replay   reporting.Envelope    // the entry of the journal by which it is decided again; zero for a submission's own
	Attempt  uint64                // of this run and this batch: NewAttempt. In another batch the entry needs another one; ReadBack notices if not
	Slot     string                // what the submission counts for: reporting.Form.Slot; "" for a rejected one without a form
	Hashes   []reporting.MonthHash // of each month that the sheet covers
	Reading  reporting.Reading     // empty for a rejected one: nothing of it is stored but its findings
}

// NewAttempt names one run of one submission through the worker. These numbers are random: two runs of the same submission
// that drew the same of 2^64 are not going to happen, and counting would need a query and a lock between workers.
func NewAttempt() uint64 {
	for {
		if n := rand.Uint64(); n != 0 {
			return n
		}
	}
}

// run is what all rows of an entry carry.
type run struct {
	submission string
	attempt    uint64
}

func (e Entry) run() run { return run{e.Decision.Submission, e.Attempt} }

// check refuses a batch that would break the invariant.
func check(entries []Entry) error {
	seen := make(map[run]bool, len(entries))
	for _, e := range entries {
		d := e.Decision
		switch {
		case d.Submission == "":
			return reporting.Errorf(reporting.Internal, "entry without a submission")
		case e.Attempt == 0:
			return reporting.Errorf(reporting.Internal, "submission %s without an attempt", d.Submission)
		case seen[e.run()]:
			return reporting.Errorf(reporting.Internal, "submission %s twice in one batch under one attempt", d.Submission)
		case !storable(d.Period):
			return reporting.Errorf(reporting.Internal, "submission %s without a period", d.Submission)
		case d.ReceivedAt.IsZero():
			return reporting.Errorf(reporting.Internal, "submission %s without the time of its receipt", d.Submission)
		case d.Outcome != reporting.Accepted && d.Outcome != reporting.Rejected:
			return reporting.Errorf(reporting.Internal, "submission %s with outcome %q", d.Submission, d.Outcome)
		case d.Outcome == reporting.Accepted && e.Slot == "":
			return reporting.Errorf(reporting.Internal, "accepted submission %s without a slot", d.Submission)
		case d.Outcome == reporting.Rejected && !empty(e.Reading):
			return reporting.Errorf(reporting.Internal, "rejected submission %s with a reading", d.Submission)
		}
		seen[e.run()] = true
	}
	return nil
}

// storable reports whether the calendar knows the period's first and last day.
func storable(p reporting.Period) bool { return p.Start() > 0 && p.End() >= p.Start() }

func empty(r reporting.Reading) bool {
	return len(r.Observations)+len(r.Targets)+len(r.Baselines)+len(r.Narratives)+len(r.Rows) == 0
}
