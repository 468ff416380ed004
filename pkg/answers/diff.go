package answers

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"huizong/pkg/compile"
	"huizong/pkg/reporting"
)

// Diff says which figures changed from one release to another, by which submissions, and with which reasons.
func (a *Answers) Diff(ctx context.Context, from, to int) (reporting.ReleaseDiff, error) {
	ctx, end, err := a.Begin(ctx)
	if err != nil {
		return reporting.ReleaseDiff{}, err
	}
	defer end()
	x, err := a.Releases.Find(from)
	if err != nil {
		return reporting.ReleaseDiff{}, err
	}
	y, err := a.Releases.Find(to)
	if err != nil {
		return reporting.ReleaseDiff{}, err
	}
	diff := reporting.ReleaseDiff{From: from, To: to, Reason: y.Reason, Inputs: inputChanges(x, y), Periods: a.periodChanges(x, y), Other: otherChanges(x, y)}
	if diff.Figures, err = a.figureChanges(x, y); err != nil {
		return diff, err
	}
	return diff, a.explain(ctx, x, y, &diff)
}

// figureChanges compares the frozen figures of the releases' own periods: the city's first, then the units', in the catalogue's order.
func (a *Answers) figureChanges(x, y reporting.Release) ([]reporting.FigureChange, error) {
	before, err := a.frozenFigures(x)
	if err != nil {
		return nil, err
	}
	after, err := a.frozenFigures(y)
	if err != nil {
		return nil, err
	}
	was := compile.LookupIn(before)
	is := compile.LookupIn(after)
	changes := []reporting.FigureChange{}
	add := func(f reporting.Figure) {
		old, _ := was(f.Indicator, f.Unit, f.Period)
		now, _ := is(f.Indicator, f.Unit, f.Period)
		changes = append(changes, a.compare(compile.FigureID{Indicator: f.Indicator, Unit: f.Unit, Period: f.Period}, old, now)...)
	}
	for _, f := range after {
		add(f)
	}
	for _, f := range before {
		if _, ok := is(f.Indicator, f.Unit, f.Period); !ok {
			add(f)
		}
	}
	slices.SortStableFunc(changes, func(x, y reporting.FigureChange) int { return a.rank(x) - a.rank(y) })
	return changes, nil
}

func (a *Answers) rank(f reporting.FigureChange) int {
	if f.Unit == a.Catalogue.City {
		return 0
	}
	return 1
}

// frozenFigures are those of a release's own period and the year to date; the months in it follow from those.
func (a *Answers) frozenFigures(r reporting.Release) ([]reporting.Figure, error) {
	figures, err := a.allFrozen(r)
	return slices.DeleteFunc(figures, func(f reporting.Figure) bool { return f.Period != r.Period && f.Period != r.Period.YearToDate() }), err
}

// allFrozen are all figures of a release.
func (a *Answers) allFrozen(r reporting.Release) ([]reporting.Figure, error) {
	data, err := a.Releases.File(r.Number, r.Figures.Name)
	if err != nil {
		return nil, err
	}
	var figures []reporting.Figure
	if err := json.Unmarshal(data, &figures); err != nil {
		return nil, reporting.Errorf(reporting.Internal, "figures of release %d: %w", r.Number, err)
	}
	return figures, nil
}

// compare lists what is not the same in a figure. Completion and the growth follow from what is compared.
func (a *Answers) compare(id compile.FigureID, old, now reporting.Figure) []reporting.FigureChange {
	places := 6
	if i := a.Catalogue.Indicator(id.Indicator); i != nil {
		places = i.Places()
	}
	var changes []reporting.FigureChange
	was, _ := old.TargetBy(reporting.ProvinceTarget)
	is, _ := now.TargetBy(reporting.ProvinceTarget)
	for _, x := range []struct{ aspect, before, after string }{
		{"value", reporting.PlainNumber(old.Value, places), reporting.PlainNumber(now.Value, places)},
		{"target", reporting.PlainNumber(old.Target, places), reporting.PlainNumber(now.Target, places)},
		{"province_target", reporting.PlainNumber(was.Value, places), reporting.PlainNumber(is.Value, places)},
		{"previous", reporting.PlainNumber(old.Previous, places), reporting.PlainNumber(now.Previous, places)},
		{"reported", fmt.Sprintf("%d/%d", old.Reported, old.Expected), fmt.Sprintf("%d/%d", now.Reported, now.Expected)},
	} {
		if x.before != x.after {
			changes = append(changes, reporting.FigureChange{Indicator: id.Indicator, Unit: id.Unit, Period: id.Period, Aspect: x.aspect, Before: x.before, After: x.after})
		}
	}
	return changes
}

// inputChanges lists the submissions that count in one of the two only.
func inputChanges(a, b reporting.Release) []reporting.InputChange {
	type slot struct {
		form, org string
		period    reporting.Period
	}
	was := map[slot]string{}
	for _, i := range a.Inputs {
		was[slot{i.Form, i.Org, i.Period}] = i.Submission
	}
	changes := []reporting.InputChange{}
	is := map[slot]bool{}
	for _, i := range b.Inputs {
		s := slot{i.Form, i.Org, i.Period}
		is[s] = true
		if was[s] != i.Submission {
			changes = append(changes, reporting.InputChange{ReleaseInput: i, Replaces: was[s]})
		}
	}
	for _, i := range a.Inputs {
		if !is[slot{i.Form, i.Org, i.Period}] {
			changes = append(changes, reporting.InputChange{ReleaseInput: i, Gone: true})
		}
	}
	return changes
}

