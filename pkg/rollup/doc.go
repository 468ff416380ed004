// Package rollup makes figures of aggregates: sums of indicators and ratios, target and completion, last year's number, and how many
// of the expected senders the number holds.
//
// The aggregates come from SQL: what was observed, added up per base indicator, unit and period; there nobody asks who should have
// sent something. How they are added is written down a second time, in plain Go, as rolluptest.Aggregates: both run the scripts in
// testdata and must come to the same.
//
// What it keeps: every number is exact until it is printed; missing is never zero and never carried forward; and a ratio is one
// sum over another, never a sum or a mean of ratios. The types of algebra.go have no way to write those, and Check refuses a
// catalogue that asks for them.
//
// It is not a store, and knows no submissions but those that stand; it has no clock and does no I/O.
package rollup
