package clerk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/duty"
	"huizong/pkg/phrase"
	"huizong/pkg/picture"
	"huizong/pkg/reporting"
	"huizong/services/portal"
	"huizong/services/portal/submission"
)

// submissionPage is a submission as its sender sees it: how far it is, what was found beside the own sheet, what counts meanwhile.
type submissionPage struct {
	submission.State
	Envelope reporting.Envelope
	Place    *duty.Cell // among what is due; nil where it has none
	Number   int        // of the version; 0 where it has no place
	Returned *duty.Review

	Tone     string // good, warn, bad, plain or waiting
	Headline reporting.Text
	Lead     []reporting.Text

	Counts   map[reporting.Severity]int
	Closed   bool            // the period is now: no change of the sheet helps
	Kinds    []findingFilter // by severity
	Codes    []findingFilter // by what was found
	Findings []findingItem   // those of the page
	Total    int             // places to walk through
	At       int             // the current one, from 0
	Before   string          // addresses
	After    string
	Earlier  string // findings of the page before
	Later    string

	Picture *picture.Picture
	Damaged bool // no sheet can be shown
	Own     bool // the viewer belongs to the unit
	Upload  uploadForm
}

// findingItem is a line of the list: findings of one cause.
type findingItem struct {
	Severity reporting.Severity
	Title    reporting.Text
	Message  reporting.Text
	Sheet    string
	Cell     string
	First    int // place of the first of its findings in the walk, from 0
	Last     int
	Here     bool
	Href     string
	Cells    []findingCell
	Anchors  string // names of the cells as the picture has them, by commas; - is not shown
}

type findingCell struct {
	Cell string
	At   int
	Href string
	Here bool
}

// findingFilter is a choice of what is shown.
type findingFilter struct {
	Name     reporting.Text
	Severity reporting.Severity
	Count    int
	Here     bool
	Href     string
}

// maxItems are the lines of the list on one page, and maxCellLinks the cells that one of them lists.
const (
	maxItems     = 40
	maxCellLinks = 40
)

// decisionPatience is how long a page waits for an outcome before it says that it waits.
const decisionPatience = 1500 * time.Millisecond

func (p *Pages) submissionPage(w http.ResponseWriter, r *http.Request) error {
	state, err := p.Desk.Await(r.Context(), r.PathValue("id"), 0)
	if err == nil && state.Pending {
		state, err = p.Desk.Await(r.Context(), r.PathValue("id"), decisionPatience)
	}
	if err != nil {
		return err
	}
	page, err := p.newSubmissionPage(r, state)
	if err != nil {
		return err
	}
	return p.Show(w, r, "submission", page.title(p.Catalogue), page)
}

func (page *submissionPage) title(c *reporting.Catalogue) reporting.Text {
	title := reporting.Text{ZH: "未识别的报表", EN: "Sheet not recognised"}
	if f := c.Form(page.Form); f != nil {
		title = f.Title
	}
	return reporting.Text{ZH: title.ZH + " " + page.Period.String(), EN: title.EN + " " + page.Period.String()}
}

func (p *Pages) newSubmissionPage(r *http.Request, state submission.State) (*submissionPage, error) {
	e, err := p.Desk.Envelope(r.Context(), state.Submission)
	if err != nil {
		return nil, err
	}
	who := access.From(r.Context())
	page := &submissionPage{State: state, Envelope: e, Own: who.Unit == e.Org && who.May(access.SendSubmissions), Counts: map[reporting.Severity]int{}, At: -1}
	if page.Place, page.Closed, err = p.placeOf(r.Context(), state); err != nil {
		return nil, err
	}
	if page.Place != nil {
		page.Number = versionOf(page.Place, state.Submission)
		if page.Place.Review != nil && !page.Place.Review.Approved && page.Place.Standing.Submission == state.Submission {
			page.Returned = page.Place.Review
		}
	}
	for _, f := range state.Findings {
		page.Counts[f.Severity]++
	}
	page.describe()
	if !state.Pending {
		if err := p.lookAt(page, r); err != nil {
			return nil, err
		}
	}
	page.Upload = p.uploadFormFor(who, state.Period, state.Form)
	return page, nil
}

