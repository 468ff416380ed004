package validate

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"huizong/pkg/reporting"
)

// between is a check between indicators, compiled, with what it reads.
type between struct {
	reporting.Check
	program  *vm.Program
	operands []operand
}

// operand is what one sheet, or the one of the month before, says of an indicator in all.
type operand struct {
	name      string // in the compiled expression
	indicator *reporting.Indicator
	form      *reporting.Form
	previous  bool
}

var indicatorCode = regexp.MustCompile(`\b(previous\.)?[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+\b`)

// compileBetween compiles a check over indicators of the catalogue: the language of the forms' rules, with codes in place of columns.
func compileBetween(c *reporting.Catalogue, check reporting.Check) (between, error) {
	b := between{Check: check}
	env := maps.Clone(operators)
	var wrong error
	text := indicatorCode.ReplaceAllStringFunc(check.Holds, func(written string) string {
		i := slices.IndexFunc(b.operands, func(o operand) bool { return o.written() == written })
		if i < 0 {
			o, err := newOperand(c, written, len(b.operands))
			if err != nil && wrong == nil {
				wrong = err
			}
			i = len(b.operands)
			b.operands, env[o.name] = append(b.operands, o), reporting.Decimal{}
		}
		return b.operands[i].name
	})
	if wrong != nil {
		return b, wrong
	}
	if len(b.operands) == 0 {
		return b, fmt.Errorf("%q reads no indicator", check.Holds)
	}
	for _, o := range b.operands[1:] {
		if o.indicator.IsMoney() != b.operands[0].indicator.IsMoney() {
			return b, fmt.Errorf("%q: money and counts cannot be compared", check.Holds)
		}
	}
	program, err := expr.Compile(text, append([]expr.Option{expr.Env(env), expr.DisableAllBuiltins(), expr.AsBool()}, overloads...)...)
	if err != nil {
		return b, fmt.Errorf("%q: %w", check.Holds, err)
	}
	b.program = program
	return b, nil
}

func newOperand(c *reporting.Catalogue, written string, n int) (operand, error) {
	code, previous := strings.CutPrefix(written, "previous.")
	o := operand{name: fmt.Sprintf("x%d", n), indicator: c.Indicator(code), form: c.FormOf(code), previous: previous}
	switch {
	case o.indicator == nil:
		return o, fmt.Errorf("unknown indicator %q", code)
	case o.form == nil || o.form.Shape == reporting.Ledger || o.form.Periods != reporting.EachMonth:
		return o, fmt.Errorf("%q is no indicator of a monthly form with fixed rows", code)
	}
	return o, nil
}

func (o operand) written() string {
	if o.previous {
		return "previous." + o.indicator.Code
	}
	return o.indicator.Code
}

// forms are those that the check reads.
func (b between) forms() []*reporting.Form {
	var forms []*reporting.Form
	for _, o := range b.operands {
		if !slices.Contains(forms, o.form) {
			forms = append(forms, o.form)
		}
	}
	return forms
}

// Between runs the catalogue's checks in which the table has a part: over its own indicators, those that stood of its sender's other forms
// for the same month, and those of the month before. past gives what stood; its error is returned. The form that comes last is compared
// with the others; a check of which a part is not there yet is said not to have been run.
func (c *Checker) Between(t *reporting.Table, past func(form string) (History, error)) ([]reporting.Finding, error) {
	if t.Period.Len() != 1 {
		return nil, nil
	}
	r := betweenRun{check: &check{Checker: c, table: t, form: c.catalogue.Form(t.Form.ID)}, ask: past, pasts: map[string]pastOf{}, sender: c.catalogue.Unit(t.Org)}
	for _, b := range c.between {
		if !slices.Contains(b.forms(), r.form) || !r.sends(b.forms()) {
			continue
		}
		if err := r.run(b); err != nil {
			return nil, err
		}
	}
	r.reportNotRun()
	return r.findings, nil
}

// betweenRun is the running of the checks for one table. c.catalogue is the one that the checks were compiled by: a table may have been
// read by one with a unit's own words.
type betweenRun struct {
	*check
	sender *reporting.OrgUnit
	ask    func(form string) (History, error)
	pasts  map[string]pastOf
	waits  []waiting
}

type pastOf struct {
	past
	units map[string][]string // of an indicator
}

// waiting is a check that was not run, and for want of what.
type waiting struct {
	want reporting.Text
	why  reporting.Text
}

// sends reports whether the sender sends all the forms: the check is about nobody else.
func (r *betweenRun) sends(forms []*reporting.Form) bool {
	return r.sender != nil && !slices.ContainsFunc(forms, func(f *reporting.Form) bool { return !f.SentBy(*r.sender) })
}

func (r *betweenRun) run(b between) error {
	env, values := maps.Clone(operators), make([]reporting.Decimal, len(b.operands))
	var at reporting.Value
	own := -1
	for i, o := range b.operands {
		value, cell, known, err := r.value(o)
		if err != nil {
			return err
		}
		if !known {
			r.waits = append(r.waits, waiting{r.want(o), b.Says})
			return nil
		}
		if o.form == r.form && !o.previous && own < 0 {
			own, at = i, cell
		}
		env[o.name], values[i] = value, value
	}
	result, err := expr.Run(b.program, env)
	if err != nil {
		panic(fmt.Sprintf("%s:%d: %v", b.Source, b.Line, err)) // it compiled with the same types
	}
	if own >= 0 && !result.(bool) {
		r.report(b, values, at)
	}
	return nil
}

