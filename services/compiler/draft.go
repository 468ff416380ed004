package compiler

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/compile"
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

// Draft is what stands beside the files of a draft, as draft.json.
type Draft struct {
	Report  string           `json:"report"`
	Period  reporting.Period `json:"period"`
	Cutoff  time.Time        `json:"cutoff"`
	Because string           `json:"because"` // complete or deadline
	Missing []MissingSheet   `json:"missing"`
	Inputs  string           `json:"inputs"` // hash of the submissions that stand in it
	Files   []string         `json:"files"`
	Notes   []string         `json:"notes,omitempty"` // formats that could not be written
}

// MissingSheet is a sheet that is owed and has not been accepted.
type MissingSheet struct {
	Form   string           `json:"form"`
	Title  string           `json:"title"`
	Org    string           `json:"org"`
	Name   string           `json:"name"`
	Period reporting.Period `json:"period"`
}

const draftFile = "draft.json"

// runDrafts makes drafts when they are due, until ctx ends.
func (c *Compiler) runDrafts(ctx context.Context) error {
	decided, err := c.Bus.Consume(ctx, nats.ConsumerConfig{Stream: nats.Submissions, Durable: "compiler", Filter: nats.AllDecided, Workers: 1}, c.decided)
	if err != nil {
		return err
	}
	defer decided.Wait()
	settled, deadline := time.NewTimer(c.Drafts.Settle), c.untilDeadline()
	defer settled.Stop()
	defer deadline.Stop()
	due := map[reporting.Period]bool{halfBefore(c.Now()): true} // its sheets may have come before we were started
	for {
		select {
		case <-ctx.Done():
			return nil
		case p := <-c.touched:
			due[p] = true
			settled.Reset(c.Drafts.Settle)
		case <-deadline.C:
			due[halfBefore(c.Now())] = true
			settled.Reset(0)
			deadline = c.untilDeadline()
		case <-settled.C:
			for p := range due {
				if err := c.draft(ctx, p); err != nil && ctx.Err() == nil {
					c.Log.Error("no draft", zap.Stringer("period", p), zap.Error(err)) // the next sheet, or start, tries again
				}
			}
			clear(due)
		}
	}
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
func (c *Compiler) untilDeadline() *time.Timer {
	now, d := c.Now(), c.Drafts.Deadline
	if d.Day == 0 {
		t := time.NewTimer(time.Hour)
		t.Stop()
		return t
	}
	p := halfBefore(now)
	at := d.Of(p, now.Location())
	if !at.After(now) {
		at = d.Of(halfOf(p.Last+6), now.Location())
	}
	return time.NewTimer(at.Sub(now))
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
	d := Draft{Report: c.Drafts.Report, Period: p, Cutoff: cutoff, Missing: c.missing(standings, p)}
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
func (c *Compiler) because(d Draft, now time.Time, standings []reporting.Standing) string {
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

// missing lists the sheets that are owed for the months of a half-year and do not stand.
func (c *Compiler) missing(standings []reporting.Standing, p reporting.Period) []MissingSheet {
	type sheet struct {
		form, org string
		month     reporting.Month
	}
	there := map[sheet]bool{}
	for _, s := range standings {
		f := c.Catalogue.Form(s.Form)
		if f == nil {
			continue
		}
		for _, m := range f.Covers(s.Period).Months() {
			there[sheet{s.Form, s.Org, m}] = true
		}
	}
	missing := []MissingSheet{}
	for _, f := range c.Catalogue.Forms {
		if f.Duty != reporting.MonthlyDuty {
			continue
		}
		for _, m := range p.Months() {
			for _, org := range c.Catalogue.Expected(f, reporting.MonthPeriod(m)) {
				if !there[sheet{f.ID, org, m}] {
					missing = append(missing, MissingSheet{f.ID, f.Title.ZH, org, c.unitName(org), reporting.MonthPeriod(m)})
				}
			}
		}
	}
	return missing
}

func readDraft(folder string) (d Draft, err error) {
	data, err := os.ReadFile(filepath.Join(folder, draftFile))
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(data, &d)
}

// keepDraft puts a draft in the place of the one before. Nothing is synced: what a power cut takes is made again, because a folder
// without a whole draft.json counts as none.
func keepDraft(folder string, d Draft, files map[string][]byte) error {
	note, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	files[draftFile] = note
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
