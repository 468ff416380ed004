package normalize_test

import (
	"testing"

	"huizong/pkg/match"
	"huizong/pkg/reporting"
	"huizong/pkg/reporting/reportingtest"
)

// TestScripts reads the sheets of testdata/*.test, without comparing values with one another.
func TestScripts(t *testing.T) {
	reportingtest.RunScripts(t, "testdata", func(c reportingtest.Case) ([]reporting.Finding, reporting.Reading) {
		layout, findings := match.New(catalogue.Forms).Find([]*reporting.Sheet{c.Sheet}, match.Expected{Form: c.Form, Period: c.Period})
		if layout == nil {
			return findings, reporting.Reading{}
		}
		_, reading, more := reader.Read(layout, c.Org, c.Period)
		return append(findings, more...), reading
	})
}
