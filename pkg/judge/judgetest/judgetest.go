// Package judgetest makes judges for tests.
package judgetest

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"huizong/pkg/judge"
	"huizong/pkg/reporting"
	"huizong/pkg/workbook"
	"huizong/schemas"
)

// New is a judge by the definitions in the files.
func New(tb testing.TB, files fs.FS) (*judge.Judge, *reporting.Catalogue) {
	tb.Helper()
	c, err := schemas.Load(files)
	if err != nil {
		tb.Fatal(err)
	}
	j, err := judge.New(c, []byte(secret), workbook.DefaultLimits())
	if err != nil {
		tb.Fatal(err)
	}
	return j, c
}

// Open is a room by the definitions in the files, with what persons have confirmed for a unit. TestMain has called judge.RunIfChild.
func Open(tb testing.TB, files fs.FS, mappings func(org string) []reporting.Envelope) (*judge.Room, *reporting.Catalogue) {
	tb.Helper()
	c, err := schemas.Load(files)
	if err != nil {
		tb.Fatal(err)
	}
	return OpenBy(tb, c, mappings), c
}

// OpenBy is a room by the definitions.
func OpenBy(tb testing.TB, c *reporting.Catalogue, mappings func(org string) []reporting.Envelope) *judge.Room {
	tb.Helper()
	r, err := judge.Open(judge.Config{Catalogue: c, PersonKey: []byte(secret), Mappings: mappings})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(r.Close)
	return r
}

const secret = "a secret of thirty-two bytes, yes"

// WithFile is the embedded schemas with one file more.
func WithFile(tb testing.TB, path string, data []byte) fs.FS {
	tb.Helper()
	all := fstest.MapFS{path: {Data: data}}
	err := fs.WalkDir(schemas.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(schemas.FS(), name)
		all[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

// Found reports whether one of the findings has the code.
func Found(findings []reporting.Finding, code reporting.FindingCode) bool {
	for _, f := range findings {
		if f.Code == code {
			return true
		}
	}
	return false
}
