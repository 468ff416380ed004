// Package annotate gives a clerk's own workbook back with what was found in it: every cell at fault is coloured and carries a
// comment, and a first sheet lists the findings with links to their cells: a line for those of one cause, under which the single ones are
// folded away.
//
// It is not a reader and judges nothing: the sheets were decoded and the findings made elsewhere. An .xlsx comes back as the clerk
// made it, with its styles, widths, merged cells, hidden sheets and formulas; any other original, and one that cannot be opened
// for writing, is rebuilt from its decoded cells.
//
// Three invariants. No cell's value changes: only fills, comments and the sheet of findings are added, and a workbook that is
// annotated again loses those of the last time first. Nothing that a sender wrote becomes a formula: text stays text, also where
// it begins with = + - or @. Nothing in the copy acts when it is opened: from the package's root along the kinds of relations that are
// known, and out of their parts what runs, fetches or leads to a file; where that cannot be cut out, the copy is made of the cells. The
// list of findings says what was left out. The same input gives the same bytes.
//
// Comments are written here and not by excelize. Excel numbers the shapes of comments in blocks of 1,024 that no two sheets may
// share, or it offers to repair the file; excelize gives each sheet one block, and takes quadratic time for thousands.
package annotate
