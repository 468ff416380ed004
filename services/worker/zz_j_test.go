package worker

import (
	"huizong/pkg/match"
	"huizong/pkg/reporting"
	"huizong/pkg/validate"
)

func (j *Judge) judge0(sheets []*reporting.Sheet, form, org string, period reporting.Period) (Verdict, error) {
	v := Verdict{}
	layout, findings := match.Find(sheets, j.catalogue.Forms, match.Expected{Form: form, Period: period})
	v.Findings = findings
	table, reading, findings := j.reader.Read(layout, org, period)
	v.Findings = append(v.Findings, findings...)
	v.Findings = append(v.Findings, j.checker.Check(table, validate.History{})...)
	v.Reading = reading
	return v, nil
}
