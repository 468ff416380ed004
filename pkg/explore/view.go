// Package explore makes tables of figures as an analyst asks for them: which indicators, units and periods, which numbers of each, in which
// order and shades. It reads what an address asks for and lays out figures that somebody else has computed; it asks nothing and computes no
// figure. The portal's template "grid" draws what it makes.
package explore

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"huizong/pkg/reporting"
)

// View is what the explorer is asked for. All of it stands in the address, so that a link is a saved view.
type View struct {
	Shape       Shape
	Section     string           // the first part of an indicator's code
	Indicators  []string         // codes; for shapeUnits there is one
	Unit        string           // of shapeCity: whose figures; "" is the city
	First, Last reporting.Month  // the span
	By          Grain            // into what it is parted
	Show        []Measure        // the numbers of each figure
	Usual       string           // what Show is, where the person has not chosen
	Shade       bool             // five shades by size
	Sort        int              // by this column, from 1; negative is the greatest first; 0 is the catalogue's order
	AsOf, On    string           // as they were asked
	At          time.Time        // AsOf, read; zero is now
	Boundaries  reporting.Date   // On, read; zero: each unit as it was
	Known       reporting.Period // the months that somebody has reported
	path        string           // of the page
	Query       url.Values       // as it was asked
}

// Shape says what the rows and columns of the table are.
type Shape string

const (
	ShapeCity    Shape = "city"    // indicators × periods, of the city or one unit
	ShapeUnits   Shape = "units"   // units × periods, of one indicator
	ShapeProfile Shape = "profile" // units × indicators, of one period
)

// Grain is how a span of months is parted.
type Grain string

const (
	ByMonth   Grain = "month"
	ByQuarter Grain = "quarter"
	ByHalf    Grain = "half"
	ByYear    Grain = "year"
	ByNothing Grain = "span" // the whole span is one period
)

var grainMonths = map[Grain]int{ByMonth: 1, ByQuarter: 3, ByHalf: 6, ByYear: 12}

// Measure is one of the numbers of a figure.
type Measure string

const (
	ShowValue      Measure = "value"
	ShowYoY        Measure = "yoy"
	ShowPrevious   Measure = "previous"
	ShowShare      Measure = "share"
	ShowCompletion Measure = "completion"
)

// Measures are all of them, in the order of the columns.
var Measures = []Measure{ShowValue, ShowYoY, ShowPrevious, ShowShare, ShowCompletion}

// Sections are the parts of the catalogue, by the first part of the codes.
var Sections = []struct {
	ID   string
	Name reporting.Text
}{
	{"employment", reporting.Text{ZH: "就业", EN: "Employment"}},
	{"training", reporting.Text{ZH: "培训", EN: "Training"}},
	{"talent", reporting.Text{ZH: "人才人事", EN: "Talent"}},
	{"insurance", reporting.Text{ZH: "社会保险", EN: "Social insurance"}},
	{"services", reporting.Text{ZH: "公共服务", EN: "Public services"}},
	{"relations", reporting.Text{ZH: "劳动关系", EN: "Labour relations"}},
	{"disputes", reporting.Text{ZH: "调解仲裁", EN: "Arbitration"}},
	{"inspection", reporting.Text{ZH: "劳动监察", EN: "Labour inspection"}},
	{"legal", reporting.Text{ZH: "行政诉讼", EN: "Administrative litigation"}},
}

// SectionOf is the section that an indicator belongs to.
func SectionOf(code string) string {
	section, _, _ := strings.Cut(code, ".")
	return section
}

// SectionName is what a section is called; one that is none of ours keeps its id.
func SectionName(id string) reporting.Text {
	for _, s := range Sections {
		if s.ID == id {
			return s.Name
		}
	}
	return reporting.Text{ZH: id, EN: id}
}

// IndicatorsOf are the indicators of a section, in the catalogue's order.
func IndicatorsOf(c *reporting.Catalogue, section string) []*reporting.Indicator {
	var list []*reporting.Indicator
	for i := range c.Indicators {
		if SectionOf(c.Indicators[i].Code) == section {
			list = append(list, &c.Indicators[i])
		}
	}
	return list
}

