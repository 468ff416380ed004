package compiler

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/compile"
	"huizong/pkg/compile/html"
	"huizong/pkg/nats"
	"huizong/pkg/reporting"
)

// DraftConfig says when drafts of the half-year report are made by themselves: when the last sheet that is expected is in, and at
// the deadline with what there is. Whatever comes later brings the draft up to date.
type DraftConfig struct {
	Dir      string        // folder of the drafts, one folder each; they can be made again. "" makes none
	Report   string        // id of the template; default half_year
	Deadline Deadline      // the zero value is none: then only a complete half-year has a draft
	Settle   time.Duration // how long it must be quiet before it is looked whether all is in; default 2 s
}

// Deadline is a day of the month after the half-year, 1 to 28, and a time of that day.
type Deadline struct {
	Day          int
	Hour, Minute int
}

// ParseDeadline reads "1 09:00"; "" is none.
func ParseDeadline(text string) (d Deadline, err error) {
	if text == "" {
		return d, nil
	}
	n, err := fmt.Sscanf(text, "%d %d:%d", &d.Day, &d.Hour, &d.Minute)
	if err != nil || n != 3 || d.Day < 1 || d.Day > 28 || d.Hour < 0 || d.Hour > 23 || d.Minute < 0 || d.Minute > 59 {
		return Deadline{}, reporting.Errorf(reporting.Invalid, "deadline %q: want the day of the month after the half-year (1 to 28) and a time: \"1 09:00\"", text)
	}
	return d, nil
}

// Of is the deadline of a half-year, in the zone.
func (d Deadline) Of(p reporting.Period, zone *time.Location) time.Time {
	next := p.Last + 1
	return time.Date(next.Year(), time.Month(next.Number()), d.Day, d.Hour, d.Minute, 0, 0, zone)
}

// lateness is how long after its deadline an incomplete half-year still gets a draft: sheets of years ago that are sent now do not
// make one at every step.
const lateness = 92 * 24 * time.Hour

func (d *DraftConfig) check(templates map[string]*compile.Template) error {
	d.Report, d.Settle = cmp.Or(d.Report, "half_year"), cmp.Or(d.Settle, 2*time.Second)
	if d.Dir != "" && templates[d.Report] == nil {
		return reporting.Errorf(reporting.Invalid, "drafts: no such report: %q", d.Report)
	}
	return nil
}

const draftNote = "draft.json" // a Draft, beside its files

// runDrafts makes drafts when they are due, until ctx ends.
func (c *Compiler) runDrafts(ctx context.Context) error {
	decided, err := c.Bus.Consume(ctx, nats.ConsumerConfig{Stream: nats.Submissions, Durable: "compiler", Filter: nats.AllDecided, Workers: 1}, c.decided)
	if err != nil {
		return err
	}
	defer decided.Wait()
	settled, deadline := c.Timer(c.Drafts.Settle), c.untilDeadline()
	defer func() { settled.Stop(); deadline.Stop() }()
	due := map[reporting.Period]bool{halfBefore(c.Now()): true} // its sheets may have come before we were started
	for {
		select {
		case <-ctx.Done():
			return nil
		case p := <-c.touched:
			due[p] = true
			settled.Stop()
			settled = c.Timer(c.Drafts.Settle)
		case <-deadline.C:
			due[halfBefore(c.Now())] = true
			settled.Stop()
			settled, deadline = c.Timer(0), c.untilDeadline()
		case <-settled.C:
			for _, p := range slices.SortedFunc(maps.Keys(due), func(a, b reporting.Period) int { return int(a.First - b.First) }) {
				if err := c.draft(ctx, p); err != nil && ctx.Err() == nil {
					c.Log.Error("no draft", zap.Stringer("period", p), zap.Error(err)) // the next sheet, or start, tries again
				}
				c.looked(p)
			}
			clear(due)
		}
	}
}

// Timer fires once; whoever tests says when. The zero Timer never does.
type Timer struct {
	C    <-chan time.Time
	Stop func()
}

func realTimer(d time.Duration) Timer {
	t := time.NewTimer(d)
	return Timer{C: t.C, Stop: func() { t.Stop() }}
}

