package explore

import (
	"math/big"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
	"huizong/schemas"
)

func TestPeriodsOfView(t *testing.T) {
	for _, test := range []struct {
		span string
		by   Grain
		want string
	}{
		{"2020H1", ByNothing, "2020H1"},
		{"2020-01..2020-03", ByMonth, "2020-01 2020-02 2020-03 2020Q1"},
		{"2020-06", ByMonth, "2020-06"},
		{"2020H1", ByQuarter, "2020Q1 2020Q2 2020H1"},
		{"2020-02..2020-05", ByQuarter, "2020Q1 2020Q2"}, // the quarters hold more than was asked: there is no whole
		{"2019-07..2020-06", ByYear, "2019 2020"},
	} {
		whole := span(t, test.span)
		var got []string
		for _, p := range (View{Shape: ShapeCity, First: whole.First, Last: whole.Last, By: test.by}).Periods() {
			got = append(got, p.String())
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s by %s: %q, want %s", test.span, test.by, got, test.want)
		}
	}
}

// What nobody has chosen follows the view; what somebody has chosen stays.
func TestShownNumbers(t *testing.T) {
	half := span(t, "2020H1")
	for _, test := range []struct {
		query string
		by    Grain
		want  string
	}{
		{"", ByNothing, "value,yoy,previous,completion"},
		{"", ByMonth, "value"},
		{"show=value&show=yoy&show=previous&show=completion&usual=value,yoy,previous,completion", ByMonth, "value"},
		{"show=value&show=yoy&usual=value,yoy,previous,completion", ByMonth, "value,yoy"},
		{"show=nonsense", ByMonth, "value"},
	} {
		q, err := url.ParseQuery(test.query)
		if err != nil {
			t.Fatal(err)
		}
		v := View{Shape: ShapeCity, First: half.First, Last: half.Last, By: test.by, Query: q}
		if v.readShow(); joined(v.Show) != test.want {
			t.Errorf("%q by %s shows %s, want %s", test.query, test.by, joined(v.Show), test.want)
		}
		if q.Has("usual") {
			t.Errorf("%q: links carry what is usual", test.query)
		}
	}
}

// The file is of what is seen, also where the address of the page does not say it.
func TestExportOfView(t *testing.T) {
	c := catalogue(t)
	half := span(t, "2020-02..2020-05")
	seen := View{Shape: ShapeUnits, Section: "employment", Indicators: []string{"employment.urban_new_jobs"}, First: half.First, Last: half.Last, By: ByNothing,
		Show: []Measure{ShowValue, ShowShare}, AsOf: "2020-07-01", Unit: "349981001", path: "/explore/employment.urban_new_jobs", Query: url.Values{"sort": {"-2"}}}
	address, err := url.Parse(seen.Export("csv"))
	if err != nil || address.Path != "/explore/export" {
		t.Fatalf("%s, %v", address, err)
	}
	read := View{Shape: ShapeUnits, Query: address.Query()}
	if err := read.readSubjects(c); err != nil {
		t.Fatal(err)
	}
	read.First, read.Last, read.By = half.First, half.Last, ByNothing
	read.readShow()
	q := address.Query()
	if !slices.Equal(read.Indicators, seen.Indicators) || joined(read.Show) != joined(seen.Show) || q.Get("period") != half.String() || q.Get("sort") != "-2" || q.Get("as_of") != "2020-07-01" || q.Get("unit") != "" {
		t.Errorf("the file is of %s", address)
	}
}

// Missing, zero and not applicable stay three things.
func TestWhyThereIsNoNumber(t *testing.T) {
	c := catalogue(t)
	half := span(t, "2020H1")
	code := "employment.urban_new_jobs"
	figure := func(unit string, value *big.Rat, reported, expected int) reporting.Figure {
		return reporting.Figure{Indicator: code, Unit: unit, Period: half, Value: value, Reported: reported, Expected: expected}
	}
	g := gridder{Catalogue: c, lang: "zh", View: View{Shape: ShapeUnits, Indicators: []string{code}, First: half.First, Last: half.Last, By: ByNothing, Show: []Measure{ShowValue, ShowShare}}}
	g.figures = map[Key]reporting.Figure{}
	for _, f := range []reporting.Figure{figure("349981", big.NewRat(10, 1), 2, 3), figure("349981001", new(big.Rat), 1, 1), figure("349981002", nil, 0, 1), figure("349981003", nil, 1, 1), figure("349981004", big.NewRat(10, 1), 1, 1)} {
		g.figures[Key{f.Indicator, f.Unit, f.Period}] = f
	}
	g.columns()
	g.unitRows()
	g.shareBars()
	g.Shade = true
	g.shade()
	got := map[string][]string{}
	for _, row := range g.grid.Rows {
		got[row.Code] = []string{row.Cells[0].Text, row.Cells[1].Text}
	}
	for unit, want := range map[string][]string{"349981": {"10", "100.0%"}, "349981001": {"0", "0.0%"}, "349981002": {"未报", "—"}, "349981003": {"不适用", "—"}, "349981004": {"10", "100.0%"}} {
		if !slices.Equal(got[unit], want) {
			t.Errorf("%s: %q, want %q", unit, got[unit], want)
		}
	}
	if len(g.grid.Rows) != 5 {
		t.Errorf("%d rows: units of which nothing is known or owed have none", len(g.grid.Rows))
	}
	if g.grid.Rows[1].Cells[0].Shade == 0 || g.grid.Rows[2].Cells[0].Shade != 0 {
		t.Error("a zero has a shade, what is missing has none")
	}
}

func TestGrowth(t *testing.T) {
	c := catalogue(t)
	jobs, rate := c.Indicator("employment.urban_new_jobs"), c.Indicator("employment.registered_unemployment_rate")
	for _, test := range []struct {
		i            *reporting.Indicator
		now, before  *big.Rat
		words, trend string
	}{
		{jobs, big.NewRat(90, 1), big.NewRat(100, 1), "−10.0%", "down"},
		{jobs, big.NewRat(100, 1), big.NewRat(100, 1), "0.0%", ""},
		{rate, big.NewRat(30, 1000), big.NewRat(28, 1000), "+0.20 个百分点", "down"}, // it has a ceiling: more is worse
	} {
		change := new(big.Rat).Sub(new(big.Rat).Quo(test.now, test.before), big.NewRat(1, 1))
		f := reporting.Figure{Value: test.now, Previous: test.before, YearOnYear: change}
		got, points := Growth(f, test.i)
		if words := phrase.Growth("zh", got, points); words != test.words || Trend(got, test.i) != test.trend {
			t.Errorf("%s from %s to %s: %s %s, want %s %s", test.i.Code, test.before, test.now, words, Trend(got, test.i), test.words, test.trend)
		}
	}
}

var loaded = sync.OnceValues(func() (*reporting.Catalogue, error) { return schemas.Load(schemas.FS()) })

func catalogue(t *testing.T) *reporting.Catalogue {
	t.Helper()
	c, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func span(t *testing.T, text string) reporting.Period {
	t.Helper()
	p, err := reporting.ParsePeriod(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
