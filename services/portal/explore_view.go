package portal

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"huizong/pkg/answers"
	"huizong/pkg/reporting"
)

// view is what the explorer is asked for. All of it stands in the address, so that a link is a saved view.
type view struct {
	Shape       shape
	Section     string             // the first part of an indicator's code
	Indicators  []string           // codes; for shapeUnits there is one
	Unit        string             // of shapeCity: whose figures; "" is the city
	First, Last reporting.Month    // the span
	By          grain              // into what it is parted
	Show        []measure          // the numbers of each figure
	Usual       string             // what Show is, where nobody has chosen it
	Shade       bool               // five shades by size
	Sort        int                // by this column, from 1; negative is the greatest first; 0 is the catalogue's order
	AsOf, On    string             // as they were asked
	known       reporting.Period   // the months that somebody has reported
	path        string             // of the page
	query       url.Values         // as it was asked
	from        answers.Standpoint // AsOf and On, read
}

// shape says what the rows and columns of the table are.
type shape string

const (
	shapeCity    shape = "city"    // indicators × periods, of the city or one unit
	shapeUnits   shape = "units"   // units × periods, of one indicator
	shapeProfile shape = "profile" // units × indicators, of one period
)

// grain is how a span of months is parted.
type grain string

const (
	byMonth   grain = "month"
	byQuarter grain = "quarter"
	byHalf    grain = "half"
	byYear    grain = "year"
	byNothing grain = "span" // the whole span is one period
)

var grainMonths = map[grain]int{byMonth: 1, byQuarter: 3, byHalf: 6, byYear: 12}

// measure is one of the numbers of a figure.
type measure string

const (
	showValue      measure = "value"
	showYoY        measure = "yoy"
	showPrevious   measure = "previous"
	showShare      measure = "share"
	showCompletion measure = "completion"
)

// measures are all of them, in the order of the columns.
var measures = []measure{showValue, showYoY, showPrevious, showShare, showCompletion}

