package clickhouse

import "context"

// Outcome rows are only ever added, so their number names the state of what is decided. The table's own id tells it from one that was
// dropped and made again.
const selectMark = `
SELECT concat(toString(uuid), ' ', toString((SELECT count() FROM submission_outcome)))
FROM system.tables
WHERE database = currentDatabase() AND name = 'submission_outcome'`

// Mark names the state of all outcomes: between two calls that return the same, nothing was decided, so that whatever was read in
// between is of one state. It reads no outcome, and costs the same however many there are.
func (s *Store) Mark(ctx context.Context) (string, error) {
	found, err := selectAll(ctx, s, "read the state of the outcomes", selectMark, params{}, scanString)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}
