package match

import (
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// rival is a header that a column of the form could mean as well as the one that it has, though by a weaker name.
type rival struct {
	header
	row         int32  // the first in which the two differ
	taken, this string // what they show there
}

// rival finds one with other contents under it, or nil.
func (c *candidate) rival(i int) *rival {
	if all := c.rivals(i); len(all) > 0 {
		return all[0]
	}
	return nil
}

// rivals finds those with other contents under them: to take the better name would be a guess then. A hidden column is not meant, nor is one of
// a table beside the form's or of another month.
func (c *candidate) rivals(i int) (all []*rival) {
	column := c.form.Columns[i]
	if len(c.claims[i]) != 1 || c.heard[i] != nil || isAside(column.Type) || c.grid.hiddenColumn(c.claims[i][0].column) {
		return nil
	}
	for _, h := range c.free {
		if h.apart || h.elsewhen || c.grid.hiddenColumn(h.column) {
			continue
		}
		if column.Type == reporting.Category && c.grid.anyNumber(c.last, h.column) {
			continue // 退还金额 beside 状态
		}
		named := slices.Contains(h.lost, i) || feedsFigures(column.Type) && resembles(column, h) && c.grid.anyNumber(c.last, h.column) && !c.headed(h, column.Labels[0])
		if !named {
			continue
		}
		if r, differs := c.differ(c.claims[i][0].column, h); differs {
			all = append(all, r)
		}
	}
	return all
}

// differ finds the first row in which the header's column shows something that the one taken does not.
func (c *candidate) differ(taken int32, h header) (*rival, bool) {
	first := true
	for _, row := range c.grid.sheet.Rows {
		if row.Index <= c.last || !slices.ContainsFunc(row.Cells, func(cell reporting.Cell) bool { return cell.Text != "" }) {
			continue
		}
		numbers := first && label.AreColumnNumbers(row.Cells)
		if first = false; numbers {
			continue
		}
		if a, b := shown(row, taken), shown(row, h.column); b != "" && a != b {
			return &rival{h, row.Index, a, b}, true
		}
	}
	return nil, false
}

func shown(row reporting.Row, column int32) string {
	cell, _ := row.At(column)
	return strings.ReplaceAll(label.Clean(cell.Text), ",", "")
}
