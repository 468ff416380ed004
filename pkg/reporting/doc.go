// Package reporting holds the words of the field: submission, sheet, form, unit, period, indicator, observation, finding,
// figure. It is the ground floor of the house: it imports the standard library only, does no I/O and keeps no clock.
//
// Everything above meets in these types. A step that reads, checks or adds takes and returns them; an adapter stores and
// moves them; a service ties steps and adapters together.
package reporting
