package clickhouse

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	driver "github.com/ClickHouse/clickhouse-go/v2"
)

// block is the rows of one INSERT: those of all entries of a batch for one table.
type block struct {
	table   string
	columns []string
	rows    [][]any
}

func (b *block) add(values ...any) { b.rows = append(b.rows, values) }

// blocks are the inserts of a batch, in the order in which their tables came up.
type blocks struct {
	list  []*block
	table map[string]*block
}

// of returns the block of the table and makes it where there is none.
func (b *blocks) of(table string, columns ...string) *block {
	if found := b.table[table]; found != nil {
		return found
	}
	if b.table == nil {
		b.table = make(map[string]*block)
	}
	made := &block{table: table, columns: columns}
	b.table[table] = made
	b.list = append(b.list, made)
	return made
}

// token names the contents of a block: a table and the runs whose rows it holds. Attempts are unique, so equal tokens mean
// equal rows, and ClickHouse drops the second insert of a token.
func token(table string, entries []Entry) string {
	h := sha256.New()
	for _, e := range entries {
		h.Write(binary.BigEndian.AppendUint64([]byte(e.Decision.Submission+"\x00"), e.Attempt))
	}
	return table + ":" + hex.EncodeToString(h.Sum(nil))
}

// insert writes a block as one INSERT, and again with the same token when the connection broke before the answer came.
func (s *Store) insert(ctx context.Context, b *block, token string) error {
	tables, err := s.lookUpTables(ctx)
	if err != nil {
		return fmt.Errorf("insert into %s: %w", b.table, err)
	}
	ctx = driver.Context(ctx, driver.WithColumnNamesAndTypes(tables.columnsOf(b.table, b.columns)), driver.WithSettings(driver.Settings{
		"async_insert":               0, // an answer has to mean that the rows are on disk
		"insert_deduplicate":         1,
		"insert_deduplication_token": token,
	}))
	text := "INSERT INTO " + b.table + " (" + strings.Join(b.columns, ", ") + ")"
	return translate("insert into "+b.table, s.retry(ctx, func() error { return s.sendBlock(ctx, text, b.rows) }))
}

func (s *Store) sendBlock(ctx context.Context, text string, rows [][]any) error {
	batch, err := s.conn.PrepareBatch(ctx, text)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := batch.Append(row...); err != nil {
			return err // Append has closed the connection: nothing was sent
		}
	}
	return batch.Send()
}
