package analyst

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strconv"

	"huizong/pkg/answers"
	"huizong/pkg/explore"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
	"huizong/services/portal"
	"huizong/services/portal/built"
)

// indicatorView is the page of one indicator: its units, its months, its target, and where the number comes from.
type indicatorView struct {
	View      explore.View
	Indicator *reporting.Indicator
	Section   reporting.Text
	About     string
	Unit      string // code of the unit that is looked at; "" is the city
	UnitName  string
	Head      headline
	Grid      *explore.Grid
	Reported  *reported
	Months    []monthLine
	Before    bool // some month has last year's number
	Chart     built.Chart
	Origin    origin
	Units     []portal.Option
	From, To  []portal.OptionGroup
}

// headline is the figure that the page is about.
type headline struct {
	Value    string
	Lack     string
	Measure  string
	Growth   string
	Trend    string
	Previous string
	Parts    string // of a rate: what was divided by what
	Targets  []targetLine
}

// targetLine is one of the figure's targets and how far it is.
type targetLine struct {
	Level   reporting.Text
	Ceiling bool
	Value   string
	Share   string
	Bar     *explore.Bar
	Pace    string // where the year stands; "" where that is no measure of it
	Behind  bool
}

// monthLine is a month of the chart.
type monthLine struct {
	Name, Value, Previous, Growth, Trend string
	Link                                 string
	Lack                                 string
}

var targetLevelNames = map[string]reporting.Text{
	reporting.CityTarget:     {ZH: "年度目标", EN: "Target of the year"},
	reporting.ProvinceTarget: {ZH: "省定年度目标", EN: "Province's target of the year"},
}

func (p *Pages) indicatorPage(w http.ResponseWriter, r *http.Request) error {
	lang := p.Language(w, r)
	v, err := p.indicatorViewOf(r)
	if err != nil {
		return err
	}
	i := p.Catalogue.Indicator(v.Indicators[0])
	page := indicatorView{View: v, Indicator: i, Section: explore.SectionName(v.Section), About: explore.About(lang, i), Unit: v.Query.Get("unit")}
	if page.Unit == p.Catalogue.City {
		page.Unit = ""
	}
	page.Units = p.unitOptions(lang, page.Unit)
	page.UnitName = page.Units[0].Name
	if page.Unit != "" {
		page.UnitName = phrase.Unit(p.Catalogue, lang, page.Unit)
	}
	page.From, page.To = monthOptions(v, lang)
	var figures map[explore.Key]reporting.Figure
	if page.Grid, figures, err = p.gridOf(r.Context(), v, lang); err != nil {
		return err
	}
	page.Grid.WithoutEmpty()
	f, ok := figures[explore.Key{Indicator: i.Code, Unit: cmp.Or(page.Unit, p.Catalogue.City), Period: v.Span()}]
	if !ok {
		f = reporting.Figure{Indicator: i.Code, Unit: page.Unit, Period: v.Span()}
	}
	page.Head = headlineOf(lang, f, i)
	if page.Reported, err = p.reported(r.Context(), f, standpointOf(v), lang); err != nil {
		return err
	}
	if err := p.months(r.Context(), &page, lang); err != nil {
		return err
	}
	if page.Origin, err = p.originOf(r.Context(), v, page.Unit, lang); err != nil {
		return err
	}
	return p.Show(w, r, "indicator", i.Name, page)
}

// indicatorViewOf reads the address of a page about one indicator: it is the explorer's of its units, for one period.
func (p *Pages) indicatorViewOf(r *http.Request) (explore.View, error) {
	code := r.PathValue("indicator")
	if p.Catalogue.Indicator(code) == nil {
		return explore.View{}, reporting.Errorf(reporting.NotFound, "no such indicator: %q", code)
	}
	q := r.URL.Query()
	if unit := q.Get("unit"); unit != "" && p.Catalogue.Unit(unit) == nil {
		return explore.View{}, reporting.Errorf(reporting.NotFound, "no such unit: %q", unit)
	}
	v, err := p.viewOf(r)
	if err != nil {
		return v, err
	}
	v.Shape, v.Indicators, v.Section, v.By, v.Shade = explore.ShapeUnits, []string{code}, explore.SectionOf(code), explore.ByNothing, q.Get("shade") != ""
	v.Show = []explore.Measure{explore.ShowValue, explore.ShowYoY, explore.ShowShare}
	if i := p.Catalogue.Indicator(code); i.Kind == reporting.Ratio {
		v.Show = []explore.Measure{explore.ShowValue, explore.ShowYoY, explore.ShowPrevious}
	}
	return v, nil
}

// wholeValue is the value that a chart shows: of a month that some unit is not in none, for it would look like a fall.
func wholeValue(f reporting.Figure) *big.Rat {
	if !f.Complete() {
		return nil
	}
	return f.Value
}