// decided takes note of an accepted sheet. Nothing is lost if we crash before its draft is made: the next sheet of the half-year, and
// the next start, look at all that is there.
func (c *Compiler) decided(ctx context.Context, m nats.Message) {
	var d reporting.Decided
	if json.Unmarshal(m.Data, &d) == nil && d.Outcome == reporting.Accepted && !d.Period.IsZero() {
		select {
		case c.touched <- halfOf(d.Period.Last):
		case <-ctx.Done():
			return
		}
	}
	if err := m.Ack(context.WithoutCancel(ctx)); err != nil {
		c.Log.Warn("outcome not acknowledged; it will come again", zap.Error(err))
	}
}

// untilDeadline fires at the next deadline of a half-year; never where there is none.
func (c *Compiler) untilDeadline() Timer {
	now, d := c.Now(), c.Drafts.Deadline
	if d.Day == 0 {
		return Timer{Stop: func() {}}
	}
	p := halfBefore(now)
	at := d.Of(p, now.Location())
	if !at.After(now) {
		at = d.Of(halfOf(p.Last+6), now.Location())
	}
	return c.Timer(at.Sub(now))
}

// halfOf is the half-year of a month.
func halfOf(m reporting.Month) reporting.Period {
	first := reporting.NewMonth(m.Year(), 1+(m.Number()-1)/6*6)
	return reporting.Period{First: first, Last: first + 5}
}

// halfBefore is the last half-year that has ended.
func halfBefore(now time.Time) reporting.Period {
	return halfOf(halfOf(reporting.NewMonth(now.Year(), int(now.Month()))).First - 1)
}

// draft compiles the draft of a half-year if it is due and there is anything new.
func (c *Compiler) draft(ctx context.Context, p reporting.Period) error {
	now := c.Now()
	cutoff := now.Truncate(time.Millisecond)
	standings, err := c.Facts.Standings(ctx, cutoff)
	if err != nil {
		return err
	}
	d := reporting.Draft{Report: c.Drafts.Report, Period: p, Cutoff: cutoff, Missing: c.missing(standings, p)}
	if d.Because = c.because(d, now, standings); d.Because == "" {
		return nil
	}
	r := recipe{template: c.Templates[d.Report], rules: c.rules, period: p, cutoff: cutoff}
	if d.Inputs, err = (recipe{template: r.template, period: p}).key(standings); err != nil {
		return err
	}
	folder := filepath.Join(c.Drafts.Dir, fileStem(d.Report, p))
	if before, err := readDraft(folder); err == nil && before.Inputs == d.Inputs && before.Because == d.Because {
		return nil
	}
	document, err := c.document(ctx, r)
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	for _, format := range Formats {
		data, err := c.write(document, format)
		if reporting.CodeOf(err) == reporting.Unavailable {
			d.Notes = append(d.Notes, err.Error())
			continue
		}
		if err != nil {
			return err
		}
		name := FileName(d.Report, p, format)
		files[name], d.Files = data, append(d.Files, name)
	}
	if err := keepDraft(folder, d, files); err != nil {
		return err
	}
	c.Log.Info("draft compiled", zap.String("report", d.Report), zap.Stringer("period", p), zap.String("because", d.Because),
		zap.Int("missing_sheets", len(d.Missing)), zap.String("folder", folder))
	return nil
}

// because says why a draft is due, "" where it is not.
func (c *Compiler) because(d reporting.Draft, now time.Time, standings []reporting.Standing) string {
	any := false
	for _, s := range standings {
		any = any || d.Period.Contains(s.Period)
	}
	late := time.Duration(-1)
	if c.Drafts.Deadline.Day > 0 {
		late = now.Sub(c.Drafts.Deadline.Of(d.Period, now.Location()))
	}
	switch {
	case !any:
		return ""
	case len(d.Missing) == 0:
		return "complete"
	case late >= 0 && late < lateness:
		return "deadline"
	}
	return ""
}

