package drawing

import "huizong/pkg/compile"

const (
	barsTop    = 16.0
	barsBottom = 4.0
	barPitch   = 18.0
	barHeight  = 10.0
	textSize   = 9.0
	nameShare  = 0.42 // of the width, for the categories' names
	numberRoom = 42.0 // for a number beside its bar
)

// bars draws a lying bar for each category, its name at the left and its number at its end.
func bars(c compile.Chart, width float64) []Shape {
	low, high := extent(c)
	left, right := width*nameShare, width-numberRoom
	if low < 0 {
		left += numberRoom
	}
	x := func(v float64) float64 { return left + (v-low)/(high-low)*(right-left) }
	bottom := barsTop + float64(len(c.Categories))*barPitch
	shapes := []Shape{Line{X1: x(0), Y1: barsTop - 2, X2: x(0), Y2: bottom, Color: ink}}
	for i, p := range c.Series[0].Points {
		middle := barsTop + (float64(i)+0.5)*barPitch
		shapes = append(shapes, Text{X: width*nameShare - 6, Y: middle + textSize*0.36, Size: textSize, Anchor: End, Run: compile.Run{Text: c.Categories[i]}})
		shapes = append(shapes, bar(c, p, x, middle)...)
	}
	if c.Reference != nil {
		at, _ := c.Reference.Value.Float64()
		shapes = append(shapes,
			Line{X1: x(at), Y1: barsTop - 2, X2: x(at), Y2: bottom, Color: alert, Dashed: true},
			Text{X: x(at), Y: barsTop - 5, Size: textSize - 1, Anchor: Middle, Run: compile.Run{Text: ReferenceLabel(c)}})
	}
	return shapes
}

// bar is one bar with its number, which stands at the end that is away from zero; in a chart with a reference, whose line would cross
// the numbers, they stand below one another at the right.
func bar(c compile.Chart, p compile.Point, x func(float64) float64, middle float64) []Shape {
	text := Text{X: x(0) + 4, Y: middle + textSize*0.36, Size: textSize, Anchor: Start, Run: p.Run}
	if p.Value == nil {
		return []Shape{text}
	}
	v, _ := p.Value.Float64()
	rect := Rect{X: min(x(0), x(v)), Y: middle - barHeight/2, Width: max(x(v), x(0)) - min(x(0), x(v)), Height: barHeight, Color: PointColor(c, 0, p)}
	switch {
	case c.Reference != nil:
		_, high := extent(c)
		text.X = x(high) + 4
	case v < 0:
		text.X, text.Anchor = x(v)-4, End
	default:
		text.X = x(v) + 4
	}
	return []Shape{rect, text}
}
