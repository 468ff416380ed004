package rolluptest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"huizong/pkg/reporting"
)

// sheet is a submission of the script with its facts.
type sheet struct {
	standing reporting.Standing
	facts    []reporting.Fact
}

// slot is the place in which one submission stands.
type slot struct{ form, org, period string }

func compareSlots(a, b slot) int {
	return slices.Compare([]string{a.form, a.org, a.period}, []string{b.form, b.org, b.period})
}

// firstReceipt is the time before the script's first sheet came; each next one comes a minute later.
var firstReceipt = time.Date(2020, 7, 1, 8, 0, 0, 0, time.UTC)

// send makes a new sheet, which stands unless a later period of a year-to-date ledger already does.
func (p *parser) send(f *reporting.Form, org string, period reporting.Period) *sheet {
	p.sent++
	s := &sheet{standing: reporting.Standing{
		Submission: fmt.Sprintf("%026d", p.sent), Form: f.ID, Org: org, Period: period,
		ReceivedAt: firstReceipt.Add(time.Duration(p.sent) * time.Minute),
	}}
	key := slot{f.ID, org, f.Slot(period)}
	if before := p.sheets[key]; before == nil || before.standing.Period.Last <= period.Last {
		p.sheets[key] = s
	}
	return s
}

func (s *sheet) add(o reporting.Observation) {
	o.Lineage = reporting.Lineage{Cell: "A" + strconv.Itoa(len(s.facts)+1)}
	s.facts = append(s.facts, reporting.Fact{Submission: s.standing.Submission, Form: s.standing.Form, Sender: s.standing.Org, Observation: o})
}

// submit reads a sheet: submit FORM from UNIT for PERIOD, then a line an observation.
func (p *parser) submit(w []string) error {
	if len(w) != 5 || w[1] != "from" || w[3] != "for" {
		return usage("submit FORM from UNIT for PERIOD")
	}
	f := p.catalogue.Form(w[0])
	if f == nil {
		return fmt.Errorf("unknown form %q", w[0])
	}
	if !slices.Contains(f.Senders, w[2]) {
		return fmt.Errorf("%s does not send %s", w[2], w[0])
	}
	period, err := reporting.ParsePeriod(w[4])
	if err != nil {
		return err
	}
	s := p.send(f, w[2], period)
	p.block = func(w []string) error { return p.observe(f, s, w) }
	return nil
}

// observe reads INDICATOR [VALUE] [at UNIT] [in PERIOD] [key K] [opened DAY] [closed DAY].
func (p *parser) observe(f *reporting.Form, s *sheet, w []string) error {
	if err := p.loads(f, w[0]); err != nil {
		return err
	}
	o := reporting.Observation{Indicator: w[0], Unit: s.standing.Org, Period: s.standing.Period, Value: reporting.Int(1)}
	if p.catalogue.Cumulative(w[0]) {
		o.Period = p.catalogue.Unit(s.standing.Org).YearToDate(s.standing.Period.Last)
	}
	w = w[1:]
	if len(w)%2 == 1 {
		v, err := reporting.ParseDecimal(w[0])
		if err != nil {
			return fmt.Errorf("value %q: %w", w[0], err)
		}
		o.Value, w = v, w[1:]
	}
	for ; len(w) > 0; w = w[2:] {
		if err := p.qualify(&o, w[0], w[1]); err != nil {
			return err
		}
	}
	s.add(o)
	return nil
}

func (p *parser) qualify(o *reporting.Observation, word, value string) (err error) {
	switch word {
	case "at":
		if o.Unit = value; p.catalogue.Unit(value) == nil {
			err = fmt.Errorf("unknown unit %q", value)
		}
	case "in":
		o.Period, err = reporting.ParsePeriod(value)
	case "key":
		o.Key = value
	case "opened":
		o.Opened, err = parseDay(value)
	case "closed":
		o.Closed, err = parseDay(value)
	default:
		err = fmt.Errorf("unknown word %q of an observation", word)
	}
	return err
}

