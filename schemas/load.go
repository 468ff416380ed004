package schemas

import (
	"io/fs"
	"path"
	"sort"
	"strings"

	"huizong/pkg/reporting"
)

// Load reads units, indicators and forms from the folder (FS() for the embedded ones). The first thing that does not fit is an
// error of code invalid that begins with file:line.
func Load(fsys fs.FS) (*reporting.Catalogue, error) {
	c := &reporting.Catalogue{}
	for _, step := range []func(fs.FS, *reporting.Catalogue) error{loadUnits, loadIndicators, loadForms, loadChecks} {
		if err := step(fsys, c); err != nil {
			return nil, err
		}
		c.Index()
	}
	return c, nil
}

// documents lists the YAML files of a folder in order of their names.
func documents(fsys fs.FS, folder string) ([]string, error) {
	entries, err := fs.ReadDir(fsys, folder)
	if err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "list %s: %w", folder, err)
	}
	var paths []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".yaml") {
			paths = append(paths, path.Join(folder, e.Name()))
		}
	}
	sort.Strings(paths)
	if len(paths) == 0 {
		return nil, reporting.Errorf(reporting.Invalid, "%s: no .yaml file", folder)
	}
	return paths, nil
}

type unitsFile struct {
	City  string     `yaml:"city"`
	Units []unitItem `yaml:"units"`
}

type unitItem struct {
	Code       string         `yaml:"code"`
	Name       reporting.Text `yaml:"name"`
	Aliases    []string       `yaml:"aliases"`
	Level      string         `yaml:"level"`
	Parent     string         `yaml:"parent"`
	From       string         `yaml:"from"`
	To         string         `yaml:"to"`
	Successors []string       `yaml:"successors"`
}

func loadUnits(fsys fs.FS, c *reporting.Catalogue) error {
	paths, err := documents(fsys, "units")
	if err != nil {
		return err
	}
	seen, places := map[string]bool{}, unitPlaces{}
	for _, p := range paths {
		var file unitsFile
		doc, err := readDocument(fsys, p, &file)
		if err != nil {
			return err
		}
		if file.City != "" {
			c.City = file.City
		}
		for i, item := range file.Units {
			unit, err := item.unit(doc, at("units", i))
			if err != nil {
				return err
			}
			if seen[unit.Code] {
				return doc.errorf(at("units", i, "code"), "unit %s stands here a second time", unit.Code)
			}
			seen[unit.Code] = true
			places[unit.Code] = unitPlace{doc, i}
			c.Units = append(c.Units, unit)
		}
		for i, item := range file.Units {
			for j, code := range append([]string{item.Parent}, item.Successors...) {
				if code != "" && !seen[code] {
					return doc.errorf(at("units", i, map[bool]string{true: "parent", false: "successors"}[j == 0]), "unknown unit %q", code)
				}
			}
		}
	}
	for _, check := range []func(unitPlaces, []reporting.OrgUnit) error{checkValidity, checkSuccessors, checkNames} {
		if err := check(places, c.Units); err != nil {
			return err
		}
	}
	if !seen[c.City] {
		return reporting.Errorf(reporting.Invalid, "units: the city %q is none of the units", c.City)
	}
	return nil
}

func (u unitItem) unit(doc *document, keys []any) (reporting.OrgUnit, error) {
	unit := reporting.OrgUnit{Code: u.Code, Name: u.Name, Aliases: u.Aliases, Level: reporting.Level(u.Level), Parent: u.Parent, Successors: u.Successors}
	switch unit.Level {
	case reporting.LevelCity, reporting.LevelTownship, reporting.LevelSubUnit, reporting.LevelDirect:
	default:
		return unit, doc.errorf(append(keys, "level"), "level %q: want city, township, sub_unit or direct", u.Level)
	}
	if u.Code == "" || u.Name.ZH == "" {
		return unit, doc.errorf(keys, "a unit needs code and name")
	}
	for _, d := range []struct {
		key, text string
		to        *reporting.Date
	}{{"from", u.From, &unit.From}, {"to", u.To, &unit.To}} {
		if d.text == "" {
			continue
		}
		date, ok := reporting.ParseDate(d.text)
		if !ok {
			return unit, doc.errorf(append(keys, d.key), "%s: %q is not a date like 2020-01-31", d.key, d.text)
		}
		*d.to = date
	}
	return unit, nil
}

type indicatorsFile struct {
	Domain     string          `yaml:"domain"`
	Indicators []indicatorItem `yaml:"indicators"`
}

type indicatorItem struct {
	Code        string         `yaml:"code"`
	Name        reporting.Text `yaml:"name"`
	Measure     string         `yaml:"measure"`
	Kind        string         `yaml:"kind"`
	Rollup      string         `yaml:"rollup"`
	Numerator   string         `yaml:"numerator"`
	Denominator string         `yaml:"denominator"`
	Parts       []string       `yaml:"parts"`
	Target      string         `yaml:"target"`
	PeriodRule  string         `yaml:"period_rule"`
	Negative    bool           `yaml:"negative"`
}

// defaultRollup is how a kind rolls up where the catalogue does not say otherwise.
var defaultRollup = map[reporting.Kind]reporting.Rollup{
	reporting.Flow: reporting.RollupSum, reporting.Stock: reporting.RollupLast, reporting.Ratio: reporting.RollupRatio,
}

