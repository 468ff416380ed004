package compile

import (
	"fmt"
	"slices"

	"huizong/pkg/reporting"
)

// targets makes the table of all indicators that have a target, in the order of the catalogue, with the year so far. A floor that was
// not set is a gap; a ceiling is not set in every year, and one that is not has nothing to show. The province's targets have columns of
// their own where it has issued some.
func (c *compiler) targets() Table {
	var rows []targetRow
	for i := range c.Catalogue.Indicators {
		ind := &c.Catalogue.Indicators[i]
		f, known := c.Figures(ind.Code, c.subject, c.Period.YearToDate())
		f.Indicator = ind.Code // also of one that is not there
		if ind.Target == reporting.TargetFloor || ind.Target == reporting.TargetCeiling && len(f.Targets) > 0 {
			rows = append(rows, targetRow{ind, f, known})
		}
	}
	t := Table{Columns: []Column{{"指标", 30, Left}, {"计量单位", 12, Center}, {"全年目标", 14, Right}, {"完成数", 14, Right}, {"完成率", 16, Right}}}
	both := slices.ContainsFunc(rows, func(r targetRow) bool { _, ok := r.figure.TargetBy(reporting.ProvinceTarget); return ok })
	if both {
		t.Columns[1].Share, t.Columns[2].Title, t.Columns[4].Title = 9, "市定目标", "市定目标完成率"
		t.Columns = append(t.Columns, Column{"省定目标", 14, Right}, Column{"省定目标完成率", 13, Right})
	}
	t.Columns = append(t.Columns, Column{"上报单位", 14, Center})
	for _, r := range rows {
		t.Rows = append(t.Rows, c.targetCells(r, both))
	}
	return t
}

// targetRow is an indicator with a target, and the city's figure of the year so far.
type targetRow struct {
	indicator *reporting.Indicator
	figure    reporting.Figure
	known     bool
}

func (c *compiler) targetCells(r targetRow, both bool) []Cell {
	row := []Cell{{{Text: nameOf(c.Catalogue, r.indicator.Code)}}, {{Text: ownMeasure(r.indicator)}}, nil, nil, nil}
	// A figure without a value may still know its target: that nothing came does not lower it.
	if r.figure.Target == nil {
		c.gaps.baseless(r.indicator.Code, lacksTarget)
		row[2] = Cell{{Text: "未下达", Mark: Absent}}
	} else {
		row[2] = c.cell(r.figure, Target)
	}
	if r.figure.Value == nil {
		c.gaps.absent(r.indicator.Code, c.absenceOf(r.figure, r.known, c.subject))
	}
	r.figure.Restated = false // that it was corrected is the office's own business: this table is sent
	row[3], row[4] = c.valueCell(r.figure, r.known, c.subject), c.cell(r.figure, Completion)
	if both {
		row = append(row, c.targetCell(r, provinceTarget), c.targetCell(r, provinceCompletion))
	}
	return append(row, c.coverageCell(r.figure))
}

// targetCell is a number of the province's target, or a dash: that it has set none is no gap.
func (c *compiler) targetCell(r targetRow, a Aspect) Cell {
	if !r.known {
		return Cell{{Text: none}}
	}
	return c.cell(r.figure, a)
}

func (c *compiler) coverageCell(f reporting.Figure) Cell {
	if f.Expected == 0 {
		return Cell{{Text: none}}
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
