package change

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// listed is how many findings of one kind name a row. What is more is counted.
const listed = 50

// Comparison is a sheet, beside what stood of its sender and form when it came.
type Comparison struct {
	Catalogue *reporting.Catalogue
	Form      *reporting.Form
	Closed    reporting.Closed
	Before    []reporting.Stood // within the Reach of the sheet, of each slot one
	Sheet     reporting.Stood
	FileOf    func(submission string) string // the name of a file that stood
}

// Findings says what the sheet may not change, and what it leaves out. later is the standing sheet of a later period that counts for the
// slot, beside which this one changes nothing, if there is one.
func (c Comparison) Findings() []reporting.Finding {
	replaced, stays := c.parted()
	if replaced != nil && c.outranked(*replaced) {
		return []reporting.Finding{c.later(*replaced)}
	}
	older, newer := newLedger(c.Form, c.Before), newLedger(c.Form, []reporting.Stood{c.Sheet})
	row := func(f reporting.Fact) string {
		if key := newer.of(f); key != "" {
			return key
		}
		return older.of(f)
	}
	closed := frozen{c.Closed}
	found := moves(closed.places(c.Catalogue, c.Form, c.Before), closed.places(c.Catalogue, c.Form, append(stays, c.Sheet)), c.Form.Shape == reporting.Ledger, row)
	refused, rows := c.refusals(found, older, newer, row)
	if replaced != nil && c.Form.Coverage == reporting.CoversYear {
		refused = append(refused, c.leftOut(newLedger(c.Form, []reporting.Stood{*replaced}), newer, rows)...)
	}
	return refused
}

// outranked reports whether the standing sheet goes on standing: it is of a later period, or it came later than this one, which is decided
// again.
func (c Comparison) outranked(s reporting.Stood) bool {
	return s.Period.Last > c.Sheet.Period.Last || s.Period == c.Sheet.Period && s.Submission > c.Sheet.Submission
}

// parted are the sheet of the same slot, whose place this one takes, and the others.
func (c Comparison) parted() (replaced *reporting.Stood, stays []reporting.Stood) {
	for i, s := range c.Before {
		if c.Form.Slot(s.Period) == c.Form.Slot(c.Sheet.Period) {
			replaced = &c.Before[i]
		} else {
			stays = append(stays, s)
		}
	}
	return replaced, stays
}

// later says that a sheet of a later period counts for the year.
func (c Comparison) later(s reporting.Stood) reporting.Finding {
	message := reporting.Textf("%s的报表（%s）已经受理，以它为准：这一份已存档，但数字没有变化；要更正，请改在%s的报表里再报",
		"the sheet of %s (%s) was accepted, and it is the one that speaks: this one is kept, and no figure changes; to correct something, correct it in the sheet of %s",
		s.Period.Label(), c.FileOf(s.Submission), s.Period.Label())
	return finding(reporting.LaterStands, reporting.SeverityNote, message)
}

func finding(code reporting.FindingCode, severity reporting.Severity, message reporting.Text) reporting.Finding {
	return reporting.Finding{Code: code, Severity: severity, Message: message.ZH, MessageEN: message.EN}
}

