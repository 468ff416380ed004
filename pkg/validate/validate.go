// Package validate checks a table: what its values must be to one another, to the months before, and to the unit's own history.
//
// It is pure: a table and the history that stood when its submission came give the same findings for ever, so a rebuild judges as
// the first time. The checks are the forms' own data: totals, parts, years' sums and keys as properties of columns and rows, all
// else as rules in a small expression language (expr-lang) over exact decimals.
package validate

import (
	"cmp"
	"fmt"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// Checker holds the compiled rules of all forms. It is safe for concurrent use.
type Checker struct {
	catalogue *reporting.Catalogue
	rules     map[string][]rule // by form
	between   []between
}

// New compiles the rules of the catalogue's forms. A rule that does not compile is an error of code invalid that begins with
// file:line.
func New(c *reporting.Catalogue) (*Checker, error) {
	checker := &Checker{catalogue: c, rules: map[string][]rule{}}
	for _, form := range c.Forms {
		for _, r := range form.Rules {
			compiled, err := compile(form, r)
			if err != nil {
				return nil, reporting.Errorf(reporting.Invalid, "%s:%d: rule %s: %w", form.Source, r.Line, r.Code, err)
			}
			checker.rules[form.ID] = append(checker.rules[form.ID], compiled)
		}
	}
	for _, check := range c.Checks {
		compiled, err := compileBetween(c, check)
		if err != nil {
			return nil, reporting.Errorf(reporting.Invalid, "%s:%d: check: %w", check.Source, check.Line, err)
		}
		checker.between = append(checker.between, compiled)
	}
	return checker, nil
}

// Check returns what is wrong with the table, in the order of its lines. history is what stood for the same unit and form when the
// submission came.
func (c *Checker) Check(t *reporting.Table, history History) []reporting.Finding {
	k := &check{Checker: c, table: t, form: t.Form, past: index(c.catalogue, history), facts: history.Facts}
	for i := range t.Lines {
		line := &t.Lines[i]
		k.checkParts(line)
		k.checkRules(line)
		k.checkYear(line)
		k.checkToDate(line)
		k.checkHistory(line)
	}
	k.checkMagnitude()
	k.checkRowParts()
	k.checkTotals()
	k.checkKeys()
	k.checkPersons()
	k.noteNotRun()
	return k.findings
}

// check is the checking of one table.
type check struct {
	*Checker
	table    *reporting.Table
	form     *reporting.Form
	past     past
	facts    []reporting.Fact // of the past, one by one
	findings []reporting.Finding
	notRun   map[int]int    // rule → lines on which it could not run
	env      map[string]any // what rules read, made when the first one runs
}

func (k *check) find(code reporting.FindingCode, severity reporting.Severity, v reporting.Value, message reporting.Text) {
	k.findings = reporting.AddFindings(k.findings, reporting.Finding{Code: code, Severity: severity, Sheet: cmp.Or(v.Sheet, k.table.Sheet), Cell: v.Cell, Value: v.Written,
		Message: message.ZH, MessageEN: message.EN})
}

// name is how a clerk would name a cell: 失业保险“期末滚存结余”.
func (k *check) name(line *reporting.Line, column int) string {
	return k.row(line) + "“" + label.ColumnName(k.form, column) + "”"
}

func (k *check) row(line *reporting.Line) string {
	for _, r := range k.form.Rows {
		if r.Code == line.Code && line.Code != "" {
			return r.Label
		}
	}
	if line.Unit != "" && k.form.RowUnits {
		return k.catalogue.Unit(line.Unit).Name.ZH
	}
	if line.Code == "" && k.form.Shape != reporting.Ledger {
		return "合计"
	}
	return fmt.Sprintf("第 %d 行", line.Row)
}

// amount prints a number as the sheet has it: money in the sheet's unit, with two digits, or as many as it needs.
func amount(number reporting.Decimal, like reporting.Value) string {
	factor, ok := like.Measure.Factor()
	if !ok {
		return number.Grouped(-1)
	}
	shown := number.Quo(factor, 8)
	return shown.Grouped(max(2, shown.Scale())) + " " + string(like.Measure)
}

// checkParts: a column that is a part of another is not greater (其中：上解省级 of 支出).
func (k *check) checkParts(line *reporting.Line) {
	for i, column := range k.form.Columns {
		if column.PartOf == "" {
			continue
		}
		whole := k.form.Column(column.PartOf)
		k.comparePart(line.Values[i], line.Values[whole], k.name(line, i), k.name(line, whole))
	}
}

// checkRowParts: a row that is a part of another is not greater, in any column of numbers (其中：人才引进 of 事业单位招聘人员).
func (k *check) checkRowParts() {
	lines := map[string]*reporting.Line{}
	for i := range k.table.Lines {
		lines[k.table.Lines[i].Code] = &k.table.Lines[i]
	}
	for _, row := range k.form.Rows {
		part, whole := lines[row.Code], lines[row.PartOf]
		if row.PartOf == "" || part == nil || whole == nil {
			continue
		}
		for i := range k.form.Columns {
			k.comparePart(part.Values[i], whole.Values[i], k.name(part, i), k.name(whole, i))
		}
	}
}

func (k *check) comparePart(part, whole reporting.Value, partName, wholeName string) {
	if part.Presence != reporting.Given || whole.Presence != reporting.Given || part.Number.Cmp(whole.Number) <= 0 {
		return
	}
	k.find(reporting.PartExceedsWhole, reporting.SeverityError, part, reporting.Textf(
		"%s是“其中”数，为 %s，大于%s %s", "%s is a part, %s, and greater than %s, %s",
		partName, amount(part.Number, part), wholeName, amount(whole.Number, whole)))
}

// checkTotals: the total row is the sum of the rows. A column in which a row is missing or unreadable is not added up: what is
// wrong there is found already.
func (k *check) checkTotals() {
	total := k.table.Total
	if total == nil {
		return
	}
	for i, column := range k.form.Columns {
		want := total.Values[i]
		if !column.Totalled || want.Presence != reporting.Given {
			continue
		}
		sum, whole := reporting.Decimal{}, true
		for _, line := range k.table.Lines {
			switch line.Values[i].Presence {
			case reporting.Given:
				sum = sum.Add(line.Values[i].Number)
			case reporting.Missing, reporting.Unreadable:
				whole = false
			}
		}
		if whole && !sum.Equal(want.Number) {
			k.find(reporting.TotalMismatch, reporting.SeverityError, want, reporting.Textf(
				"%s应为 %s（各行之和），表中为 %s", "%s must be %s (the sum of the rows); it is %s",
				k.name(total, i), amount(sum, want), amount(want.Number, want)))
		}
	}
}

// checkKeys: no row of a ledger stands twice.
func (k *check) checkKeys() {
	if len(k.form.Key) == 0 {
		return
	}
	seen := map[string]string{}
	for i := range k.table.Lines {
		line := &k.table.Lines[i]
		key, whole := "", true
		for _, id := range k.form.Key {
			v := line.Values[k.form.Column(id)]
			whole = whole && v.Presence == reporting.Given
			key += v.Text + "\x00"
		}
		if !whole {
			continue
		}
		at := line.Values[k.form.Column(k.form.Key[0])]
		if first := seen[key]; first != "" {
			k.find(reporting.DuplicateRow, reporting.SeverityError, at, reporting.Textf(
				"%s与 %s 重复；如果是同一件，请核对后只留一行，如果不是，请改正其中写错的", "%s repeats %s: where it is the same one, compare the rows and keep one; where it is not, correct the one that is wrong", k.name(line, k.form.Column(k.form.Key[0])), first))
			continue
		}
		seen[key] = at.Place()
	}
}
