package validate_test

import (
	"testing"

	"huizong/pkg/match"
	"huizong/pkg/normalize"
	"huizong/pkg/reporting"
	"huizong/pkg/reporting/reportingtest"
	"huizong/pkg/validate"
	"huizong/schemas"
)

// TestScripts reads and checks the sheets of testdata/*.test against what stood before them.
func TestScripts(t *testing.T) {
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	checker, err := validate.New(catalogue)
	if err != nil {
		t.Fatal(err)
	}
	reader := normalize.NewReader(catalogue, []byte("secret"))
	reportingtest.RunScripts(t, "testdata", func(c reportingtest.Case) ([]reporting.Finding, reporting.Reading) {
		layout, findings := match.New(catalogue.Forms).Find([]*reporting.Sheet{c.Sheet}, match.Expected{Form: c.Form, Period: c.Period})
		if layout == nil {
			return findings, reporting.Reading{}
		}
		table, reading, more := reader.Read(layout, c.Org, c.Period)
		findings = append(findings, more...)
		return append(findings, checker.Check(table, validate.History{Facts: c.Facts, Standing: c.Standing})...), reading
	})
}
