package clerk

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/clickhouse"
	"huizong/pkg/duty"
	"huizong/pkg/endpoint"
	"huizong/pkg/reporting"
	"huizong/services/portal"
	"huizong/services/portal/submission"
)

// duePage is a clerk's first page: what is due, what was sent, what is wrong.
type duePage struct {
	Unit     *reporting.OrgUnit
	Months   reporting.Period
	Before   reporting.Period
	After    reporting.Period // zero where nothing can be sent for it yet
	Choices  []reporting.Period
	Summary  reporting.Text
	Lines    []dueLine
	Returned []dueLine // those that a reviewer has returned
	Closed   bool      // every form of the month is
	Open     []openMonth
	Last     reporting.Period // of what was sent last, where nothing was sent for the month
	Receipts []receiptLine
	Upload   uploadForm
}

// dueLine is a form for the period.
type dueLine struct {
	*duty.Cell
	Title   reporting.Text
	Closed  bool
	Extra   bool // it is not owed: it may be sent
	Note    reporting.Text
	Primary bool // it is the thing to do next
}

// openMonth is another month in which something is still to be done.
type openMonth struct {
	Period reporting.Period
	Count  int
}

// receiptLine is a submission in the list of receipts.
type receiptLine struct {
	duty.Version
	Title reporting.Text
	State string
	Note  reporting.Text
}

// Of the months before the one that is collected, how many are looked through for what is still open; and how many can be chosen.
const (
	monthsLookedBack = 3
	yearOfMonths     = 12
	monthsToChoose   = 24
)

// maxReceipts are those on the first page; the others stand in the history.
const maxReceipts = 12

func (p *Pages) due(w http.ResponseWriter, r *http.Request) error {
	unit, err := p.unitOf(r)
	if err != nil {
		return err
	}
	now := time.Now()
	page, err := p.newDuePage(r.Context(), unit, r.URL.Query().Get("period"), now)
	if err != nil {
		return err
	}
	page.Upload = p.uploadFormFor(access.From(r.Context()), page.Months, "")
	page.Upload.Primary = !slices.ContainsFunc(page.Lines, func(l dueLine) bool { return l.Primary }) && slices.ContainsFunc(page.Lines, func(l dueLine) bool { return l.Wanting() })
	return p.Show(w, r, "due", reporting.Text{ZH: "我的报表", EN: "My forms"}, page)
}

// unitOf is the unit whose pages are asked for: the own one of a clerk; others name it.
func (p *Pages) unitOf(r *http.Request) (*reporting.OrgUnit, error) {
	code, err := portal.OwnUnit(r.Context(), r.URL.Query().Get("org"))
	if err != nil {
		return nil, err
	}
	unit := p.Catalogue.Unit(code)
	if unit == nil {
		return nil, reporting.Errorf(reporting.NotFound, "org %q: no such unit; the address has to name one: ?org=CODE", code)
	}
	return unit, nil
}

func (p *Pages) newDuePage(ctx context.Context, unit *reporting.OrgUnit, period string, now time.Time) (*duePage, error) {
	collecting := duty.Collecting(now)
	page := &duePage{Unit: unit, Months: reporting.MonthPeriod(collecting)}
	asked := period != ""
	if asked {
		months, err := reporting.ParsePeriod(period)
		if err != nil {
			return nil, err
		}
		page.Months = reporting.MonthPeriod(months.Last)
	}
	page.neighbours(collecting)
	looked := page.Months
	if !asked {
		looked.First -= monthsLookedBack
	}
	board, err := p.Answers.Board(ctx, looked, unit.Code, now)
	if err != nil {
		return nil, err
	}
	page.fill(p.Catalogue, board)
	if len(page.Receipts) == 0 && !asked {
		page.Last, err = p.lastPeriod(ctx, unit.Code)
		if err == nil && !page.Last.IsZero() && page.Last.Last < looked.First-yearOfMonths { // a past that is being collected now
			return p.newDuePage(ctx, unit, page.Last.String(), now)
		}
	}
	return page, err
}