// maxPeriods is how many periods a table may have: more do not fit on a screen.
const maxPeriods = 36

// Read reads what the explorer is asked for at a path, where somebody has reported the months known, and everybody the month whole. What is
// not asked has its usual: the city's figures of the first section, for the year of the whole month, up to it.
func Read(c *reporting.Catalogue, path string, q url.Values, known reporting.Period, whole reporting.Month) (View, error) {
	v := View{Shape: Shape(q.Get("shape")), Section: q.Get("section"), Unit: q.Get("unit"), By: Grain(q.Get("by")), Shade: q.Get("shade") != "",
		AsOf: q.Get("as_of"), On: q.Get("boundaries"), Known: known, path: path, Query: q}
	if v.Shape != ShapeUnits && v.Shape != ShapeProfile {
		v.Shape = ShapeCity
	}
	if grainMonths[v.By] == 0 {
		v.By = ByNothing
	}
	if err := v.readSubjects(c); err != nil {
		return v, err
	}
	if err := v.readSpan(whole); err != nil {
		return v, err
	}
	v.readShow()
	v.Sort, _ = strconv.Atoi(q.Get("sort"))
	return v, nil
}

// readSubjects reads of what the table is: the section, its indicators, the unit.
func (v *View) readSubjects(c *reporting.Catalogue) error {
	for _, code := range v.Query["indicator"] {
		if c.Indicator(code) == nil {
			return reporting.Errorf(reporting.NotFound, "no such indicator: %q", code)
		}
		if !slices.Contains(v.Indicators, code) {
			v.Indicators = append(v.Indicators, code)
		}
	}
	if v.Section == "" && len(v.Indicators) > 0 {
		v.Section = SectionOf(v.Indicators[0])
	}
	if len(IndicatorsOf(c, v.Section)) == 0 {
		v.Section = SectionOf(c.Indicators[0].Code)
	}
	if v.Shape != ShapeUnits { // boxes that were ticked in another section
		v.Indicators = slices.DeleteFunc(v.Indicators, func(code string) bool { return SectionOf(code) != v.Section })
	}
	switch {
	case v.Shape == ShapeUnits && len(v.Indicators) == 0:
		v.Indicators = []string{IndicatorsOf(c, v.Section)[0].Code}
	case v.Shape == ShapeUnits:
		v.Indicators = v.Indicators[:1]
		v.Section = SectionOf(v.Indicators[0])
	}
	if v.Unit == c.City {
		v.Unit = ""
	}
	if v.Unit != "" && c.Unit(v.Unit) == nil {
		return reporting.Errorf(reporting.NotFound, "no such unit: %q", v.Unit)
	}
	return nil
}

// readSpan reads the months: period, or from and to, or else the year of the last whole month, up to it.
func (v *View) readSpan(whole reporting.Month) (err error) {
	span := reporting.MonthPeriod(whole).YearToDate()
	from, to := cmp.Or(v.Query.Get("from"), v.Query.Get("to")), cmp.Or(v.Query.Get("to"), v.Query.Get("from"))
	switch text := v.Query.Get("period"); {
	case text != "":
		span, err = reporting.ParsePeriod(text)
	case from != "":
		span, err = spanOf(from, to)
	}
	if v.First, v.Last = span.First, span.Last; err != nil {
		return err
	}
	if n := len(v.Periods()); n > maxPeriods {
		return reporting.Errorf(reporting.Invalid, "%d periods: a table shows up to %d; choose fewer months, or quarters or years", n, maxPeriods)
	}
	return nil
}

// spanOf reaches from one month to another, in whichever order they are given.
func spanOf(from, to string) (span reporting.Period, err error) {
	first, err := reporting.ParsePeriod(from)
	if err != nil {
		return span, err
	}
	last, err := reporting.ParsePeriod(to)
	return reporting.Period{First: min(first.First, last.First), Last: max(first.Last, last.Last)}, err
}

