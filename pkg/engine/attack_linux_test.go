package engine

import (
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"huizong/pkg/landlock"
	"huizong/pkg/landlock/landlocktest"
)

// TestAttackSQL asks, as an analyst's program, for everything that the engine has: each table function, table engine, function, format, setting and table of the
// system is refused, or on a list of harmless ones. What is on neither fails: somebody has to say what it is. Nothing that is asked leaves a file, or ends the child.
func TestAttackSQL(t *testing.T) {
	landlocktest.Require(t, confinable(), fmt.Sprintf("Landlock %d of %d, so analysts have no way in", landlock.Version(), oldestLandlock))
	dir := filepath.Join(t.TempDir(), "clickhouse")
	a := attacker{T: t, e: mustStart(t, dir)}
	db := mustOpen(t, a.e, a.e.Account(Service))
	for _, q := range []string{
		"CREATE DATABASE huizong", "CREATE TABLE huizong.fact (n UInt32, s String) ENGINE = MergeTree ORDER BY n", "CREATE VIEW huizong.facts AS SELECT n, s FROM huizong.fact",
		"INSERT INTO huizong.fact VALUES (1, 'a')", "CREATE DATABASE huizong_other", "CREATE TABLE huizong_other.secret (n UInt32) ENGINE = MergeTree ORDER BY n",
	} {
		mustExec(t, db, q)
	}
	pid, before := a.e.PID(), files(t, a.e.dir)
	for name, attack := range map[string]func(attacker){
		"TableFunctions": attackTableFunctions, "TableEngines": attackTableEngines, "Functions": attackFunctions, "Formats": attackFormats, "Settings": attackSettings,
		"SystemTables": attackSystemTables, "Machine": attackMachine, "Explanations": attackExplanations, "Statements": attackStatements, "Requests": attackRequests, "AsNobody": attackAsNobody,
	} {
		t.Run(name, func(t *testing.T) { attack(attacker{t, a.e}) })
	}
	if status, body := a.ask("SELECT count() FROM huizong.facts"); status != http.StatusOK || body != "1\n" {
		t.Errorf("a question after all attacks: %d %s", status, body)
	}
	if a.e.PID() != pid {
		t.Errorf("the child has pid %d after it, %d before", a.e.PID(), pid)
	}
	for path := range files(t, a.e.dir) {
		if !before[path] {
			t.Errorf("%s was made", path)
		}
	}
	a.e.Close()
	mustStart(t, dir)
}

type attacker struct {
	*testing.T
	e *Engine
}

// ask puts a question with the analysts' account; settings are pairs of a parameter's name and value.
func (a attacker) ask(query string, settings ...string) (int, string) {
	a.Helper()
	parameters := url.Values{}
	for i := 0; i < len(settings); i += 2 {
		parameters.Set(settings[i], settings[i+1])
	}
	request, err := http.NewRequestWithContext(a.Context(), http.MethodPost, "http://"+a.e.SQLAddr()+"/?"+parameters.Encode(), strings.NewReader(query))
	if err != nil {
		a.Fatal(err)
	}
	request.Header.Set("X-ClickHouse-User", Analyst)
	request.Header.Set("X-ClickHouse-Key", a.e.Account(Analyst).Password)
	return a.do(request)
}

func (a attacker) do(request *http.Request) (int, string) {
	a.Helper()
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		a.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		a.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// denied wants a refusal by rights, of ours or of the child's, and no other error: that could be one of the text.
func (a attacker) denied(query string, settings ...string) {
	a.Helper()
	status, body := a.ask(query, settings...)
	for _, name := range []string{"ACCESS_DENIED", "READONLY", "SETTING_CONSTRAINT_VIOLATION"} {
		if status != http.StatusOK && strings.Contains(body, name) {
			return
		}
	}
	a.Errorf("%s %v: %d %.300s", query, settings, status, body)
}

// list reads names out of the engine.
func (a attacker) list(query string) []string {
	a.Helper()
	names, err := a.e.sql.text(a.Context(), a.e.inner[Service], nil, query+" FORMAT TSV")
	if err != nil {
		a.Fatal(err)
	}
	return strings.Fields(names)
}

// known compares what the engine has with a file that somebody has looked through.
func (a attacker) known(path string, has []string) {
	a.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		a.Fatal(err)
	}
	seen := strings.Fields(string(file))
	for _, name := range has {
		if !slices.Contains(seen, name) {
			a.Errorf("%s is not in %s: look what it reaches, refuse it in allowed.go if need be, and add it", name, path)
		}
	}
}

