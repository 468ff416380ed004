package answers

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
)

// Selection says which figures are wanted.
type Selection struct {
	Periods   []reporting.Period
	Units     []string // besides the city; ["*"] is every unit
	Indicator string   // "" is every one
	Standpoint
}

// Figures computes the figures of the periods, for the city and the units wanted.
func (a *Answers) Figures(ctx context.Context, s Selection) ([]reporting.Figure, error) {
	ctx, end, err := a.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	return a.figures(ctx, s)
}

func (a *Answers) figures(ctx context.Context, s Selection) ([]reporting.Figure, error) {
	for _, code := range s.Units {
		if code != "*" && a.Catalogue.Unit(code) == nil {
			return nil, reporting.Errorf(reporting.NotFound, "no such unit: %q", code)
		}
	}
	a = a.On(s.On)
	in, err := a.known(ctx, s.Periods, s.AsOf)
	if err != nil {
		return nil, err
	}
	in.Periods, in.Units = s.Periods, s.Units
	if slices.Equal(s.Units, []string{"*"}) {
		in.Units = rollup.EveryUnit(a.Catalogue)
	}
	figures := rollup.Figures(in)
	if err := a.markRestated(figures, s.AsOf); err != nil {
		return nil, err
	}
	if s.Indicator == "" {
		return figures, nil
	}
	return slices.DeleteFunc(figures, func(f reporting.Figure) bool { return f.Indicator != s.Indicator }), nil
}

func wrap(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// together runs the steps side by side and returns the error of the first that fails, when all have ended.
func together(steps ...func() error) error {
	var side errgroup.Group
	for _, step := range steps {
		side.Go(step)
	}
	return side.Wait()
}
