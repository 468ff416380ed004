package clickhouse

import (
	"context"
	"strings"
	"sync"

	driver "github.com/ClickHouse/clickhouse-go/v2"
)

// tableColumn is a column as the database has it: its name and its type.
type tableColumn = driver.ColumnNameAndType

// tables are the columns of the database's tables, in their order, and of the tables of ledgers the fields. They are looked up once, because a table
// changes with a migration only. Over HTTP the driver would otherwise have each table described before each INSERT into it, and a sheet would wait
// twice for that.
type tables struct {
	columns map[string][]tableColumn
	ledgers map[string][]ledgerColumn
}

// knownTables are the tables once they have been looked up.
type knownTables struct {
	mu    sync.Mutex
	found *tables // nil: look them up; never changed
}

func (k *knownTables) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.found = nil
}

const selectColumns = `
SELECT table, name, type
FROM system.columns
WHERE database = currentDatabase() AND default_kind NOT IN ('MATERIALIZED', 'ALIAS')
ORDER BY table, position`

// lookUpTables returns the tables of the database. None is there before the migrations.
func (s *Store) lookUpTables(ctx context.Context) (*tables, error) {
	k := &s.tables
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.found != nil {
		return k.found, nil
	}
	type column struct {
		table string
		tableColumn
	}
	all, err := selectAll(ctx, s, "look up tables", selectColumns, nil,
		func(r row) (c column, err error) { return c, r.Scan(&c.table, &c.Name, &c.Type) })
	if err != nil {
		return nil, err
	}
	t := &tables{map[string][]tableColumn{}, map[string][]ledgerColumn{}}
	for _, c := range all {
		t.columns[c.table] = append(t.columns[c.table], c.tableColumn)
	}
	for table, columns := range t.columns {
		if strings.HasPrefix(table, ledgerPrefix) {
			t.ledgers[table] = ledgerOf(columns)
		}
	}
	if len(all) > 0 {
		k.found = t
	}
	return t, nil
}

// columnsOf returns the named columns of a table with their types; nil where one of them is not known, so that the database is asked.
func (t *tables) columnsOf(table string, names []string) []tableColumn {
	types := map[string]string{}
	for _, c := range t.columns[table] {
		types[c.Name] = c.Type
	}
	columns := make([]tableColumn, len(names))
	for i, name := range names {
		if types[name] == "" {
			return nil
		}
		columns[i] = tableColumn{Name: name, Type: types[name]}
	}
	return columns
}