// placeOf is the submission's place among what is due, or nil, and whether its period is closed now.
func (p *Pages) placeOf(ctx context.Context, s submission.State) (place *duty.Cell, closed bool, err error) {
	form := p.Catalogue.Form(s.Form)
	if form == nil {
		return nil, false, nil
	}
	board, err := p.Answers.Board(ctx, reporting.MonthPeriod(submission.CollectedIn(form, s.Period)), s.Org, time.Now())
	if err != nil {
		return nil, false, err
	}
	column := slices.IndexFunc(board.Columns, func(c duty.Column) bool { return c.Form == s.Form && c.Period == s.Period })
	return board.Cell(s.Org, s.Form, s.Period), column >= 0 && board.Columns[column].Closed, nil
}

func versionOf(c *duty.Cell, submission string) int {
	for _, v := range c.All {
		if v.Submission == submission {
			return v.Number
		}
	}
	return 0
}

// describe finds the words for how far the submission is, and what counts meanwhile.
func (page *submissionPage) describe() {
	errors, warnings := page.Counts[reporting.SeverityError], page.Counts[reporting.SeverityWarning]
	replaced := page.Place != nil && page.Place.Standing != nil && page.Place.Standing.Submission > page.Submission
	lead := func(zh, en string, args ...any) { page.Lead = append(page.Lead, reporting.Textf(zh, en, args...)) }
	head := func(tone, zh, en string, args ...any) {
		page.Tone, page.Headline = tone, reporting.Textf(zh, en, args...)
	}
	switch {
	case page.ThroughOurFault():
		head("warn", "已收妥，要请市局看一看", "Received; the bureau has to look at it")
		lead("系统出了故障，没能核对这份文件，不是表的问题。市局管理员已经知道，排除故障后会重新核对，本页会更新。文件不会丢失，您不用重新上传。",
			"Our system failed, and it could not be checked; the sheet is not at fault. The administrator has been told, and it is checked again once the fault is mended. Nothing is lost; there is no need to send it again.")
	case page.Pending:
		head("waiting", "已收妥，正在核对……", "Received; being checked …")
		lead("一般一两秒就好，本页会自动更新。", "It takes a second or two; this page follows.")
	case page.Outcome == reporting.Rejected && replaced:
		head("plain", "未受理；后来报的第 %d 版已受理", "Not accepted; version %d, sent later, is", page.Place.Standing.Number)
		lead("这一版不用再改。", "Nothing needs to be done about this one.")
	case page.Outcome == reporting.Rejected:
		page.describeRejected(head, errors)
		if lead("%d 个错误。", "%d errors.", errors); warnings > 0 {
			page.Lead[0] = reporting.Textf("%d 个错误、%d 个提醒。", "%d errors, %d warnings.", errors, warnings)
		}
		page.describeStanding(lead)
	case page.Returned != nil:
		head("bad", "审核员退回，请改好重新上传", "Returned by the reviewer: please correct it and send it again")
		if page.Returned.Reason != "" {
			lead("审核员：“%s”。", "The reviewer: “%s”.", page.Returned.Reason)
		}
		lead("重新受理以前，这一版仍然有效。", "It counts until a new one is accepted.")
	case replaced:
		head("good", "已受理，后由第 %d 版替代", "Accepted; version %d has taken its place", page.Place.Standing.Number)
	case warnings > 0:
		head("good", "已受理，有 %d 处提醒请看一看", "Accepted, with %d warnings to look at", warnings)
		lead("属实可以不改；不对的话改好重新上传。", "Leave it if it is true; otherwise correct it and send it again.")
	default:
		head("good", "已受理", "Accepted")
		lead("没有要改的地方。", "There is nothing to correct.")
	}
	if page.Outcome == reporting.Accepted && page.Place != nil && page.Place.Review != nil && page.Place.Review.Approved && page.Place.Standing.Submission == page.Submission {
		lead("审核员已审核通过。", "The reviewer has approved it.")
	}
}

// describeRejected counts what is left to do; of a sheet that could not be read at all it names the fault.
func (page *submissionPage) describeRejected(head func(tone, zh, en string, args ...any), errors int) {
	first := slices.IndexFunc(page.State.Findings, func(f reporting.Finding) bool { return f.Severity == reporting.SeverityError })
	if page.Closed {
		head("bad", "未能受理：时期已关闭", "Not accepted: the period is closed")
		return
	}
	if unlisted := page.having(reporting.MoreFindings); unlisted > 0 {
		head("bad", "至少还差 %d 处才能受理", "At least %d to go before it can be accepted", errors-unlisted)
		return
	}
	if errors == 1 && page.State.Findings[first].Cell == "" {
		title := findingTitle(page.State.Findings[first].Code)
		page.Tone, page.Headline = "bad", reporting.Text{ZH: "未能受理：" + title.ZH, EN: "Not accepted: " + strings.ToLower(title.EN[:1]) + title.EN[1:]}
		return
	}
	if errors == 1 {
		head("bad", "还差 1 处就能受理", "One cell to go before it can be accepted")
		return
	}
	head("bad", "还差 %d 处就能受理", "%d to go before it can be accepted", errors)
}

