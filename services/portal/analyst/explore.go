package analyst

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"huizong/pkg/answers"
	"huizong/pkg/explore"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// explorer is the page of figures.
type explorer struct {
	View       explore.View
	Grid       *explore.Grid
	Title      string
	About      string // of one indicator: its measure and how it adds up
	Reported   *reported
	Shapes     []portal.Option // Value is an address
	Sections   []portal.Option
	Indicators []portal.Option
	All        []portal.OptionGroup
	Units      []portal.Option
	From, To   []portal.OptionGroup
	Grains     []portal.Option
	Show       []portal.Option
	Chosen     int // of Indicators; 0 is all
}

func (p *Pages) explorePage(w http.ResponseWriter, r *http.Request) error {
	lang := p.Language(w, r)
	v, err := p.viewOf(r)
	if err != nil {
		return err
	}
	table, figures, err := p.gridOf(r.Context(), v, lang)
	if err != nil {
		return err
	}
	page := explorer{View: v, Grid: table, Title: p.viewTitle(v, lang), Chosen: len(v.Indicators)}
	if v.Shape == explore.ShapeUnits {
		i := p.Catalogue.Indicator(v.Indicators[0])
		page.About = explore.About(lang, i)
		if page.Reported, err = p.reported(r.Context(), figures[explore.Key{Indicator: i.Code, Unit: p.Catalogue.City, Period: v.Periods()[len(v.Periods())-1]}], standpointOf(v), lang); err != nil {
			return err
		}
	}
	p.choices(&page, lang)
	return p.Show(w, r, "explore", reporting.Text{ZH: "指标", EN: "Indicators"}, page)
}

// viewTitle says what the table is of.
func (p *Pages) viewTitle(v explore.View, lang string) string {
	span := phrase.Period(lang, v.Span())
	switch {
	case v.Shape == explore.ShapeUnits:
		return phrase.Pick(lang, p.Catalogue.Indicator(v.Indicators[0]).Name) + " · " + span
	case v.Unit != "":
		return phrase.Unit(p.Catalogue, lang, v.Unit) + " · " + phrase.Pick(lang, explore.SectionName(v.Section)) + " · " + span
	}
	return phrase.Pick(lang, explore.SectionName(v.Section)) + " · " + span
}

// choices are what can be chosen instead.
func (p *Pages) choices(page *explorer, lang string) {
	v := page.View
	for _, s := range []struct {
		shape explore.Shape
		name  reporting.Text
	}{
		{explore.ShapeCity, reporting.Text{ZH: "指标 × 时间", EN: "Indicators × periods"}},
		{explore.ShapeUnits, reporting.Text{ZH: "单位 × 时间", EN: "Units × periods"}},
		{explore.ShapeProfile, reporting.Text{ZH: "单位 × 指标", EN: "Units × indicators"}},
	} {
		page.Shapes = append(page.Shapes, portal.Option{Value: v.Address("/explore", "shape", string(s.shape), "sort", "", "unit", "", "show", ""), Name: phrase.Pick(lang, s.name), Chosen: s.shape == v.Shape})
	}
	for _, s := range explore.Sections {
		if len(explore.IndicatorsOf(p.Catalogue, s.ID)) == 0 {
			continue
		}
		page.Sections = append(page.Sections, portal.Option{Value: s.ID, Name: phrase.Pick(lang, s.Name), Chosen: s.ID == v.Section})
		group := portal.OptionGroup{Name: phrase.Pick(lang, s.Name)}
		for _, i := range explore.IndicatorsOf(p.Catalogue, s.ID) {
			o := portal.Option{Value: i.Code, Name: phrase.Pick(lang, i.Name), Chosen: slices.Contains(v.Indicators, i.Code)}
			group.Options = append(group.Options, o)
			if s.ID == v.Section {
				page.Indicators = append(page.Indicators, o)
			}
		}
		page.All = append(page.All, group)
	}
	page.Units = p.unitOptions(lang, v.Unit)
	page.From, page.To = monthOptions(v, lang)
	for _, g := range []struct {
		grain explore.Grain
		name  reporting.Text
	}{
		{explore.ByNothing, reporting.Text{ZH: "合计", EN: "as a whole"}}, {explore.ByMonth, reporting.Text{ZH: "按月", EN: "by month"}}, {explore.ByQuarter, reporting.Text{ZH: "按季", EN: "by quarter"}},
		{explore.ByHalf, reporting.Text{ZH: "按半年", EN: "by half-year"}}, {explore.ByYear, reporting.Text{ZH: "按年", EN: "by year"}},
	} {
		page.Grains = append(page.Grains, portal.Option{Value: string(g.grain), Name: phrase.Pick(lang, g.name), Chosen: g.grain == v.By})
	}
	for _, m := range explore.Measures {
		if m != explore.ShowCompletion || v.Shape == explore.ShapeCity && v.Unit == "" { // targets are the city's
			page.Show = append(page.Show, portal.Option{Value: string(m), Name: phrase.Pick(lang, explore.MeasureNames[m]), Chosen: slices.Contains(v.Show, m)})
		}
	}
}

