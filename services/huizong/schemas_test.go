package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOwnSchemas: a bureau's own form, in a folder beside the binary, is recognised and loads its numbers; a mistake in one keeps the
// server from starting, and says where it is.
func TestOwnSchemas(t *testing.T) {
	t.Parallel()
	form, err := os.ReadFile(filepath.Join("..", "..", "docs", "examples", "eighteenth_form.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	ours := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(ours, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("forms/labour_inspections.yaml", string(form))
	server := startProcess(t, t.TempDir(), "--schemas", ours)
	blank := filepath.Join(t.TempDir(), "blank.xlsx")
	server.run(t, "template", "labour_inspections", "--org", "349981JC", "--period", "2020-06", "--out", blank)
	out, _ := server.run(t, "submit", "--org", "349981JC", "--period", "2020-06", "--json", blank)
	if got := lines(t, out)[0]; got.Form != "labour_inspections" {
		t.Errorf("its template is taken for %q: %v", got.Form, got.Findings)
	}
	path := write("forms/labour_inspections.yaml", strings.Replace(string(form), "rules:", "ruels:", 1))
	printed, err := command(t, "serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--schemas", ours).CombinedOutput()
	if err == nil || !strings.Contains(string(printed), "forms/"+filepath.Base(path)+":") {
		t.Errorf("a misspelled key: %v\n%s", err, printed)
	}
}