// neighbours are the months that the page leads to.
func (page *duePage) neighbours(collecting reporting.Month) {
	m := page.Months.First
	page.Before = reporting.MonthPeriod(m - 1)
	if m <= collecting {
		page.After = reporting.MonthPeriod(m + 1)
	}
	newest := max(collecting+1, m)
	for other := newest; other > newest-monthsToChoose || other >= m; other-- {
		page.Choices = append(page.Choices, reporting.MonthPeriod(other))
	}
}

// fill takes from the board what the month has to say, and where something is open in the months before it.
func (page *duePage) fill(c *reporting.Catalogue, board *duty.Board) {
	open := map[reporting.Period]int{}
	var versions []duty.Version
	page.Closed = len(board.Columns) > 0
	for _, row := range board.Rows {
		for i, cell := range row.Cells {
			if cell == nil {
				continue
			}
			form := c.Form(cell.Form)
			if month := reporting.MonthPeriod(submission.CollectedIn(form, cell.Period)); month != page.Months {
				if cell.Wanting() {
					open[month]++
				}
				continue
			}
			page.Closed = page.Closed && board.Columns[i].Closed
			versions = append(versions, cell.All...)
			page.Lines = append(page.Lines, newDueLine(cell, form, board.Columns[i].Closed))
		}
	}
	for _, v := range board.Unplaced {
		if v.Period.Last == page.Months.Last {
			versions = append(versions, v)
		}
	}
	page.order()
	page.summarise()
	page.receipts(c, versions)
	for month, count := range open {
		page.Open = append(page.Open, openMonth{month, count})
	}
	slices.SortFunc(page.Open, func(a, b openMonth) int { return cmp.Compare(b.Period.First, a.Period.First) })
}

func newDueLine(cell *duty.Cell, form *reporting.Form, closed bool) dueLine {
	l := dueLine{Cell: cell, Title: form.Title, Closed: closed, Extra: !cell.Owed && cell.Versions == 0}
	switch {
	case cell.CoveredBy != "" && cell.Versions == 0:
		l.Note = reporting.Text{ZH: "后面月份的台账已包括本月", EN: "the ledger of a later month includes this one"}
	case l.Extra && form.Duty == reporting.NoDuty:
		l.Note = reporting.Text{ZH: "有才报，没有不用报", EN: "only where there is something to report"}
	case l.Extra:
		l.Note = reporting.Text{ZH: "还不用报", EN: "not due yet"}
	case cell.State == duty.Missing || cell.State == duty.Overdue:
		l.Note = leftWords(cell.DaysLeft)
		if closed {
			l.Note = reporting.Text{ZH: "本期已关闭", EN: "the period is closed"}
		}
	case cell.State == duty.Rejected && cell.Standing != nil:
		l.Note = reporting.Textf("未受理；第 %d 版仍然有效", "not accepted; version %d still counts", cell.Standing.Number)
	case cell.State == duty.Rejected:
		l.Note = reporting.Text{ZH: "未受理，" + leftWords(cell.DaysLeft).ZH, EN: "not accepted, " + leftWords(cell.DaysLeft).EN}
	case cell.State == duty.Returned:
		l.Note = reporting.Text{ZH: "审核员：" + cell.Review.Reason, EN: "reviewer: " + cell.Review.Reason}
	case cell.Submission != nil:
		l.Note = reporting.Textf("第 %d 版", "version %d", cell.Submission.Number)
	}
	return l
}

// leftWords say how many days are left.
func leftWords(days int) reporting.Text {
	switch {
	case days > 1:
		return reporting.Textf("还剩 %d 天", "%d days left", days)
	case days == 1:
		return reporting.Text{ZH: "明天截止", EN: "due tomorrow"}
	case days == 0:
		return reporting.Text{ZH: "今天截止", EN: "due today"}
	case days == -1:
		return reporting.Text{ZH: "已过期 1 天", EN: "1 day late"}
	}
	return reporting.Textf("已过期 %d 天", "%d days late", -days)
}

