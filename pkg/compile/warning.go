package compile

import (
	"cmp"
	"math/big"
	"strings"
)

// Warning is an early warning, decided before the report is compiled: a number that has come near a threshold, or passed it.
type Warning struct {
	Rule      string // id of the rule
	Level     string // as it is printed: 红色, 黄色
	Subject   string // who or what it is about; "" is the unit of Figure
	Text      string // what is the matter
	Figure    FigureID
	Value     *big.Rat // computed from the figure; in its own unit, a rate as a share
	Threshold *big.Rat // nil: there is none
	Measure   string
	Places    int
	Basis     string // where the threshold comes from
}

// warningPrefix begins the aspect of a warning's number; the rule's id follows.
const warningPrefix = "warning."

func (c *compiler) warningTable() []Block {
	if len(c.Warnings) == 0 {
		return nil
	}
	t := Table{Dense: true, Columns: []Column{{"级别", 9, Center}, {"对象", 22, Left}, {"事项", 34, Left}, {"现值", 17, Right}, {"界限", 17, Right}, {"依据", 34, Left}}}
	for _, w := range c.Warnings {
		t.Rows = append(t.Rows, c.warningRow(w))
	}
	return []Block{t}
}

func (c *compiler) warningRow(w Warning) []Cell {
	limit, value := Cell{{Text: "—"}}, Cell{{Text: "—"}}
	if w.Threshold != nil {
		limit = Cell{{Text: printed(w.Threshold, w.Measure, w.Places) + w.Measure}}
	}
	if w.Value != nil {
		value = Cell{c.binder.bind(w.Figure, Aspect(warningPrefix+w.Rule), w.Value, w.Measure, w.Places), {Text: w.Measure}}
	}
	return []Cell{{{Text: w.Level}}, {{Text: cmp.Or(w.Subject, c.unitName(w.Figure.Unit))}}, {{Text: w.Text}}, value, limit, {{Text: w.Basis}}}
}

func (a Aspect) label() string {
	if strings.HasPrefix(string(a), warningPrefix) {
		return "预警"
	}
	return aspectLabels[a]
}
