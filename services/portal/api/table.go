package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

var factColumns = []string{"indicator", "period", "org", "value", "name", "unit_name", "measure", "observations"}

func (p *Service) facts(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	filter := clickhouse.FactFilter{Indicator: q.Get("indicator")}
	var err error
	if text := q.Get("period"); text != "" {
		if filter.Period, err = reporting.ParsePeriod(text); err != nil {
			return err
		}
	}
	if filter.AsOf, err = portal.TimeOf(q.Get("as_of")); err != nil {
		return err
	}
	if filter.Indicator != "" && p.Catalogue.Indicator(filter.Indicator) == nil {
		return reporting.Errorf(reporting.NotFound, "no such indicator: %q", filter.Indicator)
	}
	facts, err := p.Facts.Facts(r.Context(), filter, p.Catalogue)
	if err != nil {
		return err
	}
	if facts, err = factsOnPage(w, r, facts); err != nil {
		return err
	}
	t := portal.Table{Name: "facts", Columns: factColumns}
	for _, f := range facts {
		i := p.Catalogue.Indicator(f.Indicator)
		t.Rows = append(t.Rows, []portal.Cell{
			portal.Text(f.Indicator), portal.Text(f.Month.String()), portal.Text(f.Unit), portal.Number(f.Value.Text(i.Places())),
			portal.Text(i.Name.ZH), portal.Text(p.unitName(f.Unit)), portal.Text(portal.StoredMeasure(i)), portal.Number(fmt.Sprint(f.Observations)),
		})
	}
	return t.Write(w, r)
}

var figureColumns = []string{
	"indicator", "period", "value", "numerator", "denominator", "target", "completion", "previous", "yoy", "reported_units", "expected_units",
	"unit", "unit_name", "name", "measure", "missing", "restated",
	"province_target", "province_completion", "targets",
}

func (p *Service) figures(w http.ResponseWriter, r *http.Request) error {
	wanted, err := p.Selection(r)
	if err != nil {
		return err
	}
	figures, err := p.Answers.Figures(r.Context(), wanted)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("format") == sdmxFormat {
		return p.writeSDMX(w, figures)
	}
	return p.figureTable(figures, asked(r.URL.Query().Get("period"), wanted.Periods)).Write(w, r)
}

// asked maps each period to the name under which it was asked for: 2020H1 and 2020-01..2020-06 are one period.
func asked(text string, periods []reporting.Period) map[reporting.Period]string {
	names := map[reporting.Period]string{}
	for i, name := range strings.Split(text, ",") {
		names[periods[i]] = strings.TrimSpace(name)
	}
	return names
}

func (p *Service) figureTable(figures []reporting.Figure, names map[reporting.Period]string) portal.Table {
	t := portal.Table{Name: "figures", Columns: figureColumns}
	for _, f := range figures {
		i := p.Catalogue.Indicator(f.Indicator)
		places, parts := i.Places(), 0
		if i.Kind == reporting.Ratio {
			parts = p.Catalogue.Indicator(i.Numerator).Places()
		}
		province, _ := f.TargetBy(reporting.ProvinceTarget)
		t.Rows = append(t.Rows, []portal.Cell{
			portal.Text(f.Indicator), portal.Text(names[f.Period]),
			portal.Number(reporting.PlainNumber(f.Value, places)), portal.Number(reporting.PlainNumber(f.Numerator, parts)), portal.Number(reporting.PlainNumber(f.Denominator, parts)),
			portal.Number(reporting.PlainNumber(f.Target, places)), portal.Number(reporting.PlainNumber(f.Completion, 6)),
			portal.Number(reporting.PlainNumber(f.Previous, places)), portal.Number(reporting.PlainNumber(f.YearOnYear, 6)),
			portal.Number(fmt.Sprint(f.Reported)), portal.Number(fmt.Sprint(f.Expected)),
			portal.Text(f.Unit), portal.Text(p.unitName(f.Unit)), portal.Text(i.Name.ZH), portal.Text(portal.StoredMeasure(i)), portal.Text(strings.Join(f.Missing, " ")), portal.Text(fmt.Sprint(f.Restated)),
			portal.Number(reporting.PlainNumber(province.Value, places)), portal.Number(reporting.PlainNumber(province.Completion, 6)), targets(f, places),
		})
	}
	return t
}

// target is one of a figure's targets as json has it; the others have "city r1 40000 1.270025; province …".
type target struct {
	Level      string      `json:"level"`
	Revision   int         `json:"revision"`
	Value      json.Number `json:"value"`
	Completion json.Number `json:"completion,omitempty"`
}

func targets(f reporting.Figure, places int) portal.Cell {
	list, words := []target{}, []string{}
	for _, t := range f.Targets {
		one := target{t.Level, t.Revision, json.Number(reporting.PlainNumber(t.Value, places)), json.Number(reporting.PlainNumber(t.Completion, 6))}
		list = append(list, one)
		words = append(words, strings.TrimSpace(fmt.Sprintf("%s r%d %s %s", one.Level, one.Revision, one.Value, one.Completion)))
	}
	return portal.Cell{Text: strings.Join(words, "; "), List: list}
}

func (p *Service) unitName(code string) string {
	if u := p.Catalogue.Unit(code); u != nil {
		return u.Name.ZH
	}
	return ""
}
