package clickhouse_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	driver "github.com/ClickHouse/clickhouse-go/v2"

	"huizong/pkg/clickhouse"
	"huizong/pkg/engine"
	"huizong/pkg/reporting"
)

func TestMigrate(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	cfg := newDatabase(server)
	s := mustOpen(t, cfg)
	files := fstest.MapFS{
		"0001_a.sql": file("-- a; comment with 'quotes\nCREATE TABLE IF NOT EXISTS a (n UInt8 COMMENT 'it''s; --not') ENGINE = MergeTree ORDER BY n;\n\n"),
		"0002_b.sql": file("CREATE TABLE IF NOT EXISTS b (n UInt8) ENGINE = MergeTree ORDER BY n; CREATE BROKEN"),
		"readme.md":  file("not a migration"),
	}
	wantError(t, s.Migrate(t.Context(), files), reporting.Internal, "0002_b.sql")
	files["0002_b.sql"] = file("CREATE TABLE IF NOT EXISTS b (n UInt8) ENGINE = MergeTree ORDER BY n; CREATE VIEW v AS SELECT 'a;b' AS x FROM b -- end")
	for range 2 { // the half-applied file runs anew; nothing runs twice, or the view would be there already
		if err := s.Migrate(t.Context(), files); err != nil {
			t.Fatal(err)
		}
	}
	conn := mustConnect(t, server, server.Account(engine.Service), cfg.Database)
	mustCount(t, conn, "SELECT count() FROM migration", 2)
	mustCount(t, conn, "SELECT count() FROM v", 0)

	changed := fstest.MapFS{"0001_a.sql": file("SELECT 1"), "0002_b.sql": files["0002_b.sql"]}
	wantError(t, s.Migrate(t.Context(), changed), reporting.Conflict, "0001_a.sql", "changed")
	delete(files, "0002_b.sql")
	wantError(t, s.Migrate(t.Context(), files), reporting.Conflict, "0002_b.sql", "older")
	mustExec(t, conn, "DROP DATABASE "+cfg.Database+" SYNC")
}

// TestMigrateTogether: two services start at once.
func TestMigrateTogether(t *testing.T) {
	t.Parallel()
	cfg := newDatabase(server)
	var wg sync.WaitGroup
	errs := make([]error, 3)
	for i := range errs {
		s := mustOpen(t, cfg)
		wg.Go(func() { errs[i] = s.Migrate(t.Context(), migrations()) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if err := mustOpen(t, cfg).Migrate(t.Context(), migrations()); err != nil {
		t.Error(err)
	}
}

// mustConnectAnalyst is a driver as an analyst's program has it, at the door that is for them.
func mustConnectAnalyst(t *testing.T, database string) driver.Conn {
	t.Helper()
	door := httptest.NewServer(server.SQL())
	t.Cleanup(door.Close)
	account := server.Account(engine.Analyst)
	conn, err := driver.Open(&driver.Options{Protocol: driver.HTTP, Addr: []string{door.Listener.Addr().String()},
		Auth: driver.Auth{Database: database, Username: account.Name, Password: account.Password}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// TestAnalyst reads every view of the real database with the account that analysts have, and finds each of them explained.
func TestAnalyst(t *testing.T) {
	t.Parallel()
	cfg := newDatabase(server)
	cfg.Database = clickhouse.DefaultDatabase
	s := mustOpen(t, cfg)
	if err := s.Migrate(t.Context(), migrations()); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, s, full(1))
	service := mustConnect(t, server, server.Account(engine.Service), cfg.Database)
	analyst := mustConnectAnalyst(t, cfg.Database)
	for _, table := range mustTables(t, service) {
		from := table
		if slices.Contains([]string{"fact_at", "standing_at", "submission_at"}, table) {
			from += "(as_of = '2020-07-02 00:00:00')"
		}
		var n uint64
		if err := analyst.QueryRow(t.Context(), "SELECT count() FROM "+from).Scan(&n); err != nil {
			t.Errorf("%s: %v", table, err)
		}
	}
	mustCount(t, analyst, "SELECT count() FROM fact WHERE domain = 'employment' AND indicator = 'employment.jobs' AND value = 10.25", 1)
	mustCount(t, analyst, "SELECT count() FROM fact_at(as_of = '2020-06-30 00:00:00')", 0)
	mustCount(t, analyst, "SELECT count() FROM fact_monthly WHERE month = '2020-01-01' AND (value_sum = 10.25 OR distinct_keys = 1)", 2)
	for i, p := range []string{"2021-01", "2021-01..2021-02", "2021-01..2021-04", "2021-01..2021-05"} { // years to date: March is missing
		o := jobs("2021-01", []string{"10", "25", "40", "44"}[i])
		o.Period = period(p)
		mustWrite(t, s, entry(10+i, reporting.MonthPeriod(o.Period.Last).String(), o))
	}
	var months []string
	if err := analyst.QueryRow(t.Context(), "SELECT arraySort(groupArray(toString(month) || ' ' || toString(value_sum))) FROM fact_monthly WHERE month >= '2021-01-01'").Scan(&months); err != nil ||
		strings.Join(months, ", ") != "2021-01-01 10, 2021-02-01 15, 2021-05-01 4" {
		t.Errorf("months of years to date: %v, %v", months, err)
	}
	mustCount(t, analyst, "SELECT count() FROM submission_finding WHERE outcome = 'accepted' AND form = 'jobs'", 2)
	mustCount(t, service, "SELECT count() FROM system.tables WHERE database = 'huizong' AND comment = ''", 0)
	mustCount(t, service, "SELECT count() FROM system.columns WHERE database = 'huizong' AND comment = '' AND table IN (SELECT name FROM system.tables WHERE database = 'huizong' AND engine = 'MergeTree')", 0)
	if err := analyst.Exec(t.Context(), "INSERT INTO submission_outcome (submission) VALUES ('x')"); err == nil {
		t.Error("an analyst can write")
	}
}

// mustTables lists the tables and views of the connection's database.
func mustTables(t *testing.T, conn driver.Conn) []string {
	t.Helper()
	var names []string
	if err := conn.QueryRow(t.Context(), "SELECT groupArray(name) FROM system.tables WHERE database = currentDatabase()").Scan(&names); err != nil {
		t.Fatal(err)
	}
	return names
}

var (
	formTable = regexp.MustCompile(`(?m)^table: (\w+)`)
	formField = regexp.MustCompile(`\bfield: (\w+)`)
)

// TestFormsHaveColumns compares the fields that the forms name with the columns of their ledgers. The forms are read as
// text: their package does not belong to this layer. An ID number (person) is stored as two columns.
func TestFormsHaveColumns(t *testing.T) {
	t.Parallel()
	_, conn := newStore(t)
	paths, err := filepath.Glob("../../schemas/forms/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no forms: %v", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		table := formTable.FindSubmatch(text)
		if table == nil {
			continue
		}
		for _, field := range formField.FindAllSubmatch(text, -1) {
			columns := []string{string(field[1])}
			if columns[0] == "person" {
				columns = []string{"person_key", "id_masked"}
			}
			for _, column := range columns {
				mustCount(t, conn, fmt.Sprintf("SELECT count() FROM system.columns WHERE database = currentDatabase() AND table = '%s' AND name = '%s'", table[1], column), 1)
			}
		}
	}
}
