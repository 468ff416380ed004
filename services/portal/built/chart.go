package built

import "huizong/pkg/reporting"

// Chart is what charts.js draws, in a <figure data-chart>; services/portal/bundle/README.md has the markup.
type Chart struct {
	Kind       ChartKind     `json:"kind"`
	Label      string        `json:"label"` // what the chart shows, for those who do not see it
	Categories []string      `json:"categories"`
	Series     []ChartSeries `json:"series"` // Progress has one
	Measure    string        `json:"measure,omitempty"`
	Digits     int           `json:"digits,omitempty"`  // decimals to print
	Percent    bool          `json:"percent,omitempty"` // values are shares: 0.489 is 48.9 %
	Mark       *ChartMark    `json:"mark,omitempty"`
	Links      []string      `json:"links,omitempty"` // a path of ours a category, which a click opens
}

// ChartKind is how a chart is drawn.
type ChartKind string

// The kinds.
const (
	Bars     ChartKind = "bars"     // months of this year beside last year's
	Lines    ChartKind = "lines"    // units, or years
	Progress ChartKind = "progress" // a bar a category, against its target
)

// ChartSeries is a line, or the bars of one colour. A value that is nil was not reported: it is drawn as nothing, not as zero.
type ChartSeries struct {
	Name   string               `json:"name"`
	Values []*reporting.Decimal `json:"values"`
	Before bool                 `json:"before,omitempty"` // what was before: last year
}

// ChartMark is a line across the values: the pace of the year, a target.
type ChartMark struct {
	Name  string            `json:"name"`
	Value reporting.Decimal `json:"value"`
}
