package workbook

import (
	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/fault"
)

const (
	slabCells = 4096
	cellCost  = 40 // unsafe.Sizeof(reporting.Cell{})
	rowCost   = 32
	lookCost  = 48 // of a cell with a formula of its own; those of formats are shared
)

// keeper copies rows as they come by, for a sheet that is wanted whole. Cells lie in slabs, so that a row costs no allocation
// of its own and nothing is copied twice.
type keeper struct {
	texts    arena.Texts
	rows     []reporting.Row
	slab     []reporting.Cell
	cells    int64
	looks    int64        // bytes
	limit    int64        // bytes, with what the source holds
	source   func() int64 // what the source holds, which it knows when the first row comes
	formulas bool
}

func (k *keeper) keep(row *reporting.Row) error {
	n := len(row.Cells)
	if n > cap(k.slab)-len(k.slab) {
		k.slab = make([]reporting.Cell, 0, max(n, slabCells))
	}
	start := len(k.slab)
	k.slab = append(k.slab, row.Cells...)
	kept := *row
	kept.Cells = k.slab[start:len(k.slab):len(k.slab)]
	k.rows = append(k.rows, kept)
	k.cells += int64(n)
	for i := range kept.Cells {
		if look := kept.Cells[i].Look; look != nil && look.Formula != "" {
			k.formulas = true
			k.looks += lookCost + int64(len(look.Formula))
		}
	}
	if k.looks+k.cells*cellCost+int64(cap(k.rows))*rowCost+k.texts.Held()+k.source() > k.limit {
		return fault.TooLarge("", fault.TooManyCells(k.cells))
	}
	return nil
}
