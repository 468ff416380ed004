package analyst

import (
	"cmp"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"huizong/pkg/access"
	"huizong/pkg/answers"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
	"huizong/pkg/reports"
	"huizong/services/portal"
)

// reportsPage is where a report is compiled and published.
type reportsPage struct {
	Reports    []reportChoice
	Shared     []reporting.ReportParameter // of every report
	Periods    []portal.OptionGroup
	Formats    []portal.Option
	MayPublish bool
	Releases   []releaseLine // the latest
	Drafts     []draftLine
}

// draftLine is a draft that was compiled by itself.
type draftLine struct {
	reporting.Draft
	Name, Path string // Path is where its files are
}

type reportChoice struct {
	portal.Option
	Parameters []reporting.ReportParameter
}

// reportNames are the reports for those who read English; another report goes by the name in its template.
var reportNames = map[string]string{"half_year": "Half-year work report", "monthly_bulletin": "Monthly bulletin",
	"quarterly_bulletin": "Quarterly bulletin", "annual_report": "Year's work report",
	"funds_brief": "Brief on the funds", "wage_arrears_brief": "Brief on wage arrears", "leader_brief": "One page", "unit_sheet": "A unit's own figures"}

// reportFormats are what a report can be written as, with what they are for people.
var reportFormats = []struct {
	format string
	name   reporting.Text
}{
	{"docx", reporting.Text{ZH: "Word 文档 .docx", EN: "Word .docx"}},
	{"pdf", reporting.Text{ZH: "打印版 .pdf", EN: "Print .pdf"}},
	{"xlsx", reporting.Text{ZH: "数据表 .xlsx", EN: "Tables .xlsx"}},
	{"html", reporting.Text{ZH: "在浏览器中看", EN: "Look at it here"}},
	{"companion.html", reporting.Text{ZH: "编制附册（不外发）", EN: "Companion (not sent)"}},
}

// reportName is how people call a report.
func reportName(lang, id, name string) string {
	if lang == "en" && reportNames[id] != "" {
		return reportNames[id]
	}
	return cmp.Or(name, id)
}

func (p *Pages) reportsPage(w http.ResponseWriter, r *http.Request) error {
	lang := p.Language(w, r)
	templates := p.Reports.List()
	page := reportsPage{MayPublish: access.From(r.Context()).May(access.PublishReleases)}
	if len(templates) > 0 {
		page.Shared = slices.DeleteFunc(slices.Clone(templates[0].Parameters), func(p reporting.ReportParameter) bool { return !p.Shared || p.Name == "unfinished" })
	}
	chosen := slices.IndexFunc(templates, func(t reporting.ReportTemplate) bool { return t.Periods == string(reporting.EachHalf) }) // as the period below
	for n, t := range templates {
		page.Reports = append(page.Reports, reportChoice{portal.Option{Value: strings.ReplaceAll(t.ID, "_", "-"), Name: reportName(lang, t.ID, t.Name), Chosen: n == chosen},
			slices.DeleteFunc(t.Parameters, func(p reporting.ReportParameter) bool { return p.Shared })})
	}
	for _, f := range reportFormats {
		page.Formats = append(page.Formats, portal.Option{Value: f.format, Name: phrase.Pick(lang, f.name), Chosen: true})
	}
	known, whole, err := p.knownMonths(r.Context())
	if err != nil {
		return err
	}
	page.Periods = periodOptions(lang, known, reporting.EachHalf.Of(whole))
	page.Releases = p.releaseLines(lang)
	page.Releases = page.Releases[:min(5, len(page.Releases))]
	if page.Drafts, err = p.draftLines(lang, templates); err != nil {
		return err
	}
	return p.Show(w, r, "reports", reporting.Text{ZH: "报告", EN: "Reports"}, page)
}

