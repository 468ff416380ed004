package review

import (
	"net/http"
	"time"

	"huizong/pkg/duty"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// approvePage lists what is accepted and not yet reviewed. What a reviewer may want to look at first is not ticked.
type approvePage struct {
	Months  reporting.Period
	Periods []portal.OptionGroup
	Forms   []portal.Option
	Lines   []approveLine
	Ticked  int
	Next    string
}

type approveLine struct {
	*duty.Cell
	Href   string
	Ticked bool
}

func (p *Pages) approvePage(w http.ResponseWriter, r *http.Request) error {
	now, lang := time.Now(), p.Language(w, r)
	months, board, err := p.boardAsked(r, now)
	if err != nil {
		return err
	}
	form := r.URL.Query().Get("form")
	page := &approvePage{Months: months, Periods: p.periodChoices(lang, months, now), Next: "/review?done=approved&period=" + months.String()}
	page.Forms = append(page.Forms, portal.Option{Name: phrase.Pick(lang, reporting.Text{ZH: "全部报表", EN: "all forms"}), Chosen: form == ""})
	for i, column := range board.Columns {
		if i == 0 || board.Columns[i-1].Form != column.Form {
			page.Forms = append(page.Forms, portal.Option{Value: column.Form, Name: phrase.Form(p.Catalogue, lang, column.Form), Chosen: column.Form == form})
		}
		for _, row := range board.Rows {
			c := row.Cells[i]
			if c == nil || c.State != duty.Accepted || form != "" && form != c.Form {
				continue
			}
			line := approveLine{Cell: c, Href: "/review/" + c.Unit + "/" + c.Form + "/" + c.Period.String(), Ticked: c.Submission.Warnings == 0}
			if line.Ticked {
				page.Ticked++
			}
			page.Lines = append(page.Lines, line)
		}
	}
	return p.Show(w, r, "review_approve", reporting.Text{ZH: "批量审核", EN: "Approve together"}, page)
}