// value is what the operand's sheet says in all: over its units, where it has several.
func (r *betweenRun) value(o operand) (value reporting.Decimal, at reporting.Value, known bool, err error) {
	if o.form == r.form && !o.previous {
		return r.own(o)
	}
	p, err := r.pastOf(o.form.ID)
	if err != nil {
		return value, at, false, err
	}
	month := r.table.Period.First
	if o.previous {
		month--
	}
	for _, unit := range p.units[o.indicator.Code] {
		if v, ok := p.value(o.indicator.Code, unit, month); ok {
			value, known = value.Add(v), true
		}
	}
	return value, at, known, nil
}

// own adds up the table's own values of the month, and returns the first of them.
func (r *betweenRun) own(o operand) (value reporting.Decimal, at reporting.Value, known bool, err error) {
	if r.catalogue.Cumulative(o.indicator.Code) {
		before, err := r.pastOf(r.form.ID)
		if err != nil {
			return value, at, false, err
		}
		r.check.past = before.past
	}
	for i := range r.table.Lines {
		line := &r.table.Lines[i]
		for column := range r.form.Columns {
			v := line.Values[column]
			if r.table.Indicator(line, column) != o.indicator.Code || v.Presence != reporting.Given {
				continue
			}
			month, ok := r.ofMonth(o.indicator.Code, line.Unit, v)
			if !ok {
				return value, at, false, nil
			}
			if value = value.Add(month); !known {
				at, known = v, true
			}
		}
	}
	return value, at, known, nil
}

func (r *betweenRun) pastOf(form string) (pastOf, error) {
	if p, known := r.pasts[form]; known {
		return p, nil
	}
	history, err := r.ask(form)
	if err != nil {
		return pastOf{}, err
	}
	p := pastOf{past: index(r.catalogue, history), units: map[string][]string{}}
	for key := range p.values {
		p.units[key.indicator] = append(p.units[key.indicator], key.unit)
	}
	r.pasts[form] = p
	return p, nil
}

func (r *betweenRun) report(b between, values []reporting.Decimal, at reporting.Value) {
	var zh, en []string
	for i, o := range b.operands {
		like := reporting.Value{Measure: reporting.Money(o.indicator.Measure)}
		zh = append(zh, fmt.Sprintf("%s为 %s", r.where(o).ZH, amount(values[i], like)))
		en = append(en, fmt.Sprintf("%s is %s", r.where(o).EN, amount(values[i], like)))
	}
	r.find(b.Code, reporting.SeverityWarning, at, reporting.Text{
		ZH: strings.Join(zh, "，") + "（" + b.Says.ZH + "），请核对",
		EN: strings.Join(en, ", ") + " (" + b.Says.EN + "): please check",
	})
}

// where names an operand: 《社会保险基金收支情况月报表》同月“失业保险基金支出”.
func (r *betweenRun) where(o operand) reporting.Text {
	name, title := o.indicator.Name, o.form.Title
	text := reporting.Text{ZH: "“" + name.ZH + "”", EN: "“" + name.EN + "”"}
	if o.previous {
		text = reporting.Text{ZH: "上月" + text.ZH, EN: text.EN + " of the month before"}
	}
	if o.form != r.form {
		return reporting.Text{ZH: "《" + title.ZH + "》" + text.ZH, EN: text.EN + " in “" + title.EN + "”"}
	}
	return text
}

// want says what of an operand is not there: its sheet, or a number in it.
func (r *betweenRun) want(o operand) reporting.Text {
	month := r.table.Period.First
	if o.previous {
		month--
	}
	if own := o.form == r.form && !o.previous; own || r.pasts[o.form.ID].accepted[month] {
		where := r.where(o)
		return reporting.Text{ZH: where.ZH + "没有数", EN: where.EN + " has no number"}
	}
	label, title := reporting.MonthPeriod(month).Label(), o.form.Title
	return reporting.Text{ZH: label + "的《" + title.ZH + "》尚未受理", EN: "“" + title.EN + "” of " + label + " is not accepted yet"}
}

// reportNotRun lists, once for each sheet or number that is missing, the checks that were not run.
func (r *betweenRun) reportNotRun() {
	done := map[string]bool{}
	for _, w := range r.waits {
		if done[w.want.ZH] {
			continue
		}
		done[w.want.ZH] = true
		var zh, en []string
		for _, other := range r.waits {
			if other.want == w.want {
				zh, en = append(zh, other.why.ZH), append(en, other.why.EN)
			}
		}
		r.findings = append(r.findings, reporting.Finding{Code: reporting.CheckNotRun, Severity: reporting.SeverityNote, Sheet: r.table.Sheet,
			Message: w.want.ZH + "，未作核对：" + strings.Join(zh, "；"), MessageEN: w.want.EN + ": not checked: " + strings.Join(en, "; ")})
	}
}
