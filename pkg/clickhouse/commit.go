package clickhouse

import (
	"context"
	"time"

	"huizong/pkg/reporting"
)

var outcomeColumns = []string{"submission", "attempt", "outcome", "form", "sender", "period_from", "period_to", "slot", "sha256",
	"file_name", "received_at", "observations", "value_sum", "findings", "version", "entry", "entered_at", "spoken", "said"}

// Commit makes the entries visible, with one INSERT of their outcome rows: of a batch all or none. It comes last, after
// Insert and ReadBack have returned without an error, because from here on what the tables hold is what the city reports.
//
// Repeating it is harmless. After an error the rows may be there or not: Outcome tells.
func (s *Store) Commit(ctx context.Context, entries []Entry) error {
	if err := check(entries); err != nil {
		return err
	}
	if len(entries) == 0 {
		return nil
	}
	b := &block{table: "submission_outcome", columns: outcomeColumns}
	for _, e := range entries {
		d := e.Decision
		sum, ok := toDecimal(valueSum(e.Reading), factScale)
		if !ok {
			return reporting.Errorf(reporting.Internal, "submission %s: sum of values %s does not fit its column", d.Submission, valueSum(e.Reading))
		}
		entry, entered := d.Submission, d.ReceivedAt
		if e.Replay.ID != "" {
			entry, entered = e.Replay.ID, e.Replay.ReceivedAt
		}
		months, hashes := make([]time.Time, len(e.Hashes)), make([]string, len(e.Hashes))
		for i, m := range e.Hashes {
			months[i], hashes[i] = day(m.Month.Start()), m.Hash
		}
		b.add(d.Submission, e.Attempt, string(d.Outcome), d.Form, d.Org, day(d.Period.Start()), day(d.Period.End()), e.Slot, d.SHA256,
			d.FileName, d.ReceivedAt.UTC(), uint32(d.Observations), sum, uint32(len(d.Findings)), s.version, entry, entered.UTC(), months, hashes)
	}
	return s.insert(ctx, b, token(b.table, entries))
}

func valueSum(r reporting.Reading) reporting.Decimal {
	var sum reporting.Decimal
	for _, o := range r.Observations {
		sum = sum.Add(o.Value)
	}
	return sum
}
