package rollup

import (
	"cmp"
	"slices"

	"huizong/pkg/reporting"
)

// Needed lists the periods whose aggregates Figures wants for the periods asked: those, and the same months of last year, each
// once, by first month and then last.
func Needed(periods []reporting.Period) []reporting.Period {
	needed := slices.Clone(periods)
	for _, p := range periods {
		needed = append(needed, p.LastYear())
	}
	return InOrder(needed)
}

// InOrder returns the periods by first month, then last, each once.
func InOrder(periods []reporting.Period) []reporting.Period {
	sorted := slices.SortedFunc(slices.Values(periods), func(p, q reporting.Period) int {
		return cmp.Or(cmp.Compare(p.First, q.First), cmp.Compare(p.Last, q.Last))
	})
	return slices.Compact(sorted)
}
