package clerk

import (
	"net/http"
	"time"

	"huizong/pkg/duty"
	"huizong/pkg/reporting"
)

// templatesPage lists the forms of a unit that are collected together, each ready to fill.
type templatesPage struct {
	Unit    *reporting.OrgUnit
	Month   reporting.Period
	Choices []reporting.Period
	Forms   []templateLine
}

type templateLine struct {
	Form     *reporting.Form
	Period   reporting.Period
	Deadline time.Time
	Owed     bool
}

func (p *Pages) templatesPage(w http.ResponseWriter, r *http.Request) error {
	unit, err := p.unitOf(r)
	if err != nil {
		return err
	}
	collecting := duty.Collecting(time.Now())
	page := &templatesPage{Unit: unit, Month: reporting.MonthPeriod(collecting)}
	if text := r.URL.Query().Get("period"); text != "" {
		month, err := reporting.ParsePeriod(text)
		if err != nil {
			return err
		}
		page.Month = reporting.MonthPeriod(month.Last)
	}
	neighbours := duePage{Months: page.Month}
	neighbours.neighbours(collecting)
	page.Choices = neighbours.Choices
	calendar := duty.NewCalendar(p.Store.Deadlines())
	for _, f := range p.Catalogue.Forms {
		period, collected := f.CollectedWith(page.Month.Last)
		if collected && f.SentBy(*unit) {
			page.Forms = append(page.Forms, templateLine{Form: f, Period: period, Deadline: calendar.Of(f, period).At, Owed: f.Duty != reporting.NoDuty})
		}
	}
	return p.Show(w, r, "templates", reporting.Text{ZH: "模板下载", EN: "Templates"}, page)
}

// help explains in a few words how sheets are sent, and what each finding means.
func (p *Pages) help(w http.ResponseWriter, r *http.Request) error {
	return p.Show(w, r, "help", reporting.Text{ZH: "帮助", EN: "Help"}, findingChapters)
}
