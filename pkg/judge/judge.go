// Package judge reads a file and decides what it says and whether it can be accepted: decode, match, normalize, validate, in this order.
// It is the whole of what is done with the bytes of a stranger, and it does nothing else: no disk, no network, no clock. What it needs
// of history comes in as a value.
package judge

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"huizong/pkg/annotate"
	"huizong/pkg/mapping"
	"huizong/pkg/match"
	"huizong/pkg/normalize"
	"huizong/pkg/reporting"
	"huizong/pkg/validate"
	"huizong/pkg/workbook"
)

// Judge decides what a file says and whether it can be accepted: decode, match, normalize, validate. It is pure: the same file,
// sent for the same unit and period, judged against the same history, gives the same verdict for ever. It is safe for concurrent
// use.
type Judge struct {
	catalogue *reporting.Catalogue
	matcher   *match.Matcher
	reader    *normalize.Reader
	checker   *validate.Checker
	limits    workbook.Limits
	personKey []byte
	answers   map[string]string // to questions about the sender's sheets
}

// New returns a judge by the catalogue. personKey is the secret under which persons are told apart. A rule that does not
// compile is an error.
func New(c *reporting.Catalogue, personKey []byte, limits workbook.Limits) (*Judge, error) {
	checker, err := validate.New(c)
	if err != nil {
		return nil, err
	}
	return &Judge{catalogue: c, matcher: match.New(c.Forms, c.Units...), reader: normalize.NewReader(c, personKey), checker: checker, limits: limits, personKey: personKey}, nil
}

// For is the judge of one submission: by the catalogue with what persons had confirmed for its sender when it came.
func (j *Judge) For(e reporting.Envelope, confirmed []reporting.Envelope) *Judge {
	return j.with(mappings(slices.DeleteFunc(slices.Clone(confirmed), func(c reporting.Envelope) bool { return c.ID >= e.ID })))
}

// with is the judge who knows what was confirmed.
func (j *Judge) with(confirmed []reporting.Mapping) *Judge {
	own := *j
	own.answers = mapping.Answers(confirmed)
	c := mapping.Apply(j.catalogue, confirmed)
	if c == j.catalogue {
		return &own
	}
	own.catalogue, own.matcher, own.reader = c, match.New(c.Forms, c.Units...), normalize.NewReader(c, j.personKey)
	return &own
}

// Verdict is what a file came to.
type Verdict struct {
	Form     string           // as recognised, or as it was sent
	Table    *reporting.Table // what the sheet says; nil where no table could be read
	Reading  reporting.Reading
	Findings []reporting.Finding
}

// History is what a sheet is compared with. It is asked, once the form is known, for what is needed.
type History struct {
	Before    Past                                            // of the same sender
	Elsewhere func(validate.Wanted) ([]reporting.Fact, error) // of others
}

// Decide judges what a submission's file says by what was confirmed for its sender when it came, and against what stood then.
func (j *Judge) Decide(file workbook.File, e reporting.Envelope, confirmed []reporting.Envelope, h History) (Verdict, error) {
	own := j.For(e, confirmed)
	v, err := own.Judge(file, e.Form, e.Org, e.Period, h.Before)
	if err != nil {
		return v, err
	}
	return v, own.Elsewhere(&v, h.Elsewhere)
}

// Past gives what stood for the form and the sender when the submission came.
type Past func(form string) (validate.History, error)

// Judge reads the file that org sent as form ("" for any) for the period. The error is of the past, never of the file: what is wrong
// with the file is a finding.
func (j *Judge) Judge(file workbook.File, form, org string, period reporting.Period, past Past) (Verdict, error) {
	v, err := j.read(file, form, org, period)
	if err != nil || v.Table == nil {
		return v, err
	}
	history, err := past(v.Form)
	if err != nil {
		return v, err
	}
	v.Findings = reporting.AddFindings(v.Findings, j.checker.Check(v.Table, history)...)
	between, err := j.checker.Between(v.Table, past)
	if err != nil {
		return v, err
	}
	v.Add(between...)
	return v, nil
}

// Elsewhere adds to a verdict what other units have reported of the same persons and enterprises. It rejects nothing.
func (j *Judge) Elsewhere(v *Verdict, found func(validate.Wanted) ([]reporting.Fact, error)) error {
	if v.Table == nil || len(v.Reading.Observations) == 0 {
		return nil
	}
	findings, err := j.checker.Elsewhere(v.Table, v.Reading.Observations, found)
	v.Add(findings...)
	return err
}

// Add adds what was found, as far as the list has room. What is graver comes first, and how many more there are last. An error takes the
// reading away.
func (v *Verdict) Add(found ...reporting.Finding) {
	v.Findings = reporting.AddFindings(v.Findings, found...)
	if reporting.HasErrors(v.Findings) {
		v.Reading = reporting.Reading{}
	}
	slices.SortStableFunc(v.Findings, func(a, b reporting.Finding) int { return cmp.Compare(place(a), place(b)) })
}

