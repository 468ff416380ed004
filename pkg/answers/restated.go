package answers

import (
	"math/big"
	"slices"
	"sync"
	"time"

	"huizong/pkg/compile"
	"huizong/pkg/reporting"
)

// published are the values of the figures in releases, by number. A release is never changed, so nothing in it can be stale.
type published struct {
	mu     sync.Mutex
	values map[int]map[compile.FigureID]*big.Rat
}

// markRestated marks the figures whose value is not what the last release before asOf (zero: now) had that holds them. A release that is
// compiled again is compared with those before it, as when it was made. Others were marked by what their sheets have said.
func (a *Answers) markRestated(figures []reporting.Figure, asOf time.Time) error {
	releases, err := a.releasedBefore(asOf)
	if err != nil {
		return err
	}
	for i := range figures {
		f := &figures[i]
		for _, values := range releases {
			value, holds := values[compile.FigureID{Indicator: f.Indicator, Unit: f.Unit, Period: f.Period}]
			if holds {
				f.Restated = f.Restated || !equal(value, f.Value)
				break
			}
		}
	}
	return nil
}

func equal(a, b *big.Rat) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Cmp(b) == 0
}

// releasedBefore are the values of the releases on the same boundaries of units, the last one first: of each report and period one, for it
// holds what those before it do.
func (a *Answers) releasedBefore(asOf time.Time) ([]map[compile.FigureID]*big.Rat, error) {
	if a.Releases == nil {
		return nil, nil
	}
	type of struct {
		report string
		period reporting.Period
	}
	seen := map[of]bool{}
	var found []map[compile.FigureID]*big.Rat
	for _, r := range slices.Backward(a.Releases.List()) {
		key := of{r.Report, r.Period}
		if seen[key] || r.Boundaries != a.boundaries || !asOf.IsZero() && !r.ReleasedAt.Before(asOf) {
			continue
		}
		seen[key] = true
		values, err := a.valuesOf(r)
		if err != nil {
			return nil, err
		}
		found = append(found, values)
	}
	return found, nil
}

func (a *Answers) valuesOf(r reporting.Release) (map[compile.FigureID]*big.Rat, error) {
	a.published.mu.Lock()
	defer a.published.mu.Unlock()
	if values := a.published.values[r.Number]; values != nil {
		return values, nil
	}
	figures, err := a.allFrozen(r)
	if err != nil {
		return nil, err
	}
	values := make(map[compile.FigureID]*big.Rat, len(figures))
	for _, f := range figures {
		values[compile.FigureID{Indicator: f.Indicator, Unit: f.Unit, Period: f.Period}] = f.Value
	}
	if a.published.values == nil {
		a.published.values = map[int]map[compile.FigureID]*big.Rat{}
	}
	a.published.values[r.Number] = values
	return values, nil
}
