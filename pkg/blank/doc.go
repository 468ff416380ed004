// Package blank writes a form as a workbook that is ready to fill: `huizong template`.
//
// Unit, period and unit of money stand in it; last month's cumulative stands beside the table; cells to fill have drop-down lists
// and checks, all others are formulas or locked. A second sheet says how to fill it, in sentences made from the form's data.
//
// It knows no form: what it writes follows from the form's columns and rows. It asks no store: last month's values are given to it.
// The invariant: a blank that is filled without breaking a check is accepted without errors and warnings, as far as a check on one
// cell can see to that, and an empty one gives missing values and nothing else.
package blank