// refusals are the findings of what moves: of a ledger one a row, and of other forms one a value. rows are the keys of the rows named.
func (c Comparison) refusals(found []move, older, newer *ledger, row func(reporting.Fact) string) ([]reporting.Finding, map[string]bool) {
	months, cells := map[string]map[reporting.Month]bool{}, map[string]string{}
	var others []move
	var silent map[reporting.Month]bool // that were not reported
	for _, m := range found {
		if m.what == sent {
			silent = with(silent, m.months)
			continue
		}
		byRow := false
		for _, f := range slices.Concat(m.before, m.after) {
			if key := row(f); key != "" && !older.same(newer, key) {
				months[key], byRow = with(months[key], m.months), true
			}
		}
		for _, f := range m.after {
			if key := row(f); cells[key] == "" { // values before dockets: the cell of the day that is new
				cells[key] = f.Cell
			}
		}
		if !byRow {
			others = append(others, m)
		}
	}
	var findings []reporting.Finding
	for _, key := range slices.Sorted(maps.Keys(months)) {
		findings = append(findings, c.rowMoves(key, months[key], cells[key], older, newer))
	}
	for _, m := range others {
		findings = append(findings, c.valueMoves(m))
	}
	slices.SortStableFunc(findings, func(a, b reporting.Finding) int {
		return cmp.Or(cmp.Compare(a.Sheet, b.Sheet), cmp.Compare(rowOf(a.Cell), rowOf(b.Cell)))
	})
	if silent != nil && len(findings) == 0 {
		findings = append(findings, c.newlyReported(silent))
	}
	rows := map[string]bool{}
	for key := range months {
		rows[key] = true
	}
	return bounded(findings), rows
}

func with(set map[reporting.Month]bool, months []reporting.Month) map[reporting.Month]bool {
	if set == nil {
		set = map[reporting.Month]bool{}
	}
	for _, m := range months {
		set[m] = true
	}
	return set
}

// bounded keeps the first findings, and says how many more there are.
func bounded(findings []reporting.Finding) []reporting.Finding {
	if len(findings) <= listed {
		return findings
	}
	rest := findings[listed]
	more := finding(rest.Code, rest.Severity, reporting.Textf("还有 %d 处同样的问题，没有一一列出", "%d more of the same are not listed", len(findings)-listed))
	return append(findings[:listed:listed], more)
}

// rowMoves says what a row of a ledger would move: what it said before, and says now. cell is where it says something new; of a row that
// moves figures by what it no more says it is the first cell.
func (c Comparison) rowMoves(key string, months map[reporting.Month]bool, cell string, older, newer *ledger) reporting.Finding {
	was, stood := older.rows[key]
	is, stands := newer.rows[key]
	closed := labels(months)
	var message reporting.Text
	switch before, after := older.differences(was.LedgerRow, is.LedgerRow); {
	case stood && stands:
		message = reporting.Textf("%s 这一行会改动已关闭的%s的数字：原来是“%s”（%s），现在是“%s”。请改回原来的内容，或请市局重新开放%s后再报",
			"the row %s would move figures of %s, which is closed: it was “%s” (%s), now it is “%s”. Correct it back, or ask the bureau to open %s again",
			newer.name(is.LedgerRow), closed, orNothing(before), c.where(was), orNothing(after), closed)
	case stands:
		message = reporting.Textf("%s 这一行会给已关闭的%s增加数字：原来没有这一行。请市局重新开放%s后再报；如果本来就不该有这一行，请删去",
			"the row %s would add to figures of %s, which is closed: it was not there before. Ask the bureau to open %s again; take the row out where it should never have been there",
			newer.name(is.LedgerRow), closed, closed)
	default:
		message = reporting.Textf("缺少 %s 这一行（原来在 %s），已关闭的%s的数字会因此改动。请补回这一行，或请市局重新开放%s后再报",
			"the row %s is missing (it was in %s), which would move figures of %s, which is closed. Put it back, or ask the bureau to open %s again",
			older.name(was.LedgerRow), c.where(was), closed, closed)
	}
	f := finding(reporting.PeriodLocked, reporting.SeverityError, message)
	if stands {
		f.Sheet, f.Cell = is.Sheet, cmp.Or(cell, reporting.CellName(is.Row-1, 0))
	}
	return f
}

// where is the place of a row that stood: file, sheet and cell.
func (c Comparison) where(r row) string {
	place := reporting.CellName(r.Row-1, 0)
	if r.Sheet != "" {
		place = r.Sheet + "!" + place
	}
	return strings.TrimSpace(c.FileOf(r.submission) + " " + place)
}

