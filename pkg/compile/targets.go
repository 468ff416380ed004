package compile

import (
	"fmt"

	"huizong/pkg/reporting"
)

// targets makes the table of all indicators that have a target, in the order of the catalogue, with the year so far. A floor that was not set is a gap;
// a ceiling is not set in every year, and one that is not has nothing to show.
func (c *compiler) targets() Table {
	t := Table{Columns: []Column{
		{"指标", 31, Left}, {"计量单位", 14, Center}, {"全年目标", 14, Right}, {"完成数", 14, Right}, {"完成率", 13, Right}, {"上报单位", 14, Center},
	}}
	for i := range c.Catalogue.Indicators {
		ind := &c.Catalogue.Indicators[i]
		f, _ := c.Figures(ind.Code, c.Catalogue.City, c.Period.YearToDate())
		if ind.Target == reporting.TargetFloor || ind.Target == reporting.TargetCeiling && f.Target != nil {
			t.Rows = append(t.Rows, c.targetRow(ind))
		}
	}
	return t
}

func (c *compiler) targetRow(i *reporting.Indicator) []Cell {
	measure := ownMeasure(i)
	row := []Cell{{{Text: nameOf(c.Catalogue, i.Code)}}, {{Text: measure}}, nil, nil, nil, nil}
	// A figure without a value may still know its target: that nothing came does not lower it.
	f, known := c.Figures(i.Code, c.Catalogue.City, c.Period.YearToDate())
	if !known || f.Target == nil {
		c.gaps.baseless(i.Code, lacksTarget)
		row[2] = Cell{{Text: "缺报", Mark: Absent}}
	} else {
		row[2] = c.cell(f, Target)
	}
	if !known || f.Value == nil {
		c.gaps.missing(i.Code)
		row[3], row[4] = Cell{{Text: "缺报", Mark: Absent}}, Cell{{Text: "—"}}
	} else {
		row[3], row[4] = c.cell(f, Value), c.cell(f, Completion)
	}
	row[5] = c.coverageCell(f)
	return row
}

func (c *compiler) coverageCell(f reporting.Figure) Cell {
	if f.Expected == 0 {
		return Cell{{Text: "—"}}
	}
	if !f.Complete() && f.Value != nil {
		c.gaps.incomplete(f)
	}
	return Cell{{Text: fmt.Sprintf("%d/%d", f.Reported, f.Expected), Mark: incompleteness(f)}}
}

func incompleteness(f reporting.Figure) Mark {
	if f.Complete() {
		return NoMark
	}
	return Partial
}
