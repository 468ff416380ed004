package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGuide goes the way of docs/adding-a-form.md: the example in a folder of one's own, the sheet that the page shows, first with
// the faults that it tells of, and the facts that it says come of it.
func TestGuide(t *testing.T) {
	page, err := os.ReadFile("../../docs/adding-a-form.md")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("../../docs/examples/eighteenth_form.yaml")
	if err != nil {
		t.Fatal(err)
	}
	own := t.TempDir()
	if err := os.Mkdir(filepath.Join(own, "forms"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(own, "forms", "labour_inspections.yaml"), example, 0o600); err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "The sheet was:\n\n```\n")
	sheet, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("the page shows no sheet")
	}
	path := filepath.Join(t.TempDir(), "inspections.csv")
	server := startProcess(t, t.TempDir(), "--schemas", own)
	shows := func(command ...string) {
		t.Helper()
		out, _ := server.run(t, append(command[:len(command):len(command)], "--period", "2020-06")...)
		if shown := "    " + strings.ReplaceAll(strings.TrimSpace(out), "\n", "\n    ") + "\n"; !strings.Contains(string(page), shown) {
			t.Errorf("the page does not show:\n%s", shown)
		}
	}
	wrong := strings.NewReplacer("120,3,2,2020-06-20", "120,3,4,2020-06-01", "城东街道,专项检查", "城东街道,暗访").Replace(sheet)
	for _, sent := range []string{wrong, sheet} {
		if err := os.WriteFile(path, []byte(sent), 0o600); err != nil {
			t.Fatal(err)
		}
		shows("submit", "--org", "349981JC", path)
	}
	shows("facts")
}
