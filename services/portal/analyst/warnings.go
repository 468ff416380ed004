package analyst

import (
	"math/big"
	"net/http"

	"huizong/pkg/answers"
	"huizong/pkg/explore"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// shownWarning is a warning as the page prints it.
type shownWarning struct {
	reporting.Warning
	Value, Threshold string
	Link             string
	Red              bool
}

type warningsPage struct {
	Periods     []portal.OptionGroup
	Period      reporting.Period
	AsOf        string
	Warnings    []shownWarning
	Red, Yellow int
}

func (p *Pages) warningsPage(w http.ResponseWriter, r *http.Request) error {
	lang := p.Language(w, r)
	known, whole, err := p.knownMonths(r.Context())
	if err != nil {
		return err
	}
	page := warningsPage{Period: reporting.EachHalf.Of(whole), AsOf: r.URL.Query().Get("as_of")}
	if text := r.URL.Query().Get("period"); text != "" {
		if page.Period, err = reporting.ParsePeriod(text); err != nil {
			return err
		}
	}
	page.Periods = periodOptions(lang, known, page.Period)
	var from answers.Standpoint
	if from.AsOf, err = portal.TimeOf(page.AsOf); err != nil {
		return err
	}
	list, err := p.Answers.Warnings(r.Context(), page.Period, from)
	if err != nil {
		return err
	}
	for _, one := range list {
		page.Warnings = append(page.Warnings, p.shownWarning(lang, page, one))
		if one.Level == "red" {
			page.Red++
		} else {
			page.Yellow++
		}
	}
	return p.Show(w, r, "warnings", reporting.Text{ZH: "预警", EN: "Warnings"}, page)
}

func (p *Pages) shownWarning(lang string, page warningsPage, one reporting.Warning) shownWarning {
	v := explore.View{Query: map[string][]string{"as_of": {page.AsOf}}}
	s := shownWarning{Warning: one, Red: one.Level == "red", Value: inMeasure(lang, one.Value.String(), one.Measure, one.Places), Threshold: inMeasure(lang, one.Threshold.String(), one.Measure, one.Places)}
	unit := one.Unit
	if unit == p.Catalogue.City {
		unit = ""
	}
	s.Link = v.Path("/explore/"+one.Indicator, "period", one.Period.String(), "unit", unit)
	return s
}

// inMeasure prints a plain number in the measure in which it is told: a share in percent, yuan in 万元.
func inMeasure(lang, plain, measure string, places int) string {
	value, ok := new(big.Rat).SetString(plain)
	if !ok {
		return ""
	}
	if factor, ok := reporting.Money(measure).Factor(); ok {
		value.Quo(value, factor.Rat())
	} else if measure == "%" {
		value.Mul(value, big.NewRat(100, 1))
	}
	text := phrase.Grouped(value, places)
	if measure == "%" {
		return text + "%"
	}
	return text + " " + phrase.Measure(lang, &reporting.Indicator{Measure: measure})
}
