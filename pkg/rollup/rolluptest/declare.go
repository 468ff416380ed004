package rolluptest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"huizong/pkg/reporting"
)

// unit declares units: unit LEVEL CODE… [since DAY] [until DAY].
func (p *parser) unit(w []string) error {
	if len(w) < 2 {
		return usage("unit LEVEL CODE… [since DAY] [until DAY]")
	}
	level := reporting.Level(w[0])
	if !slices.Contains([]reporting.Level{reporting.LevelTownship, reporting.LevelSubUnit, reporting.LevelDirect}, level) {
		return fmt.Errorf("unknown level %q: want township, sub_unit or direct", w[0])
	}
	first := len(p.catalogue.Units)
	for w = w[1:]; len(w) > 0 && w[0] != "since" && w[0] != "until"; w = w[1:] {
		p.catalogue.Units = append(p.catalogue.Units, reporting.OrgUnit{Code: w[0], Level: level, Parent: cityCode})
	}
	for ; len(w) >= 2; w = w[2:] {
		day, err := parseDay(w[1])
		if err != nil {
			return err
		}
		for n := first; n < len(p.catalogue.Units); n++ {
			switch w[0] {
			case "since":
				p.catalogue.Units[n].From = day
			case "until":
				p.catalogue.Units[n].To = day
			}
		}
	}
	return nil
}

// form declares a form: form ID SHAPE [WORD…] sent by CODE….
func (p *parser) form(w []string) error {
	f := &reporting.Form{Coverage: reporting.CoversPeriod, Duty: reporting.MonthlyDuty, Periods: "month"}
	at := slices.Index(w, "sent")
	if at < 2 || at+2 >= len(w) || w[at+1] != "by" {
		return usage("form ID SHAPE [year_to_date|snapshot] [optional] [cumulative] [by-row] sent by CODE…")
	}
	f.ID, f.Shape, f.Senders = w[0], reporting.Shape(w[1]), w[at+2:]
	if !slices.Contains([]reporting.Shape{reporting.IndicatorForm, reporting.Matrix, reporting.Ledger}, f.Shape) {
		return fmt.Errorf("unknown shape %q: want indicators, matrix or ledger", w[1])
	}
	for _, word := range w[2:at] {
		switch word {
		case "year_to_date", "snapshot":
			f.Coverage = reporting.Coverage(word)
		case "optional":
			f.Duty = reporting.NoDuty
		case "cumulative":
			f.Columns = []reporting.Column{{Type: reporting.Amount, Cumulative: true}}
		case "by-row":
			f.RowUnits = true
		default:
			return fmt.Errorf("unknown word %q of a form", word)
		}
	}
	for _, code := range f.Senders {
		if !slices.ContainsFunc(p.catalogue.Units, func(u reporting.OrgUnit) bool { return u.Code == code }) {
			return fmt.Errorf("unknown unit %q", code)
		}
	}
	p.catalogue.Forms = append(p.catalogue.Forms, f)
	return nil
}

const indicatorUsage = "indicator CODE KIND ROLLUP MEASURE in FORM, or indicator CODE KIND MEASURE = A + B or A / B"

// indicator declares an indicator and, if it is a base one, lets its form load it.
func (p *parser) indicator(w []string) error {
	i := reporting.Indicator{}
	if len(w) < 5 {
		return usage(indicatorUsage)
	}
	i.Code, i.Kind, i.Domain = w[0], reporting.Kind(w[1]), domainOf(w[0])
	if !reporting.ValidIndicatorCode(i.Code) {
		return fmt.Errorf("%q is no code of an indicator: want area.name", i.Code)
	}
	var err error
	switch {
	case len(w) == 6 && w[4] == "in":
		i.Rollup, i.Measure = reporting.Rollup(w[2]), w[3]
		err = p.loadedBy(w[5], i.Code)
	case w[3] == "=":
		i.Measure = w[2]
		err = compute(&i, w[4:])
	default:
		return usage(indicatorUsage)
	}
	p.catalogue.Indicators = append(p.catalogue.Indicators, i)
	return err
}

// compute reads "A / B" and "A + B + …".
func compute(i *reporting.Indicator, w []string) error {
	if len(w) == 3 && w[1] == "/" {
		i.Rollup, i.Numerator, i.Denominator = reporting.RollupRatio, w[0], w[2]
		return nil
	}
	i.Rollup = reporting.RollupParts
	for n, word := range w {
		switch {
		case n%2 == 0:
			i.Parts = append(i.Parts, word)
		case word != "+":
			return usage(indicatorUsage)
		}
	}
	return nil
}

func (p *parser) loadedBy(id, indicator string) error {
	at := slices.IndexFunc(p.catalogue.Forms, func(f *reporting.Form) bool { return f.ID == id })
	if at < 0 {
		return fmt.Errorf("unknown form %q", id)
	}
	f := p.catalogue.Forms[at]
	switch f.Shape {
	case reporting.IndicatorForm:
		f.Rows = append(f.Rows, reporting.FormRow{Code: indicator, Indicator: indicator})
	case reporting.Matrix:
		cumulative := len(f.Columns) > 0 && f.Columns[0].Cumulative
		f.Columns = append(f.Columns, reporting.Column{Loads: indicator, Cumulative: cumulative})
	case reporting.Ledger:
		l := reporting.Load{Indicator: indicator}
		if f.RowUnits {
			l.Unit = "unit"
		}
		f.Loads = append(f.Loads, l)
	}
	return nil
}

// domainOf returns the fact table that the code's area belongs to, for implementations that store facts.
func domainOf(code string) reporting.Domain {
	area, _, _ := strings.Cut(code, ".")
	switch area {
	case "insurance":
		return reporting.InsuranceFund
	case "disputes", "inspection", "relations", "legal":
		return reporting.LaborDispute
	}
	return reporting.Employment
}

func parseDay(s string) (reporting.Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("day %q: want 2020-06-15", s)
	}
	return reporting.DateOf(t), nil
}
