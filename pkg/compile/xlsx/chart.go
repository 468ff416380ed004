package xlsx

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/compile"
	"huizong/pkg/compile/drawing"
)

// charts makes a sheet for each chart: its numbers, and the native chart of them below.
func (b *book) charts() error {
	for _, c := range allCharts(b.document) {
		sheet, err := b.sheet(c.Title, true, 1)
		if err != nil {
			return err
		}
		if err := b.chart(sheet, c); err != nil {
			return err
		}
	}
	return nil
}

func allCharts(d *compile.Document) []compile.Chart {
	var charts []compile.Chart
	collect := func(blocks []compile.Block) {
		for _, block := range blocks {
			if c, ok := block.(compile.Chart); ok {
				charts = append(charts, c)
			}
		}
	}
	collect(d.Body)
	for _, a := range d.Annexes {
		collect(a.Blocks)
	}
	return charts
}

// column is one series as it stands in the sheet.
type column struct {
	name   string
	color  string
	points []compile.Point
}

// columnsOf parts the one series of a chart with a reference by whether its points reach it: a workbook's bars have one colour a
// series.
func columnsOf(c compile.Chart) []column {
	if c.Reference == nil {
		columns := make([]column, len(c.Series))
		for i, s := range c.Series {
			columns[i] = column{s.Name, drawing.Color(i), s.Points}
		}
		return columns
	}
	label := drawing.ReferenceLabel(c)
	columns := []column{{name: "达到" + label, color: drawing.Color(0)}, {name: "未达到" + label}}
	for _, p := range c.Series[0].Points {
		to, color := 0, drawing.PointColor(c, 0, p)
		if color != drawing.Color(0) {
			to, columns[1].color = 1, color
		}
		columns[to].points = append(columns[to].points, p)
		columns[1-to].points = append(columns[1-to].points, compile.Point{})
	}
	if columns[1].color == "" {
		return columns[:1]
	}
	return columns
}

func (b *book) chart(sheet string, c compile.Chart) error {
	columns := columnsOf(c)
	t := compile.Table{Columns: []compile.Column{{Title: "项目（" + c.Measure + "）", Share: 40}}}
	for _, column := range columns {
		t.Columns = append(t.Columns, compile.Column{Title: column.name, Share: 14, Align: compile.Right})
	}
	for i, name := range c.Categories {
		row := []compile.Cell{{{Text: name}}}
		for _, column := range columns {
			row = append(row, compile.Cell{column.points[i].Run})
		}
		t.Rows = append(t.Rows, row)
	}
	if err := b.table(sheet, t); err != nil {
		return err
	}
	return b.native(sheet, c, columns)
}

func (b *book) native(sheet string, c compile.Chart, columns []column) error {
	font := excelize.Font{Family: "宋体", Size: 10, Color: "333333"}
	chart := &excelize.Chart{
		Type: excelize.Col, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Font: &font, Text: c.Title + "（" + drawing.Note(c) + "）"}}},
		Format:    excelize.GraphicOptions{AltText: c.Describe()},
		Dimension: excelize.ChartDimension{Width: 860, Height: 400}, Legend: excelize.ChartLegend{Position: "bottom"},
		PlotArea: excelize.ChartPlotArea{ShowVal: true}, XAxis: excelize.ChartAxis{TickLabelPosition: excelize.ChartTickLabelLow, Font: font}, YAxis: excelize.ChartAxis{None: true}, // the numbers stand at the bars
	}
	if c.Kind == compile.Bars {
		overlap, gap := 100, uint(50)
		chart.Type, chart.XAxis.ReverseOrder, chart.Overlap, chart.GapWidth = excelize.Bar, true, &overlap, &gap
	}
	if len(columns) == 1 {
		chart.Legend.Position = "none"
	}
	last := len(c.Categories) + 1
	for i, column := range columns {
		name, err := excelize.ColumnNumberToName(i + 2)
		if err != nil {
			return err
		}
		chart.Series = append(chart.Series, excelize.ChartSeries{
			Name: fmt.Sprintf("'%s'!$%s$1", sheet, name), Categories: fmt.Sprintf("'%s'!$A$2:$A$%d", sheet, last), Values: fmt.Sprintf("'%s'!$%s$2:$%s$%d", sheet, name, name, last),
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{column.color}},
		})
	}
	return b.file.AddChart(sheet, address(0, last+1), chart)
}
