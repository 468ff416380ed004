package answers

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
)

// tries is how often known reads anew when something was decided while it read.
const tries = 3

// known is what stood at a time, as far as figures of the periods are made of it.
//
// It is of one state of the store: the store's mark is the same before and after. So what was read may be kept, under what it is made of,
// and serves every later question that is made of the same; see memory. Where something is decided all the time, the last reading is taken
// as it is, and not kept: that is what every answer was before there was a memory.
func (a *Answers) known(ctx context.Context, periods []reporting.Period, asOf time.Time) (rollup.Input, error) {
	mark, err := a.Facts.Mark(ctx)
	if err != nil {
		return rollup.Input{}, err
	}
	for try := 1; ; try++ {
		r := reading{Answers: a, asOf: asOf, mark: mark}
		in, err := r.read(ctx, rollup.Needed(periods))
		if err != nil || !r.asked.Load() {
			return in, err
		}
		if mark, err = a.Facts.Mark(ctx); err != nil {
			return in, err
		}
		if mark == r.mark {
			r.keep()
			return in, nil
		}
		if try == tries {
			return in, nil
		}
	}
}

// reading is one look at what stands. What it has to ask the store for it notes, so that it can be kept.
type reading struct {
	*Answers
	asOf      time.Time
	mark      string
	asked     atomic.Bool // the store had to be asked
	standings []reporting.Standing
	plans     plans
	plansKey  [sha256.Size]byte
	sums      map[sumKey][]reporting.Aggregate
}

func (r *reading) read(ctx context.Context, periods []reporting.Period) (rollup.Input, error) {
	in := rollup.Input{Catalogue: r.Catalogue}
	if err := r.readStandings(ctx); err != nil {
		return in, err
	}
	in.Standings = r.standings
	keys := r.keys(periods)
	missing := r.recall(keys)
	if err := together(func() error { return r.readPlans(ctx) }, func() error { return r.add(ctx, missing) }); err != nil {
		return in, err
	}
	in.Targets, in.Baselines = r.plans.targets, r.plans.baselines
	for _, key := range keys {
		in.Aggregates = append(in.Aggregates, r.sums[key]...)
	}
	sortAggregates(in.Aggregates)
	return in, nil
}

// readStandings recalls or reads the submissions that stand.
func (r *reading) readStandings(ctx context.Context) (err error) {
	var known bool
	if r.standings, known = r.memory.standings(r.mark, r.asOf); known {
		return nil
	}
	r.asked.Store(true)
	r.standings, err = r.Facts.Standings(ctx, r.asOf)
	return wrap("standings", err)
}

// readPlans recalls or reads what is compared with: the targets, and last year's figures.
func (r *reading) readPlans(ctx context.Context) error {
	r.plansKey = r.planners()
	var known bool
	if r.plans, known = r.memory.plans(r.plansKey); known {
		return nil
	}
	r.asked.Store(true)
	return together(
		func() error {
			targets, err := r.Facts.Targets(ctx, r.asOf)
			revisions := map[string]int{}
			for _, s := range r.standings {
				revisions[s.Submission] = s.Revision
			}
			for _, t := range targets {
				t.Revision = revisions[t.Submission]
				r.plans.targets = append(r.plans.targets, t.Target)
			}
			return wrap("targets", err)
		},
		func() error {
			baselines, err := r.Facts.Baselines(ctx, r.asOf)
			for _, b := range baselines {
				r.plans.baselines = append(r.plans.baselines, b.Baseline)
			}
			return wrap("baselines", err)
		})
}

// planners is a hash of the submissions that targets and last year's figures are made of.
func (r *reading) planners() (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, s := range r.standings {
		if f := r.Catalogue.Form(s.Form); f != nil && (f.Shape == reporting.TargetForm || f.Shape == reporting.BaselineForm) {
			fmt.Fprintln(h, s.Submission, s.Revision)
		}
	}
	h.Sum(sum[:0])
	return sum
}

// keys name the sums that figures of the periods are made of: one a form and period.
func (r *reading) keys(periods []reporting.Period) []sumKey {
	byForm := map[string][]reporting.Standing{}
	for _, s := range r.standings {
		byForm[s.Form] = append(byForm[s.Form], s)
	}
	var keys []sumKey
	for _, f := range r.Catalogue.Forms {
		if len(f.Indicators()) == 0 {
			continue
		}
		for _, p := range periods {
			keys = append(keys, sumKey{form: f.ID, period: p, on: r.boundaries, standings: hashOf(f, byForm[f.ID], p)})
		}
	}
	return keys
}

// hashOf hashes the ids of the submissions that cover a month of the period: nothing else of the form can be in its sums. Where a column
// carries the year to date, the months are differences to sheets from January on. A submission never changes, so its id stands for its
// values.
func hashOf(f *reporting.Form, standings []reporting.Standing, p reporting.Period) (sum [sha256.Size]byte) {
	if slices.ContainsFunc(f.Columns, func(c reporting.Column) bool { return c.Cumulative }) {
		p.First = reporting.NewMonth(p.First.Year(), 1)
	}
	h := sha256.New()
	for _, s := range standings {
		if covered := f.Covers(s.Period); covered.First <= p.Last && p.First <= covered.Last {
			h.Write([]byte(s.Submission))
			h.Write([]byte{'\n'})
		}
	}
	h.Sum(sum[:0])
	return sum
}

// recall takes what the memory has, and returns the keys of what it has not.
func (r *reading) recall(keys []sumKey) []sumKey {
	r.sums = make(map[sumKey][]reporting.Aggregate, len(keys))
	var missing []sumKey
	for _, key := range keys {
		if list, ok := r.memory.sum(key); ok {
			r.sums[key] = list
		} else {
			missing = append(missing, key)
		}
	}
	return missing
}

// add has the store add up what is missing: all of it in one pass, so that what it gives is of one state.
func (r *reading) add(ctx context.Context, missing []sumKey) error {
	if len(missing) == 0 {
		return nil
	}
	r.asked.Store(true)
	var forms []string
	var periods []reporting.Period
	wanted := map[sumKey]bool{} // without the hash: a form and period
	for _, key := range missing {
		wanted[sumKey{form: key.form, period: key.period}] = true
		periods = append(periods, key.period)
		if !slices.Contains(forms, key.form) {
			forms = append(forms, key.form)
		}
	}
	list, err := r.Facts.AggregatesOf(ctx, forms, periods, r.asOf, r.Catalogue)
	if err != nil {
		return wrap("aggregates", err)
	}
	found := map[sumKey][]reporting.Aggregate{}
	for _, a := range list {
		if key := (sumKey{form: r.Catalogue.FormOf(a.Indicator).ID, period: a.Period}); wanted[key] {
			found[key] = append(found[key], a)
		}
	}
	for _, key := range missing {
		r.sums[key] = found[sumKey{form: key.form, period: key.period}]
	}
	return nil
}

// keep puts what was read into the memory.
func (r *reading) keep() {
	r.memory.keepStandings(r.mark, r.asOf, r.standings)
	r.memory.keepPlans(r.plansKey, r.plans)
	for key, list := range r.sums {
		r.memory.keepSum(key, list)
	}
}

// sortAggregates puts them in the order of rolluptest.Aggregates, which rollup.Figures reads fastest.
func sortAggregates(list []reporting.Aggregate) {
	slices.SortFunc(list, func(a, b reporting.Aggregate) int {
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Unit, b.Unit),
			cmp.Compare(a.Period.First, b.Period.First), cmp.Compare(a.Period.Last, b.Period.Last))
	})
}
