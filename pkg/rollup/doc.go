// Package rollup adds observations up, over units and along periods, to figures. It is the reference arithmetic: the SQL that
// answers queries must come to the same aggregates, and both run the scripts in testdata.
//
// The way is in two steps. Aggregates adds what was observed, per base indicator, unit and period; here nobody asks who should
// have sent something. Figures makes a report's numbers of them: sums of indicators and ratios, target and completion, last year's
// number, and how many of the expected senders the number holds.
//
// What it keeps: every number is exact until it is printed; missing is never zero and never carried forward; and a ratio is one
// sum over another, never a sum or a mean of ratios. The types of algebra.go have no way to write those, and Check refuses a
// catalogue that asks for them.
//
// It is not a store, and knows no submissions but those that stand; it has no clock and does no I/O.
package rollup