// monthOptions are the months from which and to which a view may reach, by year, the latest year first.
func monthOptions(v explore.View, lang string) (from, to []portal.OptionGroup) {
	known := v.Known
	known.First, known.Last = min(known.First, v.First), max(known.Last, v.Last)
	for year := known.Last.Year(); year >= known.First.Year(); year-- {
		a, b := portal.OptionGroup{Name: phrase.Year(lang, year)}, portal.OptionGroup{Name: phrase.Year(lang, year)}
		for _, m := range reporting.YearPeriod(year).Months() {
			name := phrase.Period(lang, reporting.MonthPeriod(m))
			a.Options = append(a.Options, portal.Option{Value: m.String(), Name: name, Chosen: m == v.First})
			b.Options = append(b.Options, portal.Option{Value: m.String(), Name: name, Chosen: m == v.Last})
		}
		from, to = append(from, a), append(to, b)
	}
	return from, to
}

// unitOptions are the city and its units.
func (p *Pages) unitOptions(lang, chosen string) []portal.Option {
	options := []portal.Option{{Name: phrase.Pick(lang, reporting.Text{ZH: "全市", EN: "Whole city"}), Chosen: chosen == ""}}
	for _, u := range p.Catalogue.Units {
		if u.Level != reporting.LevelCity {
			options = append(options, portal.Option{Value: u.Code, Name: phrase.Pick(lang, u.Name), Chosen: u.Code == chosen})
		}
	}
	return options
}

// reported is who has reported for a figure, and who has not: with the months, where it is not all of them.
type reported struct {
	Reported, Expected int
	Missing            []string // 梅林镇 6 月
	Restated           bool
}

// Complete reports whether nobody is missing.
func (r reported) Complete() bool { return len(r.Missing) == 0 }

// maxNamedMonths is the longest period whose missing sheets are told by month.
const maxNamedMonths = 12

func (p *Pages) reported(ctx context.Context, f reporting.Figure, from answers.Standpoint, lang string) (*reported, error) {
	told := &reported{Reported: f.Reported, Expected: f.Expected, Restated: f.Restated}
	if len(f.Missing) == 0 {
		return told, nil
	}
	months := map[string][]string{} // by unit
	if i := p.Catalogue.Indicator(f.Indicator); f.Period.Len() > 1 && f.Period.Len() <= maxNamedMonths && i.Kind == reporting.Flow {
		wanted := answers.Selection{Periods: monthsOf(f.Period), Indicator: f.Indicator, Standpoint: from}
		if f.Unit != p.Catalogue.City {
			wanted.Units = []string{f.Unit}
		}
		figures, err := p.figuresBy(ctx, wanted)
		if err != nil {
			return nil, err
		}
		for _, m := range wanted.Periods {
			for _, unit := range figures[explore.Key{Indicator: f.Indicator, Unit: f.Unit, Period: m}].Missing {
				months[unit] = append(months[unit], phrase.PeriodHead(lang, m, f.Period))
			}
		}
	}
	for _, unit := range f.Missing {
		name := phrase.Unit(p.Catalogue, lang, unit)
		if n := len(months[unit]); n > 0 && n < f.Period.Len() {
			name += " " + strings.Join(months[unit], phrase.Pick(lang, reporting.Text{ZH: "、", EN: ", "}))
		}
		told.Missing = append(told.Missing, name)
	}
	return told, nil
}