// missing lists the sheets that are owed for a half-year and do not stand: those of its months, and what is sent once a year for a report
// of it, as the targets and last year's figures are.
func (c *Compiler) missing(standings []reporting.Standing, p reporting.Period) []reporting.MissingSheet {
	type sheet struct {
		form, org string
		period    reporting.Period
	}
	there := map[sheet]bool{}
	for _, s := range standings {
		there[sheet{s.Form, s.Org, s.Period}] = true
		if f := c.Catalogue.Form(s.Form); f != nil {
			for _, m := range f.Covers(s.Period).Months() {
				there[sheet{s.Form, s.Org, reporting.MonthPeriod(m)}] = true
			}
		}
	}
	missing := []reporting.MissingSheet{}
	for _, f := range c.Catalogue.Forms {
		for _, period := range owed(f, p) {
			for _, org := range c.Catalogue.Expected(f, period) {
				if !there[sheet{f.ID, org, period}] {
					missing = append(missing, reporting.MissingSheet{Form: f.ID, Title: f.Title.ZH, Org: org, Name: c.unitName(org), Period: period})
				}
			}
		}
	}
	return missing
}

// owed lists the periods for which a form is owed before a half-year is complete: each month, or what is collected once in the year so
// far (the year's targets) or in the half (the figures of the same half of last year).
func owed(f *reporting.Form, half reporting.Period) []reporting.Period {
	var periods []reporting.Period
	switch f.Duty {
	case reporting.MonthlyDuty:
		for _, m := range half.Months() {
			periods = append(periods, reporting.MonthPeriod(m))
		}
	case reporting.YearlyDuty:
		collected := half
		if f.Periods == "year" {
			collected = half.YearToDate()
		}
		for _, m := range collected.Months() {
			if p, ok := f.CollectedWith(m); ok {
				periods = append(periods, p)
			}
		}
	}
	return periods
}

// drafts lists the drafts that there are, the latest period first.
func (c *Compiler) drafts() ([]reporting.Draft, error) {
	drafts := []reporting.Draft{}
	if c.Drafts.Dir == "" {
		return drafts, nil
	}
	folders, err := os.ReadDir(c.Drafts.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, reporting.Errorf(reporting.Unavailable, "drafts: %w", err)
	}
	for _, folder := range folders {
		// One that is not whole counts as none: it is being made, or will be again.
		if d, err := readDraft(filepath.Join(c.Drafts.Dir, folder.Name())); err == nil && folder.Name() == fileStem(d.Report, d.Period) {
			drafts = append(drafts, d)
		}
	}
	slices.SortFunc(drafts, func(a, b reporting.Draft) int { return int(b.Period.Last - a.Period.Last) })
	return drafts, nil
}

// draftFile is a file of the draft of a report and period, as it stands now.
func (c *Compiler) draftFile(report string, p reporting.Period, name string) (File, error) {
	folder := filepath.Join(c.Drafts.Dir, fileStem(report, p))
	d, err := readDraft(folder)
	if err != nil || c.Drafts.Dir == "" || c.Templates[report] == nil {
		return File{}, reporting.Errorf(reporting.NotFound, "there is no draft of %s for %s", fileStem(report, p), p)
	}
	if !slices.Contains(d.Files, name) { // a name of ours, and so no path to elsewhere
		return File{}, reporting.Errorf(reporting.NotFound, "the draft has no file %q: it has %s", name, strings.Join(d.Files, ", "))
	}
	data, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return File{}, reporting.Errorf(reporting.Unavailable, "draft: %w", err)
	}
	f := File{Data: data, Cutoff: d.Cutoff}
	if path.Ext(name) == ".html" {
		f.Policy = html.Policy
	}
	return f, nil
}

func readDraft(folder string) (d reporting.Draft, err error) {
	data, err := os.ReadFile(filepath.Join(folder, draftNote))
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(data, &d)
}

// keepDraft puts a draft in the place of the one before. Nothing is synced: what a power cut takes is made again, because a folder
// without a whole draft.json counts as none.
func keepDraft(folder string, d reporting.Draft, files map[string][]byte) error {
	note, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	files[draftNote] = note
	temp := folder + ".new"
	if err := errors.Join(os.RemoveAll(temp), os.MkdirAll(temp, 0o700)); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(temp, name), data, 0o600); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	return os.Rename(temp, folder)
}
