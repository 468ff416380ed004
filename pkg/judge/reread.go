package judge

import (
	"huizong/pkg/reporting"
	"huizong/pkg/workbook"
)

// Rereader reads originals again as they were read when they were decided, for whoever shows them. It judges nothing, and it is safe
// for concurrent use.
type Rereader struct {
	Judge    *Judge
	Mappings func(org string) []reporting.Envelope // what persons have confirmed for the sheets of a unit, in order
}

// Sheets reads all worksheets, also the hidden ones. A file that is none is an error with a finding.
func (r Rereader) Sheets(file workbook.File) ([]*reporting.Sheet, error) {
	return r.Judge.sheets(file, func(workbook.SheetInfo) bool { return true })
}

// Table reads the table of a submission, accepted or not. A file without one is an error of code invalid.
func (r Rereader) Table(file workbook.File, e reporting.Envelope) (*reporting.Table, error) {
	v, err := r.Judge.For(e, r.Mappings(e.Org)).read(file, e.Form, e.Org, e.Period)
	if err == nil && v.Table == nil {
		return nil, reporting.Errorf(reporting.Invalid, "submission %s holds no table that can be read: %s", e.ID, v.Findings[0].MessageEN)
	}
	return v.Table, err
}