// loadIndicators reads the catalogue of indicators, and those that stand in the forms' own files.
func loadIndicators(fsys fs.FS, c *reporting.Catalogue) error {
	paths, err := documents(fsys, "indicators")
	if err != nil {
		return err
	}
	forms, err := documents(fsys, "forms")
	if err != nil {
		return err
	}
	type place struct {
		doc  *document
		keys []any
	}
	places := map[string]place{}
	for _, p := range append(paths, forms...) {
		file, doc, err := readIndicators(fsys, p)
		if err != nil {
			return err
		}
		for i, item := range file.Indicators {
			keys := at("indicators", i)
			indicator, err := item.indicator(doc, keys, reporting.Domain(file.Domain))
			if err != nil {
				return err
			}
			if first, twice := places[indicator.Code]; twice {
				return doc.errorf(append(keys, "code"), "indicator %s stands in %s:%d already", indicator.Code, first.doc.path, first.doc.line(first.keys...))
			}
			places[indicator.Code] = place{doc, keys}
			c.Indicators = append(c.Indicators, indicator)
		}
	}
	c.Index()
	for _, i := range c.Indicators {
		at := places[i.Code]
		if err := checkAlgebra(c, i, at.doc, at.keys); err != nil {
			return err
		}
	}
	return nil
}

// readIndicators reads the indicators of a file of indicators, or of a form.
func readIndicators(fsys fs.FS, p string) (indicatorsFile, *document, error) {
	if path.Dir(p) != "forms" {
		var file indicatorsFile
		doc, err := readDocument(fsys, p, &file)
		return file, doc, err
	}
	var form formFile
	doc, err := readDocument(fsys, p, &form)
	return indicatorsFile{Domain: form.Domain, Indicators: form.Indicators}, doc, err
}

func (it indicatorItem) indicator(doc *document, keys []any, domain reporting.Domain) (reporting.Indicator, error) {
	i := reporting.Indicator{
		Code: it.Code, Name: it.Name, Measure: it.Measure, Kind: reporting.Kind(it.Kind), Rollup: reporting.Rollup(it.Rollup), Domain: domain,
		Numerator: it.Numerator, Denominator: it.Denominator, Parts: it.Parts, Target: reporting.TargetKind(it.Target),
		PeriodRule: reporting.PeriodRule(it.PeriodRule), Negative: it.Negative,
	}
	switch domain {
	case reporting.Employment, reporting.InsuranceFund, reporting.LaborDispute:
	default:
		return i, doc.errorf(at("domain"), "domain %q: want employment, insurance_fund or labor_dispute", domain)
	}
	if !reporting.ValidIndicatorCode(i.Code) {
		return i, doc.errorf(append(keys, "code"), "code %q: want words of lower-case letters joined by points", i.Code)
	}
	if i.Name.ZH == "" || i.Name.EN == "" || i.Measure == "" {
		return i, doc.errorf(keys, "indicator %s needs name.zh, name.en and measure", i.Code)
	}
	if defaultRollup[i.Kind] == "" {
		return i, doc.errorf(append(keys, "kind"), "kind %q: want flow, stock or ratio", i.Kind)
	}
	if i.Rollup == "" {
		i.Rollup = defaultRollup[i.Kind]
	}
	if i.PeriodRule == "" {
		i.PeriodRule = reporting.CalendarMonth
	}
	if i.PeriodRule != reporting.CalendarMonth && i.PeriodRule != reporting.From21To20 {
		return i, doc.errorf(append(keys, "period_rule"), "period_rule %q: want %s or %s", i.PeriodRule, reporting.CalendarMonth, reporting.From21To20)
	}
	if i.Target != "" && i.Target != reporting.TargetFloor && i.Target != reporting.TargetCeiling {
		return i, doc.errorf(append(keys, "target"), "target %q: want floor or ceiling", i.Target)
	}
	return i, nil
}

// checkAlgebra refuses an indicator that could not be computed, or not rightly: a ratio of what is not there, a sum over ratios, a
// sum of persons and money.
func checkAlgebra(c *reporting.Catalogue, i reporting.Indicator, doc *document, keys []any) error {
	operands := i.Parts
	isRatio, isParts := i.Rollup == reporting.RollupRatio, i.Rollup == reporting.RollupParts
	if isRatio != (i.Kind == reporting.Ratio) || isRatio != (i.Numerator != "" && i.Denominator != "") {
		return doc.errorf(keys, "%s: a ratio, and only a ratio, has numerator and denominator", i.Code)
	}
	if isParts != (len(i.Parts) > 0) {
		return doc.errorf(keys, "%s: rollup parts, and only that, has parts", i.Code)
	}
	switch i.Rollup {
	case reporting.RollupSum, reporting.RollupLast, reporting.RollupDistinct, reporting.RollupDocket, reporting.RollupParts:
	case reporting.RollupRatio:
		operands = []string{i.Numerator, i.Denominator}
	default:
		return doc.errorf(append(keys, "rollup"), "rollup %q is none of sum, last, distinct, docket, parts, ratio", i.Rollup)
	}
	if i.Kind == reporting.Stock && i.Rollup != reporting.RollupLast && !isParts {
		return doc.errorf(append(keys, "rollup"), "%s is a stock: it cannot be added over months", i.Code)
	}
	for _, code := range operands {
		operand := c.Indicator(code)
		switch {
		case operand == nil:
			return doc.errorf(keys, "%s: unknown indicator %q", i.Code, code)
		case operand.Kind == reporting.Ratio:
			return doc.errorf(keys, "%s: %s is a ratio, which can be neither added nor divided", i.Code, code)
		case isParts && (operand.Kind != i.Kind || operand.IsMoney() != i.IsMoney()):
			return doc.errorf(keys, "%s: its part %s is of another kind or unit", i.Code, code)
		case isParts && !operand.Base():
			return doc.errorf(keys, "%s: its part %s is itself a sum", i.Code, code)
		}
	}
	return nil
}
