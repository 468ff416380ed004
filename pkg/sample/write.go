package sample

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
)

// Manifest is the name of the file that lists a written kit in the order of sending.
const Manifest = "submissions.csv"

// Write writes the kit's files under dir and, last, the manifest.
func (k *Kit) Write(dir string) error {
	for _, f := range slices.Concat(k.Files, k.Withheld) {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.Bytes, 0o644); err != nil {
			return err
		}
	}
	return k.writeManifest(filepath.Join(dir, Manifest))
}

func (k *Kit) writeManifest(path string) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closing := file.Close(); err == nil {
			err = closing
		}
	}()
	w := csv.NewWriter(file)
	rows := [][]string{{"path", "org", "form", "period", "expect", "note"}}
	for _, f := range k.Files {
		rows = append(rows, []string{f.Path, f.Org, f.Form, f.Period.String(), string(f.Expect), f.Note})
	}
	return w.WriteAll(rows)
}
