package compiler

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
)

// on is the compiler on the boundaries of a day: zero is itself, with each unit as it was. What it answers it does not keep.
func (c *Compiler) on(day reporting.Date) *Compiler {
	if day == 0 {
		return c
	}
	on := &Compiler{Config: c.Config, rules: c.rules, boundaries: day}
	on.Catalogue = c.Catalogue.On(day)
	return on
}

// Figures computes the figures of the question's periods, for the city and the units asked, on the boundaries asked.
func (c *Compiler) Figures(ctx context.Context, q reporting.Question) ([]reporting.Figure, error) {
	catalogue, units := c.Catalogue, q.Units
	if q.On != 0 {
		catalogue = catalogue.On(q.On)
	}
	if slices.Equal(units, []string{"*"}) {
		units = rollup.EveryUnit(catalogue)
	}
	for _, code := range units {
		if c.Catalogue.Unit(code) == nil {
			return nil, reporting.Errorf(reporting.NotFound, "no such unit: %q", code)
		}
	}
	in, err := c.known(ctx, catalogue, q.On, q.Periods, q.AsOf)
	if err != nil {
		return nil, err
	}
	in.Periods, in.Units = q.Periods, units
	figures := rollup.Figures(in)
	if err := c.on(q.On).markRestated(figures, q.AsOf); err != nil {
		return nil, err
	}
	if q.Indicator == "" {
		return figures, nil
	}
	return slices.DeleteFunc(figures, func(f reporting.Figure) bool { return f.Indicator != q.Indicator }), nil
}

func wrap(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// together runs the steps side by side and returns the error of the first, in their order, that has one.
func together(steps ...func() error) error {
	errs := make([]error, len(steps))
	var running sync.WaitGroup
	for i, step := range steps {
		running.Add(1)
		go func() {
			defer running.Done()
			errs[i] = step()
		}()
	}
	running.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