func headlineOf(lang string, f reporting.Figure, i *reporting.Indicator) headline {
	h := headline{Value: phrase.Number(f.Value, i), Measure: phrase.Measure(lang, i), Previous: phrase.Number(f.Previous, i)}
	if f.Value == nil {
		h.Lack = phrase.Pick(lang, explore.LackNames[explore.LackOf(f)])
	}
	if change, points := explore.Growth(f, i); change != nil {
		h.Growth, h.Trend = phrase.Growth(lang, change, points), explore.Trend(change, i)
	}
	for _, t := range f.Targets {
		h.Targets = append(h.Targets, targetLineOf(t, f, i))
	}
	return h
}

func targetLineOf(t reporting.FigureTarget, f reporting.Figure, i *reporting.Indicator) targetLine {
	line := targetLine{Level: targetLevelNames[t.Level], Ceiling: i.Target == reporting.TargetCeiling, Value: phrase.Number(t.Value, i)}
	if t.Completion == nil || f.Period.First.Number() != 1 { // a month or a later quarter is no progress of the year
		return line
	}
	due := explore.Pace(i, f.Period)
	line.Share, line.Bar = phrase.Tenths(t.Completion), explore.NewBar(t.Completion, due)
	if due != nil {
		line.Pace, line.Behind = phrase.Tenths(due), t.Completion.Cmp(due) < 0
	}
	return line
}

// months are those of the period's year, beside last year's.
func (p *Pages) months(ctx context.Context, page *indicatorView, lang string) error {
	year, i := page.View.Last.Year(), page.Indicator
	unit := cmp.Or(page.Unit, p.Catalogue.City)
	wanted := answers.Selection{Periods: monthsOf(reporting.YearPeriod(year)), Indicator: i.Code, Standpoint: standpointOf(page.View)}
	if page.Unit != "" {
		wanted.Units = []string{page.Unit}
	}
	figures, err := p.figuresBy(ctx, wanted)
	if err != nil {
		return err
	}
	now, before := built.ChartSeries{Name: phrase.Year(lang, year)}, built.ChartSeries{Name: phrase.Year(lang, year-1), Before: true}
	for n, month := range wanted.Periods {
		f := figures[explore.Key{Indicator: i.Code, Unit: unit, Period: month}]
		line := monthLine{Name: phrase.PeriodHead(lang, month, reporting.YearPeriod(year)), Value: phrase.Number(f.Value, i), Previous: phrase.Number(f.Previous, i),
			Link: page.View.Path("/explore/"+i.Code, "period", month.String(), "unit", page.Unit)}
		if f.Value == nil {
			line.Lack = phrase.Pick(lang, explore.LackNames[explore.LackOf(f)])
		}
		if change, points := explore.Growth(f, i); change != nil {
			line.Growth, line.Trend = phrase.Growth(lang, change, points), explore.Trend(change, i)
		}
		page.Before = page.Before || f.Previous != nil
		if reporting.NewMonth(year, n+1) > page.View.Last && f.Value == nil && f.Previous == nil {
			continue
		}
		page.Months = append(page.Months, line)
		page.Chart.Categories, page.Chart.Links = append(page.Chart.Categories, line.Name), append(page.Chart.Links, line.Link)
		now.Values, before.Values = append(now.Values, charted(wholeValue(f), i)), append(before.Values, charted(f.Previous, i))
	}
	page.Chart.Kind, page.Chart.Measure, page.Chart.Digits = built.Bars, phrase.Measure(lang, i), chartDigits(i)
	if i.Kind == reporting.Ratio || i.Kind == reporting.Stock {
		page.Chart.Kind = built.Lines
	}
	page.Chart.Label = fmt.Sprintf(phrase.Pick(lang, reporting.Text{ZH: "%s，%s，逐月", EN: "%s, %s, by month"}), page.UnitName, phrase.Pick(lang, i.Name))
	if page.Before {
		page.Chart.Series = append(page.Chart.Series, before)
	}
	page.Chart.Series = append(page.Chart.Series, now)
	return nil
}

// charted is a number in the indicator's own measure, as the page shows it.
func charted(value *big.Rat, i *reporting.Indicator) *reporting.Decimal {
	if value == nil {
		return nil
	}
	if i.Kind == reporting.Ratio {
		value = new(big.Rat).Mul(value, big.NewRat(100, 1))
	} else if factor, ok := reporting.Money(i.Measure).Factor(); ok {
		value = new(big.Rat).Quo(value, factor.Rat())
	}
	d := reporting.MustDecimal(value.FloatString(chartDigits(i)))
	return &d
}

func chartDigits(i *reporting.Indicator) int {
	if i.Kind == reporting.Ratio || i.IsMoney() {
		return 2
	}
	return 0
}

// origin says where a figure comes from: what is added up or divided, by unit, down to the cells.
type origin struct {
	Formula reporting.Text
	Parts   []originPart
	Cells   int
	All     string // address of the list of all cells
}

type originPart struct {
	Name    string
	Role    string
	Value   string
	Measure string
	Units   []originUnit
	Cells   int
}

type originUnit struct {
	Name  string
	Value string // the sum of its cells, where that is what the figure is
	Cells []originCell
	More  int // cells that are not among them
	All   string
	Open  bool
}