// readShow reads which numbers are shown. The form sends its ticks also where the person has not changed them: what was usual for the view before
// is no choice.
func (v *View) readShow() {
	for _, m := range Measures {
		if slices.Contains(v.Query["show"], string(m)) {
			v.Show = append(v.Show, m)
		}
	}
	if len(v.Show) == 0 || joined(v.Show) == v.Query.Get("usual") {
		v.Show = v.usual()
		v.Usual = joined(v.Show)
		v.Query.Del("show")
	}
	v.Query.Del("usual")
}

// usual are the numbers that are shown where none are chosen: of one period several, of many the value alone.
func (v *View) usual() []Measure {
	switch {
	case v.Shape == ShapeProfile || len(v.Periods()) > 1:
		return []Measure{ShowValue}
	case v.Shape == ShapeUnits:
		return []Measure{ShowValue, ShowYoY, ShowPrevious, ShowShare}
	case v.Unit != "":
		return []Measure{ShowValue, ShowYoY, ShowPrevious}
	}
	return []Measure{ShowValue, ShowYoY, ShowPrevious, ShowCompletion}
}

func joined(show []Measure) string {
	var names []string
	for _, m := range show {
		names = append(names, string(m))
	}
	return strings.Join(names, ",")
}

// Span is the whole time of the view.
func (v View) Span() reporting.Period { return reporting.Period{First: v.First, Last: v.Last} }

// Periods are those of the columns: the parts of the span, and behind several of them the span itself.
func (v View) Periods() []reporting.Period {
	months := reporting.Month(grainMonths[v.By])
	if months == 0 || v.Shape == ShapeProfile {
		return []reporting.Period{v.Span()}
	}
	var periods []reporting.Period
	for first := v.First - v.First%months; first <= v.Last; first += months {
		periods = append(periods, reporting.Period{First: first, Last: first + months - 1})
	}
	if len(periods) > 1 && periods[0].First == v.First && periods[len(periods)-1].Last == v.Last {
		periods = append(periods, v.Span())
	}
	return periods
}

// codes are the indicators of the table.
func (v View) codes(c *reporting.Catalogue) []string {
	if len(v.Indicators) > 0 {
		return v.Indicators
	}
	var codes []string
	for _, i := range IndicatorsOf(c, v.Section) {
		codes = append(codes, i.Code)
	}
	return codes
}

// With is the address of the view with another value for a key; "" takes the key away.
func (v View) With(key, value string) string { return v.Address(v.path, key, value) }

// Address is that of the view at a path, with other values for keys.
func (v View) Address(path string, keysAndValues ...string) string {
	q := url.Values{}
	for k, values := range v.Query {
		if k != "lang" {
			q[k] = values
		}
	}
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		if q.Del(keysAndValues[i]); keysAndValues[i+1] != "" {
			q.Set(keysAndValues[i], keysAndValues[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Export is the address of what is seen, as a file. It says all that the view has by itself: the page of one indicator has it not in its
// address.
func (v View) Export(format string) string {
	q := url.Values{"format": {format}, "shape": {string(v.Shape)}, "section": {v.Section}, "period": {v.Span().String()}, "by": {string(v.By)}}
	for _, m := range v.Show {
		q.Add("show", string(m))
	}
	for _, code := range v.Indicators {
		q.Add("indicator", code)
	}
	for key, value := range map[string]string{"unit": v.Unit, "as_of": v.AsOf, "boundaries": v.On, "sort": v.Query.Get("sort")} {
		if value != "" && (key != "unit" || v.Shape == ShapeCity) {
			q.Set(key, value)
		}
	}
	return "/explore/export?" + q.Encode()
}

// Keep are the parts of the address under the keys, as a query.
func (v View) Keep(keys ...string) string {
	q := url.Values{}
	for _, key := range keys {
		q.Set(key, v.Query.Get(key))
	}
	return q.Encode()
}

// Path is the address of another page, as of the same time and on the same boundaries.
func (v View) Path(path string, keysAndValues ...string) string {
	q := url.Values{}
	for _, key := range []string{"as_of", "boundaries"} {
		if text := v.Query.Get(key); text != "" {
			q.Set(key, text)
		}
	}
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		if keysAndValues[i+1] != "" {
			q.Set(keysAndValues[i], keysAndValues[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
