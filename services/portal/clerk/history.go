package clerk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huizong/pkg/access"
	"huizong/pkg/answers"
	"huizong/pkg/clickhouse"
	"huizong/pkg/difference"
	"huizong/pkg/phrase"
	"huizong/pkg/picture"
	"huizong/pkg/reporting"
	"huizong/services/portal"
	"huizong/services/portal/submission"
)

// historyPage lists every version that a unit has sent, by form and period, and what one of them changed.
type historyPage struct {
	Unit    *reporting.OrgUnit
	Own     bool
	Forms   []*reporting.Form
	Form    string
	Period  reporting.Period
	Periods []reporting.Period
	Groups  []historyGroup
	Total   int // groups in all
	Page    int // from 1
	Earlier string
	Later   string
	Changes *historyChanges
}

// historyGroup are the versions of a form for a period, the newest first.
type historyGroup struct {
	Form     reporting.Text
	FormID   string
	Period   reporting.Period
	Versions []historyVersion
}

type historyVersion struct {
	clickhouse.Submission
	Number   int
	Standing bool
	Here     bool
	Href     string
}

// historyChanges is what a version changed.
type historyChanges struct {
	submission.Diff
	Number, Against int // of the versions; 0 where it replaced one of another period, or nothing
	Failed          reporting.Text
	Shown           []difference.Change
	Rest            int  // changes that are not shown
	Figures         bool // the viewer may read those of the city
	Moved           []movedFigure
}

// movedFigure is a figure of the city before and after, as people read it.
type movedFigure struct {
	Name            reporting.Text
	What            reporting.Text
	Period          reporting.Period
	Old, New, Moved string
	Measure         string
}

const (
	groupsOnPage  = 15
	maxVersions   = 5000 // of a unit: ten years of twenty forms
	changesOnPage = 300
	movedOnPage   = 60
)

func (p *Pages) history(w http.ResponseWriter, r *http.Request) error {
	unit, err := p.unitOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	page := &historyPage{Unit: unit, Form: q.Get("form")}
	if text := q.Get("period"); text != "" {
		if page.Period, err = reporting.ParsePeriod(text); err != nil {
			return err
		}
	}
	list, err := p.Facts.Submissions(r.Context(), clickhouse.SubmissionFilter{Org: unit.Code, Limit: maxVersions})
	if err != nil {
		return err
	}
	page.Page, _ = strconv.Atoi(q.Get("page"))
	page.fill(p.Catalogue, list, q)
	if at := q.Get("at"); at != "" {
		if page.Changes, err = p.historyChanges(r, at, list); err != nil {
			return err
		}
	}
	return p.Show(w, r, "history", reporting.Text{ZH: "历史版本", EN: "History"}, page)
}

// fill groups the versions, newest period first, and takes one page of them.
func (page *historyPage) fill(c *reporting.Catalogue, list []clickhouse.Submission, q url.Values) {
	for _, f := range c.Forms {
		if f.SentBy(*page.Unit) {
			page.Forms = append(page.Forms, f)
		}
	}
	groups := groupVersions(c, list, q.Get("at"))
	for _, g := range groups {
		if !slices.Contains(page.Periods, g.Period) {
			page.Periods = append(page.Periods, g.Period)
		}
	}
	groups = slices.DeleteFunc(groups, func(g historyGroup) bool {
		return page.Form != "" && g.FormID != page.Form || !page.Period.IsZero() && g.Period != page.Period
	})
	page.Total = len(groups)
	pages := max(1, (len(groups)+groupsOnPage-1)/groupsOnPage)
	page.Page = min(max(1, page.Page), pages)
	link := func(key, value string) string {
		to := url.Values{"org": {page.Unit.Code}}
		for _, k := range []string{"form", "period"} {
			if v := q.Get(k); v != "" {
				to.Set(k, v)
			}
		}
		to.Set("page", strconv.Itoa(page.Page))
		to.Set(key, value)
		return "/history?" + to.Encode()
	}
	if page.Page > 1 {
		page.Later = link("page", strconv.Itoa(page.Page-1))
	}
	if page.Page < pages {
		page.Earlier = link("page", strconv.Itoa(page.Page+1))
	}
	page.Groups = groups[min(len(groups), (page.Page-1)*groupsOnPage):min(len(groups), page.Page*groupsOnPage)]
	for i := range page.Groups {
		for j := range page.Groups[i].Versions {
			v := &page.Groups[i].Versions[j]
			v.Href = link("at", v.Submission.Submission) + "#changes"
		}
	}
}

