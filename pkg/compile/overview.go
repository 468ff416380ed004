package compile

import (
	"strconv"

	"huizong/pkg/reporting"
)

// overviewColumns are the numbers of a figure, as the overview has them from left to right.
var overviewColumns = []struct {
	title  string
	aspect Aspect
	share  int
}{
	{"数值", Value, 14}, {"分子", Numerator, 11}, {"分母", Denominator, 11}, {"全年目标", Target, 11}, {"完成率", Completion, 11},
	{"上年同期", Previous, 14}, {"同比", Growth, 18},
}

// overview is the table of all the city's figures of the period, in the catalogue's order.
func (c *compiler) overview() Table {
	t := Table{Dense: true, Wide: true, Columns: []Column{{"指标", 34, Left}, {"计量单位", 11, Center}}}
	for _, column := range overviewColumns {
		t.Columns = append(t.Columns, Column{column.title, column.share, Right})
	}
	t.Columns = append(t.Columns, Column{"已报", 8, Right}, Column{"应报", 8, Right})
	for i := range c.Catalogue.Indicators {
		if f, known := c.Figures(c.Catalogue.Indicators[i].Code, c.Catalogue.City, c.Period); known {
			t.Rows = append(t.Rows, c.overviewRow(&c.Catalogue.Indicators[i], f))
		}
	}
	return t
}

func (c *compiler) overviewRow(i *reporting.Indicator, f reporting.Figure) []Cell {
	row := []Cell{{{Text: nameOf(c.Catalogue, i.Code)}}, {{Text: ownMeasure(i)}}}
	for _, column := range overviewColumns {
		if column.aspect == Value {
			row = append(row, c.valueCell(f, true, c.Catalogue.City))
			continue
		}
		row = append(row, c.cell(f, column.aspect))
	}
	for _, n := range []int{f.Reported, f.Expected} {
		row = append(row, Cell{{Text: strconv.Itoa(n), Mark: incompleteness(f)}})
	}
	return row
}