// draftLines lists the drafts, the latest period first.
func (p *Pages) draftLines(lang string, templates []reporting.ReportTemplate) ([]draftLine, error) {
	drafts, err := p.Reports.Drafts()
	if err != nil {
		return nil, err
	}
	var lines []draftLine
	for _, d := range drafts {
		line := draftLine{Draft: d, Name: reportName(lang, d.Report, ""), Path: "/api/v1/drafts/" + strings.ReplaceAll(d.Report, "_", "-") + "/" + d.Period.String() + "/files/"}
		for _, t := range templates {
			if t.ID == d.Report {
				line.Name = reportName(lang, t.ID, t.Name)
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// periodOptions are the half-years, quarters, months and years of the months that are known, the latest first.
func periodOptions(lang string, known, chosen reporting.Period) []portal.OptionGroup {
	var groups []portal.OptionGroup
	for _, kind := range []struct {
		months reporting.Month
		name   reporting.Text
	}{
		{6, reporting.Text{ZH: "半年", EN: "Half-years"}}, {1, reporting.Text{ZH: "月", EN: "Months"}}, {3, reporting.Text{ZH: "季度", EN: "Quarters"}}, {12, reporting.Text{ZH: "年", EN: "Years"}},
	} {
		group := portal.OptionGroup{Name: phrase.Pick(lang, kind.name)}
		for first := known.Last - known.Last%kind.months; first+kind.months > known.First; first -= kind.months {
			period := reporting.Period{First: first, Last: first + kind.months - 1}
			group.Options = append(group.Options, portal.Option{Value: period.String(), Name: phrase.Period(lang, period), Chosen: period == chosen})
		}
		groups = append(groups, group)
	}
	return groups
}

// reportFile compiles a report for the one who asks. It is not kept.
func (p *Pages) reportFile(w http.ResponseWriter, r *http.Request) error {
	q := url.Values{}
	for key, values := range r.URL.Query() {
		switch {
		case !strings.HasPrefix(key, "param."):
			q[key] = values
		case filled(values) != "": // an empty field is no text: the default stands
			q.Set(key, filled(values))
		}
	}
	r.SetPathValue("report", q.Get("report"))
	if strings.HasSuffix(q.Get("format"), "html") {
		q.Set("show", "1")
	}
	asked := *r.URL
	asked.RawQuery = q.Encode()
	r.URL = &asked
	return p.SendReport(w, r, p.Reports)
}

// filled is the field that somebody has filled in, of several reports' fields of one name.
func filled(values []string) string {
	n := slices.IndexFunc(values, func(v string) bool { return v != "" })
	if n < 0 {
		return ""
	}
	return values[n]
}

// publishPage publishes the report of the form under the next number.
func (p *Pages) publishPage(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return reporting.Errorf(reporting.Invalid, "form: %w", err)
	}
	period, err := reporting.ParsePeriod(r.PostForm.Get("period"))
	if err != nil {
		return err
	}
	asOf, err := portal.TimeOf(r.PostForm.Get("as_of"))
	if err != nil {
		return err
	}
	wanted := reports.Publication{
		Order:   reports.Order{Report: portal.ReportID(r.PostForm.Get("report")), Period: period, Parameters: map[string]string{}, Standpoint: answers.Standpoint{AsOf: asOf}},
		Formats: r.PostForm["formats"], Reason: strings.TrimSpace(r.PostForm.Get("reason")), By: access.From(r.Context()).Signs("")}
	for key, values := range r.PostForm {
		if name, ok := strings.CutPrefix(key, "param."); ok && filled(values) != "" {
			wanted.Parameters[name] = filled(values)
		}
	}
	made, err := p.Reports.Publish(r.Context(), wanted)
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/releases/"+strconv.Itoa(made.Number), http.StatusSeeOther)
	return nil
}

// releaseLine is a release in a list.
type releaseLine struct {
	reporting.Release
	Name       string
	Superseded int // number of the release that took its place; 0 is none
}

// releaseLines lists the releases, the newest first.
func (p *Pages) releaseLines(lang string) []releaseLine {
	list := p.Reports.Releases()
	slices.SortFunc(list, func(a, b reporting.Release) int { return b.Number - a.Number })
	names := map[string]string{}
	for _, t := range p.Reports.List() {
		names[t.ID] = reportName(lang, t.ID, t.Name)
	}
	by := map[int]int{}
	lines := []releaseLine{}
	for _, release := range list {
		if release.Supersedes != 0 {
			by[release.Supersedes] = release.Number
		}
		lines = append(lines, releaseLine{Release: release, Name: cmp.Or(names[release.Report], release.Report), Superseded: by[release.Number]})
	}
	return lines
}

// releasesPage lists what was published, the newest first.
type releasesPage struct {
	Releases   []releaseLine
	MayPublish bool
}

func (p *Pages) releasesPage(w http.ResponseWriter, r *http.Request) error {
	lines := p.releaseLines(p.Language(w, r))
	return p.Show(w, r, "releases", reporting.Text{ZH: "发布", EN: "Releases"}, releasesPage{lines, access.From(r.Context()).May(access.PublishReleases)})
}

// releasePage is one release: what went out, and all that it was made of.
type releasePage struct {
	releaseLine
	Others []releaseLine // to compare with
	Prior  int           // the one that it is compared with first
	Inputs []inputGroup
	Check  *reporting.ReleaseCheck
}

// inputGroup are the submissions of one form in a release.
type inputGroup struct {
	Form   string
	Inputs []reporting.ReleaseInput
}

// Shows reports whether a file opens in the browser.
func (releasePage) Shows(name string) bool {
	ext := path.Ext(name)
	return ext == ".html" || ext == ".pdf"
}

func (p *Pages) releasePage(w http.ResponseWriter, r *http.Request) error {
	return p.showRelease(w, r, nil)
}

// verifyPage compiles the release again and says whether it comes out the same.
func (p *Pages) verifyPage(w http.ResponseWriter, r *http.Request) error {
	number, err := portal.ReleaseNumber(r, "number")
	if err != nil {
		return err
	}
	check, err := p.Reports.Verify(r.Context(), number)
	if err != nil {
		return err
	}
	return p.showRelease(w, r, &check)
}

func (p *Pages) showRelease(w http.ResponseWriter, r *http.Request, check *reporting.ReleaseCheck) error {
	lang := p.Language(w, r)
	number, err := portal.ReleaseNumber(r, "number")
	if err != nil {
		return err
	}
	page := releasePage{Check: check}
	for _, line := range p.releaseLines(lang) {
		if line.Number == number {
			page.releaseLine = line
			continue
		}
		page.Others = append(page.Others, line)
	}
	if page.Release, err = p.Reports.Release(number); err != nil {
		return err
	}
	if page.Prior = page.Supersedes; page.Prior == 0 && len(page.Others) > 0 {
		page.Prior = page.Others[0].Number
	}
	for _, in := range page.Release.Inputs {
		if n := len(page.Inputs); n == 0 || page.Inputs[n-1].Form != in.Form {
			page.Inputs = append(page.Inputs, inputGroup{Form: in.Form})
		}
		group := &page.Inputs[len(page.Inputs)-1]
		group.Inputs = append(group.Inputs, in)
	}
	return p.Show(w, r, "release", reporting.Textf("发布 %d", "Release %d", page.Number), page)
}

// compareReleases sends the one who has chosen two releases to their comparison.
func (p *Pages) compareReleases(w http.ResponseWriter, r *http.Request) error {
	number, err := portal.ReleaseNumber(r, "number")
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/releases/"+strconv.Itoa(number)+"/diff/"+url.PathEscape(r.URL.Query().Get("with")), http.StatusSeeOther)
	return nil
}

// releaseDiffPage is what changed from one release to another.
type releaseDiffPage struct {
	reporting.ReleaseDiff
	City   []shownChange
	Units  []shownChange
	Period []reporting.PeriodChange
}

// shownChange is a change of a figure as the page prints it.
type shownChange struct {
	reporting.FigureChange
	Name          reporting.Text
	Aspect        reporting.Text
	Before, After string
	Measure       string
	Causes        []shownCause
}

type shownCause struct {
	reporting.CellChange
	Name          reporting.Text
	Before, After string
}

var aspectNames = map[string]reporting.Text{
	"value":           {ZH: "数值", EN: "value"},
	"target":          {ZH: "年度目标", EN: "target of the year"},
	"province_target": {ZH: "省定年度目标", EN: "province's target of the year"},
	"previous":        {ZH: "上年同期", EN: "last year's"},
	"reported":        {ZH: "已报单位", EN: "units that reported"},
}

func (p *Pages) releaseDiffPage(w http.ResponseWriter, r *http.Request) error {
	lang := p.Language(w, r)
	one, other, err := portal.TwoReleases(r)
	if err != nil {
		return err
	}
	var page releaseDiffPage // from the earlier to the later, whichever was chosen first
	if page.ReleaseDiff, err = p.Answers.Diff(r.Context(), min(one, other), max(one, other)); err != nil {
		return err
	}
	for _, change := range page.Figures {
		if change.Unit == p.Catalogue.City {
			page.City = append(page.City, p.shownChange(lang, change))
		} else {
			page.Units = append(page.Units, p.shownChange(lang, change))
		}
	}
	return p.Show(w, r, "release_diff", reporting.Textf("发布 %d → %d", "Releases %d → %d", page.From, page.To), page)
}

func (p *Pages) shownChange(lang string, f reporting.FigureChange) shownChange {
	c := shownChange{FigureChange: f, Name: reporting.Text{ZH: f.Indicator}, Aspect: aspectNames[f.Aspect], Before: f.Before, After: f.After}
	i := p.Catalogue.Indicator(f.Indicator)
	if i == nil {
		return c
	}
	c.Name = i.Name
	if f.Aspect != "reported" {
		c.Before, c.After, c.Measure = phrase.PlainNumber(f.Before, i), phrase.PlainNumber(f.After, i), phrase.Measure(lang, i)
	}
	for _, cause := range f.Causes {
		s := shownCause{CellChange: cause, Before: cause.Before, After: cause.After}
		if base := p.Catalogue.Indicator(cause.Indicator); base != nil {
			s.Before, s.After, s.Name = phrase.PlainNumber(cause.Before, base), phrase.PlainNumber(cause.After, base), base.Name
		}
		c.Causes = append(c.Causes, s)
	}
	return c
}
