package drawing

import "huizong/pkg/compile"

const (
	columnsHeight = 190.0
	columnsTop    = 34.0 // legend and the highest number stand above
	columnsFloor  = 22.0 // names of the categories stand below
	columnsFill   = 0.7  // of a category's width
	numberSize    = 8.0
)

// columns draws the categories side by side, in each a column for every series.
func columns(c compile.Chart, width float64) []Shape {
	low, high := extent(c)
	bottom := columnsHeight - columnsFloor
	y := func(v float64) float64 { return bottom - (v-low)/(high-low)*(bottom-columnsTop) }
	pitch := width / float64(len(c.Categories))
	thick := pitch * columnsFill / float64(len(c.Series))
	shapes := append(legend(c, width), Line{X1: 0, Y1: y(0), X2: width, Y2: y(0), Color: grid})
	for i, name := range c.Categories {
		center := (float64(i) + 0.5) * pitch
		shapes = append(shapes, Text{X: center, Y: columnsHeight - 8, Size: textSize, Anchor: Middle, Run: compile.Run{Text: name}})
		for n, s := range c.Series {
			left := center - pitch*columnsFill/2 + float64(n)*thick
			shapes = append(shapes, column(Color(n), s.Points[i], y, left, thick)...)
		}
	}
	return shapes
}

func column(color string, p compile.Point, y func(float64) float64, left, thick float64) []Shape {
	text := Text{X: left + thick/2, Y: y(0) - 3, Size: numberSize, Anchor: Middle, Run: p.Run}
	if p.Value == nil {
		return []Shape{text}
	}
	v, _ := p.Value.Float64()
	text.Y = min(y(v), y(0)) - 3
	return []Shape{Rect{X: left + 1, Y: min(y(v), y(0)), Width: thick - 2, Height: max(y(v), y(0)) - min(y(v), y(0)), Color: color}, text}
}

// legend names the series, from the left.
func legend(c compile.Chart, width float64) []Shape {
	var shapes []Shape
	x := 0.0
	for n, s := range c.Series {
		shapes = append(shapes, Rect{X: x, Y: 2, Width: 9, Height: 9, Color: Color(n)},
			Text{X: x + 13, Y: 10, Size: textSize, Anchor: Start, Run: compile.Run{Text: s.Name}})
		x += width / float64(len(c.Series)+1)
	}
	return shapes
}
