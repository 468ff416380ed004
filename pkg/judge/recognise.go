package judge

import (
	"path"
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/match"
	"huizong/pkg/reporting"
	"huizong/pkg/workbook"
)

// Recognise says which form, unit and period a file seems to be, so that its sender has only to confirm it. org is who sends it; "" asks
// the sheet. What is wrong with the file is a finding, as it is when the file is judged.
//
// confirmed is what persons have confirmed for the sender until now.
func (j *Judge) Recognise(file workbook.File, org string, confirmed []reporting.Envelope, hint reporting.Hint) (reporting.Recognition, error) {
	j = j.with(mappings(confirmed))
	rec := unrecognised(org, hint)
	sheets, err := j.decode(file)
	if finding, ok := reporting.FindingOf(err); ok {
		rec.Findings = append(rec.Findings, finding)
		return j.named(rec), nil
	}
	if err != nil {
		return rec, err
	}
	for _, sheet := range sheets {
		rec.Sheets = append(rec.Sheets, seen(sheet))
	}
	guesses := j.matcher.Recognise(sheets, hint.Period)
	if len(guesses) == 0 {
		_, findings := j.matcher.Find(sheets, match.Expected{Period: hint.Period})
		rec.Findings = append(rec.Findings, findings...)
		return j.named(rec), nil
	}
	j.take(&rec, guesses[0], hint)
	rec.Further = j.further(rec, guesses)
	for _, g := range guesses[1:] {
		if slices.ContainsFunc(rec.Further, func(a reporting.Alternative) bool {
			return a.Form == g.Layout.Form.ID && a.Sheet == g.Layout.Sheet.Name
		}) {
			continue
		}
		if len(rec.Alternatives) < maxAlternatives {
			rec.Alternatives = append(rec.Alternatives, alternative(g))
		}
	}
	j.look(&rec, sheets, guesses[0], hint)
	return j.named(rec), nil
}

// look reads the sheet as what it seems to be, and notes why that cannot be accepted and what is to be asked. Where nothing names a period, it is
// asked by the one that is being collected.
func (j *Judge) look(rec *reporting.Recognition, sheets []*reporting.Sheet, top match.Guess, hint reporting.Hint) {
	form, period := rec.Form, rec.Period
	if period.IsZero() {
		period = hint.Period
	}
	if period.IsZero() || !top.Layout.Form.Sends(period) {
		return
	}
	if top.Twofold {
		form = ""
	}
	v := j.readSheets(sheets, form, rec.Org, period)
	if rec.Form = v.Form; rec.Form == "" {
		rec.Alternatives = slices.Insert(rec.Alternatives, 0, alternative(top))
	}
	rec.Questions, rec.Answered = questions(v.Findings)
	if !rec.Period.IsZero() {
		for _, f := range v.Findings {
			if slices.ContainsFunc(rec.Further, func(a reporting.Alternative) bool { return a.Sheet == f.Sheet }) {
				continue // it is offered by itself
			}
			if f.Code == reporting.UnreadSheet || (f.Question != nil || slices.Contains(whyNot, f.Code)) && f.Severity == reporting.SeverityError {
				rec.Findings = append(rec.Findings, f)
			}
		}
	}
}

// questions are those that the findings ask, and those that were answered before.
func questions(findings []reporting.Finding) (open, answered []reporting.Question) {
	open, answered = []reporting.Question{}, []reporting.Question{}
	for _, f := range findings {
		switch {
		case f.Question == nil:
		case f.Question.Answer == "":
			open = append(open, *f.Question)
		default:
			answered = append(answered, *f.Question)
		}
	}
	return open, answered
}

// Ask says what is asked of a file that is sent so, with these answers beside those that persons have given for its sender until now.
func (j *Judge) Ask(file workbook.File, e reporting.Envelope, confirmed []reporting.Envelope, answers []reporting.Answer) (reporting.Asked, error) {
	given := mappings(confirmed)
	for _, a := range answers {
		given = append(given, reporting.Mapping{Question: a.Question, Choice: a.Option})
	}
	v, err := j.with(given).read(file, e.Form, e.Org, e.Period)
	if err != nil {
		return reporting.Asked{}, err
	}
	var asked reporting.Asked
	asked.Open, asked.Answered = questions(v.Findings)
	return asked, nil
}

func mappings(confirmed []reporting.Envelope) []reporting.Mapping {
	all := make([]reporting.Mapping, len(confirmed))
	for i, e := range confirmed {
		all[i] = *e.Mapping
	}
	return all
}

