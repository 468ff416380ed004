package drawing_test

import (
	"math/big"
	"reflect"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/compile/drawing"
)

const width = 400.0

// series has a point for each number; "" is none.
func series(name string, numbers ...string) compile.Series {
	s := compile.Series{Name: name}
	for _, n := range numbers {
		p := compile.Point{Run: compile.Run{Text: n}}
		if n == "" {
			p.Run = compile.Run{Text: "—", Mark: compile.Absent}
		} else {
			p.Value, _ = new(big.Rat).SetString(n)
		}
		s.Points = append(s.Points, p)
	}
	return s
}

func rects(shapes []drawing.Shape) (list []drawing.Rect) {
	for _, s := range shapes {
		if r, ok := s.(drawing.Rect); ok {
			list = append(list, r)
		}
	}
	return list
}

// text is the one that says so.
func text(t *testing.T, shapes []drawing.Shape, words string) drawing.Text {
	t.Helper()
	for _, s := range shapes {
		if text, ok := s.(drawing.Text); ok && text.Run.Text == words {
			return text
		}
	}
	t.Fatalf("%q is not in the chart", words)
	return drawing.Text{}
}

func near(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }

// TestBars: bars are as long as their numbers, from one line at zero, and what has no number has no bar and says so.
func TestBars(t *testing.T) {
	c := compile.Chart{Kind: compile.Bars, Categories: []string{"港口镇", "河西街道", "南山乡"}, Series: []compile.Series{series("完成", "50", "", "100")}}
	shapes := drawing.Draw(c, width)
	bars := rects(shapes)
	if len(bars) != 2 || !near(bars[1].Width, 2*bars[0].Width) || bars[0].X != bars[1].X || bars[0].Color != drawing.Color(0) {
		t.Fatalf("the bars of 50 and 100: %+v", bars)
	}
	if number := text(t, shapes, "100"); number.X < bars[1].X+bars[1].Width || number.Anchor != drawing.Start {
		t.Errorf("the number of a bar stands at %v", number)
	}
	if missing := text(t, shapes, "—"); missing.Run.Mark != compile.Absent || missing.X > bars[0].X+10 {
		t.Errorf("a number that is missing: %+v", missing)
	}
	if name := text(t, shapes, "南山乡"); name.Anchor != drawing.End || name.X > bars[0].X || name.Y < bars[1].Y || name.Y > bars[1].Y+bars[1].Height {
		t.Errorf("the third name stands at %v, its bar at %v", name, bars[1])
	}
}

// TestNegativeBars: what is below zero goes to the left of the line, its number at that end, and nothing leaves the chart.
func TestNegativeBars(t *testing.T) {
	c := compile.Chart{Kind: compile.Bars, Categories: []string{"甲", "乙"}, Series: []compile.Series{series("同比", "-20", "40")}}
	shapes := drawing.Draw(c, width)
	bars := rects(shapes)
	if !near(bars[1].Width, 2*bars[0].Width) || !near(bars[0].X+bars[0].Width, bars[1].X) {
		t.Errorf("the bars of -20 and 40: %+v", bars)
	}
	if number := text(t, shapes, "-20"); number.Anchor != drawing.End || number.X > bars[0].X {
		t.Errorf("-20 stands at %v", number)
	}
	checkInside(t, c)
}

// TestReference: bars that do not reach the reference are pale, and the numbers stand in one column that its line does not cross.
func TestReference(t *testing.T) {
	c := compile.Chart{Kind: compile.Bars, Measure: "%", Categories: []string{"甲", "乙", "丙"}, Series: []compile.Series{series("完成率", "49.9", "50", "80.25")},
		Reference: &compile.Reference{Label: "时序进度", Value: big.NewRat(50, 1)}, Note: "“—”为未报"}
	shapes := drawing.Draw(c, width)
	if bars := rects(shapes); bars[0].Color == drawing.Color(0) || bars[1].Color != drawing.Color(0) || bars[2].Color != drawing.Color(0) {
		t.Errorf("colours: %+v", bars)
	}
	if a, b := text(t, shapes, "49.9"), text(t, shapes, "80.25"); a.X != b.X {
		t.Errorf("the numbers stand at %v and %v", a.X, b.X)
	}
	line := text(t, shapes, "时序进度50%")
	if bars := rects(shapes); !near(line.X, bars[1].X+bars[1].Width) {
		t.Errorf("the reference stands at %v, the bar of 50 ends at %v", line.X, bars[1].X+bars[1].Width)
	}
	if got, want := drawing.Note(c), "单位：%；深色为达到时序进度50%，浅色为未达到；“—”为未报"; got != want {
		t.Errorf("note %q, want %q", got, want)
	}
	c.Reference.Value = big.NewRat(175, 3)
	if got := drawing.ReferenceLabel(c); got != "时序进度58.33%" {
		t.Errorf("a reference of 175/3 is %s", got)
	}
}

