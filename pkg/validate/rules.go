package validate

import (
	"errors"
	"fmt"
	"maps"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// rule is a form's rule, compiled, with the operands that it reads.
type rule struct {
	reporting.Rule
	program  *vm.Program
	at       int
	columns  []string // columns of the row
	previous []string // columns of the same row in the month before
}

// operators are what a rule may do with exact decimals and days. Nothing else is callable: a rule is data from a file, not a
// program.
var operators = map[string]any{
	"add": reporting.Decimal.Add, "sub": reporting.Decimal.Sub, "mul": reporting.Decimal.Mul, "neg": reporting.Decimal.Neg,
	"decimalEqual":   func(a, b reporting.Decimal) bool { return a.Cmp(b) == 0 },
	"decimalLess":    func(a, b reporting.Decimal) bool { return a.Cmp(b) < 0 },
	"decimalAtMost":  func(a, b reporting.Decimal) bool { return a.Cmp(b) <= 0 },
	"decimalMore":    func(a, b reporting.Decimal) bool { return a.Cmp(b) > 0 },
	"decimalAtLeast": func(a, b reporting.Decimal) bool { return a.Cmp(b) >= 0 },
	"dateEqual":      func(a, b reporting.Date) bool { return a == b },
	"dateBefore":     func(a, b reporting.Date) bool { return a < b },
	"dateUntil":      func(a, b reporting.Date) bool { return a <= b },
	"dateAfter":      func(a, b reporting.Date) bool { return a > b },
	"dateFrom":       func(a, b reporting.Date) bool { return a >= b },
}

var overloads = []expr.Option{
	expr.Operator("+", "add"), expr.Operator("-", "sub"), expr.Operator("*", "mul"),
	expr.Operator("==", "decimalEqual", "dateEqual"), expr.Operator("<", "decimalLess", "dateBefore"), expr.Operator("<=", "decimalAtMost", "dateUntil"),
	expr.Operator(">", "decimalMore", "dateAfter"), expr.Operator(">=", "decimalAtLeast", "dateFrom"),
}

func compile(form *reporting.Form, r reporting.Rule) (rule, error) {
	text := r.Expect + r.Holds
	compiled := rule{Rule: r, at: form.Column(r.At)}
	tree, err := parser.Parse(text)
	if err != nil {
		return compiled, fmt.Errorf("%q: %w", text, err)
	}
	if err := compiled.operands(form, tree.Node); err != nil {
		return compiled, fmt.Errorf("%q: %w", text, err)
	}
	options := append([]expr.Option{expr.Env(types(form)), expr.DisableAllBuiltins()}, overloads...)
	if r.Holds != "" {
		options = append(options, expr.AsBool())
	}
	program, err := expr.Compile(text, options...)
	if err != nil {
		return compiled, fmt.Errorf("%q: %w", text, err)
	}
	compiled.program = program
	if r.Expect == "" {
		return compiled, nil
	}
	// A rule that does not yield a decimal would fail on the first sheet: let it fail now.
	result, err := expr.Run(program, types(form))
	if _, ok := result.(reporting.Decimal); err != nil || !ok {
		return compiled, fmt.Errorf("%q yields %T, not a decimal", text, result)
	}
	return compiled, nil
}

// types is an environment with a value of the right type for every column.
func types(form *reporting.Form) map[string]any {
	env := maps.Clone(operators)
	previous := map[string]reporting.Decimal{}
	for _, c := range form.Columns {
		switch c.Type {
		case reporting.DateValue:
			env[c.ID] = reporting.Date(0)
		case reporting.Amount, reporting.Integer, reporting.MoneyValue:
			env[c.ID] = reporting.Decimal{}
			previous[c.ID] = reporting.Decimal{}
		}
	}
	env["previous"] = previous
	return env
}

// operands collects what the rule reads, and refuses what is no column.
func (r *rule) operands(form *reporting.Form, root ast.Node) error {
	visitor := operandVisitor{}
	ast.Walk(&root, &visitor)
	for _, id := range visitor.previous {
		i := form.Column(id)
		if i < 0 || form.Columns[i].Loads == "" && form.Columns[i].Type != reporting.Amount {
			return fmt.Errorf("previous.%s is no column that is loaded", id)
		}
	}
	for _, id := range visitor.columns {
		if form.Column(id) < 0 {
			return fmt.Errorf("unknown column %q", id)
		}
	}
	if len(visitor.columns)+len(visitor.previous) == 0 {
		return errors.New("it reads no column")
	}
	r.columns, r.previous = visitor.columns, visitor.previous
	return nil
}

type operandVisitor struct {
	columns, previous []string
}

// Visit sees children before parents: previous.closing comes as the identifier previous, and then as its member.
func (v *operandVisitor) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		if n.Value != "previous" {
			v.columns = append(v.columns, n.Value)
		}
	case *ast.MemberNode:
		if property, ok := n.Property.(*ast.StringNode); ok {
			v.previous = append(v.previous, property.Value)
		}
	}
}

