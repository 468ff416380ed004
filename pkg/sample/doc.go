// Package sample makes the sheets that the offices of a fictional city send in a year, so that a fresh clone has something to add
// up: 19 townships and the sub-units of the bureau, messy as real sheets are, with the mistakes, corrections and gaps of real
// months. Everything in it is invented from a seed; persons and enterprises carry the division code 349981, which no place has.
//
// Generate is pure: it reads no clock and no files, and the same Config gives the same bytes. A kit comes with its Truth: the facts
// and city figures that a reader of all its files must come to, worked out from the numbers before any sheet is typed.
//
// A form is one file here: a table of what its sheets hold, and how its numbers come about. How sheets look is the business of
// internal/clerk, who is invented that of internal/fiction, and what goes wrong that of story.go.
package sample
