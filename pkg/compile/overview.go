package compile

import (
	"fmt"
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

// overview is the table of all the subject's figures of the period, in the catalogue's order. Beside those of a unit stand the city's, and the
// unit's place among the units of its level.
func (c *compiler) overview() Table {
	t := Table{Dense: true, Wide: true, Columns: []Column{{"指标", 34, Left}, {"计量单位", 11, Center}}}
	for _, column := range overviewColumns {
		t.Columns = append(t.Columns, Column{column.title, column.share, Right})
	}
	if c.subject == c.Catalogue.City {
		t.Columns = append(t.Columns, Column{"已报", 8, Right}, Column{"应报", 8, Right})
	} else {
		t.Columns = append(t.Columns, Column{"全市", 16, Right}, Column{"位次", 10, Right})
	}
	for i := range c.Catalogue.Indicators {
		if f, known := c.Figures(c.Catalogue.Indicators[i].Code, c.subject, c.Period); known {
			t.Rows = append(t.Rows, c.overviewRow(&c.Catalogue.Indicators[i], f))
		}
	}
	return t
}

func (c *compiler) overviewRow(i *reporting.Indicator, f reporting.Figure) []Cell {
	row := []Cell{{{Text: nameOf(c.Catalogue, i.Code)}}, {{Text: ownMeasure(i)}}}
	for _, column := range overviewColumns {
		if column.aspect == Value {
			row = append(row, c.valueCell(f, true, c.subject))
			continue
		}
		row = append(row, c.cell(f, column.aspect))
	}
	if c.subject != c.Catalogue.City {
		city, known := c.Figures(i.Code, c.Catalogue.City, c.Period)
		return append(row, c.valueCell(city, known, c.Catalogue.City), Cell{{Text: c.place(f)}})
	}
	for _, n := range []int{f.Reported, f.Expected} {
		row = append(row, Cell{{Text: strconv.Itoa(n), Mark: incompleteness(f)}})
	}
	return row
}

// place is where a unit's figure stands among those of the units of its level, from the greatest: 3/20. Units with the same value have the same place.
func (c *compiler) place(f reporting.Figure) string {
	if f.Value == nil {
		return none
	}
	greater, all := 0, 0
	level := c.Catalogue.Unit(f.Unit).Level
	for _, u := range c.Catalogue.Units {
		other, known := c.Figures(f.Indicator, u.Code, f.Period)
		if !known || u.Level != level || other.Value == nil {
			continue
		}
		all++
		if other.Value.Cmp(f.Value) > 0 {
			greater++
		}
	}
	return fmt.Sprintf("%d/%d", greater+1, all)
}