// periodChanges are the closings and openings between the cut-offs: their reasons say why a unit could send again.
func (a *Answers) periodChanges(x, y reporting.Release) []reporting.PeriodChange {
	changes := []reporting.PeriodChange{}
	for _, e := range a.Journal.PeriodEvents() {
		if e.ReceivedAt.After(x.Cutoff) && !e.ReceivedAt.After(y.Cutoff) {
			changes = append(changes, reporting.PeriodChange{Kind: e.Kind, Period: e.Period, At: e.ReceivedAt, By: e.By, Reason: e.Reason})
		}
	}
	return changes
}

func otherChanges(a, b reporting.Release) []reporting.ReleaseChange {
	changes := []reporting.ReleaseChange{}
	add := func(what, before, after string) {
		if before != after {
			changes = append(changes, reporting.ReleaseChange{What: what, Before: before, After: after})
		}
	}
	add("report", a.Report, b.Report)
	add("period", a.Period.String(), b.Period.String())
	was, is := sums(a.Template), sums(b.Template)
	for _, name := range slices.Sorted(maps.Keys(union(was, is))) {
		add(name, was[name], is[name])
	}
	for _, name := range slices.Sorted(maps.Keys(union(a.Parameters, b.Parameters))) {
		add("parameter "+name, a.Parameters[name], b.Parameters[name])
	}
	add("boundaries", a.Boundaries.String(), b.Boundaries.String())
	add("program", a.Program, b.Program)
	add("fonts", a.Fonts, b.Fonts)
	return changes
}

func sums(files []reporting.ReleaseFile) map[string]string {
	by := map[string]string{}
	for _, f := range files {
		by[f.Name] = f.SHA256
	}
	return by
}

func union(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, b)
	return all
}

// source is where a part of a figure comes from: a form that a unit sends for a period.
type source struct {
	indicator, form, org string
	period               reporting.Period
}

// part is what a source gives to an indicator.
type part struct {
	submission string
	sum        reporting.Decimal
	rows       []string
}

// explain finds the sheets that changed the city's values.
func (a *Answers) explain(ctx context.Context, x, y reporting.Release, diff *reporting.ReleaseDiff) error {
	if x.Period != y.Period {
		return nil // other figures altogether
	}
	wanted := map[reporting.Period][]string{}
	for _, f := range diff.Figures {
		if f.Aspect == "value" && f.Unit == a.Catalogue.City {
			for _, p := range a.parts(a.Catalogue.Indicator(f.Indicator), "value") {
				wanted[f.Period] = append(wanted[f.Period], p.indicator)
			}
		}
	}
	for period, codes := range wanted {
		before, err := a.partsBySource(ctx, codes, period, x)
		if err != nil {
			return err
		}
		after, err := a.partsBySource(ctx, codes, period, y)
		if err != nil {
			return err
		}
		causes := causesOf(before, after)
		for i := range diff.Figures {
			if f := &diff.Figures[i]; f.Aspect == "value" && f.Unit == a.Catalogue.City && f.Period == period {
				for _, p := range a.parts(a.Catalogue.Indicator(f.Indicator), "value") {
					f.Causes = append(f.Causes, causes[p.indicator]...)
				}
			}
		}
	}
	return nil
}

// partsBySource groups the observations that stood at a release's cut-off.
func (a *Answers) partsBySource(ctx context.Context, codes []string, period reporting.Period, r reporting.Release) (map[source]*part, error) {
	facts, err := a.terms(ctx, codes, period, r.Cutoff)
	if err != nil {
		return nil, fmt.Errorf("observations of release %d: %w", r.Number, err)
	}
	id := compile.FigureID{Unit: a.Catalogue.City, Period: period}
	all := map[source]*part{}
	for _, f := range facts {
		if !a.counts(f, id) {
			continue
		}
		key := source{f.Indicator, f.Form, f.Sender, f.Period}
		if form := a.Catalogue.Form(f.Form); form != nil && form.Coverage == reporting.CoversYear {
			key.period = period // the ledger of the year is sent anew each month: compare all that it says of the period
		}
		s := all[key]
		if s == nil {
			s = &part{}
			all[key] = s
		}
		s.submission, s.sum = f.Submission, s.sum.Add(f.Value)
		s.rows = append(s.rows, fmt.Sprint(f.Unit, f.Value, f.Key, f.Opened, f.Closed))
	}
	return all, nil
}

// causesOf lists, by indicator, the sources whose parts differ.
func causesOf(before, after map[source]*part) map[string][]reporting.CellChange {
	keys := map[source]bool{}
	for k := range before {
		keys[k] = true
	}
	for k := range after {
		keys[k] = true
	}
	causes := map[string][]reporting.CellChange{}
	for k := range keys {
		change := reporting.CellChange{Indicator: k.indicator, Form: k.form, Org: k.org, Period: k.period}
		var was, is string
		if s := before[k]; s != nil {
			change.Replaces, change.Before, was = s.submission, s.sum.String(), s.text()
		}
		if s := after[k]; s != nil {
			change.Submission, change.After, is = s.submission, s.sum.String(), s.text()
		}
		if was != is {
			causes[k.indicator] = append(causes[k.indicator], change)
		}
	}
	for _, list := range causes {
		slices.SortFunc(list, func(x, y reporting.CellChange) int {
			return strings.Compare(x.Period.String()+x.Org, y.Period.String()+y.Org)
		})
	}
	return causes
}

func (s *part) text() string {
	slices.Sort(s.rows)
	return strings.Join(s.rows, "\n")
}
