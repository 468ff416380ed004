package attack

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// analyst is somebody with the account for SQL.
type analyst struct {
	*server
	door, engine string // addresses
	password     string
}

func startSQL(t *testing.T) analyst {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	s := start(t, "--sql-port", port, "--log-level", "info") // says where the engine listens
	at := s.printed.Await(t, s.ended, `"engine serves","addr":"([^"]+)"`)
	file, err := os.ReadFile(filepath.Join(s.data, "clickhouse", "accounts.json"))
	var passwords map[string]string
	if err != nil || json.Unmarshal(file, &passwords) != nil || passwords["analyst"] == "" {
		t.Fatalf("no account of the analysts: %v\n%s", err, s.printed)
	}
	return analyst{s, "http://127.0.0.1:" + port, "http://" + at[1], passwords["analyst"]}
}

// ask puts a question at an address.
func (a analyst) ask(t *testing.T, address, name, password, query string, parameters url.Values) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/?"+parameters.Encode(), strings.NewReader(query))
	if err != nil {
		t.Fatal(err)
	}
	if name != "" {
		request.Header.Set("X-ClickHouse-User", name)
		request.Header.Set("X-ClickHouse-Key", password)
	}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// rows are table functions that make rows out of their arguments, by hand: an analyst may call these and no other.
var rows = []string{"numbers", "numbers_mt", "zeros", "zeros_mt", "generate_series", "generateSeries", "generateRandom", "primes", "null", "values", "SQLStandardValues", "format", "view", "viewIfPermitted", "viewExplain"}

// TestEveryTableFunction: of all that the engine has, an analyst calls those that make rows and no other, in no place of a question, and without an account nobody
// calls any, at our port or the engine's own. No file is made, and the engine answers on.
func TestEveryTableFunction(t *testing.T) {
	a := startSQL(t)
	status, list := a.ask(t, a.door, "analyst", a.password, "SELECT name FROM system.table_functions FORMAT TSV", nil)
	functions := strings.Fields(list)
	if status != http.StatusOK || len(functions) < 60 {
		t.Fatalf("%d table functions: %d", len(functions), status)
	}
	seen, err := os.ReadFile("../../../pkg/engine/testdata/table_functions.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range functions {
		if !slices.Contains(strings.Fields(string(seen)), name) {
			t.Errorf("the table function %s is not known: what does it reach?", name)
		}
		for _, form := range []string{"SELECT * FROM %s('evil.db', 't')", "DESCRIBE TABLE %s('evil.db', 't')", "EXPLAIN SELECT * FROM %s('evil.db', 't')", "SELECT 1 WHERE 1 IN %s('evil.db', 't')", "WITH x AS (SELECT * FROM %s('evil.db', 't')) SELECT 1",
			"INSERT INTO FUNCTION %s('evil.db', 't') SELECT 1", "SELECT 1 /* */ UNION ALL SELECT * FROM `%s` /* */ ('evil.db', 't')"} {
			query := fmt.Sprintf(form, name)
			if status, body := a.ask(t, a.door, "analyst", a.password, query, nil); !slices.Contains(rows, name) && (status == http.StatusOK || !strings.Contains(body, "ACCESS_DENIED")) {
				t.Errorf("an analyst asks %s: %d %.200s", query, status, body)
			}
			for _, address := range []string{a.door, a.engine} {
				if status, body := a.ask(t, address, "", "", query, nil); status == http.StatusOK {
					t.Errorf("nobody asks %s at %s: %.200s", query, address, body)
				}
			}
		}
	}
	for _, account := range [][2]string{{}, {"default", ""}, {"huizong", "guess"}, {"analyst", a.password}} {
		if status, body := a.ask(t, a.engine, account[0], account[1], "SELECT 1", nil); status != http.StatusNotFound {
			t.Errorf("%q at the engine's own port, around the door: %d %.100s, want as if nothing were there", account, status, body)
		}
	}
	if status, body := a.ask(t, a.door, "analyst", a.password, "SELECT count() FROM system.one", nil); status != http.StatusOK {
		t.Errorf("a question after all attacks: %d %s", status, body)
	}
	err = filepath.WalkDir(a.data, func(path string, _ os.DirEntry, err error) error {
		if strings.Contains(filepath.Base(path), "evil") {
			t.Errorf("%s was made", path)
		}
		return nil // files of the engine come and go
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFilesOfTheEngine: no way of writing it has a function read a file: by its name alone, by a parameter, in what the tree of a question leaves out.
func TestFilesOfTheEngine(t *testing.T) {
	a := startSQL(t)
	for _, query := range []string{
		"SELECT file('users.xml')", "SELECT arrayMap(file, ['users.xml'])", "SELECT arrayMap({f:Identifier}, ['users.xml'])", "SELECT * APPLY(file) FROM (SELECT 'users.xml')", "SELECT * APPLY(x -> file(x)) FROM (SELECT 'users.xml')",
		"SELECT COLUMNS('.*') APPLY file FROM (SELECT 'users.xml' AS a)", "SHOW TABLES FROM huizong WHERE name != file('users.xml')", "SHOW TABLES FROM huizong LIMIT length(file('users.xml'))", "SHOW COLUMNS FROM fact FROM huizong WHERE field != file('users.xml')",
		"SELECT * REPLACE(file('users.xml') AS a) FROM (SELECT 'x' AS a)", "WITH x -> file(x) AS f SELECT f('users.xml')", "EXPLAIN SELECT file('users.xml')", "SELECT 1 LIMIT length(file('users.xml'))",
		"SELECT 1 FROM numbers(9) LIMIT 1 BY file('users.xml')", "SELECT sum(number) OVER (PARTITION BY file('users.xml')) FROM numbers(3)", "SELECT number AS n, 1 AS s FROM numbers(3) ORDER BY n WITH FILL INTERPOLATE (s AS length(file('users.xml')))",
	} {
		status, body := a.ask(t, a.door, "analyst", a.password, query, url.Values{"param_f": {"file"}})
		if status == http.StatusOK || !strings.Contains(body, "ACCESS_DENIED") || strings.Contains(body, "<clickhouse>") {
			t.Errorf("%s: %d %.200s", query, status, body)
		}
	}
}

// TestEveryView: an analyst asks each view of the database on a server that has no sheet yet, by its name alone and with that of the database.
func TestEveryView(t *testing.T) {
	a := startSQL(t)
	status, list := a.ask(t, a.door, "analyst", a.password, "SELECT name FROM system.tables WHERE database = 'huizong' AND empty(parameterized_view_parameters) FORMAT TSV", nil)
	views := strings.Fields(list)
	if status != http.StatusOK || !slices.Contains(views, "fact") || len(views) < 10 {
		t.Fatalf("views: %d %s", status, list)
	}
	for _, view := range views {
		for _, name := range []string{view, "huizong." + view} {
			if status, body := a.ask(t, a.door, "analyst", a.password, "SELECT count() FROM "+name, nil); status != http.StatusOK {
				t.Errorf("%s: %d %.200s", name, status, body)
			}
		}
	}
	if status, body := a.ask(t, a.door, "analyst", a.password, "SELECT count() FROM huizong.fact", nil); status != http.StatusOK || body != "0\n" {
		t.Errorf("facts of an empty server: %d %s", status, body)
	}
}
