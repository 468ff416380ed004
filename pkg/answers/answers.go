// Package answers answers questions about what stands: figures and where they come from, warnings, what changed between two releases or by
// a submission, what is due and what became of it. An answer is made of what stands in ClickHouse, or stood at a given time, and of what was
// released; nothing is kept of it but what may be added up again.
package answers

import (
	"context"
	"fmt"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/originals"
	"huizong/pkg/release"
	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
	"huizong/pkg/warn"
)

// Config is what answers are made of. Facts and Catalogue are needed.
type Config struct {
	Facts     *clickhouse.Store
	Catalogue *reporting.Catalogue
	Journal   *originals.Store // of boards, and of what was closed and opened between two releases
	Releases  *release.Store   // nil: nothing was released
	Rules     []warn.Rule      // of warnings
}

// Answers gives them. It is safe for concurrent use.
type Answers struct {
	Config
	boundaries reporting.Date // the day on whose boundaries of units it answers; zero: each unit as it was
	memory     *memory
	published  *published
	places     chan struct{} // holds one for each answer that is being made
}

// Standpoint says from where figures are looked at.
type Standpoint struct {
	AsOf time.Time      // what stood then; zero: what stands now
	On   reporting.Date // on the boundaries of this day; zero: each unit as it was
}

// The limits of all answers together: each may hold the figures of a city.
const (
	atOnce   = 4                // are made at a time; the others wait
	patience = 30 * time.Second // for one's turn and the answer
)

// New returns what answers. A catalogue whose arithmetic is refused is an error.
func New(c Config) (*Answers, error) {
	if err := rollup.Check(c.Catalogue); err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	return &Answers{Config: c, memory: &memory{}, published: &published{}, places: make(chan struct{}, atOnce)}, nil
}

// Of is what answers by another catalogue and its rules, out of the same stores, in the same turns. It begins without a memory.
func (a *Answers) Of(catalogue *reporting.Catalogue, rules []warn.Rule) *Answers {
	of := *a
	of.Catalogue, of.Rules, of.boundaries, of.memory = catalogue, rules, 0, &memory{}
	return &of
}

// On is what answers on the boundaries of a day; zero is each unit as it was.
func (a *Answers) On(day reporting.Date) *Answers {
	if day == 0 {
		return a
	}
	on := *a
	on.Catalogue, on.boundaries = a.Catalogue.On(day), day
	return &on
}

// Boundaries is the day on whose boundaries it answers; zero: each unit as it was.
func (a *Answers) Boundaries() reporting.Date { return a.boundaries }

// Begin waits for the turn of an answer that the caller makes of several: Basis and Origins take no turn of their own. The answer is made
// with the context that it returns, and end gives the turn back.
func (a *Answers) Begin(ctx context.Context) (_ context.Context, end func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	select {
	case a.places <- struct{}{}:
		return ctx, func() { cancel(); <-a.places }, nil
	case <-ctx.Done():
		defer cancel()
		code := reporting.Canceled
		if ctx.Err() == context.DeadlineExceeded {
			code = reporting.Unavailable
		}
		return nil, nil, reporting.Errorf(code, "wait for an answer: %w", ctx.Err())
	}
}