// TestColumns: each month has a column a series, side by side, as high as their numbers, with a legend in the same colours.
func TestColumns(t *testing.T) {
	c := compile.Chart{Kind: compile.Months, Measure: "人", Categories: []string{"1月", "2月", "3月"}, Series: []compile.Series{series("今年", "10", "", "40"), series("去年", "20", "30", "0")}}
	shapes := drawing.Draw(c, width)
	all := rects(shapes)
	legend, columns := all[:2], all[2:]
	if len(columns) != 5 || legend[0].Color != columns[0].Color || legend[1].Color != columns[1].Color || legend[0].Color == legend[1].Color {
		t.Fatalf("%d columns, legend %+v", len(columns), legend)
	}
	if !near(columns[1].Height, 2*columns[0].Height) || !near(columns[3].Height, 4*columns[0].Height) || columns[4].Height != 0 || columns[0].X+columns[0].Width > columns[1].X {
		t.Errorf("columns of 10, 20, 30, 40 and 0: %+v", columns)
	}
	if bottom := columns[0].Y + columns[0].Height; !near(bottom, columns[3].Y+columns[3].Height) || text(t, shapes, "3月").Y < bottom || text(t, shapes, "40").Y > columns[3].Y {
		t.Errorf("the columns end at %v", bottom)
	}
	if len(rects(drawing.Draw(c, width))) != len(all) || !reflect.DeepEqual(drawing.Draw(c, width), shapes) {
		t.Error("the same chart gives other shapes")
	}
}

// TestInside: whatever the numbers are, nothing leaves the chart's area, or is of no size at all.
func TestInside(t *testing.T) {
	for _, numbers := range [][]string{{"0", "0"}, {"", ""}, {"-5", "-7"}, {"999999999999.99", "0.01"}, {"-3", "9"}, {"1/3", "2/3"}} {
		for _, kind := range []compile.ChartKind{compile.Bars, compile.Months} {
			checkInside(t, compile.Chart{Kind: kind, Categories: []string{"甲", "乙"}, Series: []compile.Series{series("数", numbers...)}})
		}
	}
}

func checkInside(t *testing.T, c compile.Chart) {
	t.Helper()
	height := drawing.Height(c)
	inside := func(x, y float64) bool { return 0 <= x && x <= width && 0 <= y && y <= height }
	for _, s := range drawing.Draw(c, width) {
		ok := false
		switch s := s.(type) {
		case drawing.Rect:
			ok = inside(s.X, s.Y) && inside(s.X+s.Width, s.Y+s.Height) && s.Width >= 0 && s.Height >= 0
		case drawing.Line:
			ok = inside(s.X1, s.Y1) && inside(s.X2, s.Y2)
		case drawing.Text:
			ok = inside(s.X, s.Y) && s.Size > 0
		}
		if !ok {
			t.Errorf("%s of %v: %+v leaves %v × %v", c.Kind, c.Series[0].Points, s, width, height)
		}
	}
}

// TestFormat: a series is printed with the digits of its longest number; what is only a word has none.
func TestFormat(t *testing.T) {
	for want, numbers := range map[string][]string{"0": {"1", "", "20"}, "0.00": {"1", "2.25", "3.5"}, "0.0": {"-0.5"}} {
		if got := drawing.Format(series("", numbers...)); got != want {
			t.Errorf("%v: %s, want %s", numbers, got, want)
		}
	}
	if drawing.Color(0) == drawing.Color(1) || drawing.Color(0) != drawing.Color(4) {
		t.Error("four series have four colours")
	}
}
