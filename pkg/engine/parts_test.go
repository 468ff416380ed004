package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

func TestLogTurnsAndQuotes(t *testing.T) {
	path := filepath.Join(t.TempDir(), logName)
	l, err := openLog(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	block := []byte(strings.Repeat("x", maxLog/4-1) + "\n")
	for range 11 {
		l.Write(block)
	}
	for _, p := range []string{path, path + ".1"} {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() == 0 || info.Size() > maxLog+int64(len(block)) {
			t.Errorf("%s has %d bytes, want at most one block over %d", p, info.Size(), maxLog)
		}
	}

	l.newChild(nil)
	if got := l.lastLines(); got != "" {
		t.Errorf("lastLines of a child that wrote nothing = %q", got)
	}
	l.Write([]byte("first\nCode: 76. Cannot lock\n\n0. ? @ 0x1c8f\n12. main @ 0x2\n (version 26)\n"))
	if got, want := l.lastLines(), "; its log ends: first | Code: 76. Cannot lock | (version 26)"; got != want {
		t.Errorf("lastLines = %q, want %q", got, want)
	}
}

func TestLogTellsOfDeath(t *testing.T) {
	l, err := openLog(filepath.Join(t.TempDir(), logName))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var calls int
	l.newChild(func() { calls++ })
	l.Write([]byte("2026.11.22 22:18:39.9 [ 7 ] {} <Error> executeQuery: Code: 62 (in query: '{} <Fatal> ')\n"))
	if calls != 0 {
		t.Errorf("an error of a query was taken for the death of the child")
	}
	for range 2 {
		l.Write([]byte("2026.11.22 22:18:39.9 [ 7 ] {} <Fatal> ClientBase: Terminate called\n"))
	}
	if calls != 1 {
		t.Errorf("told %d times, want 1", calls)
	}
}

func TestFind(t *testing.T) {
	t.Setenv(PathVar, "")
	t.Setenv("PATH", "")
	root := t.TempDir()
	mustWrite(t, filepath.Join(root, "go.mod"), "module x\n")
	deep := mustMkdir(t, root, "pkg", "deep")
	t.Chdir(deep)
	want := func(path string, p program) {
		t.Helper()
		if got, err := find(path); err != nil || got != p {
			t.Errorf("find(%q) = %v, %v, want %v", path, got, err, p)
		}
	}

	// From the last choice to the first: each new file takes over.
	bin := filepath.Join(mustMkdir(t, root, "path"), "clickhouse")
	mustWrite(t, bin, "#!/bin/sh\n")
	if err := os.Chmod(bin, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(bin))
	want("", program{path: bin})

	lib := func(dir string) string {
		path := filepath.Join(mustMkdir(t, dir, "node_modules", "@chdb", "lib-"+npmPlatform()), "libchdb.so")
		mustWrite(t, path, "")
		return path
	}
	inRoot := lib(filepath.Join(root, "deploy", "engine"))
	want("", program{path: inRoot, library: true})
	inWork := lib(filepath.Join(deep, "deploy", "engine"))
	want("", program{path: inWork, library: true})
	t.Setenv(PathVar, bin)
	want("", program{path: bin})
	want(inRoot, program{path: inRoot, library: true})
	want(filepath.Join(root, "deploy", "engine"), program{path: inRoot, library: true})
	if got, err := find(root); err == nil {
		t.Errorf("find of a folder without a library = %v", got)
	}
}

func TestCommand(t *testing.T) {
	args := program{path: "/usr/bin/clickhouse"}.command(arguments("/d", 9000)).Args
	if args[1] != programArg || args[2] != "/usr/bin/clickhouse" || args[3] != "local" || args[4] != "--config-file" {
		t.Errorf("command of a binary = %q", args)
	}
	args = program{path: "/x/libchdb.so", library: true}.command(arguments("/d", 9000)).Args
	if args[1] != childArg || args[2] != "/x/libchdb.so" || args[3] != "--config-file" {
		t.Errorf("command of a library = %q", args)
	}
}

// TestAccounts: the analysts' password stays; those at the child are other ones at each start, and begin with what lets a request in there.
func TestAccounts(t *testing.T) {
	dir := t.TempDir()
	first, err := loadAnalyst(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := loadAnalyst(dir)
	if err != nil {
		t.Fatal(err)
	}
	if first != again || first.Name != Analyst || len(first.Password) < 26 {
		t.Errorf("the analysts' account is %v, then %v", first, again)
	}
	one, other := newInner(), newInner()
	for _, name := range []string{Service, Analyst} {
		if one[name].Name != name || one[name] == other[name] || one[name].headerPrefix() == other[name].headerPrefix() || len(one[name].Password) < 2*prefixLength {
			t.Errorf("at the child the account %s is %v, then %v", name, one[name], other[name])
		}
	}
	if one[Service].Password == one[Analyst].Password || one[Service].Password[:prefixLength] != one[Analyst].Password[:prefixLength] {
		t.Error("two accounts with one password, or with two prefixes")
	}
}

// TestRulesFailClosed: what nobody has looked at is refused: a node of a tree, a statement, a table function, a function.
func TestRulesFailClosed(t *testing.T) {
	r := newRules([]string{"numbers", "newTable"}, []string{"plus", "newFunction"})
	tree := func(node string) string {
		return "SelectWithUnionQuery (children 1)\n ExpressionList (children 1)\n  SelectQuery (children 1)\n   ExpressionList (children 1)\n    " + node
	}
	for _, refused := range []string{"", "NewStatement", "Explain EXPLAIN NEW (children 1)\n SelectWithUnionQuery", "Explain EXPLAIN (children 1)\n NewQuery", "Explain EXPLAIN (children 1)\n Set", tree("NewNode x"), tree("Function newFunction (children 1)"), tree("Function NEWFUNCTION"),
		tree("Identifier newFunction"), tree("Function newTable"), tree("Function file"), tree("Identifier a\nb"), tree("ColumnsApplyTransformer"), tree("Subquery\n     Set")} {
		if err := r.check(refused, ""); reporting.CodeOf(err) != reporting.Forbidden {
			t.Errorf("let through (%v):\n%s", err, refused)
		}
	}
	for _, allowed := range []string{tree("Function plus"), tree("Function numbers"), tree("Function fact_at"), tree("Identifier a"), "Explain EXPLAIN (children 2)\n Set\n SelectWithUnionQuery"} {
		if err := r.check(allowed, ""); err != nil {
			t.Errorf("refused: %v\n%s", err, allowed)
		}
	}
}

func mustMkdir(tb testing.TB, parts ...string) string {
	tb.Helper()
	dir := filepath.Join(parts...)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		tb.Fatal(err)
	}
	return dir
}