func monthsOf(p reporting.Period) []reporting.Period {
	var months []reporting.Period
	for _, m := range p.Months() {
		months = append(months, reporting.MonthPeriod(m))
	}
	return months
}

// exploreExport is the table of the explorer as a file: what is seen, in its order, with the numbers themselves.
func (p *Pages) exploreExport(w http.ResponseWriter, r *http.Request) error {
	lang := p.Language(w, r)
	v, err := p.viewOf(r)
	if err != nil {
		return err
	}
	seen, _, err := p.gridOf(r.Context(), v, lang)
	if err != nil {
		return err
	}
	out := p.fileOf(seen, v, lang)
	out.Name = fmt.Sprintf("%s-%s-%s", v.Shape, v.Section, v.Span())
	if v.Shape == explore.ShapeUnits {
		out.Name = fmt.Sprintf("%s-%s", v.Indicators[0], v.Span())
	}
	return out.Write(w, r)
}

// fileOf is the table as a file has it: money in yuan, shares as decimals, nothing rounded to what fits on a screen. The growth of a
// rate, which is in points, has a column of its own, so that no column holds two kinds of numbers.
func (p *Pages) fileOf(seen *explore.Grid, v explore.View, lang string) portal.Table {
	out := portal.Table{Columns: []string{phrase.Pick(lang, reporting.Text{ZH: "代码", EN: "code"}), seen.Corner, phrase.Pick(lang, reporting.Text{ZH: "计量单位", EN: "measure"})}}
	for n, c := range seen.Columns {
		name := phrase.Pick(lang, explore.MeasureNames[c.Measure])
		if c.Group != "" {
			name = c.Group + " " + name
		}
		out.Columns = append(out.Columns, name)
		if c.Measure == explore.ShowYoY && hasPoints(seen, n) {
			out.Columns = append(out.Columns, name+phrase.Pick(lang, reporting.Text{ZH: "（增减，百分点÷100）", EN: " (difference of rates)"}))
		}
	}
	for _, row := range seen.Rows {
		line := []portal.Cell{portal.Text(row.Code), portal.Text(row.Name), portal.Text(p.rowMeasure(row, v))}
		for n, c := range row.Cells {
			value := portal.Number(reporting.PlainNumber(c.Value, c.Places))
			if seen.Columns[n].Measure == explore.ShowYoY && hasPoints(seen, n) {
				empty := portal.Number("")
				if c.Points {
					line = append(line, empty, value)
				} else {
					line = append(line, value, empty)
				}
				continue
			}
			line = append(line, value)
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}

// hasPoints reports whether a column holds the growth of a rate.
func hasPoints(seen *explore.Grid, column int) bool {
	return slices.ContainsFunc(seen.Rows, func(r explore.Row) bool { return r.Cells[column].Points })
}

// rowMeasure is the unit of the row's values in a file; a table of several indicators beside each other has none.
func (p *Pages) rowMeasure(row explore.Row, v explore.View) string {
	switch v.Shape {
	case explore.ShapeCity:
		return portal.StoredMeasure(p.Catalogue.Indicator(row.Code))
	case explore.ShapeUnits:
		return portal.StoredMeasure(p.Catalogue.Indicator(v.Indicators[0]))
	}
	return ""
}
