package rollup

import "slices"

// completeness counts the units that have reported a period (forms.md, reading 12).
type completeness struct {
	reported, expected int      // senders
	missing            []string // senders that owe a sheet and have not sent all of them
	whole              bool     // nothing that could be missing is
	restated           bool     // a sheet in it was sent again after being accepted
	reportedAny        bool     // of one form: at least one sheet stands for a month of the period
}

// with returns the completeness of a number that needs both: the smaller count of senders, and everybody whom either misses.
func (c completeness) with(d completeness) completeness {
	both := c
	if d.reported < c.reported || d.reported == c.reported && d.expected > c.expected {
		both = d
	}
	both.missing = union(c.missing, d.missing)
	both.whole = c.whole && d.whole
	both.restated = c.restated || d.restated
	return both
}

// union returns the codes of a, then those that only b has.
func union(a, b []string) []string {
	all := slices.Clip(a)
	for _, code := range b {
		if !slices.Contains(a, code) {
			all = append(all, code)
		}
	}
	return all
}
