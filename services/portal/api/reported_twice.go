package api

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// Twice is a person or an enterprise that several units have reported for one indicator in one month, or in the year in which only one
// unit may.
type Twice struct {
	Indicator string           `json:"indicator"`
	Name      reporting.Text   `json:"name"`
	Period    reporting.Period `json:"period"` // that month or year
	Who       string           `json:"who"`    // a person's masked number, or an enterprise's code
	Reports   []TwiceReport    `json:"reports"`
}

// TwiceReport is one row of one unit's sheet that holds the person or enterprise.
type TwiceReport struct {
	Unit       string           `json:"unit"`
	UnitName   string           `json:"unit_name"`
	Org        string           `json:"org"` // that sent it
	Form       string           `json:"form"`
	Period     reporting.Period `json:"period"` // of the row
	Submission string           `json:"submission"`
	Sheet      string           `json:"sheet"`
	Cell       string           `json:"cell"`
}

// reportedTwice shows reviewers who stands under several units now: the later sheet may have a warning that names the other, and this
// names both. It is a question to the units, and no fault yet.
func (p *Service) reportedTwice(w http.ResponseWriter, r *http.Request) error {
	var period reporting.Period
	var err error
	if text := r.URL.Query().Get("period"); text != "" {
		if period, err = reporting.ParsePeriod(text); err != nil {
			return err
		}
	}
	yearly := onceAYear(p.Catalogue)
	facts, err := p.Facts.ReportedTwice(r.Context(), period, yearly)
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, p.twice(facts, period, yearly))
}

// onceAYear lists the indicators of which one unit alone reports a person or an enterprise in a year.
func onceAYear(c *reporting.Catalogue) []string {
	var codes []string
	for _, f := range c.Forms {
		for _, l := range f.Loads {
			if l.Once == reporting.OncePerYear {
				codes = append(codes, l.Indicator)
			}
		}
	}
	return codes
}

// twice puts together what is of one key and time, in the order in which it came. Facts of one follow one another; of a year's only those pairs are shown of which a row
// lies in the period.
func (p *Service) twice(facts []reporting.Fact, period reporting.Period, yearly []string) []Twice {
	list := []Twice{}
	key := ""
	for _, f := range facts {
		span := reporting.MonthPeriod(f.Period.Last)
		if slices.Contains(yearly, f.Indicator) {
			span = reporting.YearPeriod(f.Period.Last.Year())
		}
		if n := len(list); n == 0 || key != f.Key || list[n-1].Indicator != f.Indicator || list[n-1].Period != span {
			list = append(list, Twice{Indicator: f.Indicator, Name: p.Catalogue.Indicator(f.Indicator).Name, Period: span, Who: f.Written})
			key = f.Key
		}
		last := &list[len(list)-1]
		name := f.Unit
		if u := p.Catalogue.Unit(f.Unit); u != nil {
			name = u.Name.ZH
		}
		last.Reports = append(last.Reports, TwiceReport{Unit: f.Unit, UnitName: name, Org: f.Sender, Form: f.Form, Period: f.Period,
			Submission: f.Submission, Sheet: f.Sheet, Cell: f.Cell})
	}
	slices.SortFunc(list, func(a, b Twice) int { // keys have no order that means anything
		return cmp.Or(strings.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Period.First, b.Period.First), strings.Compare(a.Reports[0].Submission, b.Reports[0].Submission),
			strings.Compare(a.Reports[0].Sheet, b.Reports[0].Sheet), cmp.Compare(len(a.Reports[0].Cell), len(b.Reports[0].Cell)), strings.Compare(a.Reports[0].Cell, b.Reports[0].Cell))
	})
	return slices.DeleteFunc(list, func(t Twice) bool {
		return !period.IsZero() && !slices.ContainsFunc(t.Reports, func(r TwiceReport) bool { return period.Contains(r.Period) })
	})
}
