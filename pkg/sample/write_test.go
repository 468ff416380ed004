package sample

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	dir, kit := t.TempDir(), mustGenerate(t, Config{Forms: []string{"fund_monthly"}, Months: 2})
	if err := kit.Write(dir); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(filepath.Join(dir, Manifest))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) != len(kit.Files)+1 {
		t.Fatalf("%d rows for %d files: %v", len(rows), len(kit.Files), err)
	}
	if want := []string{"path", "org", "form", "period", "expect", "note"}; !slices.Equal(rows[0], want) {
		t.Errorf("columns = %v, want %v", rows[0], want)
	}
	for i, f := range kit.Files {
		data, err := os.ReadFile(filepath.Join(dir, rows[i+1][0]))
		if err != nil || string(data) != string(f.Bytes) {
			t.Errorf("%s is not what was generated: %v", rows[i+1][0], err)
		}
	}
}
