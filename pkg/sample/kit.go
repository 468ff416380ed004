package sample

import (
	"fmt"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// The defaults of a Config.
const (
	DefaultYear   = 2020
	DefaultMonths = 6
)

// Config says which sheets to make. The zero Config makes half a year of all forms.
type Config struct {
	Seed   int64
	Year   int      // 2001–2199, 0: DefaultYear
	Months int      // 1–12 from January on, 0: DefaultMonths
	Forms  []string // ids of forms, empty: all
}

// Kit is a run of files in the order in which they are sent, and what they come to.
type Kit struct {
	Files    []File
	Withheld []File // what a unit has still to send, a wrong sheet and a right one: no part of Truth, nor of the manifest
	Truth    *Truth
}

// File is one sheet as an office sends it.
type File struct {
	Path    string // relative and slash-separated: "inbox/2020-06/349981001-employment_monthly.xlsx"
	Org     string
	Form    string
	Period  reporting.Period
	Bytes   []byte
	Expect  reporting.Outcome
	Finding reporting.FindingCode // of a rejected one: a finding that must be there
	Note    string                // what happens here, and how the sheet differs from the printed form
}

// Forms lists the ids of the forms that Generate can make, in the order of their numbers.
func Forms() []string {
	ids := make([]string, len(forms))
	for i, f := range forms {
		ids[i] = f.id
	}
	return ids
}

// Generate makes the kit. An unknown form, or a year or number of months out of range, is an error of code invalid.
func Generate(cfg Config) (*Kit, error) {
	chosen, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	c := newCity(cfg)
	kit := &Kit{Truth: newTruth(c, chosen)}
	for _, d := range c.story(chosen) {
		file, err := c.send(d)
		if err != nil {
			return nil, fmt.Errorf("type %s of %s for %s: %w", d.form.id, d.sender.code, d.period, err)
		}
		if d.withheld() {
			file.Path = strings.Replace(file.Path, "inbox/", "to-send/", 1)
			kit.Withheld = append(kit.Withheld, file)
			continue
		}
		kit.Files = append(kit.Files, file)
		if d.final() {
			kit.Truth.take(d)
		}
	}
	return kit, nil
}

// complete fills in the defaults, checks the rest and returns the chosen forms in the order of their numbers.
func (cfg *Config) complete() ([]*form, error) {
	if cfg.Year == 0 {
		cfg.Year = DefaultYear
	}
	if cfg.Months == 0 {
		cfg.Months = DefaultMonths
	}
	if cfg.Year < 2001 || cfg.Year > 2199 {
		return nil, reporting.Errorf(reporting.Invalid, "sample year %d: want 2001–2199", cfg.Year)
	}
	if cfg.Months < 1 || cfg.Months > 12 {
		return nil, reporting.Errorf(reporting.Invalid, "sample of %d months: want 1–12", cfg.Months)
	}
	for _, id := range cfg.Forms {
		if !slices.Contains(Forms(), id) {
			return nil, reporting.Errorf(reporting.Invalid, "no sample of form %q: there are %v", id, Forms())
		}
	}
	var chosen []*form
	for i := range forms {
		if len(cfg.Forms) == 0 || slices.Contains(cfg.Forms, forms[i].id) {
			chosen = append(chosen, &forms[i])
		}
	}
	return chosen, nil
}