// having counts the findings of a code.
func (page *submissionPage) having(code reporting.FindingCode) int {
	n := 0
	for _, f := range page.State.Findings {
		if f.Code == code {
			n++
		}
	}
	return n
}

// toDo is what whoever reads it does about a rejected sheet.
func (page *submissionPage) toDo() reporting.Text {
	switch {
	case page.Closed:
		return reporting.Text{ZH: "改表也不能受理；确需更正，请联系市局重新开放这一期", EN: "Changing the sheet does not help: ask the bureau to open the period again"}
	case page.Own:
		return reporting.Text{ZH: "在您自己的表里改好后重新上传即可", EN: "Correct your own sheet and send it again"}
	}
	return reporting.Text{ZH: "由报送单位改好后重新报送", EN: "The unit corrects it and sends it again"}
}

// describeStanding names the submission that counts while this one does not.
func (page *submissionPage) describeStanding(lead func(zh, en string, args ...any)) {
	do := page.toDo()
	if page.Place != nil && page.Place.Standing != nil {
		at := page.Place.Standing.ReceivedAt
		page.Lead = append(page.Lead, reporting.Text{ZH: do.ZH + "；上一版（" + phrase.Day("zh", at) + "受理）仍然有效。",
			EN: do.EN + "; the version before (" + phrase.Day("en", at) + ") still counts."})
		return
	}
	page.Lead = append(page.Lead, reporting.Text{ZH: do.ZH + "；本期目前还没有受理的报表。", EN: do.EN + "; nothing is accepted for this period yet."})
}

// walk is what the page goes through: the remarks of the reviewer, then the findings by their groups, narrowed by the filters.
type walk struct {
	groups []reporting.FindingGroup
	query  url.Values // of the page, without its place
}

// href is the address of a place of the walk.
func (w walk) href(at int) string {
	q := url.Values{}
	for _, key := range []string{"severity", "code"} {
		if value := w.query.Get(key); value != "" {
			q.Set(key, value)
		}
	}
	q.Set("at", strconv.Itoa(at+1))
	return "?" + q.Encode()
}

// lookAt fills the list and the picture: what of them is shown follows from the address alone.
func (p *Pages) lookAt(page *submissionPage, r *http.Request) error {
	all := slices.Concat(remarksOf(page.Returned), reporting.GroupFindings(page.State.Findings))
	w := walk{query: r.URL.Query()}
	page.filters(all, w.query)
	severity, code := reporting.Severity(w.query.Get("severity")), reporting.FindingCode(w.query.Get("code"))
	for _, g := range all {
		if (severity == "" || g.Severity == severity) && (code == "" || g.Code == code) {
			w.groups = append(w.groups, g)
			page.Total += len(g.Findings)
		}
	}
	if page.Total > 0 {
		at, _ := strconv.Atoi(w.query.Get("at"))
		page.At = min(max(at, 1), page.Total) - 1
	}
	if err := p.depict(page, w, r); err != nil {
		return err
	}
	page.list(w)
	return nil
}

// remarksOf are a reviewer's remarks as findings.
func remarksOf(review *duty.Review) []reporting.FindingGroup {
	if review == nil {
		return nil
	}
	var groups []reporting.FindingGroup
	for _, m := range review.Remarks {
		f := reporting.Finding{Severity: portal.Remarked, Sheet: m.Sheet, Cell: m.Cell, Message: m.Text, MessageEN: m.Text}
		groups = append(groups, reporting.FindingGroup{Finding: f, Findings: []reporting.Finding{f}})
	}
	return groups
}

