package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCheck(t *testing.T) {
	const rules = "# words\nany MIT\nany OFL-1.1\nonly MPL-2.0 @x/tool\nread example.org/read MIT\nread example.org/grave GPL-3.0\n"
	goMod := write(t, "module x\n\nrequire example.org/read v1.0.0\n\nrequire (\n\texample.org/listed v1.0.0\n\texample.org/unlisted v1.0.0 // indirect\n\texample.org/grave v0.0.0-2020\n)\n")
	list := write(t, `{"components":[
		{"name":"example.org/listed","evidence":{"licenses":[{"license":{"id":"MIT"}}]}},
		{"name":"both","licenses":[{"expression":"MIT AND OFL-1.1"}]},
		{"name":"either","licenses":[{"expression":"(GPL-3.0 OR MIT)"}]},
		{"name":"half","licenses":[{"expression":"MIT AND GPL-3.0"}]},
		{"name":"none"},
		{"group":"@x","name":"tool","licenses":[{"license":{"id":"MPL-2.0"}}]},
		{"name":"tool","licenses":[{"license":{"name":"MPL-2.0"}}]}]}`)
	faults, checked, err := check(rules, goMod, []string{list})
	if err != nil {
		t.Fatal(err)
	}
	want := `example.org/grave: licence "GPL-3.0"` + "\n" + `example.org/unlisted: licence ""` + "\n" + `half: licence "MIT AND GPL-3.0"` + "\n" + `none: licence ""` + "\n" + `tool: licence "MPL-2.0"`
	if got := strings.Join(faults, "\n"); got != want || checked != 10 {
		t.Errorf("%d checked:\n%s\nwant\n%s", checked, got, want)
	}
	for name, broken := range map[string][3]string{"Rules": {"some MIT", goMod, list}, "Empty": {rules, goMod, write(t, `{}`)}, "NoJSON": {rules, goMod, write(t, `x`)}, "NoMod": {rules, "/nowhere", list}} {
		if _, _, err := check(broken[0], broken[1], []string{broken[2]}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestRulesAreRead: the rules that are kept can be read.
func TestRulesAreRead(t *testing.T) {
	if _, err := readRules(allowedText); err != nil {
		t.Error(err)
	}
}