// checkRules runs the form's rules on the line. A rule whose operand is not given says nothing about the line: what is missing is
// found elsewhere, or, for a month before that is not there, noted once at the end.
func (k *check) checkRules(line *reporting.Line) {
	for i, r := range k.rules[k.form.ID] {
		env, ready := k.environment(r, line)
		if !ready {
			continue
		}
		if env == nil {
			if k.notRun == nil {
				k.notRun = map[int]int{}
			}
			k.notRun[i]++
			continue
		}
		result, err := expr.Run(r.program, env)
		if err != nil {
			panic(fmt.Sprintf("%s:%d: rule %s: %v", k.form.Source, r.Line, r.Code, err)) // it ran on the same types when it was compiled
		}
		k.judge(r, line, result)
	}
}

// environment gives the rule its operands: not ready when one in the row is not given, nil when one of the month before is not there.
//
// The environment is one for all lines: a rule runs only where all that it reads is set anew.
func (k *check) environment(r rule, line *reporting.Line) (env map[string]any, ready bool) {
	if k.env == nil {
		k.env = types(k.form)
	}
	env = k.env
	at := line.Values[r.at]
	if at.Presence != reporting.Given {
		return nil, false
	}
	for _, id := range r.columns {
		v := line.Values[k.form.Column(id)]
		if v.Presence != reporting.Given {
			return nil, false
		}
		if k.form.Columns[k.form.Column(id)].Type == reporting.DateValue {
			env[id] = v.Date
		} else {
			env[id] = v.Number
		}
	}
	previous := map[string]reporting.Decimal{}
	for _, id := range r.previous {
		value, ok := k.past.wrote(k.table.Indicator(line, k.form.Column(id)), line.Unit, k.table.Period.First-1)
		if !ok {
			return nil, true
		}
		previous[id] = value
	}
	env["previous"] = previous
	return env, true
}

func (k *check) judge(r rule, line *reporting.Line, result any) {
	at := line.Values[r.at]
	if r.Holds != "" {
		if !result.(bool) {
			name := k.name(line, r.at)
			k.find(r.Code, r.Severity, at, reporting.Text{ZH: name + "：" + r.Says.ZH + "，请核对", EN: name + ": " + r.Says.EN + "; please check"})
		}
		return
	}
	want := result.(reporting.Decimal)
	if want.Equal(at.Number) {
		return
	}
	name, should, is := k.name(line, r.at), amount(want, at), amount(at.Number, at)
	k.find(r.Code, r.Severity, at, reporting.Text{
		ZH: fmt.Sprintf("%s应为 %s（%s），表中为 %s", name, should, r.Says.ZH, is),
		EN: fmt.Sprintf("%s must be %s (%s); it is %s", name, should, r.Says.EN, is),
	})
}

// noteNotRun says once for each rule that it could not be checked, and why.
func (k *check) noteNotRun() {
	for i, r := range k.rules[k.form.ID] {
		if k.notRun[i] == 0 {
			continue
		}
		last := reporting.MonthPeriod(k.table.Period.First - 1).Label()
		message := reporting.Text{
			ZH: fmt.Sprintf("%s还没有已受理的数据，“%s”（%s）未作核对", last, label.ColumnName(k.form, r.at), r.Says.ZH),
			EN: fmt.Sprintf("nothing of %s is accepted yet: “%s” (%s) was not checked", last, label.ColumnName(k.form, r.at), r.Says.EN),
		}
		k.findings = reporting.AddFindings(k.findings, reporting.Finding{Code: reporting.CheckNotRun, Severity: reporting.SeverityNote, Sheet: k.table.Sheet,
			Message: message.ZH, MessageEN: message.EN})
	}
}
