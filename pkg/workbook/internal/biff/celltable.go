package biff

// The cells of a sheet stand in one run of records, between which nothing else may stand but the merged cells that some
// programs write beside them. So a cell record whose id has changed into that of another record ends the run too early, and
// is found by the cells behind it.
const (
	tableAhead = iota
	tableBegun
	tableMerged // merged cells, and perhaps links in them, were the last; the run may be over or not
	tableOver
)

func isCellTable(id uint16) bool {
	switch id {
	case idRow, idDBCell, idContinue, idString, idShared, idArray, idTable, idBlank, idMulBlank, idRK, idMulRK, idNumber,
		idLabelSST, idLabel, idRString, idBoolErr, idFormula, idFormula3, idFormula4:
		return true
	}
	return false
}

// other reads a record that does not belong to the cells. Those of no interest are passed over, if they are known.
func (r *sheetReader) other() error {
	switch {
	case r.table == tableBegun && !mayFollowCells[r.id]:
		return r.errorf("record %#04x among the cells", r.id)
	case r.table == tableAhead:
	case r.id == idMergeCells && r.table != tableOver, r.id == idLink && r.table == tableMerged:
		r.table = tableMerged
	default:
		r.table = tableOver
	}
	switch r.id {
	case idUncalculated:
		r.stale = true
	case idHeader, idFooter:
		r.pageText()
	case idTextBox:
		return r.textBox()
	case idColInfo:
		return r.columns()
	case idMergeCells:
		return r.merges()
	case idBOF:
		return r.skipNested()
	case idDimensions2:
		return r.dimensions2()
	case idDimensions:
		if r.measured {
			return r.errorf("two records of the used range")
		}
		r.measured = true
	}
	switch n, fixed := fixedLengths[r.id]; {
	case globalOnly[r.id] && r.book.version == biff8:
		return r.errorf("record %#04x of the global part inside a sheet", r.id)
	case !known(r.id):
		return r.errorf("unknown record %#04x", r.id)
	case fixed && len(r.data) < n:
		return r.errorf("record %#04x has %d bytes instead of %d", r.id, len(r.data), n)
	}
	return nil
}

// mayFollowCells are the records with which the part behind the cells begins, in the files of all programs that we know.
var mayFollowCells = map[uint16]bool{
	0x0012: true, 0x0014: true, 0x0015: true, 0x001C: true, 0x001D: true, 0x0026: true, 0x0027: true, 0x0028: true, 0x0029: true,
	0x0034: true, 0x003D: true, 0x0041: true, 0x0050: true, 0x005D: true, idColInfo: true, 0x0080: true, 0x0083: true, 0x0084: true,
	0x00A1: true, 0x00B0: true, idMergeCells: true, 0x00EC: true, 0x01B2: true, 0x01C2: true, 0x0200: true, 0x023E: true,
	0x0866: true, idBOF: true,
}

// sharedLengths are the least lengths of what formulas share.
var sharedLengths = map[uint16]int{idShared: 10, idArray: 14, idTable: 16}

// afterFormula passes over what a formula shares with others. Anywhere else it is a cell record with a changed bit.
func (r *sheetReader) afterFormula() error {
	switch r.before {
	case idFormula, idFormula3, idFormula4, idShared, idArray, idTable, idContinue:
		return r.need(sharedLengths[r.id])
	}
	return r.errorf("record %#04x without its formula", r.id)
}

// fixedLengths are the least lengths of records that are passed over and are a bit away from a record with a cell in it.
var fixedLengths = map[uint16]int{
	0x000C: 2, 0x000D: 2, 0x000E: 2, 0x000F: 2, 0x0010: 8, 0x0011: 2, 0x0026: 8, 0x0027: 8, 0x0028: 8, 0x0029: 8,
	0x002A: 2, 0x002B: 2, 0x0055: 2, 0x005F: 2, 0x0080: 8, 0x0081: 2, 0x0082: 2, 0x0083: 2, 0x0084: 2, 0x0086: 0,
	0x0099: 2, 0x00DD: 2, 0x0200: 10,
}

// dimensions2 passes over a record of version 2 that some report writers still add, or write empty after each margin. Empty
// anywhere else it is a hole of zeros in the stream.
func (r *sheetReader) dimensions2() error {
	if len(r.data) == 0 && idLeftMargin <= r.before && r.before <= idBottomMargin {
		return nil
	}
	return r.need(8)
}
