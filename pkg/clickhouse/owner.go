package clickhouse

import (
	"context"
	"encoding/json"
	"errors"
	"math"

	"huizong/pkg/lease"
	"huizong/pkg/reporting"
)

// ErrOwned is in the chain of Own's error when the facts come from another journal.
var ErrOwned = errors.New("the facts come from another journal")

type ownerRow struct{ journal, directory, host string }

// Own records from whose journal the facts come, where that is not recorded. Error: conflict with ErrOwned where they come from another one,
// named.
func (s *Store) Own(ctx context.Context, journal, directory, host string) error {
	rows, err := selectAll(ctx, s, "read owner", "SELECT journal, directory, host FROM owner ORDER BY claimed_at, journal LIMIT 1", nil,
		func(r row) (o ownerRow, err error) { return o, r.Scan(&o.journal, &o.directory, &o.host) })
	switch {
	case err != nil:
		return err
	case len(rows) == 0:
		return s.exec(ctx, "write owner", "INSERT INTO owner (journal, directory, host) VALUES ({journal:String}, {directory:String}, {host:String})",
			params{"journal": journal, "directory": directory, "host": host})
	case rows[0].journal != journal:
		return reporting.Errorf(reporting.Conflict, "%w: %s, of %s on %s", ErrOwned, rows[0].journal, rows[0].directory, rows[0].host)
	}
	return nil
}

// Drop deletes the database with all in it; Migrate makes it anew.
func (s *Store) Drop(ctx context.Context) error {
	return translate("drop database "+s.database, s.server.Exec(ctx, "DROP DATABASE IF EXISTS "+s.database+" SYNC"))
}

// Leases is the board for the claims of those who use the database.
func (s *Store) Leases() lease.Board { return leases{s} }

type leases struct{ store *Store }

const selectClaims = `
SELECT claim FROM
(
    SELECT id, argMax(claim, beat) AS claim, max(beat) AS last
    FROM lease
    WHERE beat_at > now64(3) - INTERVAL 1 MINUTE
    GROUP BY id
)
WHERE last != 18446744073709551615`

func (l leases) Claims(ctx context.Context) ([]lease.Claim, error) {
	texts, err := selectAll(ctx, l.store, "read leases", selectClaims, nil, scanString)
	if err != nil {
		return nil, err
	}
	claims := make([]lease.Claim, len(texts))
	for i, text := range texts {
		if err := json.Unmarshal([]byte(text), &claims[i]); err != nil {
			return nil, reporting.Errorf(reporting.Internal, "read leases: %w", err)
		}
	}
	return claims, nil
}

func (l leases) Put(ctx context.Context, c lease.Claim) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return l.insert(ctx, c.ID, string(text), c.Beat)
}

func (l leases) Remove(ctx context.Context, id string) error {
	return l.insert(ctx, id, "", math.MaxUint64)
}

func (l leases) insert(ctx context.Context, id, claim string, beat uint64) error {
	return l.store.exec(ctx, "write lease", "INSERT INTO lease (id, claim, beat) VALUES ({id:String}, {claim:String}, {beat:UInt64})",
		params{"id": id, "claim": claim, "beat": beat})
}