// unrecognised is what is known of a file before it is read.
func unrecognised(org string, hint reporting.Hint) reporting.Recognition {
	return reporting.Recognition{Org: org, FileName: hint.FileName, Sheets: []reporting.SheetSeen{}, Further: []reporting.Alternative{}, Alternatives: []reporting.Alternative{}, Findings: []reporting.Finding{},
		Questions: []reporting.Question{}, Answered: []reporting.Question{}}
}

// further are the other forms of the file, one guess for each: what a sheet of its own is surest to be, with values in it, if the unit sends
// such a form for the period.
func (j *Judge) further(rec reporting.Recognition, guesses []match.Guess) []reporting.Alternative {
	further := []reporting.Alternative{}
	taken, sheets := map[string]bool{rec.Form: true}, map[string]bool{rec.Sheet: true}
	for _, g := range guesses {
		form, sheet := g.Layout.Form, g.Layout.Sheet.Name
		if sheets[sheet] {
			continue
		}
		sheets[sheet] = true
		if _, not := j.mayNotSend(form, rec.Org); not || taken[form.ID] || !g.Filled || !g.Titled && !g.Whole {
			continue
		}
		taken[form.ID] = true
		further = append(further, alternative(g))
	}
	return further
}

// maxAlternatives is how many further readings of a file are offered.
const maxAlternatives = 5

// whyNot are the findings that say that a file is not what it was taken for. What else is wrong is said when it is judged.
var whyNot = []reporting.FindingCode{reporting.UnknownForm, reporting.WrongOrg, reporting.WrongPeriod, reporting.MissingColumn, reporting.AmbiguousColumn}

// take reads form, unit and period off the best guess.
func (j *Judge) take(rec *reporting.Recognition, g match.Guess, hint reporting.Hint) {
	l := g.Layout
	rec.Form, rec.Sheet, rec.Sure, rec.Percent, rec.OrgWritten = l.Form.ID, l.Sheet.Name, sureness(g), min(l.Sure, 100), l.Org.Text
	var ok bool
	if rec.Period, ok = sentFor(l.Form, l.Names); ok {
		rec.PeriodFrom = "sheet"
	} else if rec.Period, ok = sentFor(l.Form, inFileName(hint)); ok {
		rec.PeriodFrom = "file_name"
	}
	if rec.Org == "" {
		period := rec.Period
		if period.IsZero() {
			period = hint.Period
		}
		rec.Org = j.reader.Unit(l.Org.Text, period)
	}
}

// named adds the names that people read.
func (j *Judge) named(rec reporting.Recognition) reporting.Recognition {
	if f := j.catalogue.Form(rec.Form); f != nil {
		rec.FormTitle = f.Title
	}
	if u := j.catalogue.Unit(rec.Org); u != nil {
		rec.OrgName = u.Name
	}
	return rec
}

func sureness(g match.Guess) reporting.Sureness {
	if g.Titled && g.Whole {
		return reporting.Certain
	}
	return reporting.Likely
}

func alternative(g match.Guess) reporting.Alternative {
	period, _ := sentFor(g.Layout.Form, g.Layout.Names)
	return reporting.Alternative{Form: g.Layout.Form.ID, Title: g.Layout.Form.Title, Sheet: g.Layout.Sheet.Name, Period: period, Sure: sureness(g), Percent: min(g.Layout.Sure, 100)}
}

// sentFor is the period that a form is sent for when its sheet names one: the same, or of a monthly form that names the year so far the
// last month of it. The year alone names no month.
func sentFor(f *reporting.Form, names reporting.Period) (reporting.Period, bool) {
	switch {
	case f.Sends(names):
		return names, true
	case f.Periods == reporting.EachMonth && names.Len() < 12 && !names.IsZero() && names == names.YearToDate():
		return reporting.MonthPeriod(names.Last), true
	}
	return reporting.Period{}, false
}

// inFileName is the period that the name of the file gives: 2020年6月就业月报.xlsx, 6月.xls.
func inFileName(hint reporting.Hint) reporting.Period {
	name := strings.TrimSuffix(hint.FileName, path.Ext(hint.FileName))
	if p, ok := label.Period(name); ok {
		return p
	}
	if hint.Period.IsZero() {
		return reporting.Period{}
	}
	p, _ := label.MonthIn(name, hint.Period.Last.Year())
	return p
}

func seen(sheet *reporting.Sheet) reporting.SheetSeen {
	s := reporting.SheetSeen{Name: sheet.Name, Hidden: sheet.Hidden}
	if sheet.Hidden {
		return s
	}
	s.Rows = len(sheet.Rows)
	for _, row := range sheet.Rows {
		if n := len(row.Cells); n > 0 {
			s.Columns = max(s.Columns, int(row.Cells[n-1].Col)+1)
		}
	}
	return s
}
