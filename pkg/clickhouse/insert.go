package clickhouse

import (
	"context"

	"golang.org/x/sync/errgroup"

	"huizong/pkg/reporting"
)

// Insert writes what the entries say, with one INSERT a table, and shows none of it: that is Commit's. domainOf tells the fact
// table of an indicator.
//
// Repeating it with the same entries in the same order is harmless. An error of code Internal names the value, field or
// table that cannot be stored; nothing has been written then. Of a value too great for its column it carries the finding (reporting.FindingOf). After any other error some tables may hold rows: repeat it, or
// forget the attempts.
func (s *Store) Insert(ctx context.Context, entries []Entry, domainOf func(indicator string) reporting.Domain) error {
	if err := check(entries); err != nil {
		return err
	}
	all, err := s.blocks(ctx, entries, domainOf)
	if err != nil {
		return err
	}
	return s.insertAll(ctx, all.list, entries)
}

func (s *Store) blocks(ctx context.Context, entries []Entry, domainOf func(string) reporting.Domain) (*blocks, error) {
	tables, err := s.lookUpTables(ctx)
	if err != nil {
		return nil, err
	}
	all := new(blocks)
	for _, e := range entries {
		if err := all.addReading(e, domainOf); err != nil {
			return nil, err
		}
		if err := all.addLedger(e, tables.ledgers); err != nil {
			return nil, err
		}
		all.addFindings(e)
	}
	return all, nil
}

// insertAll writes the blocks at the same time: nothing is visible before the commit, so their order does not matter.
func (s *Store) insertAll(ctx context.Context, list []*block, entries []Entry) error {
	var side errgroup.Group
	for _, b := range list {
		side.Go(func() error { return s.insert(ctx, b, token(b.table, entries)) })
	}
	return side.Wait()
}
