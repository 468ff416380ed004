package portal

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
)

//go:embed pages
var pages embed.FS

var home = template.Must(template.ParseFS(pages, "pages/home.html"))

// homePage is what the first page shows: the city's figures of a period, and what was sent last.
type homePage struct {
	Lang        string
	Period      reporting.Period
	Figures     []figureRow
	Submissions []submissionRow
}

type figureRow struct {
	Name, Code, Value, Measure, Target, Completion, Previous, Completeness string
	Incomplete                                                             bool
}

type submissionRow struct {
	clickhouse.Submission
	Unit, Title string
}

func (p *Portal) home(w http.ResponseWriter, r *http.Request) error {
	page := homePage{Lang: r.URL.Query().Get("lang")}
	if page.Lang != "en" {
		page.Lang = "zh"
	}
	sent, err := p.Facts.Submissions(r.Context(), clickhouse.SubmissionFilter{Limit: 50})
	if err != nil {
		return err
	}
	for _, s := range sent {
		row := submissionRow{Submission: s, Unit: p.unitName(s.Org)}
		if f := p.Catalogue.Form(s.Form); f != nil {
			row.Title = f.Title.ZH
		}
		page.Submissions = append(page.Submissions, row)
	}
	if page.Period, err = p.homePeriod(r, sent); err != nil {
		return err
	}
	if !page.Period.IsZero() {
		var figures []reporting.Figure
		if _, err := p.ask(r.Context(), "figures", reporting.Question{Periods: []reporting.Period{page.Period}}, &figures); err != nil {
			return err
		}
		for _, f := range figures {
			if f.Value != nil {
				page.Figures = append(page.Figures, p.figureRow(f, page.Lang))
			}
		}
	}
	var body bytes.Buffer
	if err := home.Execute(&body, page); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	_, err = body.WriteTo(w)
	return err
}

// homePeriod is the period asked for, or the year so far of the last sheet that was sent.
func (p *Portal) homePeriod(r *http.Request, sent []clickhouse.Submission) (reporting.Period, error) {
	if text := r.URL.Query().Get("period"); text != "" {
		return reporting.ParsePeriod(text)
	}
	var last reporting.Period
	for _, s := range sent {
		if s.Period.Len() == 1 && s.Period.Last > last.Last {
			last = s.Period
		}
	}
	if last.IsZero() {
		return last, nil
	}
	return last.YearToDate(), nil
}

func (p *Portal) figureRow(f reporting.Figure, lang string) figureRow {
	i := p.Catalogue.Indicator(f.Indicator)
	row := figureRow{Code: f.Indicator, Name: i.Name.ZH, Measure: i.Measure, Value: shown(f.Value, i), Target: shown(f.Target, i),
		Previous: shown(f.Previous, i), Completion: percent(f.Completion), Completeness: completeness(f), Incomplete: !f.Complete()}
	if lang == "en" {
		row.Name = i.Name.EN
	}
	return row
}
