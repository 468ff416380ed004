package clickhouse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"strings"

	"huizong/pkg/reporting"
)

const createMigration = `
CREATE TABLE IF NOT EXISTS migration
(
    name       String                                  COMMENT 'file under schemas/clickhouse',
    sha256     String                                  COMMENT 'hash of the file as it was applied, hex',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)   COMMENT 'when'
)
ENGINE = MergeTree
ORDER BY name
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'The changes of the schema that were applied. Where two services applied one at the same time it stands here twice.'`

type migration struct {
	name, text, hash string
}

// Migrate makes the database where there is none, and applies the .sql files at the root of files that it has not seen yet,
// in the order of their names. A file that changed after it was applied, and one applied that is not among the files, is a
// Conflict: this program and the database do not belong together.
//
// A file is recorded after its last statement. If we crash within it, it runs again from its first statement, so each has to be
// harmless when repeated; the same holds when two services start at once.
func (s *Store) Migrate(ctx context.Context, files fs.FS) error {
	wanted, err := readMigrations(files)
	if err != nil {
		return err
	}
	if err := s.createDatabase(ctx); err != nil {
		return err
	}
	if err := s.exec(ctx, "create table migration", createMigration, nil); err != nil {
		return err
	}
	applied, err := s.appliedMigrations(ctx)
	if err != nil {
		return err
	}
	pending, err := unapplied(wanted, applied)
	if err != nil {
		return err
	}
	defer s.tables.forget()
	for _, m := range pending {
		if err := s.apply(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql") // sorted
	if err != nil {
		return nil, reporting.Errorf(reporting.Internal, "list migrations: %w", err)
	}
	all := make([]migration, 0, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, reporting.Errorf(reporting.Internal, "read migration %s: %w", name, err)
		}
		sum := sha256.Sum256(text)
		all = append(all, migration{name, string(text), hex.EncodeToString(sum[:])})
	}
	return all, nil
}

// createDatabase asks through the connections that name no database. The name is an identifier: Open has checked it.
func (s *Store) createDatabase(ctx context.Context) error {
	return translate("create database "+s.database, s.retry(ctx, func() error {
		return s.server.Exec(ctx, "CREATE DATABASE IF NOT EXISTS "+s.database)
	}))
}

func (s *Store) appliedMigrations(ctx context.Context) (map[string]string, error) {
	type applied struct{ name, hash string }
	rows, err := selectAll(ctx, s, "read migrations", "SELECT name, sha256 FROM migration", nil,
		func(r row) (a applied, err error) { return a, r.Scan(&a.name, &a.hash) })
	if err != nil {
		return nil, err
	}
	hashes := make(map[string]string, len(rows))
	for _, a := range rows {
		hashes[a.name] = a.hash
	}
	return hashes, nil
}

// unapplied lists the migrations still to be applied. It takes away from applied what it finds there.
func unapplied(wanted []migration, applied map[string]string) ([]migration, error) {
	var pending []migration
	for _, m := range wanted {
		hash, ok := applied[m.name]
		switch {
		case !ok:
			pending = append(pending, m)
		case hash != m.hash:
			return nil, reporting.Errorf(reporting.Conflict, "migration %s changed after it was applied: make a new file instead", m.name)
		}
		delete(applied, m.name)
	}
	for name := range applied {
		return nil, reporting.Errorf(reporting.Conflict, "the database has migration %s, which this program does not know: it is older than the database", name)
	}
	return pending, nil
}

func (s *Store) apply(ctx context.Context, m migration) error {
	for _, statement := range statements(m.text) {
		if err := s.exec(ctx, "migrate "+m.name, statement, nil); err != nil {
			return err
		}
	}
	return s.exec(ctx, "record migration "+m.name, "INSERT INTO migration (name, sha256) VALUES ({name:String}, {hash:String})",
		params{"name": m.name, "hash": m.hash})
}

// exec runs a statement that is harmless when repeated.
func (s *Store) exec(ctx context.Context, operation, statement string, p params) error {
	return translate(operation, s.retry(ctx, func() error { return s.conn.Exec(ctx, statement, p.named()...) }))
}

// statements splits a file at the semicolons that stand outside quotes and comments, and drops the comments.
func statements(text string) []string {
	var all []string
	var b strings.Builder
	end := func() {
		if statement := strings.TrimSpace(b.String()); statement != "" {
			all = append(all, statement)
		}
		b.Reset()
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ';':
			end()
		case strings.HasPrefix(text[i:], "--"):
			for i+1 < len(text) && text[i+1] != '\n' {
				i++
			}
		case c == '\'' || c == '`' || c == '"':
			n := quoted(text[i:])
			b.WriteString(text[i : i+n])
			i += n - 1
		default:
			b.WriteByte(c)
		}
	}
	end()
	return all
}

// quoted is the length of the quoted text at the beginning of s, quotes included. A doubled quote reads as two quoted texts.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0]:
			return i + 1
		}
	}
	return len(s)
}
