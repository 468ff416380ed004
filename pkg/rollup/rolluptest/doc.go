// Package rolluptest is a small language in which a statistician can write down what should come out of the arithmetic, and the
// runner for it. The scripts stand in pkg/rollup/testdata; the reference (Aggregates) and the SQL
// of pkg/clickhouse run them.
//
// A script declares a small city, loads sheets, and asks. One statement a line; lines that are indented belong to the statement
// above; # starts a comment.
//
//	unit township A B C                     units of a level: township, sub_unit, direct;
//	unit township D until 2020-03-31        until or since a day
//	form jobs indicators sent by A B C      a form: indicators, matrix or ledger; then, where it applies,
//	form cases ledger year_to_date by-row sent by ZC
//	                                        year_to_date or snapshot, optional (no duty to send it), by-row (rows name
//	                                        units), cumulative (flows are the year to date, as loaded and submitted)
//	indicator jobs.new flow sum 人 in jobs   a base indicator: kind, roll-up, measure, form
//	indicator jobs.all flow 人 = jobs.a + jobs.b
//	indicator jobs.rate ratio % = jobs.a / jobs.b
//
//	load jobs.new from 2020-01              the same form month by month: a line a unit, a column a month
//	  A  10 20 30
//	  B   5  -  ?                           - is a sheet that says "not applicable", ? is no sheet at all
//	submit cases from ZC for 2020-03        one sheet; it replaces what stood in its place
//	  cases.closed 1 at A in 2020-02        value (1 if left out), at a unit, in a month, key K
//	  cases.docket at A opened 2019-12-30 closed 2020-02-03
//	target jobs.new 2020 4710               of the city; "province" at the end: of the province
//	baseline jobs.new 2019H1 2945
//
//	eval jobs.new at city 2020Q1            or at a unit
//	  expect value 60                       exactly: 60, 0.5, 19/20 or none;
//	  expect yoy about -0.1229              rounded to the digits written
//	  expect reported 1 of 3
//	  expect missing B C                    or none
//	eval jobs.new at ZC 2020Q1
//	  expect no figure
//
//	refused jobs.sum: a sum over the ratio jobs.rate
//	                                        the catalogue must be refused, with these words in the error
//
// What can be expected by number: value, numerator, denominator, target, completion, previous, yoy, and of the province's target
// province-target and province-completion. Declarations come first. Sheets may follow an eval; they then stand as any later sheet would.
//
// Beside the scripts, RunRandom compares an implementation with the reference on random cities.
package rolluptest
