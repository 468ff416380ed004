package sample

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
	"huizong/pkg/sample/internal/fiction"
)

// Manifest is the name of the file that lists a written kit in the order of sending.
const Manifest = "submissions.csv"

// send has the sheet typed.
func (c *city) send(d delivery) (File, error) {
	rng := c.chance("sheet", d.form.id, d.sender.code, d.period.String(), strconv.FormatBool(d.again))
	paper := clerk.Paper{
		City: cityName, Office: d.sender.name, Title: d.form.title, Group: d.form.group, Shape: d.form.shape, Period: d.period,
		Money: d.form.money, Columns: d.form.columns, Lines: d.page.lines, Total: d.page.total,
		People: [3]string{fiction.Name(rng), fiction.Name(rng), fiction.Name(rng)},
		Filled: d.period.End().AddDays(1 + rng.IntN(5)),
	}
	if d.form.sent == eachYear {
		paper.Filled = d.period.Start().AddDays(7 + rng.IntN(14))
	}
	if d.spoiled() {
		paper.Plain = true
		d.event.spoil(&paper, rng)
	}
	doc, err := clerk.Type(paper, rng)
	if err != nil {
		return File{}, err
	}
	expect, finding := d.expect()
	return File{
		Path: d.path(doc.Ext), Org: d.sender.code, Form: d.form.id, Period: d.period, Bytes: doc.Bytes,
		Expect: expect, Finding: finding, Note: d.note(doc.Habits),
	}, nil
}

func (d delivery) path(ext string) string {
	second := ""
	if d.again {
		second = "-2"
	}
	return fmt.Sprintf("inbox/%s/%s-%s%s%s", d.period, d.sender.code, d.form.id, second, ext)
}

// Write writes the kit's files under dir and, last, the manifest.
func (k *Kit) Write(dir string) error {
	for _, f := range k.Files {
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

// Rejected counts the files that must be refused.
func (k *Kit) Rejected() int {
	n := 0
	for _, f := range k.Files {
		if f.Expect == reporting.Rejected {
			n++
		}
	}
	return n
}
