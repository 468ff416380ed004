// Package compiletest holds a city for tests of reports: a catalogue, the figures of its half-year 2020H1, texts, and the template
// under schemas/reports. Its people and numbers are fictional.
package compiletest

import (
	"embed"
	"encoding/csv"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"huizong/pkg/compile"
	"huizong/pkg/reporting"
	"huizong/schemas"
)

//go:embed testdata
var data embed.FS

// City is the code of the city.
const City = "349981"

// Period is the period of the figures.
var Period = MustPeriod("2020H1")

// MustPeriod parses a period or panics.
func MustPeriod(s string) reporting.Period {
	p, err := reporting.ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

// Input is everything for a whole report. Each call returns its own.
func Input(t testing.TB) compile.Input {
	t.Helper()
	catalogue := Catalogue(t)
	template, err := compile.LoadTemplate(Schemas(t), "reports/half_year", catalogue)
	if err != nil {
		t.Fatal(err)
	}
	return compile.Input{
		Template: template, Catalogue: catalogue, Figures: compile.LookupIn(All(t, Figures(t))), Traces: Traces(t), Warnings: Warnings(), Narratives: Narratives(t), Period: Period,
		Parameters: map[string]string{"recruitment_site": "示例", "assisted_school": "示例", "annual_assessment_year": "2019", "authentication_app": "示例事通"},
		Cutoff:     time.Date(2020, 7, 1, 8, 30, 0, 0, reporting.Zone),
	}
}

// Bulletin is everything for the bulletin of the half-year's last month.
func Bulletin(t testing.TB) compile.Input {
	t.Helper()
	in := Input(t)
	template, err := compile.LoadTemplate(Schemas(t), "reports/monthly_bulletin", in.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	in.Template, in.Narratives, in.Parameters, in.Period = template, nil, nil, MustPeriod("2020-06")
	return in
}

// Schemas is the folder schemas of the repository.
func Schemas(t testing.TB) fs.FS {
	t.Helper()
	dir, err := os.Getwd()
	for ; err == nil && dir != "/"; dir = filepath.Dir(dir) {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return os.DirFS(filepath.Join(dir, "schemas"))
		}
	}
	t.Fatalf("no go.mod above the working directory: %v", err)
	return nil
}

// Table reads one of the files of testdata, without its head.
func Table(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := data.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rows[1:]
}

// shipped is the catalogue that is shipped, read once.
var shipped = sync.OnceValues(func() (*reporting.Catalogue, error) { return schemas.Load(schemas.FS()) })

// Catalogue has every indicator of the report, three forms that bring some of them, and the units of the city that is shipped.
func Catalogue(t testing.TB) *reporting.Catalogue {
	t.Helper()
	city, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	c := &reporting.Catalogue{City: City, Units: slices.Clone(city.Units)}
	forms := map[string]*reporting.Form{}
	for _, title := range [][2]string{
		{"employment_monthly", "就业创业工作月报表"}, {"fund_monthly", "社会保险基金收支情况月报表"}, {"dispute_cases", "劳动人事争议仲裁案件台账"},
	} {
		f := &reporting.Form{ID: title[0], Title: reporting.Text{ZH: title[1]}}
		forms[f.ID], c.Forms = f, append(c.Forms, f)
	}
	forms["employment_monthly"].Levels = []reporting.Level{reporting.LevelTownship}
	for _, r := range Table(t, "indicators.csv") {
		c.Indicators = append(c.Indicators, reporting.Indicator{
			Code: r[0], Name: reporting.Text{ZH: r[1]}, Kind: reporting.Kind(r[2]), Measure: r[3], Rollup: reporting.Rollup(r[4]),
			Numerator: r[5], Denominator: r[6], Parts: strings.Fields(r[7]), Target: reporting.TargetKind(r[8]),
		})
		if f := forms[r[9]]; f != nil {
			f.Loads = append(f.Loads, reporting.Load{Indicator: r[0], Unit: map[string]string{"dispute_cases": "township"}[f.ID]})
		}
	}
	c.Index()
	return c
}

// Figures are those of the city for the half-year. A ratio's value is exact, as are completion and year-on-year.
func Figures(t testing.TB) []reporting.Figure {
	t.Helper()
	var figures []reporting.Figure
	for _, r := range Table(t, "figures.csv") {
		f := reporting.Figure{
			Indicator: r[0], Unit: City, Period: Period, Value: number(t, r[1]), Numerator: number(t, r[2]),
			Denominator: number(t, r[3]), Target: number(t, r[4]), Previous: number(t, r[5]),
			Reported: count(t, r[6]), Expected: count(t, r[7]), Missing: strings.Fields(r[8]),
		}
		if province := number(t, r[9]); province != nil {
			f.Targets = []reporting.FigureTarget{{Level: reporting.ProvinceTarget, Revision: 1, Value: province}}
		}
		Derive(&f)
		figures = append(figures, f)
	}
	return figures
}

// Derive fills in what follows from value, parts, targets and last year. The city's target is put before the others.
func Derive(f *reporting.Figure) {
	if f.Denominator != nil && f.Denominator.Sign() != 0 {
		f.Value = new(big.Rat).Quo(f.Numerator, f.Denominator)
	}
	if f.Target != nil {
		f.Targets = append([]reporting.FigureTarget{{Level: reporting.CityTarget, Revision: 1, Value: f.Target}}, f.Targets...)
	}
	for i := range f.Targets {
		if f.Value != nil && f.Targets[i].Value.Sign() != 0 {
			f.Targets[i].Completion = new(big.Rat).Quo(f.Value, f.Targets[i].Value)
		}
	}
	if f.Target != nil {
		f.Completion = f.Targets[0].Completion
	}
	if f.Previous != nil && f.Previous.Sign() != 0 && f.Value != nil {
		f.YearOnYear = new(big.Rat).Sub(new(big.Rat).Quo(f.Value, f.Previous), big.NewRat(1, 1))
	}
}

// FirstForms keeps the figures that the first forms bring: employment, funds and disputes.
func FirstForms(t testing.TB, figures []reporting.Figure) []reporting.Figure {
	t.Helper()
	c := Catalogue(t)
	brought := func(code string) bool {
		i := c.Indicator(code)
		if i.Numerator != "" {
			code = i.Numerator
		}
		return c.FormOf(code) != nil || strings.HasPrefix(code, "insurance.urban_three.") || code == "employment.registered_unemployed"
	}
	return slices.DeleteFunc(figures, func(f reporting.Figure) bool { return !brought(f.Indicator) })
}

// Narratives are the texts that units sent.
func Narratives(t testing.TB) []reporting.Narrative {
	t.Helper()
	var texts []reporting.Narrative
	for _, r := range Table(t, "texts.csv") {
		texts = append(texts, reporting.Narrative{Section: r[0], Title: r[1], Body: r[2]})
	}
	return texts
}

func number(t testing.TB, s string) *big.Rat {
	t.Helper()
	if s == "" {
		return nil
	}
	d, err := reporting.ParseDecimal(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return d.Rat()
}

func count(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
