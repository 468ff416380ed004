package main

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// allowed are the imports between our packages: a package may see those of its line, and nothing else of ours. What is below a
// package's own folder is its own. Ground floor first; imports go down only, and the steps and adapters in the middle do not see
// each other.
var allowed = map[string][]string{
	"pkg/reporting":  {},
	"pkg/label":      {"pkg/reporting"},
	"pkg/problem":    {"pkg/reporting"},
	"pkg/access":     {"pkg/reporting", "pkg/durable"},
	"pkg/endpoint":   {"pkg/reporting", "pkg/access", "pkg/problem"},
	"pkg/workbook":   {"pkg/reporting"},
	"pkg/match":      {"pkg/reporting", "pkg/label"},
	"pkg/normalize":  {"pkg/reporting", "pkg/label"},
	"pkg/validate":   {"pkg/reporting", "pkg/label"},
	"pkg/rollup":     {"pkg/reporting"},
	"pkg/compile":    {"pkg/reporting"},
	"pkg/warn":       {"pkg/reporting"},
	"pkg/annotate":   {"pkg/reporting", "pkg/label"},
	"pkg/blank":      {"pkg/reporting", "pkg/label"},
	"pkg/difference": {"pkg/reporting"},
	"pkg/picture":    {"pkg/reporting"},
	"pkg/phrase":     {"pkg/reporting"},
	"pkg/explore":    {"pkg/reporting", "pkg/phrase"},
	"pkg/change":     {"pkg/reporting", "pkg/label"},
	"pkg/mapping":    {"pkg/reporting", "pkg/label"},
	"pkg/turn":       {"pkg/reporting"},
	"pkg/duty":       {"pkg/reporting"},
	"pkg/sample":     {"pkg/reporting"},
	"pkg/judge":      {"pkg/reporting", "pkg/label", "pkg/workbook", "pkg/match", "pkg/normalize", "pkg/validate", "pkg/annotate", "pkg/mapping", "pkg/confined", "pkg/wire"},
	"pkg/durable":    {"pkg/reporting"},
	"pkg/originals":  {"pkg/reporting", "pkg/durable"},
	"pkg/clickhouse": {"pkg/reporting", "pkg/lease"},
	"pkg/nats":       {"pkg/reporting", "pkg/lease"},
	"pkg/wire":       {},
	"pkg/landlock":   {},
	"pkg/engine":     {"pkg/reporting", "pkg/landlock", "pkg/durable"},
	"pkg/confined":   {"pkg/reporting", "pkg/landlock", "pkg/turn", "pkg/wire"},
	"pkg/release":    {"pkg/reporting", "pkg/durable"},
	"pkg/audit":      {"pkg/reporting", "pkg/durable"},
	"pkg/lease":      {"pkg/reporting"},
	"pkg/answers":    {"pkg/reporting", "pkg/originals", "pkg/clickhouse", "pkg/release", "pkg/rollup", "pkg/compile", "pkg/warn", "pkg/duty"},
	"pkg/reports":    {"pkg/reporting", "pkg/answers", "pkg/clickhouse", "pkg/compile", "pkg/warn"},
	"schemas":        {"pkg/reporting", "pkg/label"},

	"deploy/licences": {},
	"deploy/pictures": {"services/portal"}, // the browser of the tests

	"services/intake":            {"pkg/reporting", "pkg/problem", "pkg/access", "pkg/endpoint", "pkg/originals", "pkg/nats", "pkg/mapping", "pkg/clickhouse"},
	"services/worker":            {"pkg/reporting", "pkg/originals", "pkg/nats", "pkg/clickhouse", "pkg/judge", "pkg/validate", "pkg/change"},
	"services/compiler":          {"pkg/reporting", "pkg/nats", "pkg/reports"},
	"services/portal/submission": {"pkg/reporting", "pkg/access", "pkg/answers", "pkg/clickhouse", "pkg/difference", "pkg/judge", "pkg/nats", "pkg/originals", "pkg/picture"},
	"services/portal":            {"pkg/reporting", "pkg/access", "pkg/answers", "pkg/audit", "pkg/phrase", "pkg/picture", "pkg/problem", "pkg/reports"},
	"services/portal/account":    {"pkg/reporting", "pkg/access", "pkg/endpoint", "pkg/phrase", "pkg/problem", "services/portal"},
	"services/portal/admin":      {"pkg/reporting", "pkg/access", "pkg/audit", "pkg/clickhouse", "pkg/confined", "pkg/duty", "pkg/endpoint", "pkg/judge", "pkg/nats", "pkg/originals", "pkg/phrase", "pkg/problem", "services/portal"},
	"services/portal/analyst":    {"pkg/reporting", "pkg/access", "pkg/answers", "pkg/clickhouse", "pkg/endpoint", "pkg/explore", "pkg/phrase", "pkg/picture", "pkg/reports", "services/portal", "services/portal/submission"},
	"services/portal/api":        {"pkg/reporting", "pkg/access", "pkg/annotate", "pkg/answers", "pkg/blank", "pkg/clickhouse", "pkg/duty", "pkg/endpoint", "pkg/judge", "pkg/nats", "pkg/originals", "pkg/picture", "pkg/problem", "pkg/reports", "services/portal", "services/portal/submission"},
	"services/portal/clerk":      {"pkg/reporting", "pkg/access", "pkg/answers", "pkg/clickhouse", "pkg/difference", "pkg/duty", "pkg/endpoint", "pkg/originals", "pkg/phrase", "pkg/picture", "services/intake", "services/portal", "services/portal/submission"},
	"services/portal/review":     {"pkg/reporting", "pkg/access", "pkg/answers", "pkg/difference", "pkg/duty", "pkg/endpoint", "pkg/originals", "pkg/phrase", "pkg/picture", "services/portal", "services/portal/submission"},
	"services/portal/rooms":      {"pkg/reporting", "pkg/access", "pkg/answers", "pkg/audit", "pkg/clickhouse", "pkg/endpoint", "pkg/judge", "pkg/nats", "pkg/originals", "pkg/reports", "services/intake", "services/portal", "services/portal/account", "services/portal/admin", "services/portal/analyst", "services/portal/api", "services/portal/clerk", "services/portal/review", "services/portal/submission"},
	"services/huizong":           {"*"},
}