// valueMoves says what a value of an indicator would become.
func (c Comparison) valueMoves(m move) reporting.Finding {
	closed, name := labels(with(nil, m.months)), c.name(m)
	message := reporting.Textf("“%s”会改动已关闭的%s的数字：原来是 %s，这份表会使它变成 %s。请改回原来的数，或请市局重新开放%s后再报",
		"“%s” would move figures of %s, which is closed: it was %s, this sheet would make it %s. Correct it back, or ask the bureau to open %s again",
		name, closed, sum(m.was), sum(m.would), closed)
	f := finding(reporting.PeriodLocked, reporting.SeverityError, message)
	l := c.lineage(m)
	f.Sheet, f.Cell, f.Value = l.Sheet, l.Cell, l.Written
	return f
}

// name is what a clerk calls the value: its indicator, and whose or what it is.
func (c Comparison) name(m move) string {
	name := m.indicator
	if i := c.Catalogue.Indicator(m.indicator); i != nil {
		name = i.Name.ZH
	}
	switch u := c.Catalogue.Unit(m.unit); {
	case m.what == target:
		return name + "年度目标"
	case m.what == lastYear:
		return name + "上年同期数"
	case u != nil:
		return u.Name.ZH + name
	}
	return name
}

func sum(h *held) string {
	if h == nil {
		return "—"
	}
	return h.sum.String()
}

// lineage is the cell of the sheet that moves the value: its own, or the one of the same indicator from which a later month is a difference.
func (c Comparison) lineage(m move) reporting.Lineage {
	for _, f := range m.after {
		if f.Submission == c.Sheet.Submission {
			return f.Lineage
		}
	}
	for _, o := range c.Sheet.Observations {
		if o.Indicator == m.indicator && o.Unit == m.unit {
			return o.Lineage
		}
	}
	return reporting.Lineage{}
}

// newlyReported is the finding that the sheet would report closed months which were not reported when they were closed.
func (c Comparison) newlyReported(months map[reporting.Month]bool) reporting.Finding {
	closed := labels(months)
	return finding(reporting.PeriodLocked, reporting.SeverityError, reporting.Textf(
		"%s已关闭，关闭时没有收到本单位的这张表；这份表覆盖到这些月份，会使它们变成已报送。请市局重新开放%s后再报",
		"%s is closed, and this form had not been received for it; this sheet covers it, and would make it reported. Ask the bureau to open %s again", closed, closed))
}

// leftOut warns of the rows that stood, and that the sheet has no more.
func (c Comparison) leftOut(older, newer *ledger, refused map[string]bool) []reporting.Finding {
	var gone []row
	for key, r := range older.rows {
		if _, there := newer.rows[key]; !there && !refused[key] {
			gone = append(gone, r)
		}
	}
	slices.SortFunc(gone, func(a, b row) int { return cmp.Or(cmp.Compare(a.Sheet, b.Sheet), cmp.Compare(a.Row, b.Row)) })
	var findings []reporting.Finding
	for _, r := range gone {
		findings = append(findings, finding(reporting.RowLeftOut, reporting.SeverityWarning, reporting.Textf(
			"%s 这一行原来在 %s，这一份里没有了：它不再计入。如果是漏了，请补上再报",
			"the row %s was in %s and is not in this one: it counts no more. If it was left out by mistake, add it and send again", older.name(r.LedgerRow), c.where(r))))
	}
	return bounded(findings)
}

// labels names months as an office does, runs together: 2020年1—3月、2020年5月.
func labels(months map[reporting.Month]bool) string {
	var runs []reporting.Period
	for _, m := range slices.Sorted(maps.Keys(months)) {
		if n := len(runs); n > 0 && runs[n-1].Last+1 == m && m.Number() != 1 {
			runs[n-1].Last = m
		} else {
			runs = append(runs, reporting.MonthPeriod(m))
		}
	}
	names := make([]string, len(runs))
	for i, p := range runs {
		names[i] = p.Label()
	}
	return strings.Join(names, "、")
}
