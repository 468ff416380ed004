package judge

import (
	"huizong/pkg/reporting"
	"huizong/pkg/workbook"
)

// Sheets reads all worksheets, also the hidden ones. A file that is none is an error with a finding.
func (j *Judge) Sheets(file workbook.File) ([]*reporting.Sheet, error) {
	return j.sheets(file, func(workbook.SheetInfo) bool { return true })
}

// Table reads the table of a submission again, as it was read when it was decided, accepted or not. A file without one is an error of code
// invalid.
func (j *Judge) Table(file workbook.File, e reporting.Envelope, confirmed []reporting.Envelope) (*reporting.Table, error) {
	v, err := j.For(e, confirmed).read(file, e.Form, e.Org, e.Period)
	if err == nil && v.Table == nil {
		return nil, reporting.Errorf(reporting.Invalid, "submission %s holds no table that can be read: %s", e.ID, v.Findings[0].MessageEN)
	}
	return v.Table, err
}