// loads returns an error for an indicator that the form does not load.
func (p *parser) loads(f *reporting.Form, indicator string) error {
	if err := p.knows(indicator); err != nil {
		return err
	}
	if p.catalogue.FormOf(indicator) != f {
		return fmt.Errorf("form %s does not load %s", f.ID, indicator)
	}
	return nil
}

// load reads a table of months: load INDICATOR from MONTH, then a line a unit.
func (p *parser) load(w []string) error {
	if len(w) != 3 || w[1] != "from" {
		return usage("load INDICATOR from MONTH")
	}
	if err := p.knows(w[0]); err != nil {
		return err
	}
	f := p.catalogue.FormOf(w[0])
	if f == nil {
		return fmt.Errorf("no form loads %s", w[0])
	}
	first, err := reporting.ParsePeriod(w[2])
	p.block = func(line []string) error { return p.loadUnit(f, w[0], first.First, line) }
	return err
}

func (p *parser) loadUnit(f *reporting.Form, indicator string, first reporting.Month, w []string) error {
	unit, org := w[0], w[0]
	if f.RowUnits {
		org = f.Senders[0]
	}
	if p.catalogue.Unit(unit) == nil {
		return fmt.Errorf("unknown unit %q", unit)
	}
	if !slices.Contains(f.Senders, org) {
		return fmt.Errorf("%s does not send %s", org, f.ID)
	}
	for n, cell := range w[1:] {
		if cell == "?" {
			continue
		}
		month := reporting.MonthPeriod(first + reporting.Month(n))
		s := p.sheetOf(f, org, month)
		if cell == "-" {
			continue
		}
		v, err := reporting.ParseDecimal(strings.ReplaceAll(cell, ",", ""))
		if err != nil {
			return fmt.Errorf("value %q: %w", cell, err)
		}
		o := reporting.Observation{Indicator: indicator, Unit: unit, Period: month, Value: v}
		if p.catalogue.Cumulative(indicator) {
			o.Period = p.catalogue.Unit(org).YearToDate(month.Last)
		}
		s.add(o)
	}
	return nil
}

// sheetOf returns the sheet that stands for the month, or a new one: the tables of a form's indicators fill the same sheets.
func (p *parser) sheetOf(f *reporting.Form, org string, month reporting.Period) *sheet {
	if s := p.sheets[slot{f.ID, org, f.Slot(month)}]; s != nil && s.standing.Period == month {
		return s
	}
	return p.send(f, org, month)
}

// target reads target INDICATOR YEAR VALUE [LEVEL].
func (p *parser) target(w []string) error {
	if len(w) != 3 && len(w) != 4 {
		return usage("target INDICATOR YEAR VALUE [province]")
	}
	if err := p.knows(w[0]); err != nil {
		return err
	}
	t := reporting.Target{Indicator: w[0], Level: reporting.CityTarget}
	if len(w) == 4 {
		if t.Level = w[3]; !slices.Contains(reporting.TargetLevels, t.Level) {
			return fmt.Errorf("level %q: want one of %v", t.Level, reporting.TargetLevels)
		}
	}
	year, err := strconv.Atoi(w[1])
	if err != nil {
		return fmt.Errorf("year %q: want 2020", w[1])
	}
	t.Year = year
	t.Value, err = reporting.ParseDecimal(w[2])
	p.targets = append(p.targets, t)
	return err
}

// baseline reads baseline INDICATOR PERIOD VALUE.
func (p *parser) baseline(w []string) error {
	if len(w) != 3 {
		return usage("baseline INDICATOR PERIOD VALUE")
	}
	if err := p.knows(w[0]); err != nil {
		return err
	}
	period, err := reporting.ParsePeriod(w[1])
	if err != nil {
		return err
	}
	value, err := reporting.ParseDecimal(w[2])
	p.baselines = append(p.baselines, reporting.Baseline{Indicator: w[0], Period: period, Value: value})
	return err
}
