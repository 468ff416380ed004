package schemas

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"huizong/pkg/reporting"
)

// TestOver: a bureau's file takes the place of ours, a new one stands beside them, and all else is as it was.
func TestOver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	units, err := fs.ReadFile(FS(), "units/city.yaml")
	if err != nil {
		t.Fatal(err)
	}
	form, err := os.ReadFile(filepath.Join("..", "docs", "examples", "eighteenth_form.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"units/city.yaml": strings.ReplaceAll(string(units), "港口镇", "新港镇"), "forms/eighteenth_form.yaml": string(form)} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	over, err := Over(dir)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := Load(FS())
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := Load(over)
	if err != nil {
		t.Fatal(err)
	}
	if got := catalogue.Unit("349981100").Name.ZH; got != "新港镇" {
		t.Errorf("unit is called %s", got)
	}
	if len(catalogue.Forms) != len(ours.Forms)+1 || len(catalogue.Units) != len(ours.Units) {
		t.Errorf("%d forms and %d units, want %d and %d", len(catalogue.Forms), len(catalogue.Units), len(ours.Forms)+1, len(ours.Units))
	}
	if err := fstest.TestFS(over, "units/city.yaml", "forms/eighteenth_form.yaml", "clickhouse/0001_outcomes.sql"); err != nil {
		t.Error(err)
	}
}

func TestOverRefuses(t *testing.T) {
	t.Parallel()
	strange := t.TempDir()
	if err := os.Mkdir(filepath.Join(strange, "clickhouse"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{strange, filepath.Join(strange, "nowhere")} {
		if _, err := Over(dir); reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%s: %v, want invalid", dir, err)
		}
	}
	if same, err := Over(""); err != nil || same != FS() {
		t.Errorf("without a folder: %v", err)
	}
}