type originCell struct {
	reporting.Origin
	Shown  string // the value, in the indicator's measure
	Link   string
	Period string
}

// cellsShown is how many cells of a unit the page lists; the others are on the list of all.
const cellsShown = 12

func (p *Pages) traceOf(ctx context.Context, v explore.View, unit string) (reporting.Trace, error) {
	return p.Answers.Trace(ctx, v.Indicators[0], unit, v.Span(), answers.Standpoint{AsOf: v.At})
}

func (p *Pages) originOf(ctx context.Context, v explore.View, unit, lang string) (origin, error) {
	trace, err := p.traceOf(ctx, v, unit)
	if err != nil {
		return origin{}, err
	}
	list := func(of string) string {
		return v.Path("/explore/"+v.Indicators[0]+"/cells", "period", v.Span().String(), "unit", of)
	}
	o := origin{Formula: trace.Formula, All: list(unit)}
	for _, part := range trace.Parts {
		i := p.Catalogue.Indicator(part.Figure.Indicator)
		op := originPart{Name: phrase.Pick(lang, i.Name), Role: part.Role, Value: phrase.Number(part.Figure.Value, i), Measure: phrase.Measure(lang, i), Cells: len(part.Cells)}
		op.Units = p.originUnits(part.Cells, i, lang, list)
		o.Parts, o.Cells = append(o.Parts, op), o.Cells+len(part.Cells)
	}
	if len(o.Parts) > 0 && len(o.Parts[0].Units) > 0 {
		o.Parts[0].Units[0].Open = true // as an example
	}
	return o, nil
}

// originUnits are the cells by the unit that they count for, in the catalogue's order.
func (p *Pages) originUnits(cells []reporting.Origin, i *reporting.Indicator, lang string, list func(string) string) []originUnit {
	by := map[string][]reporting.Origin{}
	for _, c := range cells {
		by[c.Unit] = append(by[c.Unit], c)
	}
	var units []originUnit
	for _, u := range p.Catalogue.Units {
		own := by[u.Code]
		if len(own) == 0 {
			continue
		}
		unit := originUnit{Name: phrase.Pick(lang, u.Name), More: max(0, len(own)-cellsShown), All: list(u.Code)}
		sum := new(big.Rat)
		for n, c := range own {
			sum.Add(sum, c.Value.Rat())
			if n < cellsShown {
				unit.Cells = append(unit.Cells, originCellOf(c, i, lang))
			}
		}
		if i.Rollup == reporting.RollupSum || i.Rollup == reporting.RollupLast {
			unit.Value = phrase.Number(sum, i)
		}
		units = append(units, unit)
	}
	return units
}

func originCellOf(c reporting.Origin, i *reporting.Indicator, lang string) originCell {
	return originCell{Origin: c, Shown: phrase.Number(c.Value.Rat(), i), Link: portal.CellLink(c.Submission, c.Sheet, c.Cell), Period: phrase.Period(lang, c.Period)}
}

// cellList is the page of all cells of a figure.
type cellList struct {
	View      explore.View
	Indicator *reporting.Indicator
	UnitName  string
	Back      string
	Cells     []listedCell
	Count     int
	From, To  int
	Before    string // address of the page before this one; "" is none
	After     string
	JSON      string
}

type listedCell struct {
	originCell
	Part string
}

// cellsOnPage is how many cells a page of the list has.
const cellsOnPage = 200

func (p *Pages) cellsPage(w http.ResponseWriter, r *http.Request) error {
	lang := p.Language(w, r)
	v, err := p.indicatorViewOf(r)
	if err != nil {
		return err
	}
	unit := v.Query.Get("unit")
	trace, err := p.traceOf(r.Context(), v, unit)
	if err != nil {
		return err
	}
	i := p.Catalogue.Indicator(v.Indicators[0])
	page := cellList{View: v, Indicator: i, UnitName: phrase.Unit(p.Catalogue, lang, cmp.Or(unit, p.Catalogue.City)), Back: v.Path("/explore/"+i.Code, "period", v.Span().String(), "unit", unit),
		JSON: v.Path("/api/v1/trace/"+i.Code, "period", v.Span().String(), "unit", unit)}
	var all []listedCell
	for _, part := range trace.Parts {
		base := p.Catalogue.Indicator(part.Figure.Indicator)
		for _, c := range part.Cells {
			all = append(all, listedCell{originCellOf(c, base, lang), phrase.Pick(lang, base.Name)})
		}
	}
	number := portal.PageNumber(r)
	page.Count = len(all)
	page.From = min((number-1)*cellsOnPage, len(all))
	page.To = min(page.From+cellsOnPage, len(all))
	page.Cells = slices.Clone(all[page.From:page.To])
	if page.From > 0 {
		page.Before = v.With("page", strconv.Itoa(number-1))
	}
	if page.To < len(all) {
		page.After = v.With("page", strconv.Itoa(number+1))
	}
	if page.Count > 0 {
		page.From++
	}
	return p.Show(w, r, "cells", i.Name, page)
}
