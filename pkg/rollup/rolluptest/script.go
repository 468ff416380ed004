package rolluptest

import (
	"math/big"

	"huizong/pkg/reporting"
)

// Script is a script after parsing.
type Script struct {
	Name    string // of the file
	Stages  []Stage
	Refused []Refusal // what Check must say of the catalogue; none: it must be accepted
}

// Stage is what stands when the script asks, and what it asks.
type Stage struct {
	Catalogue *reporting.Catalogue
	Standings []reporting.Standing
	Facts     []reporting.Fact // of the standing submissions
	Targets   []reporting.Target
	Baselines []reporting.Baseline
	Evals     []Eval
}

// Eval asks for one figure.
type Eval struct {
	Line      int
	Indicator string
	Unit      string // the city's code, or a unit's
	Period    reporting.Period
	Expects   []Expectation
}

// Expectation is one thing that the figure must be.
type Expectation struct {
	Line  int
	Word  string   // value, numerator, …, reported, missing, or "no" (figure)
	Want  *big.Rat // of a number; nil: none
	About int      // digits to round to first; −1: exactly
	Of    [2]int   // reported, expected
	Units []string // missing
}

// Refusal is a text that the error of Check must hold.
type Refusal struct {
	Line int
	Text string
}

// Periods lists the periods that the stage asks for.
func (s *Stage) Periods() []reporting.Period {
	var periods []reporting.Period
	for _, e := range s.Evals {
		periods = append(periods, e.Period)
	}
	return periods
}
