package compile

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// Chart is a picture of figures. Its numbers are bound as those of the text are.
type Chart struct {
	Title      string
	Kind       ChartKind
	Measure    string // of all numbers in it
	Categories []string
	Series     []Series
	Reference  *Reference // nil: none
	Note       string     // of the signs in it; "" for none
}

// ChartKind says how a chart is drawn.
type ChartKind string

// The kinds.
const (
	Bars   ChartKind = "bars"   // one lying bar a category, of one series
	Months ChartKind = "months" // the period's months side by side, one column a series
)

// Series is what has one colour.
type Series struct {
	Name   string
	Points []Point // one a category
}

// Point is one number of a chart.
type Point struct {
	Run   Run      // as it is printed, without the measure
	Value *big.Rat // in the chart's measure; nil where there is none
}

// Reference is a line that bars are to reach.
type Reference struct {
	Label string
	Value *big.Rat
}

func (Chart) block() {}

// some reports whether there is a number in the chart. One without says nothing.
func (c Chart) some() bool {
	return slices.ContainsFunc(c.Series, func(s Series) bool {
		return slices.ContainsFunc(s.Points, func(p Point) bool { return p.Value != nil })
	})
}

// chart makes the chart of a part. What is missing leaves a dash in its place.
func (c *compiler) chart(p chartPart) Chart {
	chart := Chart{Title: c.plain(sentence{nodes: textsOf(p.nodes)}), Kind: ChartKind(p.kind.text)}
	figures := figuresOf(p.nodes)
	chart.Measure = chartMeasure(figures[0], c.Catalogue)
	if chart.Kind == Months {
		c.fillMonths(&chart, figures)
	} else {
		c.fillBars(&chart, figures)
	}
	return chart
}

func (c *compiler) fillBars(chart *Chart, figures []figureNode) {
	bars := Series{Name: barsLabel(figures[0].aspect, chart.Measure)}
	for _, n := range figures {
		chart.Categories = append(chart.Categories, nameOf(c.Catalogue, n.code.text)+chart.sign(c.partly(n, c.periodOf(n))))
		bars.Points = append(bars.Points, c.point(n, c.periodOf(n), chart.Measure))
	}
	chart.Series = []Series{bars}
	if share, ok := elapsed(c.periodOf(figures[0])); ok && figures[0].aspect == Completion {
		chart.Reference = &Reference{Label: "时序进度", Value: share.Mul(share, hundred)}
	}
}

func barsLabel(a Aspect, measure string) string {
	if label := aspectLabels[a]; label != "" {
		return label + "（" + measure + "）"
	}
	return measure
}

func (c *compiler) fillMonths(chart *Chart, figures []figureNode) {
	for _, m := range c.Period.Months() {
		partly := slices.ContainsFunc(figures, func(n figureNode) bool { return c.partly(n, reporting.MonthPeriod(m)) })
		chart.Categories = append(chart.Categories, fmt.Sprintf("%d月", m.Number())+chart.sign(partly))
	}
	for _, n := range figures {
		series := Series{Name: nameOf(c.Catalogue, n.code.text)}
		for _, m := range c.Period.Months() {
			series.Points = append(series.Points, c.point(n, reporting.MonthPeriod(m), chart.Measure))
		}
		chart.Series = append(chart.Series, series)
	}
}

// partly reports whether some unit is not in a figure.
func (c *compiler) partly(n figureNode, p reporting.Period) bool {
	f, known := c.Figures(n.code.text, c.subject, p)
	return known && !f.Complete()
}

// sign marks a category whose numbers are not whole.
func (c *Chart) sign(partly bool) string {
	if !partly {
		return ""
	}
	c.Note = partialSign + "：有单位未报齐"
	return partialSign
}

// drawn reports whether a number that some unit is not in has its place in a chart: a month that is not whole must not look like a fall.
func (c *compiler) drawn(n figureNode, f reporting.Figure) bool {
	rule := c.Template.incomplete
	switch {
	case f.Complete():
		return true
	case n.aspect == Growth:
		return rule.Change == mark
	case f.Period.Len() == 1:
		return rule.Trend == mark
	}
	return true
}

func (c *compiler) point(n figureNode, p reporting.Period, measure string) Point {
	code := n.code.text
	f, _ := c.Figures(code, c.subject, p)
	exact, _ := exactOf(c.Catalogue.Indicator(code), f, n.aspect)
	if exact == nil || !c.drawn(n, f) {
		return Point{Run: Run{Text: none}}
	}
	return Point{Run: c.binder.bind(idOf(f), n.aspect, exact, measure, c.places(n, measure)), Value: scaled(exact, measure)}
}

// chartMeasure is the measure that a figure of a chart is drawn in.
func chartMeasure(n figureNode, catalogue *reporting.Catalogue) string {
	i := catalogue.Indicator(n.code.text)
	if n.measure.text != "" || i == nil {
		return n.measure.text
	}
	_, measure := exactOf(i, reporting.Figure{Value: new(big.Rat), Previous: new(big.Rat)}, n.aspect)
	return measure
}

// checkChart checks that the numbers of a chart can stand on one scale.
func checkChart(p chartPart, catalogue *reporting.Catalogue, found *problems) {
	if kind := ChartKind(p.kind.text); kind != Bars && kind != Months {
		found.add(p.kind.position, "unknown chart %q; there are %s and %s", p.kind.text, Bars, Months)
	}
	figures := figuresOf(p.nodes)
	for _, u := range unitsOf(p.nodes) {
		found.add(u.position, "no units in a chart")
	}
	if len(figures) == 0 {
		found.add(p.position, "a chart wants figures: {indicator}{indicator}")
		return
	}
	if strings.TrimSpace(plainText(textsOf(p.nodes))) == "" {
		found.add(p.position, "a chart wants a title before its figures")
	}
	first := chartMeasure(figures[0], catalogue)
	for _, f := range figures {
		switch measure := chartMeasure(f, catalogue); {
		case f.level != "":
			found.add(f.position, "a chart is about the city's targets")
		case f.aspect != Value && f.aspect != Completion && f.aspect != Growth:
			found.add(f.position, "a chart shows values, completion or growth")
		case measure == autoMoney:
			found.add(f.measure.position, "a chart has one measure: name it")
		case measure != first:
			found.add(f.position, "%s does not stand on one scale with %s", measure, first)
		case f.aspect != Value && ChartKind(p.kind.text) == Months:
			found.add(f.position, "a chart of months shows values")
		}
	}
}

// textsOf are the nodes of plain text.
func textsOf(nodes []node) []node {
	var texts []node
	for _, n := range nodes {
		if t, ok := n.(textNode); ok {
			texts = append(texts, t)
		}
	}
	return texts
}

func plainText(nodes []node) string {
	var b strings.Builder
	for _, n := range nodes {
		b.WriteString(n.(textNode).text)
	}
	return b.String()
}