// groupVersions puts the submissions together by form and period. The list has the newest first.
func groupVersions(c *reporting.Catalogue, list []clickhouse.Submission, here string) []historyGroup {
	type key struct {
		form   string
		period reporting.Period
	}
	at := map[key]int{}
	var groups []historyGroup
	for _, s := range list {
		k := key{s.Form, s.Period}
		i, known := at[k]
		if !known {
			i = len(groups)
			at[k] = i
			g := historyGroup{FormID: s.Form, Period: s.Period, Form: reporting.Text{ZH: "未识别的报表", EN: "sheet not recognised"}}
			if f := c.Form(s.Form); f != nil {
				g.Form = f.Title
			}
			groups = append(groups, g)
		}
		g := &groups[i]
		first := s.Outcome == reporting.Accepted && !slices.ContainsFunc(g.Versions, func(v historyVersion) bool { return v.Outcome == reporting.Accepted })
		g.Versions = append(g.Versions, historyVersion{Submission: s, Standing: first, Here: s.Submission == here})
	}
	for i := range groups {
		for j := range groups[i].Versions {
			groups[i].Versions[j].Number = len(groups[i].Versions) - j
		}
	}
	slices.SortStableFunc(groups, func(a, b historyGroup) int { return int(b.Period.Last - a.Period.Last) })
	return groups
}

// historyChanges compares a version of the unit with the one that it replaced. What cannot be compared is said, and is no error of the
// page.
func (p *Pages) historyChanges(r *http.Request, id string, list []clickhouse.Submission) (*historyChanges, error) {
	i := slices.IndexFunc(list, func(s clickhouse.Submission) bool { return s.Submission == id })
	if i < 0 {
		return nil, reporting.Errorf(reporting.NotFound, "%s is no decided submission of the unit", id)
	}
	against := r.URL.Query().Get("against")
	diff, err := p.Desk.Diff(r.Context(), list[i].Decision, against)
	changes := &historyChanges{Diff: diff, Figures: access.From(r.Context()).May(access.ReadFigures)}
	if code := reporting.CodeOf(err); err != nil && (code == reporting.Invalid || code == reporting.NotFound) {
		changes.Failed = reporting.Text{ZH: "这一版读不出表格，无法逐格比较。", EN: "This version holds no table that can be read: it cannot be compared cell by cell."}
		return changes, nil
	}
	if err != nil {
		return nil, err
	}
	for _, g := range groupVersions(p.Catalogue, list, "") {
		for _, v := range g.Versions {
			switch v.Submission.Submission {
			case id:
				changes.Number = v.Number
			case diff.Against:
				changes.Against = v.Number
			}
		}
	}
	changes.Shown = slices.Clone(diff.Changes[:min(len(diff.Changes), changesOnPage)])
	for i := range changes.Shown {
		c := &changes.Shown[i]
		c.Old, c.New = picture.SheetNumber(c.Old, true), picture.SheetNumber(c.New, true)
	}
	changes.Rest = len(diff.Changes) - len(changes.Shown)
	for _, m := range diff.Moved[:min(len(diff.Moved), movedOnPage)] {
		changes.Moved = append(changes.Moved, p.movedFigure(m))
	}
	return changes, nil
}

var movementNames = map[string]reporting.Text{"value": {ZH: "数值", EN: "figure"}, "target": {ZH: "目标", EN: "target"}, "previous": {ZH: "上年同期", EN: "a year before"}}

// movedFigure prints a movement as people read it: money in the indicator's own measure, unless nothing would be seen of it there.
func (p *Pages) movedFigure(m answers.Movement) movedFigure {
	i := p.Catalogue.Indicator(m.Indicator)
	print := func(text string) string {
		value, err := reporting.ParseDecimal(text)
		if err != nil {
			return "—"
		}
		return phrase.Number(value.Rat(), i)
	}
	f := movedFigure{Name: m.Name, What: movementNames[m.What], Period: m.Period, Old: print(m.Old), New: print(m.New), Measure: i.Measure}
	if i.Kind == reporting.Ratio {
		f.Measure = "%"
	}
	if f.Old == f.New { // it moved by less than what people print
		print = func(text string) string { return picture.SheetNumber(text, true) }
		f.Old, f.New, f.Measure = print(m.Old), print(m.New), portal.StoredMeasure(i)
	}
	if m.Difference != "" {
		f.Moved = print(m.Difference)
		if !strings.HasPrefix(f.Moved, "-") {
			f.Moved = "+" + f.Moved
		}
	}
	return f
}
