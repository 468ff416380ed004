package explore

import (
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// read is the view of a query, where 2019-01 to 2020-06 are reported.
func read(t *testing.T, query string) View {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	v, err := Read(catalogue(t), "/explore", q, span(t, "2019-01..2020-06"), reporting.NewMonth(2020, 6))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestUsualView: what is not asked is the city's first section for the year as far as it is reported.
func TestUsualView(t *testing.T) {
	for query, want := range map[string]string{
		"":                                   "city employment 2020H1 span value,yoy,previous,completion",
		"from=2020-05&to=2020-02":            "city employment 2020-02..2020-05 span value,yoy,previous,completion", // in whichever order
		"shape=units&period=2020Q1&by=month": "units employment 2020Q1 month value",
		"shape=units&period=2020Q1":          "units employment 2020Q1 span value,yoy,previous,share",
		"shape=profile&section=insurance":    "profile insurance 2020H1 span value",
		"unit=349981001":                     "city employment 2020H1 span value,yoy,previous",
		"unit=349981":                        "city employment 2020H1 span value,yoy,previous,completion", // the city is no unit of itself
		"section=nonsense&by=nonsense":       "city employment 2020H1 span value,yoy,previous,completion",
	} {
		v := read(t, query)
		if got := fmt.Sprintf("%s %s %s %s %s", v.Shape, v.Section, v.Span(), v.By, joined(v.Show)); got != want {
			t.Errorf("%q is %s, want %s", query, got, want)
		}
	}
}

// TestRefusedView: what there is not is said, and a table that no screen holds is refused.
func TestRefusedView(t *testing.T) {
	for query, want := range map[string]reporting.Code{
		"indicator=no.such":                reporting.NotFound,
		"unit=000":                         reporting.NotFound,
		"period=2020-13":                   reporting.Invalid,
		"from=x":                           reporting.Invalid,
		"by=month&period=2000-01..2020-12": reporting.Invalid,
	} {
		q, _ := url.ParseQuery(query)
		if _, err := Read(catalogue(t), "/explore", q, span(t, "2020H1"), reporting.NewMonth(2020, 6)); reporting.CodeOf(err) != want {
			t.Errorf("%q: %v, want %s", query, err, want)
		}
	}
}

// figures are some of the half-year: jobs of the city and two units, and a rate.
func figures(t *testing.T) map[Key]reporting.Figure {
	half, list := span(t, "2020H1"), map[Key]reporting.Figure{}
	add := func(indicator, unit string, period reporting.Period, value, previous int64, missing ...string) {
		f := reporting.Figure{Indicator: indicator, Unit: unit, Period: period, Value: big.NewRat(value, 1), Previous: big.NewRat(previous, 1), Reported: 2, Expected: 2 + len(missing), Missing: missing}
		f.YearOnYear = new(big.Rat).Sub(new(big.Rat).Quo(f.Value, f.Previous), big.NewRat(1, 1))
		f.Completion = big.NewRat(value, 40000)
		list[Key{indicator, unit, period}] = f
	}
	for n, p := range []reporting.Period{half, span(t, "2020-05"), span(t, "2020-06")} {
		by := int64(n + 1)
		add("employment.urban_new_jobs", "349981", p, 30000/by, 20000, "349981003")
		add("employment.urban_new_jobs", "349981001", p, 10000/by, 10000)
		add("employment.urban_new_jobs", "349981002", p, 20000/by, 10000)
	}
	return list
}

// told prints a grid: its head, then a line a row.
func describe(g *Grid) string {
	var b strings.Builder
	for _, c := range g.Columns {
		fmt.Fprintf(&b, "%s|", c.Name)
	}
	for _, row := range g.Rows {
		fmt.Fprintf(&b, "\n%s %s:", row.Code, row.Reported)
		for _, c := range row.Cells {
			fmt.Fprintf(&b, " %s", c.Text)
			if c.Bar != nil {
				fmt.Fprintf(&b, "[%s/%s]", c.Bar.Fill, c.Bar.Mark)
			}
			if c.Shade > 0 {
				fmt.Fprintf(&b, "~%d", c.Shade)
			}
			if c.Partial != "" {
				fmt.Fprintf(&b, "(%s)", c.Partial)
			}
		}
	}
	return b.String()
}

// TestGridOfTheCity: an indicator a line, with its growth, last year's number, and how far the year's target is beside how far the year is.
func TestGridOfTheCity(t *testing.T) {
	v := read(t, "indicator=employment.urban_new_jobs&as_of=2020-07-01")
	g := NewGrid(catalogue(t), v, figures(t), "zh")
	lacking := catalogue(t).Unit("349981003").Name.ZH
	want := "数值|同比|上年同期|完成年度目标|\nemployment.urban_new_jobs 2/3: 30,000(" + lacking + ") +50.0% 20,000 75.0%[90.0/60.0]"
	if got := describe(g); got != want || g.Rows[0].Lacking != lacking {
		t.Errorf("%s\nwant %s", got, want)
	}
	if link := g.Rows[0].Cells[0].Link; link != "/explore/employment.urban_new_jobs?as_of=2020-07-01&period=2020H1" {
		t.Errorf("the figure leads to %s", link)
	}
	if !g.Partial || g.Rows[0].Complete || !g.OwnMeasure {
		t.Errorf("%+v", g)
	}
}

// TestGridOfUnits: a unit a line below the city, ordered, shaded and compared by share.
func TestGridOfUnits(t *testing.T) {
	v := read(t, "shape=units&indicator=employment.urban_new_jobs&period=2020H1&show=value&show=share&sort=-1&shade=1")
	g := NewGrid(catalogue(t), v, figures(t), "en")
	lacking := catalogue(t).Unit("349981003").Name.EN
	want := "Value|Share of the city|\n349981 : 30,000(" + lacking + ") 100.0%\n349981002 : 20,000~3 66.7%[120.0/]\n349981001 : 10,000~1 33.3%[60.0/]"
	if got := describe(g); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if g.Columns[0].Order != "descending" || !strings.Contains(g.Columns[0].Sort, "sort=1") || g.Classes[2].From != "20,000" {
		t.Errorf("%+v %+v", g.Columns, g.Classes)
	}
	for query, first := range map[string]string{"sort=1": "349981001", "": "349981001", "sort=-2": "349981002", "sort=99": "349981001"} {
		if g := NewGrid(catalogue(t), read(t, "shape=units&indicator=employment.urban_new_jobs&period=2020H1&show=value&show=share&"+query), figures(t), "zh"); g.Rows[1].Code != first {
			t.Errorf("%q begins with %s, want %s", query, g.Rows[1].Code, first)
		}
	}
}

// TestGridOfPeriods: periods beside each other have one line of heads where each has one number, and two where it has several.
func TestGridOfPeriods(t *testing.T) {
	one := NewGrid(catalogue(t), read(t, "shape=units&indicator=employment.urban_new_jobs&period=2020-05..2020-06&by=month&show=value"), figures(t), "zh")
	if len(one.Groups) != 0 || one.Columns[0].Name != "5 月" || one.Columns[1].Name != "6 月" {
		t.Errorf("%+v %+v", one.Groups, one.Columns)
	}
	several := NewGrid(catalogue(t), read(t, "period=2020-05..2020-06&by=month&show=value&show=previous&shade=1&indicator=employment.urban_new_jobs"), figures(t), "zh")
	if len(several.Groups) != 3 || several.Groups[0].Span != 2 || several.Rows[0].Cells[0].Shade == 0 || several.Rows[0].Cells[1].Shade != 0 {
		t.Errorf("%+v %s", several.Groups, describe(several))
	}
}

// TestProfile: indicators beside each other for each unit; one that no unit has is no column.
func TestProfile(t *testing.T) {
	g := NewGrid(catalogue(t), read(t, "shape=profile&period=2020H1&sort=-1"), figures(t), "zh")
	if len(g.Groups) != 1 || g.Groups[0].Link != "/explore/employment.urban_new_jobs?period=2020H1" || g.Rows[1].Code != "349981002" {
		t.Errorf("%+v %s", g.Groups, describe(g))
	}
	g = NewGrid(catalogue(t), read(t, "shape=profile&period=2020H1&indicator=employment.urban_new_jobs&indicator=employment.registered_unemployed"), figures(t), "zh")
	if len(g.Columns) != 2 {
		t.Fatalf("%d columns of the two that were asked for", len(g.Columns))
	}
	if g.WithoutEmpty(); len(g.Columns) != 1 {
		t.Error("a column without a number stays")
	}
}

// TestAddresses: a link keeps what it has to, and drops what it names anew.
func TestAddresses(t *testing.T) {
	v := read(t, "period=2020H1&lang=en&as_of=2020-07-01&boundaries=2019-01-01")
	for got, want := range map[string]string{
		v.With("shade", "1"):         "/explore?as_of=2020-07-01&boundaries=2019-01-01&period=2020H1&shade=1",
		v.With("period", ""):         "/explore?as_of=2020-07-01&boundaries=2019-01-01",
		v.Path("/x", "unit", ""):     "/x?as_of=2020-07-01&boundaries=2019-01-01",
		read(t, "").Path("/x"):       "/x",
		read(t, "").With("sort", ""): "/explore",
		v.Keep("period"):             "period=2020H1",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestBars: a bar is no longer than its place, and says where it would be.
func TestBars(t *testing.T) {
	if b := NewBar(big.NewRat(3, 2), big.NewRat(1, 2)); b.Fill != "120" || b.Mark != "60.0" || !b.Over {
		t.Errorf("%+v", b)
	}
	if b := NewBar(big.NewRat(-1, 2), nil); b.Fill != "0" || b.Mark != "" {
		t.Errorf("%+v", b)
	}
	if About("zh", catalogue(t).Indicator("employment.urban_new_jobs")) != "人 · 流量 · 合计" || SectionName("x").ZH != "x" {
		t.Error("an indicator is told otherwise")
	}
}