// files are those of the engine's folder, but for what ClickHouse writes by itself, in the store of its tables and its log.
func files(t *testing.T, dir string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && path == filepath.Join(dir, dataName, "store") {
			return filepath.SkipDir
		}
		if !strings.HasPrefix(filepath.Base(path), logName) {
			all[path] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func attackTableFunctions(a attacker) {
	all := a.list("SELECT name FROM system.table_functions")
	a.known("testdata/table_functions.txt", all)
	for _, name := range all {
		if slices.Contains(harmless, name) {
			continue
		}
		for _, f := range []string{name, strings.ToUpper(name), "`" + name + "`", `"` + name + `"`, fmt.Sprintf("`\\x%02x%s`", name[0], name[1:]), name + " /* */ "} {
			a.denied("SELECT * FROM " + f + "('evil.db', 'data/metadata/evil.sql')")
		}
		for _, q := range []string{
			"SELECT * FROM %s()", "SELECT * FROM %s('evil')", "SELECT * FROM %s('a', 'b', 'c', 'd')", "SELECT 1 WHERE 1 IN %s('evil.db', 't')", "SELECT (SELECT count() FROM %s('evil.db', 't'))",
			"DESCRIBE TABLE %s('evil.db', 't')", "EXPLAIN SELECT * FROM %s('evil.db', 't')", "EXPLAIN SYNTAX SELECT * FROM %s('evil.db', 't')", "WITH x AS (SELECT * FROM %s('evil.db', 't')) SELECT 1",
			"FROM %s('evil.db', 't') SELECT 1", "SELECT * FROM huizong.fact JOIN %s('evil.db', 't') USING n", "SELECT * FROM view(SELECT * FROM %s('evil.db', 't'))",
			"SELECT * FROM viewExplain('EXPLAIN', '', (SELECT * FROM %s('evil.db', 't')))", "SELECT 1 UNION ALL SELECT * FROM %s('evil.db', 't')", "INSERT INTO FUNCTION %s('evil.db', 't') SELECT 1",
			"SELECT * FROM huizong.fact -- \nWHERE n IN (SELECT n FROM %s('evil.db', 't'))", "(SELECT * FROM %s('evil.db', 't'))", "CREATE TABLE huizong.evil AS %s('evil.db', 't')",
		} {
			a.denied(fmt.Sprintf(q, name))
		}
	}
	for _, q := range []string{"SELECT count() FROM numbers(3)", "SELECT * FROM values('a UInt8', 1, 2)", "SELECT count() FROM generateRandom('a UInt8') LIMIT 1 SETTINGS max_execution_time = 1",
		"SELECT sum(number) FROM view(SELECT number FROM numbers(3))", "SELECT format('{} {}', 'a', 'b')"} {
		if status, body := a.ask(strings.Replace(q, "generateRandom('a UInt8')", "(SELECT * FROM generateRandom('a UInt8') LIMIT 5)", 1)); status != http.StatusOK {
			a.Errorf("%s: %d %s", q, status, body)
		}
	}
}

// attackAsNobody goes around the door, to the child itself, as anybody on the machine can: nothing is there, not even for who knows that ClickHouse has an account without a
// password, nor beside the name of one of ours.
func attackAsNobody(a attacker) {
	for _, path := range []string{"/", "/ping", "/play", "/dashboard", "/binary", "/merges", "/jemalloc", "/replicas_status", "/metrics", "/js/uplot.js", "/index.html", "/?query=SELECT+1", "/?user=default&query=SELECT+1", "/?user=huizong&password=x&query=SELECT+1"} {
		for _, account := range [][2]string{{}, {"default", ""}, {Service, ""}, {Service, "guess"}, {Analyst, a.e.Account(Analyst).Password}} {
			for _, header := range []string{"", "default", Service} {
				request, err := http.NewRequestWithContext(a.Context(), http.MethodPost, "http://"+a.e.Addr()+path, strings.NewReader("SELECT 1"))
				if err != nil {
					a.Fatal(err)
				}
				if account[0] != "" {
					request.SetBasicAuth(account[0], account[1])
				}
				if header != "" {
					request.Header.Set("X-ClickHouse-User", header)
				}
				if status, body := a.do(request); status != http.StatusNotFound || strings.Contains(body, "Exception") {
					a.Errorf("nobody asks the engine for %s as %q, %q: %d %.100s", path, account, header, status, body)
				}
			}
		}
	}
}

func attackTableEngines(a attacker) {
	all := a.list("SELECT name FROM system.table_engines")
	a.known("testdata/table_engines.txt", all)
	for _, name := range all {
		for _, q := range []string{"CREATE TABLE huizong.evil (a UInt8) ENGINE = %s", "CREATE TABLE huizong.evil (a UInt8) ENGINE = %s('evil.db', 't')", "CREATE TEMPORARY TABLE evil (a UInt8) ENGINE = %s",
			"CREATE OR REPLACE TABLE huizong.fact (a UInt8) ENGINE = %s('evil')", "ATTACH TABLE huizong.evil (a UInt8) ENGINE = %s('evil')", "EXPLAIN CREATE TABLE huizong.evil (a UInt8) ENGINE = %s('evil.db', 't')"} {
			a.denied(fmt.Sprintf(q, name))
		}
	}
}

func attackFunctions(a attacker) {
	all := a.list("SELECT name FROM system.functions WHERE origin = 'System'")
	a.known("functions.txt", all)
	if own := a.list("SELECT name FROM system.functions WHERE origin != 'System'"); len(own) > 0 {
		a.Errorf("functions that are not ClickHouse's: %v", own)
	}
	for _, name := range all {
		if newRules(nil, nil).function(name) != nil {
			a.denied("SELECT " + name + "('users.xml', 'x', 1)")
			a.denied("SELECT arrayMap(x -> `" + name + "`(x), ['users.xml'])")
			a.denied("SELECT arrayMap(`" + name + "`, ['users.xml'])") // by its name alone
			a.denied("SELECT arrayMap({f:Identifier}, ['users.xml'])", "param_f", name)
			a.denied("SELECT * APPLY(" + name + ") FROM (SELECT 'users.xml')")
			a.denied("DESCRIBE (SELECT COLUMNS('a') APPLY(x -> " + name + "(x)) FROM (SELECT 'users.xml' AS a))")
			a.denied("SHOW TABLES FROM huizong WHERE name != " + name + "('users.xml')")
			a.denied("SHOW COLUMNS FROM fact FROM huizong WHERE field != " + name + "('users.xml')")
		}
	}
	for _, name := range a.list("SELECT name FROM system.functions WHERE lower(alias_to) IN ('" + strings.ToLower(strings.Join(refusedFunctions, "', '")) + "')") {
		a.denied("SELECT " + name + "('users.xml', 'x', 1)") // by another name
	}
	for _, name := range refusedFunctions {
		if !slices.Contains(all, name) {
			a.Errorf("the engine has no function %s: why refuse it?", name)
		}
	}
}

// attackFormats: an answer in any format is an answer, and no file: some could keep a schema.
func attackFormats(a attacker) {
	for _, name := range a.list("SELECT name FROM system.formats WHERE is_output") {
		a.ask("SELECT n, s FROM huizong.fact FORMAT " + name)
		a.ask("SELECT n, s FROM huizong.fact", "default_format", name)
		a.ask("SELECT formatRow('" + name + "', n, s) FROM huizong.fact")
		a.denied("SELECT n FROM huizong.fact INTO OUTFILE 'evil.out' FORMAT " + name)
		a.denied("SELECT n FROM huizong.fact FORMAT " + name + " SETTINGS output_format_schema = 'evil.schema'")
	}
}

func attackSettings(a attacker) {
	bounded := []string{"max_memory_usage", "max_execution_time", "max_result_rows", "max_threads", "max_block_size"}
	status, body := a.ask("SELECT name FROM system.settings WHERE readonly = 0 ORDER BY name")
	if status != http.StatusOK {
		a.Fatalf("settings: %d %s", status, body)
	}
	want := slices.Sorted(slices.Values(append(slices.Clone(changeable), bounded...)))
	if got := strings.Fields(body); !slices.Equal(got, want) {
		a.Errorf("an analyst changes %v,\nmeant were %v", got, want)
	}
	for _, set := range [][2]string{{"readonly", "0"}, {"readonly", "2"}, {"dialect", "kusto"}, {"implicit_select", "1"}, {"max_memory_usage", "0"}, {"max_memory_usage", "3000000000"}, {"max_execution_time", "0"},
		{"max_execution_time", "3600"}, {"max_threads", "1000"}, {"max_result_rows", "0"}, {"format_schema", "/etc/passwd:X"}, {"output_format_schema", "evil"}, {"allow_introspection_functions", "1"},
		{"max_temporary_data_on_disk_size_for_user", "0"}, {"max_concurrent_queries_for_user", "0"}, {"max_memory_usage_for_user", "0"}, {"http_write_exception_in_output_format", "1"}} {
		a.denied("SELECT 1", set[0], set[1])
		a.denied("SELECT 1", set[0], set[1], "profile", "default")
		a.denied(fmt.Sprintf("SELECT 1 SETTINGS profile = 'default', %s = '%s'", set[0], set[1])) // another profile has no bounds, and nothing can be changed under it
		a.denied(fmt.Sprintf("SELECT 1 SETTINGS %s = '%s', profile = 'default'", set[0], set[1]))
		a.denied(fmt.Sprintf("SELECT 1 SETTINGS %s = '%s'", set[0], set[1]))
		a.denied(fmt.Sprintf("SELECT * FROM (SELECT 1 SETTINGS %s = '%s')", set[0], set[1]))
		a.denied(fmt.Sprintf("SELECT 1 SETTINGS %s = '%s' UNION ALL SELECT 2", set[0], set[1]))
		a.denied(fmt.Sprintf("(SELECT 1 SETTINGS %s = '%s')", set[0], set[1]))
		a.denied(fmt.Sprintf("EXPLAIN SELECT 1 SETTINGS %s = '%s'", set[0], set[1]))
		a.denied(fmt.Sprintf("WITH x AS (SELECT 1 SETTINGS %s = '%s') SELECT * FROM x", set[0], set[1]))
	}
	if status, body := a.ask("SELECT max(number) FROM numbers(10)", "max_execution_time", "5", "max_threads", "1", "output_format_json_quote_64bit_integers", "1", "default_format", "JSONCompact"); status != http.StatusOK || !strings.Contains(body, `"9"`) {
		a.Errorf("settings that are allowed: %d %s", status, body)
	}
	for _, q := range []string{"", " SETTINGS profile = 'default'"} {
		if _, body := a.ask("SELECT getSetting('readonly'), getSetting('max_execution_time'), getSetting('max_memory_usage'), getSetting('max_result_rows')" + q); body != "1\t60\t2000000000\t20000000\n" {
			a.Errorf("the bounds%s: %s", q, body)
		}
	}
	for _, q := range []string{"SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))", "SELECT groupArray(number) FROM numbers(1000000000000)"} {
		if status, body := a.ask(q, "max_execution_time", "1", "max_memory_usage", "100000000"); status == http.StatusOK || !strings.Contains(body, "TIMEOUT_EXCEEDED") && !strings.Contains(body, "MEMORY_LIMIT_EXCEEDED") {
			a.Errorf("%s: %d %.200s", q, status, body)
		}
	}
}

// words are tables that everybody reads, whatever is granted: they are made of the program, or of what the account may read.
var words = []string{"completions", "contributors", "database_engines", "dictionary_layouts", "disk_types", "licenses", "privileges", "quota_usage"}

func attackSystemTables(a attacker) {
	for _, name := range a.list("SELECT name FROM system.tables WHERE database = 'system'") {
		q := "SELECT * FROM system." + name + " LIMIT 1"
		if slices.Contains(words, name) {
			continue
		}
		if !slices.Contains(visible, name) {
			a.denied(q)
			continue
		}
		if status, body := a.ask(q); status != http.StatusOK {
			a.Errorf("%s: %d %s", q, status, body)
		}
	}
	for _, column := range []string{"name", "data_paths", "create_table_query"} {
		if _, body := a.ask("SELECT " + column + " FROM system.tables WHERE database != 'huizong'"); strings.Contains(body, "secret") {
			a.Errorf("an analyst sees another database: %s", body)
		}
	}
	for _, name := range a.list("SELECT name FROM system.tables WHERE database = 'information_schema'") {
		a.ask("SELECT * FROM information_schema." + name)
	}
	a.denied("SELECT * FROM huizong_other.secret")
	a.denied("SELECT * FROM secret", "database", "huizong_other")
	a.denied("SELECT * FROM `users.xml`", "database", "default")
	a.denied("SELECT * FROM default.`/etc/passwd`")
	a.denied("DESCRIBE TABLE default.`users.xml`")
	a.denied("EXISTS TABLE default.`/etc/passwd`")
	a.denied("SHOW CREATE TABLE huizong_other.secret")
}

// attackMachine: nothing that an analyst reads says where on the machine the data lie, or what it is called: no table of the system, no function without arguments, no
// explanation, no refusal and no header.
func attackMachine(a attacker) {
	host, err := os.Hostname()
	if err != nil {
		a.Fatal(err)
	}
	name := regexp.MustCompile(`(^|[^\w])` + regexp.QuoteMeta(host) + `($|[^\w])`)
	queries := []string{"SELECT * FROM nowhere", "SELECT * FROM huizong.fact WHERE throwIf(1)", "EXPLAIN indexes = 1, actions = 1 SELECT * FROM huizong.fact", "EXPLAIN PIPELINE SELECT * FROM huizong.fact", "SELECT _part, _disk_name FROM huizong.fact",
		"SHOW CREATE DATABASE huizong", "SHOW CREATE TABLE huizong.fact", "SHOW DATABASES", "SHOW FULL TABLES FROM huizong", "SELECT fuzzBits('a', 2)", "SELECT"}
	for _, table := range append(slices.Clone(visible), words...) {
		if table != "numbers" {
			queries = append(queries, "SELECT * FROM system."+table)
		}
	}
	for _, table := range a.list("SELECT name FROM system.tables WHERE database = 'information_schema'") {
		queries = append(queries, "SELECT * FROM information_schema."+table)
	}
	for _, function := range a.list("SELECT name FROM system.functions WHERE origin = 'System'") {
		queries = append(queries, "SELECT `"+function+"`()")
	}
	for _, q := range queries {
		request, err := http.NewRequestWithContext(a.Context(), http.MethodPost, "http://"+a.e.SQLAddr()+"/", strings.NewReader(q))
		if err != nil {
			a.Fatal(err)
		}
		request.SetBasicAuth(Analyst, a.e.Account(Analyst).Password)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			a.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil {
			a.Fatal(err)
		}
		said := string(body) + fmt.Sprint(answer.Header)
		if at := name.FindStringIndex(said); at != nil || strings.Contains(said, filepath.Dir(a.e.dir)) {
			a.Errorf("%s: the answer names the machine or the folder: %.300s", q, said)
		}
	}
}

// attackExplanations: EXPLAIN takes its options, and explains questions only.
func attackExplanations(a attacker) {
	for _, q := range []string{"EXPLAIN header = 1, actions = 1 SELECT * FROM fact", "EXPLAIN indexes = 1 SELECT n FROM huizong.fact SETTINGS max_threads = 1", "EXPLAIN PIPELINE graph = 1 SELECT 1 UNION ALL SELECT 2", "EXPLAIN SYNTAX run_query_tree_passes = 1 SELECT * FROM fact",
		"EXPLAIN QUERY TREE SELECT 1 INTERSECT SELECT 1", "EXPLAIN AST SELECT 1", "EXPLAIN ESTIMATE SELECT * FROM fact", "EXPLAIN json = 1, description = 0 SELECT 1 FORMAT TSVRaw"} {
		if status, body := a.ask(q); status != http.StatusOK {
			a.Errorf("%s: %d %s", q, status, body)
		}
	}
	for _, q := range []string{"EXPLAIN header = 1 SELECT file('users.xml')", "EXPLAIN actions = 1 SELECT * FROM file('users.xml')", "EXPLAIN header = 1 SELECT * FROM (SELECT 1 SETTINGS max_threads = 1)", "EXPLAIN header = 1 SELECT 1 SETTINGS readonly = 0", "EXPLAIN AST DROP TABLE huizong.fact",
		"EXPLAIN SYNTAX CREATE TABLE huizong.x (a UInt8) ENGINE = File(CSV)", "EXPLAIN CURRENT TRANSACTION", "EXPLAIN AST SYSTEM SHUTDOWN", "SELECT * FROM (EXPLAIN header = 1 SELECT file('users.xml'))", "EXPLAIN header = 1 SELECT 1 INTO OUTFILE 'evil'"} {
		a.denied(q)
	}
	for _, q := range []string{"EXPLAIN graph = 1 DROP TABLE huizong.fact", "EXPLAIN readonly = 0 SELECT 1", "EXPLAIN max_memory_usage = 0 SELECT 1", "EXPLAIN header = 1 EXPLAIN SELECT 1", "EXPLAIN header = 1"} {
		if status, body := a.ask(q); status == http.StatusOK {
			a.Errorf("%s: %s", q, body)
		}
	}
}

func attackStatements(a attacker) {
	for _, q := range []string{
		"INSERT INTO huizong.fact VALUES (2, 'b')", "INSERT INTO huizong.fact SELECT 1, 'a'", "ALTER TABLE huizong.fact DELETE WHERE 1", "DELETE FROM huizong.fact WHERE 1", "UPDATE huizong.fact SET s = 'x' WHERE 1", "TRUNCATE TABLE huizong.fact", "DROP TABLE huizong.fact",
		"DROP DATABASE huizong", "CREATE DATABASE evil", "CREATE DATABASE evil ENGINE = SQLite('evil.db')", "CREATE DATABASE evil ENGINE = Filesystem('/')", "CREATE DATABASE evil ENGINE = Backup('huizong', File('evil'))",
		"CREATE FUNCTION evil AS x -> x", "CREATE DICTIONARY huizong.evil (a UInt8) PRIMARY KEY a SOURCE(FILE(path 'users.xml' format 'CSV')) LAYOUT(FLAT()) LIFETIME(1)", "CREATE USER evil", "CREATE NAMED COLLECTION evil AS a = 1",
		"CREATE VIEW huizong.evil AS SELECT 1", "CREATE MATERIALIZED VIEW huizong.evil ENGINE = File(CSV) AS SELECT 1", "CREATE TEMPORARY TABLE evil (a UInt8)", "GRANT SELECT ON *.* TO analyst", "SET readonly = 0", "SET ROLE ALL", "USE system",
		"SYSTEM SHUTDOWN", "SYSTEM KILL", "SYSTEM STOP LISTEN HTTP", "SYSTEM RELOAD CONFIG", "SYSTEM FLUSH LOGS", "KILL QUERY WHERE 1", "BACKUP DATABASE huizong TO File('evil')", "RESTORE DATABASE huizong FROM File('evil')", "BACKUP TABLE huizong.fact TO Disk('default', 'evil')",
		"OPTIMIZE TABLE huizong.fact", "CHECK TABLE huizong.fact", "RENAME TABLE huizong.fact TO huizong.evil", "EXCHANGE TABLES huizong.fact AND huizong.facts", "DETACH TABLE huizong.fact", "WATCH huizong.facts", "SHOW PROCESSLIST", "SHOW GRANTS FOR huizong", "SHOW ACCESS",
		"EXPLAIN INSERT INTO huizong.fact VALUES (2, 'b')", "EXPLAIN TABLE OVERRIDE mysql('127.0.0.1:1', 'a', 'b', 'c', 'd') COLUMNS (a UInt8)", "BEGIN TRANSACTION", "EXECUTE AS huizong SELECT 1", "SELECT 1 PARALLEL WITH SELECT 2",
	} {
		if status, body := a.ask(q); status == http.StatusOK || strings.Contains(body, "SYNTAX_ERROR") && !strings.Contains(q, "PARALLEL") && !strings.Contains(q, "WATCH") && !strings.Contains(q, "OVERRIDE") && !strings.HasPrefix(q, "EXPLAIN INSERT") {
			a.Errorf("%s: %d %.300s", q, status, body)
		}
	}
	for _, q := range []string{"SELECT 1; SELECT 2", "SELECT 1; DROP TABLE huizong.fact", "SELECT", "", "EXPLAIN AST", "x = 1", "graph = 1 SELECT * FROM huizong.fact", strings.Repeat("(", 3000) + "1", "SELECT " + strings.Repeat("a", maxQuery)} {
		if status, body := a.ask(q); status == http.StatusOK && q != "" {
			a.Errorf("%.50s: %d %.100s", q, status, body)
		}
	}
	if status, body := a.ask("SELECT * FROM {f:Identifier}('evil.db', 't')", "param_f", "sqlite"); status == http.StatusOK {
		a.Errorf("a function by a parameter: %s", body)
	}
	for _, q := range []string{"SHOW TABLES FROM huizong", "show tables in `huizong` like 'f%' limit 3 format CSV;", "SHOW FULL COLUMNS FROM fact FROM huizong", "SHOW DATABASES", "SELECT n AS region, count() FROM huizong.fact GROUP BY region", "DESCRIBE TABLE huizong.fact", "SHOW CREATE TABLE huizong.fact", "EXISTS TABLE huizong.fact", "EXPLAIN SELECT * FROM huizong.fact", "SELECT 1 UNION ALL SELECT 2", "SELECT 1 INTERSECT SELECT 1",
		"WITH x AS (SELECT 1 AS a) SELECT a FROM x FORMAT JSON", "SELECT 1 SETTINGS max_threads = 1", "SELECT 1 SETTINGS max_threads = 1 FORMAT CSV", "SELECT 1 FORMAT CSV SETTINGS max_threads = 1", "SELECT 1 UNION ALL SELECT 2 FORMAT CSV SETTINGS max_threads = 1", "SELECT s || 'file(' FROM huizong.fact -- sqlite('a', 'b')", "SELECT version(), currentUser(), displayName(), timezone()"} {
		if status, body := a.ask(q); status != http.StatusOK {
			a.Errorf("%s: %d %s", q, status, body)
		}
	}
}

// attackRequests: what is not a question with the account is refused before the child hears of it.
func attackRequests(a attacker) {
	base, password := "http://"+a.e.SQLAddr(), a.e.Account(Analyst).Password
	for _, test := range []struct {
		method, path, user, password, body string
		headers                            []string
		want                               int
	}{
		{"GET", "/ping", "", "", "", nil, 200},
		{"GET", "/?query=SELECT+1", Analyst, password, "", nil, 200},
		{"POST", "/?query=SELECT", Analyst, password, "1", nil, 200},
		{"GET", "/?query=SELECT+1", "", "", "", nil, 403},
		{"GET", "/?query=SELECT+1", Analyst, "guess", "", nil, 403},
		{"GET", "/?query=SELECT+1", Service, a.e.Account(Service).Password, "", nil, 403},
		{"GET", "/?query=SELECT+1", "default", "", "", nil, 403},
		{"GET", "/?query=SELECT+1&user=huizong&password=" + a.e.Account(Service).Password, Analyst, "guess", "", nil, 403},
		{"GET", "/play", Analyst, password, "", nil, 404},
		{"GET", "/dashboard", Analyst, password, "", nil, 404},
		{"GET", "/replicas_status", Analyst, password, "", nil, 404},
		{"GET", "/metrics", Analyst, password, "", nil, 404},
		{"PUT", "/", Analyst, password, "SELECT 1", nil, 400},
		{"DELETE", "/?query=SELECT+1", Analyst, password, "", nil, 400},
		{"POST", "/", Analyst, password, "SELECT 1", []string{"Content-Encoding", "gzip"}, 400},
		{"POST", "/?query=SELECT+1", Analyst, password, "--x--", []string{"Content-Type", "multipart/form-data; boundary=x"}, 400},
		{"POST", "/?decompress=1", Analyst, password, "SELECT 1", nil, 400},
		{"POST", "/?a%00b=1", Analyst, password, "SELECT 1", nil, 400},
		{"POST", "/?database=huizong&database=system", Analyst, password, "SELECT 1", nil, 400},
		{"POST", "/", Analyst, password, strings.Repeat(" ", 2*maxQuery), nil, 400},
		{"POST", "/", Analyst, password, "SELECT 1", []string{"X-ClickHouse-Quota", "x", "X-Forwarded-For", "10.0.0.1"}, 200},
	} {
		request, err := http.NewRequestWithContext(a.Context(), test.method, base+test.path, strings.NewReader(test.body))
		if err != nil {
			a.Fatal(err)
		}
		if test.user != "" {
			request.SetBasicAuth(test.user, test.password)
		}
		for i := 0; i < len(test.headers); i += 2 {
			request.Header.Set(test.headers[i], test.headers[i+1])
		}
		if status, body := a.do(request); status != test.want {
			a.Errorf("%s %s as %s: %d %.200s, want %d", test.method, test.path, test.user, status, body, test.want)
		}
	}
	for _, garbage := range garbage() {
		conn, err := net.Dial("tcp", a.e.SQLAddr())
		if err != nil {
			a.Fatal(err)
		}
		defer conn.Close() // all stay open meanwhile, and send no more
		conn.SetWriteDeadline(time.Now().Add(time.Second))
		conn.Write(garbage)
	}
	if status, body := a.ask("SELECT count() FROM huizong.fact"); status != http.StatusOK {
		a.Errorf("a question among connections that do not go on: %d %s", status, body)
	}
}