// only are the packages that alone may import a foreign module.
var only = map[string]string{
	"github.com/ClickHouse/clickhouse-go/v2": "pkg/clickhouse",
	"github.com/nats-io/nats.go":             "pkg/nats",
	"github.com/nats-io/nats-server/v2":      "pkg/nats",
	"github.com/ebitengine/purego":           "pkg/engine",
	"github.com/alexedwards/argon2id":        "pkg/access",
	"github.com/pquerna/otp":                 "pkg/access",
	"github.com/trustelem/zxcvbn":            "pkg/access",
}

func TestImportsGoDownOnly(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "huizong/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for _, text := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		fields := strings.Fields(text)
		pkg := strings.TrimPrefix(fields[0], "huizong/")
		home := room(pkg)
		may, known := allowed[home]
		if !known {
			t.Errorf("package %s is in no layer: say in this test what it may import", pkg)
			continue
		}
		if strings.HasSuffix(path.Base(pkg), "test") {
			continue // tools of tests, which may see what they test
		}
		for _, imported := range fields[1:] {
			checkImport(t, pkg, home, may, imported)
		}
	}
}

// programs of developers, each with what it alone needs: the city of the demo and the tests, which `make demo` has written, and what measures and judges the reader.
var programs = []string{"pkg/sample", "pkg/workbook/benchmark", "pkg/workbook/conformance", "deploy/licences", "deploy/pictures"}

// TestBinaryIsTheProduct: what is for developers is not in the binary, and its place says what it is: a program of theirs, or a package of tests by its name.
func TestBinaryIsTheProduct(t *testing.T) {
	list := func(args ...string) []string {
		t.Helper()
		out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		return strings.Split(strings.TrimSpace(string(out)), "\n")
	}
	product := list("-deps", "huizong/services/huizong")
	for _, text := range list("-f", "{{.ImportPath}} {{len .Imports}}", "huizong/...") {
		path, imports, _ := strings.Cut(text, " ")
		pkg := strings.TrimPrefix(path, "huizong/")
		developers := slices.ContainsFunc(programs, func(p string) bool { return pkg == p || strings.HasPrefix(pkg, p+"/") }) || strings.Contains(pkg+"/", "test/")
		switch in := slices.Contains(product, path); {
		case in && developers:
			t.Errorf("%s is in the binary", pkg)
		case !in && !developers && imports != "0": // what imports nothing only says what its tests are for
			t.Errorf("%s is not in the binary: is it a program of developers, or a package of tests, whose name ends in test?", pkg)
		}
	}
}

// room is the package that a folder belongs to: the first of its parents that has a layer.
func room(pkg string) string {
	for dir := pkg; dir != "."; dir = path.Dir(dir) {
		if _, ok := allowed[dir]; ok {
			return dir
		}
	}
	return pkg
}

func checkImport(t *testing.T, pkg, home string, may []string, imported string) {
	t.Helper()
	if ours, ok := strings.CutPrefix(imported, "huizong/"); ok {
		if to := room(ours); to != home && !slices.Contains(may, to) && !slices.Contains(may, "*") {
			t.Errorf("%s imports %s: %s may see %v only", pkg, ours, home, may)
		}
		return
	}
	if first, _, _ := strings.Cut(imported, "/"); home == "pkg/reporting" && strings.Contains(first, ".") {
		t.Errorf("%s imports %s: the ground floor has the standard library only", pkg, imported)
	}
	for module, owner := range only {
		if (imported == module || strings.HasPrefix(imported, module+"/")) && home != owner {
			t.Errorf("%s imports %s: that is for %s alone", pkg, imported, owner)
		}
	}
}
