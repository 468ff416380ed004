package sample

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"

	"huizong/pkg/reporting"
)

// The files beside the sheets of a written kit: the manifest lists them in the order of sending, the other one what is withheld.
const (
	Manifest         = "submissions.csv"
	WithheldManifest = "to-send.csv"
)

// Write writes the kit's files under dir and, last, the manifests.
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
	if err := writeManifest(filepath.Join(dir, WithheldManifest), k.Withheld); err != nil {
		return err
	}
	return writeManifest(filepath.Join(dir, Manifest), k.Files)
}

func writeManifest(path string, files []File) error {
	rows := [][]string{{"path", "org", "form", "period", "expect", "note"}}
	for _, f := range files {
		rows = append(rows, []string{f.Path, f.Org, f.Form, f.Period.String(), string(f.Expect), f.Note})
	}
	return writeTable(path, rows)
}

// WriteTruth writes what the sheets come to: facts.csv, and figures.csv of the period.
func (k *Kit) WriteTruth(dir, period string) error {
	p, err := reporting.ParsePeriod(period)
	if err != nil {
		return err
	}
	facts := [][]string{{"indicator", "period", "org", "value"}}
	for _, f := range k.Truth.Facts() {
		facts = append(facts, []string{f.Indicator, f.Month.String(), f.Unit, f.Value.String()})
	}
	if err := writeTable(filepath.Join(dir, "facts.csv"), facts); err != nil {
		return err
	}
	figures := [][]string{{"indicator", "period", "value"}}
	for _, code := range k.Truth.codes() {
		if f, ok := k.Truth.Figure(code, p); ok && f.Value != nil {
			figures = append(figures, []string{code, period, f.Value.RatString()})
		}
	}
	return writeTable(filepath.Join(dir, "figures.csv"), figures)
}

func writeTable(path string, rows [][]string) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closing := file.Close(); err == nil {
			err = closing
		}
	}()
	return csv.NewWriter(file).WriteAll(rows)
}
