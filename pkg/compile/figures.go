package compile

import "huizong/pkg/reporting"

// Lookup finds a figure, and returns false where there is none. A figure for which nothing was reported has no Value; one whose
// Value is 0 was reported as zero, and is printed so. It answers the same for the same question throughout a Compile.
type Lookup func(indicator, unit string, period reporting.Period) (reporting.Figure, bool)

// LookupIn finds figures in a list.
func LookupIn(figures []reporting.Figure) Lookup {
	index := make(map[FigureID]reporting.Figure, len(figures))
	for _, f := range figures {
		index[FigureID{f.Indicator, f.Unit, f.Period}] = f
	}
	return func(indicator, unit string, period reporting.Period) (reporting.Figure, bool) {
		f, ok := index[FigureID{indicator, unit, period}]
		return f, ok
	}
}