// order puts what is owed first, as the forms are numbered, and finds the thing to do next: what is wrong before anything else.
func (page *duePage) order() {
	order := map[bool]int{false: 0, true: 1}
	slices.SortStableFunc(page.Lines, func(a, b dueLine) int { return cmp.Compare(order[a.Extra], order[b.Extra]) })
	for i := range page.Lines {
		if page.Lines[i].State == duty.Returned {
			page.Returned = append(page.Returned, page.Lines[i])
		}
	}
	for _, state := range []duty.State{duty.Returned, duty.Rejected} {
		if i := slices.IndexFunc(page.Lines, func(l dueLine) bool { return l.State == state && !l.Closed }); i >= 0 {
			page.Lines[i].Primary = true
			return
		}
	}
}

// summarise says in one line how far the month is.
func (page *duePage) summarise() {
	count := map[duty.State]int{}
	owed := 0
	for _, l := range page.Lines {
		if l.Owed && l.State != duty.NotDue || l.Versions > 0 {
			owed++
			count[l.State]++
		}
	}
	if owed == 0 {
		page.Summary = reporting.Text{ZH: "本月现在没有应报的表。", EN: "Nothing is due for this month now."}
		return
	}
	zh, en := []string{}, []string{}
	add := func(n int, text reporting.Text) {
		if n > 0 {
			zh, en = append(zh, text.ZH), append(en, text.EN)
		}
	}
	done := count[duty.Accepted] + count[duty.Approved]
	add(owed, reporting.Textf("应报 %d 张", "%d due", owed))
	add(done, reporting.Textf("已受理 %d 张", "%d accepted", done))
	add(count[duty.Returned], reporting.Textf("%d 张被退回", "%d returned", count[duty.Returned]))
	add(count[duty.Rejected], reporting.Textf("%d 张有错误待更正", "%d with errors to correct", count[duty.Rejected]))
	add(count[duty.Waiting], reporting.Textf("%d 张正在核对", "%d being checked", count[duty.Waiting]))
	missing := count[duty.Missing] + count[duty.Overdue]
	add(missing, reporting.Textf("%d 张未报", "%d not sent", missing))
	page.Summary = reporting.Text{ZH: strings.Join(zh, "，"), EN: strings.Join(en, ", ")}
	if done == owed {
		page.Summary = reporting.Textf("应报 %d 张，全部受理", "%d due, all accepted", owed)
	}
}

// receipts are the last submissions for the month, the newest first.
func (page *duePage) receipts(c *reporting.Catalogue, versions []duty.Version) {
	slices.SortFunc(versions, func(a, b duty.Version) int { return strings.Compare(b.Submission, a.Submission) })
	for _, v := range versions[:min(len(versions), maxReceipts)] {
		l := receiptLine{Version: v, Title: reporting.Text{ZH: "未识别的报表", EN: "sheet not recognised"}, State: string(v.Outcome)}
		if f := c.Form(v.Form); f != nil {
			l.Title = f.Title
		}
		switch {
		case v.Outcome == "":
			l.State = string(duty.Waiting)
		case v.Errors > 0:
			l.Note = reporting.Textf("%d 处错误", "%d errors", v.Errors)
		case v.Warnings > 0:
			l.Note = reporting.Textf("%d 处提醒", "%d warnings", v.Warnings)
		}
		page.Receipts = append(page.Receipts, l)
	}
}

// lastPeriod is the month of what the unit has sent last.
func (p *Pages) lastPeriod(ctx context.Context, unit string) (reporting.Period, error) {
	list, err := p.Facts.Submissions(ctx, clickhouse.SubmissionFilter{Org: unit, Limit: 1})
	if err != nil || len(list) == 0 {
		return reporting.Period{}, err
	}
	return reporting.MonthPeriod(list[0].Period.Last), nil
}

// home is the first page of the caller: a clerk's own, and for the others the first of their menu.
func (p *Pages) home(w http.ResponseWriter, r *http.Request) error {
	who := access.From(r.Context())
	if page := endpoint.ConfinedTo[who.Confined]; page != "" {
		http.Redirect(w, r, page, http.StatusSeeOther)
		return nil
	}
	if who.May(access.SendSubmissions) && who.Unit != "" {
		return p.due(w, r)
	}
	http.Redirect(w, r, portal.FirstPage(who.Role), http.StatusSeeOther)
	return nil
}
