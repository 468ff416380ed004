// Package compiler produces the rolled-up figures and the report. It answers requests on the bus: figures, trace, report. It keeps
// no state of its own: what stands in ClickHouse now, or stood at a given time, is all that an answer is made of.
package compiler

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/clickhouse"
	"huizong/pkg/compile"
	"huizong/pkg/compile/docx"
	"huizong/pkg/nats"
	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
)

// The verbs that the compiler answers, on nats.CompilerSubject.
const (
	Figures = "figures"
	Trace   = "trace"
	Report  = "report"
)

// Config of the service. All fields are needed.
type Config struct {
	Facts     *clickhouse.Store
	Bus       *nats.Bus
	Catalogue *reporting.Catalogue
	Templates map[string]*compile.Template // by id
	Log       *zap.Logger
	Now       func() time.Time // the cut-off of a report that is asked for as of now, in the bureau's zone
}

// Compiler is the service.
type Compiler struct {
	Config
}

// New returns the service. A catalogue whose arithmetic is refused is an error.
func New(c Config) (*Compiler, error) {
	if err := rollup.Check(c.Catalogue); err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	return &Compiler{Config: c}, nil
}

// Run answers until ctx ends.
func (c *Compiler) Run(ctx context.Context) error {
	sub, err := c.Bus.Serve(ctx, nats.ServeConfig{Subject: nats.AllCompiler, Queue: "compiler"}, c.serve)
	if err != nil {
		return fmt.Errorf("compiler: %w", err)
	}
	sub.Wait()
	return nil
}

func (c *Compiler) serve(ctx context.Context, r nats.Request) (nats.Reply, error) {
	var q reporting.Question
	if err := json.Unmarshal(r.Data, &q); err != nil {
		return nats.Reply{}, reporting.Errorf(reporting.Invalid, "question: %w", err)
	}
	if len(q.Periods) == 0 {
		return nats.Reply{}, reporting.Errorf(reporting.Invalid, "a period is needed")
	}
	switch verb := nats.LastToken(r.Subject); verb {
	case Figures:
		return answer(c.Figures(ctx, q))
	case Trace:
		return answer(c.Trace(ctx, q))
	case Report:
		data, err := c.Report(ctx, q)
		return nats.Reply{Data: data}, err
	default:
		return nats.Reply{}, reporting.Errorf(reporting.NotFound, "the compiler has no verb %q", verb)
	}
}

func answer[T any](value T, err error) (nats.Reply, error) {
	if err != nil {
		return nats.Reply{}, err
	}
	data, err := json.Marshal(value)
	return nats.Reply{Data: data}, err
}

// Figures computes the figures of the question's periods, for the city and the units asked.
func (c *Compiler) Figures(ctx context.Context, q reporting.Question) ([]reporting.Figure, error) {
	catalogue := c.Catalogue
	if q.On != 0 {
		catalogue = catalogue.On(q.On)
	}
	in := rollup.Input{Catalogue: catalogue, Periods: q.Periods, Units: q.Units}
	if slices.Equal(q.Units, []string{"*"}) {
		in.Units = rollup.EveryUnit(catalogue)
	}
	for _, code := range in.Units {
		if c.Catalogue.Unit(code) == nil {
			return nil, reporting.Errorf(reporting.NotFound, "no such unit: %q", code)
		}
	}
	var err error
	if in.Aggregates, err = c.Facts.Aggregates(ctx, rollup.Needed(q.Periods), q.AsOf, catalogue); err != nil {
		return nil, fmt.Errorf("aggregates: %w", err)
	}
	if in.Standings, err = c.Facts.Standings(ctx, q.AsOf); err != nil {
		return nil, fmt.Errorf("standings: %w", err)
	}
	targets, err := c.Facts.Targets(ctx, q.AsOf)
	if err != nil {
		return nil, fmt.Errorf("targets: %w", err)
	}
	for _, t := range targets {
		in.Targets = append(in.Targets, t.Target)
	}
	baselines, err := c.Facts.Baselines(ctx, q.AsOf)
	if err != nil {
		return nil, fmt.Errorf("baselines: %w", err)
	}
	for _, b := range baselines {
		in.Baselines = append(in.Baselines, b.Baseline)
	}
	figures := rollup.Figures(in)
	if q.Indicator == "" {
		return figures, nil
	}
	return slices.DeleteFunc(figures, func(f reporting.Figure) bool { return f.Indicator != q.Indicator }), nil
}

// Report compiles the report of the question's first period in the format asked for.
func (c *Compiler) Report(ctx context.Context, q reporting.Question) ([]byte, error) {
	template := c.Templates[q.Report]
	if template == nil {
		return nil, reporting.Errorf(reporting.NotFound, "no such report: %q", strings.ReplaceAll(q.Report, "_", "-"))
	}
	if q.Format != "docx" {
		return nil, reporting.Errorf(reporting.Invalid, "format %q: the report is written as docx", q.Format)
	}
	cutoff := q.AsOf
	if cutoff.IsZero() {
		cutoff = c.Now()
	}
	period := q.Periods[0]
	// The year to date stands beside the period where a target is compared with the pace of the year.
	figures, err := c.Figures(ctx, reporting.Question{Periods: periods(period), AsOf: q.AsOf})
	if err != nil {
		return nil, err
	}
	narratives, err := c.Facts.Narratives(ctx, q.AsOf)
	if err != nil {
		return nil, fmt.Errorf("narratives: %w", err)
	}
	document, err := compile.Compile(compile.Input{
		Template: template, Catalogue: c.Catalogue, Figures: compile.LookupIn(figures), Narratives: c.ordered(narratives), Period: period, Cutoff: cutoff,
	})
	if err != nil {
		return nil, fmt.Errorf("compile %s of %s: %w", q.Report, period, err)
	}
	var file bytes.Buffer
	if err := docx.Write(&file, document); err != nil {
		return nil, fmt.Errorf("write docx: %w", err)
	}
	return file.Bytes(), nil
}

func periods(p reporting.Period) []reporting.Period {
	list := []reporting.Period{p}
	if year := p.YearToDate(); year != p {
		list = append(list, year)
	}
	return list
}

// ordered are the texts in the order of the units that sent them.
func (c *Compiler) ordered(texts []clickhouse.Narrative) []reporting.Narrative {
	place := map[string]int{}
	for i, u := range c.Catalogue.Units {
		place[u.Code] = i
	}
	slices.SortStableFunc(texts, func(a, b clickhouse.Narrative) int { return place[a.Sender] - place[b.Sender] })
	list := make([]reporting.Narrative, len(texts))
	for i, t := range texts {
		list[i] = t.Narrative
	}
	return list
}
