package compile

import (
	"fmt"

	"huizong/pkg/reporting"
)

// unitsPerTable is how many columns of units a page that lies has room for.
const unitsPerTable = 10

// unitRow is an indicator with the units that have a figure of it.
type unitRow struct {
	indicator *reporting.Indicator
	units     []string
}

// byUnit makes the tables of every indicator by unit: what several units report as matrices, parted by units so that each fits a
// page's width; what one unit alone reports as a list, for a matrix of it would be empty but for its diagonal.
func (c *compiler) byUnit() []Block {
	var shared, single []unitRow
	for i := range c.Catalogue.Indicators {
		row := unitRow{&c.Catalogue.Indicators[i], c.unitsOf(c.Catalogue.Indicators[i].Code)}
		switch {
		case len(row.units) == 1:
			single = append(single, row)
		case len(row.units) > 1:
			shared = append(shared, row)
		}
	}
	var tables []Table
	for _, units := range chunks(c.columnUnits(shared), unitsPerTable) {
		tables = append(tables, c.unitMatrix(len(tables)+1, shared, units))
	}
	if len(single) > 0 {
		tables = append(tables, c.unitList(len(tables)+1, single))
	}
	return explained(tables...)
}

// explained are the tables with their legend below.
func explained(tables ...Table) []Block {
	var blocks []Block
	for _, t := range tables {
		blocks = append(blocks, t)
	}
	return append(blocks, legend(tables...)...)
}

// unitsOf lists the units that have a figure of the indicator, in the catalogue's order.
func (c *compiler) unitsOf(code string) []string {
	var units []string
	for _, u := range c.Catalogue.Units {
		if _, known := c.Figures(code, u.Code, c.Period); known && u.Code != c.Catalogue.City {
			units = append(units, u.Code)
		}
	}
	return units
}

// columnUnits lists the units of all rows, in the catalogue's order.
func (c *compiler) columnUnits(rows []unitRow) []string {
	in := map[string]bool{}
	for _, row := range rows {
		for _, u := range row.units {
			in[u] = true
		}
	}
	var units []string
	for _, u := range c.Catalogue.Units {
		if in[u.Code] {
			units = append(units, u.Code)
		}
	}
	return units
}

// chunks parts a list into pieces of about the same length, none longer than size.
func chunks(list []string, size int) [][]string {
	var parts [][]string
	n := (len(list) + size - 1) / size
	for i := range n {
		parts = append(parts, list[i*len(list)/n:(i+1)*len(list)/n])
	}
	return parts
}

// unitMatrix has a row for each indicator that one of the units has a figure of.
func (c *compiler) unitMatrix(number int, rows []unitRow, units []string) Table {
	t := Table{Dense: true, Wide: true, Columns: []Column{{"指标", 33, Left}, {"计量单位", 13, Center}, {"全市", 17, Right}}}
	for _, u := range units {
		t.Columns = append(t.Columns, Column{c.unitName(u), 14, Right})
	}
	t.Caption = fmt.Sprintf("表%d　%s至%s", number, c.unitName(units[0]), c.unitName(units[len(units)-1]))
	for _, row := range rows {
		if cells, some := c.matrixCells(row.indicator.Code, units); some {
			t.Rows = append(t.Rows, append([]Cell{{{Text: nameOf(c.Catalogue, row.indicator.Code)}}, {{Text: ownMeasure(row.indicator)}}}, cells...))
		}
	}
	return t
}

// matrixCells are the city's and the units' values, and whether a unit has one.
func (c *compiler) matrixCells(code string, units []string) (cells []Cell, some bool) {
	city, known := c.Figures(code, c.Catalogue.City, c.Period)
	cells = append(cells, c.valueCell(city, known, c.Catalogue.City))
	for _, u := range units {
		f, known := c.Figures(code, u, c.Period)
		cells = append(cells, c.valueCell(f, known, u))
		some = some || known
	}
	return cells, some
}

func (c *compiler) unitList(number int, rows []unitRow) Table {
	t := Table{
		Caption: fmt.Sprintf("表%d　由一个单位填报的指标", number), Dense: true,
		Columns: []Column{{"指标", 60, Left}, {"填报单位", 36, Left}, {"计量单位", 14, Center}, {"数值", 24, Right}},
	}
	for _, row := range rows {
		f, known := c.Figures(row.indicator.Code, row.units[0], c.Period)
		t.Rows = append(t.Rows, []Cell{
			{{Text: nameOf(c.Catalogue, row.indicator.Code)}}, {{Text: c.unitName(row.units[0])}}, {{Text: ownMeasure(row.indicator)}}, c.valueCell(f, known, row.units[0]),
		})
	}
	return t
}

func (c *compiler) unitName(code string) string {
	if u := c.Catalogue.Unit(code); u != nil {
		return u.Name.ZH
	}
	return code
}