// filters are the choices of what is shown, with how many there are of each.
func (page *submissionPage) filters(all []reporting.FindingGroup, query url.Values) {
	severity, code := reporting.Severity(query.Get("severity")), reporting.FindingCode(query.Get("code"))
	bySeverity, byCode, total := map[reporting.Severity]int{}, map[reporting.FindingCode]int{}, 0
	var codes []reporting.FindingCode
	for _, g := range all {
		bySeverity[g.Severity] += len(g.Findings)
		total += len(g.Findings)
		if g.Code != "" && !slices.Contains(codes, g.Code) && (severity == "" || g.Severity == severity) {
			codes = append(codes, g.Code)
		}
		byCode[g.Code] += len(g.Findings)
	}
	page.Kinds = append(page.Kinds, findingFilter{Name: reporting.Text{ZH: "全部", EN: "all"}, Count: total, Here: severity == "" && code == "", Href: "?"})
	for _, s := range []reporting.Severity{portal.Remarked, reporting.SeverityError, reporting.SeverityWarning, reporting.SeverityNote} {
		if n := bySeverity[s]; n > 0 {
			page.Kinds = append(page.Kinds, findingFilter{Name: portal.SeverityNames[s], Severity: s, Count: n, Here: s == severity && code == "", Href: "?severity=" + string(s)})
		}
	}
	for _, c := range codes {
		page.Codes = append(page.Codes, findingFilter{Name: findingTitle(c), Count: byCode[c], Here: c == code, Href: "?" + url.Values{"code": {string(c)}}.Encode()})
	}
}

// depict draws the sheet. A file that no sheet can be read of is one with a finding, which says why.
func (p *Pages) depict(page *submissionPage, w walk, r *http.Request) error {
	of := picture.Input{Sheet: -1, At: page.At, Masked: !page.Own, More: picture.ParseRows(w.query.Get("rows"), picture.MoreRows), Names: picture.MaskedColumns(p.Catalogue.Form(page.Form))}
	if text := w.query.Get("sheet"); text != "" {
		n, _ := strconv.Atoi(text)
		of.Sheet = n - 1
	}
	for _, g := range w.groups {
		for _, f := range g.Findings {
			of.Marks = append(of.Marks, picture.Mark{Sheet: f.Sheet, Cell: f.Cell, Severity: f.Severity, Finding: len(of.Marks), Href: w.href(len(of.Marks))})
		}
	}
	var err error
	if page.Picture, err = p.Desk.Picture(r.Context(), page.SHA256, of); err != nil && !page.ThroughOurFault() {
		return err // what could not be decided may not be shown either, and its page says why there is nothing to do
	}
	page.Picture.Link(func(sheet int, more []picture.Rows) string { return w.href(page.At) + picture.Query(sheet, more) })
	page.Damaged = page.Picture == nil
	return nil
}

// list makes the lines of the list: of a long one those around the current place.
func (page *submissionPage) list(w walk) {
	first, current := 0, 0
	items := make([]findingItem, 0, len(w.groups))
	for i, g := range w.groups {
		item := findingItem{Severity: g.Severity, Title: findingTitle(g.Code), Message: reporting.Text{ZH: g.Message, EN: g.MessageEN}, Sheet: g.Sheet, Cell: g.Cell,
			First: first, Last: first + len(g.Findings) - 1, Href: w.href(first)}
		if g.Severity == portal.Remarked {
			item.Title = reporting.Text{ZH: "审核员的意见", EN: "The reviewer remarks"}
		}
		if item.Here = item.First <= page.At && page.At <= item.Last; item.Here {
			current = i
		}
		item.cells(g, page, w)
		first += len(g.Findings)
		items = append(items, item)
	}
	from := current / maxItems * maxItems
	to := min(len(items), from+maxItems)
	page.Findings = items[from:to]
	if from > 0 {
		page.Earlier = items[from-maxItems].Href
	}
	if to < len(items) {
		page.Later = items[to].Href
	}
	if page.At > 0 {
		page.Before = w.href(page.At - 1)
	}
	if page.At >= 0 && page.At+1 < page.Total {
		page.After = w.href(page.At + 1)
	}
}

// cells lists the cells of the group: all names for the script that walks them, and the first of them as links.
func (item *findingItem) cells(g reporting.FindingGroup, page *submissionPage, w walk) {
	var anchors []string
	for i, f := range g.Findings {
		at := item.First + i
		anchors = append(anchors, page.Picture.Anchor(at, f.Cell))
		if len(g.Findings) > 1 && i < maxCellLinks {
			item.Cells = append(item.Cells, findingCell{Cell: f.Cell, At: at, Href: w.href(at), Here: at == page.At})
		}
	}
	item.Anchors = strings.Join(anchors[:min(len(anchors), 10*maxCellLinks)], ",")
}