// sections are the parts of the catalogue, by the first part of the codes.
var sections = []struct {
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

func sectionOf(code string) string {
	section, _, _ := strings.Cut(code, ".")
	return section
}

func sectionName(id string) reporting.Text {
	for _, s := range sections {
		if s.ID == id {
			return s.Name
		}
	}
	return reporting.Text{ZH: id, EN: id}
}

// indicatorsOf are the indicators of a section, in the catalogue's order.
func (p *Portal) indicatorsOf(section string) []*reporting.Indicator {
	var list []*reporting.Indicator
	for i := range p.Catalogue.Indicators {
		if sectionOf(p.Catalogue.Indicators[i].Code) == section {
			list = append(list, &p.Catalogue.Indicators[i])
		}
	}
	return list
}

// maxPeriods is how many periods a table may have: more do not fit on a screen.
const maxPeriods = 36

// viewOf reads what the explorer is asked for. What is not asked has its usual: the city's figures of the first section, for the year
// up to the latest month that somebody has reported.
func (p *Portal) viewOf(r *http.Request) (view, error) {
	q := r.URL.Query()
	v := view{Shape: shape(q.Get("shape")), Section: q.Get("section"), Unit: q.Get("unit"), By: grain(q.Get("by")), Shade: q.Get("shade") != "",
		AsOf: q.Get("as_of"), On: q.Get("boundaries"), path: r.URL.Path, query: q}
	if v.Shape != shapeUnits && v.Shape != shapeProfile {
		v.Shape = shapeCity
	}
	if grainMonths[v.By] == 0 {
		v.By = byNothing
	}
	if err := p.readSubjects(&v); err != nil {
		return v, err
	}
	if err := p.readSpan(r, &v); err != nil {
		return v, err
	}
	v.readShow()
	v.Sort, _ = strconv.Atoi(q.Get("sort"))
	var err error
	if v.from.AsOf, err = timeOf(v.AsOf); err != nil {
		return v, err
	}
	v.from.On, err = dayOf("boundaries", v.On)
	return v, err
}

func dayOf(key, text string) (reporting.Date, error) {
	day, ok := reporting.ParseDate(text)
	if text != "" && !ok {
		return 0, reporting.Errorf(reporting.Invalid, "%s %q: want a day like 2020-07-01", key, text)
	}
	return day, nil
}

// readSubjects reads of what the table is: the section, its indicators, the unit.
func (p *Portal) readSubjects(v *view) error {
	for _, code := range v.query["indicator"] {
		if p.Catalogue.Indicator(code) == nil {
			return reporting.Errorf(reporting.NotFound, "no such indicator: %q", code)
		}
		if !slices.Contains(v.Indicators, code) {
			v.Indicators = append(v.Indicators, code)
		}
	}
	if v.Section == "" && len(v.Indicators) > 0 {
		v.Section = sectionOf(v.Indicators[0])
	}
	if len(p.indicatorsOf(v.Section)) == 0 {
		v.Section = sectionOf(p.Catalogue.Indicators[0].Code)
	}
	if v.Shape != shapeUnits { // boxes that were ticked in another section
		v.Indicators = slices.DeleteFunc(v.Indicators, func(code string) bool { return sectionOf(code) != v.Section })
	}
	switch {
	case v.Shape == shapeUnits && len(v.Indicators) == 0:
		v.Indicators = []string{p.indicatorsOf(v.Section)[0].Code}
	case v.Shape == shapeUnits:
		v.Indicators = v.Indicators[:1]
		v.Section = sectionOf(v.Indicators[0])
	}
	if v.Unit == p.Catalogue.City {
		v.Unit = ""
	}
	if v.Unit != "" && p.Catalogue.Unit(v.Unit) == nil {
		return reporting.Errorf(reporting.NotFound, "no such unit: %q", v.Unit)
	}
	return nil
}

// readSpan reads the months: period, or from and to, or else the latest year as far as somebody has reported.
func (p *Portal) readSpan(r *http.Request, v *view) (err error) {
	if v.known, err = p.knownMonths(r.Context()); err != nil {
		return err
	}
	span := reporting.MonthPeriod(v.known.Last).YearToDate()
	from, to := cmp.Or(v.query.Get("from"), v.query.Get("to")), cmp.Or(v.query.Get("to"), v.query.Get("from"))
	switch text := v.query.Get("period"); {
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

// knownMonths reaches from the first month that somebody has reported to the latest; where nobody has, it is the last month.
func (p *Portal) knownMonths(ctx context.Context) (reporting.Period, error) {
	standings, err := p.Facts.Standings(ctx, time.Time{})
	if err != nil {
		return reporting.Period{}, err
	}
	var known reporting.Period
	for _, s := range standings {
		if f := p.Catalogue.Form(s.Form); f == nil || f.Duty != reporting.MonthlyDuty {
			continue
		}
		if known.IsZero() {
			known = s.Period
		}
		known.First, known.Last = min(known.First, s.Period.First), max(known.Last, s.Period.Last)
	}
	if known.IsZero() {
		known = reporting.MonthPeriod(reporting.DateOf(time.Now().In(reporting.Zone)).Month() - 1)
	}
	return known, nil
}

// readShow reads which numbers are shown. The form sends its ticks also where nobody has touched them: what was usual for the view before
// is no choice.
func (v *view) readShow() {
	for _, m := range measures {
		if slices.Contains(v.query["show"], string(m)) {
			v.Show = append(v.Show, m)
		}
	}
	if len(v.Show) == 0 || joined(v.Show) == v.query.Get("usual") {
		v.Show = v.usual()
		v.Usual = joined(v.Show)
		v.query.Del("show")
	}
	v.query.Del("usual")
}

// usual are the numbers that are shown where none are chosen: of one period several, of many the value alone.
func (v *view) usual() []measure {
	switch {
	case v.Shape == shapeProfile || len(v.Periods()) > 1:
		return []measure{showValue}
	case v.Shape == shapeUnits:
		return []measure{showValue, showYoY, showPrevious, showShare}
	case v.Unit != "":
		return []measure{showValue, showYoY, showPrevious}
	}
	return []measure{showValue, showYoY, showPrevious, showCompletion}
}

func joined(show []measure) string {
	var names []string
	for _, m := range show {
		names = append(names, string(m))
	}
	return strings.Join(names, ",")
}

// Span is the whole time of the view.
func (v view) Span() reporting.Period { return reporting.Period{First: v.First, Last: v.Last} }

// Periods are those of the columns: the parts of the span, and behind several of them the span itself.
func (v view) Periods() []reporting.Period {
	months := reporting.Month(grainMonths[v.By])
	if months == 0 || v.Shape == shapeProfile {
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
func (p *Portal) codes(v view) []string {
	if len(v.Indicators) > 0 {
		return v.Indicators
	}
	var codes []string
	for _, i := range p.indicatorsOf(v.Section) {
		codes = append(codes, i.Code)
	}
	return codes
}

// With is the address of the view with another value for a key; "" takes the key away.
func (v view) With(key, value string) string { return v.at(v.path, key, value) }

func (v view) at(path string, keysAndValues ...string) string {
	q := url.Values{}
	for k, values := range v.query {
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
func (v view) Export(format string) string {
	q := url.Values{"format": {format}, "shape": {string(v.Shape)}, "section": {v.Section}, "period": {v.Span().String()}, "by": {string(v.By)}}
	for _, m := range v.Show {
		q.Add("show", string(m))
	}
	for _, code := range v.Indicators {
		q.Add("indicator", code)
	}
	for key, value := range map[string]string{"unit": v.Unit, "as_of": v.AsOf, "boundaries": v.On, "sort": v.query.Get("sort")} {
		if value != "" && (key != "unit" || v.Shape == shapeCity) {
			q.Set(key, value)
		}
	}
	return "/explore/export?" + q.Encode()
}

// Path is the address of another page, as of the same time and on the same boundaries.
func (v view) Path(path string, keysAndValues ...string) string {
	return v.then(path, keysAndValues...)
}

// keep are the parts of the address under the keys, as a query.
func (v view) keep(keys ...string) string {
	q := url.Values{}
	for _, key := range keys {
		q.Set(key, v.query.Get(key))
	}
	return q.Encode()
}

// then are the parts of a view that a link to a figure keeps: the time as of which, and the boundaries.
func (v view) then(path string, keysAndValues ...string) string {
	q := url.Values{}
	for _, key := range []string{"as_of", "boundaries"} {
		if text := v.query.Get(key); text != "" {
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
