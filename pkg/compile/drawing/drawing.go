// Package drawing lays out the charts of a report: a compile.Chart becomes rectangles, lines and texts, which html and pdf print as
// they stand. docx and xlsx draw charts themselves and take only colours, heights and words from here.
//
// Lengths are points; x runs to the right and y down. The same chart and width give the same shapes.
package drawing

import (
	"math/big"
	"strings"

	"huizong/pkg/compile"
)

// Shape is a Rect, a Line or a Text.
type Shape interface{ shape() }

// Rect is a filled rectangle.
type Rect struct {
	X, Y, Width, Height float64
	Color               string
}

// Line is a thin straight line.
type Line struct {
	X1, Y1, X2, Y2 float64
	Color          string
	Dashed         bool
}

// Text is one line of text. Y is its base line.
type Text struct {
	X, Y, Size float64
	Anchor     Anchor
	Run        compile.Run
}

// Anchor says which end of a text stands at its X.
type Anchor string

// The anchors, by their names in SVG.
const (
	Start  Anchor = "start"
	Middle Anchor = "middle"
	End    Anchor = "end"
)

func (Rect) shape() {}
func (Line) shape() {}
func (Text) shape() {}

// colors of the series. They differ in lightness, too: reports are printed in black and white.
var colors = [...]string{"1F4E79", "9DC3E6", "7F7F7F", "C55A11"}

const (
	ink    = "333333"
	grid   = "BFBFBF"
	alert  = "C00000"
	behind = "9DC3E6" // bars that do not reach the reference
)

// Color is the colour of the series n, as six hexadecimal digits.
func Color(n int) string { return colors[n%len(colors)] }

// PointColor is the colour of one point: that of its series, or a pale one where it stays behind the reference.
func PointColor(c compile.Chart, series int, p compile.Point) string {
	if c.Reference != nil && p.Value != nil && p.Value.Cmp(c.Reference.Value) < 0 {
		return behind
	}
	return Color(series)
}

// Note names the measure of a chart and explains its colours and signs.
func Note(c compile.Chart) string {
	note := "单位：" + c.Measure
	if c.Reference != nil {
		note += "；深色为达到" + ReferenceLabel(c) + "，浅色为未达到"
	}
	if c.Note != "" {
		note += "；" + c.Note
	}
	return note
}

// ReferenceLabel names the reference with its value: 时序进度50%.
func ReferenceLabel(c compile.Chart) string {
	text := c.Reference.Value.FloatString(2)
	return c.Reference.Label + strings.TrimRight(strings.TrimRight(text, "0"), ".") + c.Measure
}

// Format is the number format of a series: as many digits as its longest number has.
func Format(s compile.Series) string {
	places := 0
	for _, p := range s.Points {
		if _, fraction, ok := strings.Cut(p.Run.Text, "."); ok && p.Value != nil {
			places = max(places, len(fraction))
		}
	}
	if places == 0 {
		return "0"
	}
	return "0." + strings.Repeat("0", places)
}

// Height of a chart, which its content decides.
func Height(c compile.Chart) float64 {
	if c.Kind == compile.Bars {
		return barsTop + float64(len(c.Categories))*barPitch + barsBottom
	}
	return columnsHeight
}

// Draw lays out a chart on a width.
func Draw(c compile.Chart, width float64) []Shape {
	if c.Kind == compile.Bars {
		return bars(c, width)
	}
	return columns(c, width)
}

// extent is the range of all values and of zero.
func extent(c compile.Chart) (low, high float64) {
	include := func(v *big.Rat) {
		if v != nil {
			f, _ := v.Float64()
			low, high = min(low, f), max(high, f)
		}
	}
	for _, s := range c.Series {
		for _, p := range s.Points {
			include(p.Value)
		}
	}
	if c.Reference != nil {
		include(c.Reference.Value)
	}
	if low == high {
		high = 1
	}
	return low, high
}
