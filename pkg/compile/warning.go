package compile

import (
	"cmp"
	"fmt"
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

// warningTable lists the warnings, the most urgent first. Where there is a limit it is short: it has no more than so many, and no column of
// what the thresholds come from; below it stands how many are left out, and where all of it is.
func (c *compiler) warningTable(most int) []Block {
	if len(c.Warnings) == 0 {
		return nil
	}
	t := Table{Dense: true, Columns: []Column{{"级别", 9, Center}, {"对象", 22, Left}, {"事项", 34, Left}, {"现值", 17, Right}, {"界限", 17, Right}, {"依据", 34, Left}}}
	shown := c.Warnings
	if most > 0 {
		shown = shown[:min(most, len(shown))]
	}
	for _, w := range shown { // the others are not printed, so they have no number of their own
		t.Rows = append(t.Rows, c.warningRow(w))
	}
	if most == 0 {
		return []Block{t}
	}
	last := len(t.Columns) - 1
	t.Columns = t.Columns[:last]
	for i := range t.Rows {
		t.Rows[i] = t.Rows[i][:last]
	}
	where := "界限的依据见系统“预警”页。"
	if rest := len(c.Warnings) - len(shown); rest > 0 {
		where = fmt.Sprintf("另有%d条，全部预警和%s", rest, where)
	}
	return []Block{t, Paragraph{Runs: []Run{{Text: where}}}}
}

func (c *compiler) warningRow(w Warning) []Cell {
	limit, value := Cell{{Text: none}}, Cell{{Text: none}}
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
	if strings.HasPrefix(string(a), unitsPrefix) {
		return "单位数"
	}
	return aspectLabels[a]
}