func place(f reporting.Finding) int {
	if f.Code == reporting.MoreFindings {
		return len(rank)
	}
	return rank[f.Severity]
}

// read is the part of judging that looks at the file alone.
func (j *Judge) read(file workbook.File, form, org string, period reporting.Period) (Verdict, error) {
	v := Verdict{Form: form}
	sheets, err := j.decode(file)
	if finding, ok := reporting.FindingOf(err); ok {
		v.Findings = []reporting.Finding{finding}
		return v, nil
	}
	if err != nil {
		return v, err
	}
	return j.readSheets(sheets, form, org, period), nil
}

func (j *Judge) readSheets(sheets []*reporting.Sheet, form, org string, period reporting.Period) Verdict {
	v := Verdict{Form: form}
	layout, findings := j.matcher.Find(sheets, match.Expected{Form: form, Period: period, Org: org, Answers: j.answers,
		Unit: func(name string) string { return j.reader.Unit(name, period) }})
	v.Findings = findings
	if layout == nil {
		return v
	}
	v.Form = layout.Form.ID
	for _, sheet := range sheets {
		v.Findings = reporting.AddFindings(v.Findings, sheet.Noted...)
	}
	if finding, ok := j.mayNotSend(layout.Form, org); ok {
		v.Findings = reporting.AddFindings(v.Findings, finding)
		return v
	}
	v.Table, v.Reading, findings = j.reader.Read(layout, org, period)
	v.Findings = reporting.AddFindings(v.Findings, findings...)
	return v
}

var rank = map[reporting.Severity]int{reporting.SeverityError: 0, reporting.SeverityWarning: 1, reporting.SeverityNote: 2}

// decode reads the sheets that a clerk can see, and the heads of those that are hidden, so that it can be said what they hold. Our own
// list of findings in a workbook that comes back corrected is there by name only: nobody can have meant it as a form.
func (j *Judge) decode(file workbook.File) ([]*reporting.Sheet, error) {
	sheets, err := j.sheets(file, func(info workbook.SheetInfo) bool { return !info.Hidden })
	for i, sheet := range sheets {
		if annotate.Wrote(sheet) {
			sheets[i] = &reporting.Sheet{Name: sheet.Name, Hidden: true}
		}
	}
	return sheets, err
}

func (j *Judge) sheets(file workbook.File, wanted func(workbook.SheetInfo) bool) ([]*reporting.Sheet, error) {
	book, err := workbook.OpenFile(file, j.limits)
	if err != nil {
		return nil, err
	}
	infos := book.Sheets()
	sheets := make([]*reporting.Sheet, 0, len(infos))
	for i, info := range infos {
		if info.Kind != "worksheet" && info.Kind != "" {
			sheets = append(sheets, &reporting.Sheet{Name: info.Name, Hidden: true})
			continue
		}
		if !wanted(info) {
			sheets = append(sheets, hidden(book, i, info.Name))
			continue
		}
		sheet, err := book.Read(i)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet)
	}
	return sheets, nil
}

// hiddenRows are as many of a hidden sheet as tell what it is.
const hiddenRows = 100

// hidden reads the first rows of a hidden sheet. Whatever is wrong with it hinders nobody: it is not read.
func hidden(book *workbook.Book, i int, name string) *reporting.Sheet {
	sheet := &reporting.Sheet{Name: name, Hidden: true}
	err := book.Rows(i, func(row *reporting.Row) error {
		if len(sheet.Rows) == hiddenRows {
			sheet.Cut = true
			return errEnough
		}
		own := *row
		own.Cells = slices.Clone(row.Cells)
		for k := range own.Cells {
			own.Cells[k].Text = strings.Clone(own.Cells[k].Text)
		}
		sheet.Rows = append(sheet.Rows, own)
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		sheet.Rows = nil
	}
	return sheet
}

var errEnough = errors.New("enough of a hidden sheet has been read")

// mayNotSend is the finding for a form that the unit has no business to send.
func (j *Judge) mayNotSend(form *reporting.Form, org string) (reporting.Finding, bool) {
	unit := j.catalogue.Unit(org)
	if unit != nil && form.SentBy(*unit) {
		return reporting.Finding{}, false
	}
	name := org
	if unit != nil {
		name = unit.Name.ZH
	}
	message := reporting.Textf("“%s”不报送《%s》，请核对报送单位", "“%s” does not send the form “%s”: check the sender", name, form.Title.ZH)
	return reporting.Finding{Code: reporting.WrongOrg, Severity: reporting.SeverityError, Message: message.ZH, MessageEN: message.EN}, true
}
