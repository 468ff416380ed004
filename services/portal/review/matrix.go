package review

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/duty"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
	"huizong/services/portal"
	"huizong/services/portal/submission"
)

// reviewPage is the matrix: forms that many units send as units × forms × months, forms of single units as lines × months.
type reviewPage struct {
	Query    url.Values
	Months   reporting.Period
	Periods  []portal.OptionGroup
	Levels   []portal.Option
	Forms    []portal.Option
	Shows    []reviewShow
	Board    *duty.Board
	Share    string
	Next     *duty.Column
	Matrix   *reviewGrid
	Lines    *reviewGrid
	Legend   []duty.State
	Cell     *reviewCell // at the side
	Done     *reporting.Text
	May      bool // the viewer reviews
	ToReview int
}

// reviewShow is a choice of which cells are shown.
type reviewShow struct {
	Value string
	Name  reporting.Text
	Count int
	State duty.State // "" where it is several
	Here  bool
	Href  string
}

// reviewGrid is a table of the matrix.
type reviewGrid struct {
	Groups  []reviewGroup
	Columns []reviewColumn
	Rows    []reviewRow
}

type reviewGroup struct {
	Form string
	Span int
}

type reviewColumn struct {
	Name   reporting.Text
	Title  reporting.Text
	Closed bool
	First  bool // of its group
	Counts duty.Counts
}

type reviewRow struct {
	Unit, Form string // Form is "" in the matrix
	Cells      []reviewMark
	Counts     duty.Counts
}

// reviewMark is a cell of the matrix. State "" is none: the unit does not send the form.
type reviewMark struct {
	State  duty.State
	Late   bool
	Faded  bool // it is not among what was asked for
	First  bool
	Here   bool
	Href   string // "" for who may not see sheets
	Title  string
	Anchor string
}

// manySenders is from how many units on a form is shown as a matrix.
const manySenders = 4

// collected are the months that a reviewer wants to see without saying which: the half-year that is being collected, as far as it has
// gone; where nothing was sent for it, the half-year that something was sent for last.
func (p *Pages) collected(now time.Time) reporting.Period {
	current := duty.Collecting(now)
	months := reporting.EachHalf.Of(current)
	months.Last = current
	if len(p.Store.Received(duty.Periods(p.Catalogue, months)...)) > 0 {
		return months
	}
	var last reporting.Month
	for e := range p.Store.Envelopes() {
		if e.Kind == reporting.SubmissionReceived && e.Period.Len() == 1 {
			last = max(last, e.Period.Last)
		}
	}
	if last == 0 {
		return months
	}
	return reporting.EachHalf.Of(last)
}

// boardAsked is the board of all units for the months of the request.
func (p *Pages) boardAsked(r *http.Request, now time.Time) (reporting.Period, *duty.Board, error) {
	months, err := p.monthsAsked(r, now)
	if err != nil {
		return months, nil, err
	}
	board, err := p.Answers.Board(r.Context(), months, "", now)
	return months, board, err
}

// monthsAsked are the months of the request, or those that are collected.
func (p *Pages) monthsAsked(r *http.Request, now time.Time) (reporting.Period, error) {
	text := r.URL.Query().Get("period")
	if text == "" {
		return p.collected(now), nil
	}
	months, err := reporting.ParsePeriod(text)
	if err == nil && months.Len() > 12 {
		err = reporting.Errorf(reporting.Invalid, "period %s: the matrix shows up to a year", months)
	}
	return months, err
}

// periodChoices are halves and months, year by year, from the first that something was sent for.
func (p *Pages) periodChoices(lang string, chosen reporting.Period, now time.Time) []portal.OptionGroup {
	newest := duty.Collecting(now)
	oldest := min(newest, chosen.First)
	for e := range p.Store.Envelopes() {
		if e.Kind == reporting.SubmissionReceived && e.Period.Len() == 1 {
			oldest = min(oldest, e.Period.First)
		}
	}
	var groups []portal.OptionGroup
	for year := max(newest, chosen.Last).Year(); year >= oldest.Year() && len(groups) < 20; year-- {
		group := portal.OptionGroup{Name: phrase.Period(lang, reporting.YearPeriod(year))}
		add := func(period reporting.Period) {
			group.Options = append(group.Options, portal.Option{Value: period.String(), Name: phrase.Period(lang, period), Chosen: period == chosen})
		}
		for half := range 2 {
			first := reporting.NewMonth(year, 1+6*half)
			add(reporting.Period{First: first, Last: first + 5})
			for m := first; m < first+6; m++ {
				add(reporting.MonthPeriod(m))
			}
		}
		if !slices.ContainsFunc(group.Options, func(o portal.Option) bool { return o.Chosen }) && chosen.First.Year() == year && chosen.Last.Year() == year {
			add(chosen)
		}
		groups = append(groups, group)
	}
	return groups
}

func (p *Pages) reviewPage(w http.ResponseWriter, r *http.Request) error {
	now := time.Now()
	months, board, err := p.boardAsked(r, now)
	if err != nil {
		return err
	}
	lang, q := p.Language(w, r), r.URL.Query()
	page := &reviewPage{Query: q, Months: months, Board: board, Periods: p.periodChoices(lang, months, now), Next: board.Next(),
		May: access.From(r.Context()).May(access.ReviewSubmissions), Done: doneWords(q.Get("done"))}
	page.Share = portionWords(board.Counts.Standing, board.Counts.Owed)
	m := p.newMatrix(lang, page)
	m.choices()
	page.Matrix, page.Lines = m.grids()
	for _, s := range duty.States {
		if board.Counts.States[s] > 0 {
			page.Legend = append(page.Legend, s)
		}
	}
	page.ToReview = board.Counts.States[duty.Accepted]
	if at := q.Get("cell"); at != "" && page.May {
		if page.Cell, err = p.cellAt(r, strings.Split(at, "/"), page.address("cell", "")); err != nil {
			return err
		}
	}
	return p.Show(w, r, "review", reporting.Text{ZH: "报送情况", EN: "Reporting"}, page)
}

// Count is how many cells are in a state.
func (page *reviewPage) Count(state string) int { return page.Board.Counts.States[duty.State(state)] }

// address is that of the matrix with one of its choices changed; "" leaves it out.
func (page *reviewPage) address(key, value string) string {
	q := url.Values{}
	for _, k := range []string{"period", "level", "form", "show", "cell"} {
		if v := page.Query.Get(k); v != "" {
			q.Set(k, v)
		}
	}
	if q.Del(key); value != "" {
		q.Set(key, value)
	}
	if len(q) == 0 {
		return "/review"
	}
	return "/review?" + q.Encode()
}

func portionWords(part, whole int) string {
	if whole == 0 {
		return "—"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(part)/float64(whole))
}

// doneWords say what was just done: the address names it.
func doneWords(done string) *reporting.Text {
	words, known := map[string]reporting.Text{
		"returned": {ZH: "已退回。填报单位在首页就能看到，重报以前原数仍然有效。", EN: "Returned. The unit sees it on its first page; what was accepted counts until it sends anew."},
		"approved": {ZH: "已审核通过。", EN: "Approved."},
		"closed":   {ZH: "已关闭。关闭的期别不再接收报表。", EN: "Closed. Nothing more is taken in for it."},
		"opened":   {ZH: "已重新打开，可以补报、重报。", EN: "Open again: units can send for it."},
	}[done]
	if !known {
		return nil
	}
	return &words
}

// matrix makes the tables of the page.
type matrix struct {
	pages *Pages
	page  *reviewPage
	lang  string
	level reporting.Level
	form  string
	show  string
	here  string
}

func (p *Pages) newMatrix(lang string, page *reviewPage) *matrix {
	q := page.Query
	return &matrix{pages: p, page: page, lang: lang, level: reporting.Level(q.Get("level")), form: q.Get("form"), show: q.Get("show"), here: q.Get("cell")}
}

// The choices of what is shown: groups of states, or one of them.
var reviewShows = map[string]struct {
	name   reporting.Text
	states []duty.State
}{
	"attention": {reporting.Text{ZH: "要催的", EN: "to be chased"}, []duty.State{duty.Overdue, duty.Rejected, duty.Returned, duty.Missing}},
	"review":    {reporting.Text{ZH: "待审核", EN: "to be reviewed"}, []duty.State{duty.Accepted}},
}

// choices are the filters, with how many cells each leaves.
func (m *matrix) choices() {
	page, states := m.page, m.page.Board.Counts.States
	add := func(value string, name reporting.Text, state duty.State, count int) {
		page.Shows = append(page.Shows, reviewShow{Value: value, Name: name, State: state, Count: count, Here: m.show == value, Href: page.address("show", value)})
	}
	all := 0
	for s, n := range states {
		if s != duty.NotDue {
			all += n
		}
	}
	add("", reporting.Text{ZH: "全部", EN: "all"}, "", all)
	for _, value := range []string{"attention", "review"} {
		count := 0
		for _, s := range reviewShows[value].states {
			count += states[s]
		}
		add(value, reviewShows[value].name, "", count)
	}
	for _, s := range duty.States {
		if s != duty.NotDue && s != duty.Accepted && states[s] > 0 {
			add(string(s), stateNames[s], s, states[s])
		}
	}
	if page.Board.Counts.Late > 0 {
		add("late", stateNames["late"], "late", page.Board.Counts.Late)
	}
	page.Levels = append(page.Levels, portal.Option{Name: phrase.Pick(m.lang, reporting.Text{ZH: "全部单位", EN: "all units"}), Chosen: m.level == ""})
	for _, level := range []reporting.Level{reporting.LevelTownship, reporting.LevelSubUnit} {
		page.Levels = append(page.Levels, portal.Option{Value: string(level), Name: phrase.Pick(m.lang, portal.LevelNames[level]), Chosen: level == m.level})
	}
	page.Forms = append(page.Forms, portal.Option{Name: phrase.Pick(m.lang, reporting.Text{ZH: "全部报表", EN: "all forms"}), Chosen: m.form == ""})
	seen := map[string]bool{}
	for _, c := range page.Board.Columns {
		if !seen[c.Form] {
			seen[c.Form] = true
			page.Forms = append(page.Forms, portal.Option{Value: c.Form, Name: phrase.Form(m.pages.Catalogue, m.lang, c.Form), Chosen: c.Form == m.form})
		}
	}
}

// stateNames are the words of a state.
var stateNames = map[duty.State]reporting.Text{
	duty.Approved: {ZH: "已审核", EN: "approved"}, duty.Accepted: {ZH: "已受理", EN: "accepted"}, duty.Rejected: {ZH: "有错误", EN: "has errors"},
	duty.Returned: {ZH: "退回", EN: "returned"}, duty.Missing: {ZH: "未报", EN: "not sent"}, duty.Overdue: {ZH: "逾期未报", EN: "overdue"},
	duty.Waiting: {ZH: "处理中", EN: "in progress"}, duty.NotDue: {ZH: "不需报", EN: "not due"}, "late": {ZH: "迟报", EN: "late"},
}

// wanted reports whether the cell is among what is asked for.
func (m *matrix) wanted(c *duty.Cell) bool {
	if c == nil {
		return false
	}
	if group, ok := reviewShows[m.show]; ok {
		return slices.Contains(group.states, c.State)
	}
	return m.show == "" || string(c.State) == m.show || m.show == "late" && c.Late
}

// grids puts the forms of many units into the matrix, and each unit's own forms into the lines. Where only some cells are asked for,
// rows and columns without one are left out.
func (m *matrix) grids() (common, own *reviewGrid) {
	board := m.page.Board
	senders := map[string]int{}
	for _, row := range board.Rows {
		seen := map[string]bool{}
		for _, c := range row.Cells {
			if c != nil && !seen[c.Form] {
				seen[c.Form] = true
				senders[c.Form]++
			}
		}
	}
	var columns []int
	for i, column := range board.Columns {
		if senders[column.Form] >= manySenders && (m.form == "" || m.form == column.Form) && slices.ContainsFunc(board.Rows, func(row duty.Row) bool {
			return m.sees(row.Unit) && m.wanted(row.Cells[i])
		}) {
			columns = append(columns, i)
		}
	}
	return m.common(columns), m.own(senders)
}

func (m *matrix) sees(unit string) bool {
	u := m.pages.Catalogue.Unit(unit)
	return u != nil && (m.level == "" || u.Level == m.level)
}

func (m *matrix) common(columns []int) *reviewGrid {
	if len(columns) == 0 {
		return nil
	}
	board, g := m.page.Board, &reviewGrid{}
	for n, i := range columns {
		column := board.Columns[i]
		first := n == 0 || board.Columns[columns[n-1]].Form != column.Form
		if first {
			g.Groups = append(g.Groups, reviewGroup{Form: column.Form})
		}
		g.Groups[len(g.Groups)-1].Span++
		g.Columns = append(g.Columns, reviewColumn{Name: phrase.ShortPeriod(column.Period), Title: m.columnTitle(column), Closed: column.Closed, First: first, Counts: column.Counts})
	}
	for _, row := range board.Rows {
		if !m.sees(row.Unit) || !slices.ContainsFunc(columns, func(i int) bool { return m.wanted(row.Cells[i]) }) {
			continue
		}
		shown := reviewRow{Unit: row.Unit, Counts: duty.Counts{}}
		for n, i := range columns {
			mark := m.mark(row.Cells[i])
			mark.First = g.Columns[n].First
			shown.Cells = append(shown.Cells, mark)
			shown.count(row.Cells[i])
		}
		g.Rows = append(g.Rows, shown)
	}
	return g
}

// count adds a cell to what its row says at its end.
func (r *reviewRow) count(c *duty.Cell) {
	if c == nil || !c.Owed || c.State == duty.NotDue {
		return
	}
	r.Counts.Owed++
	if c.Standing != nil {
		r.Counts.Standing++
	}
}

// own are the forms that few units send: a line a unit and form, a column a month in which sheets are collected.
func (m *matrix) own(senders map[string]int) *reviewGrid {
	board, g := m.page.Board, &reviewGrid{}
	at := map[reporting.Month]int{}
	for month := board.Months.First; month <= board.Months.Last; month++ {
		at[month] = len(g.Columns)
		g.Columns = append(g.Columns, reviewColumn{Name: phrase.ShortPeriod(reporting.MonthPeriod(month)), Title: reporting.Text{ZH: phrase.Period("zh", reporting.MonthPeriod(month)), EN: phrase.Period("en", reporting.MonthPeriod(month))}})
	}
	for _, row := range board.Rows {
		if !m.sees(row.Unit) {
			continue
		}
		for i := 0; i < len(row.Cells); {
			form := board.Columns[i].Form
			line, some := reviewRow{Unit: row.Unit, Form: form, Cells: make([]reviewMark, len(g.Columns))}, false
			for ; i < len(row.Cells) && board.Columns[i].Form == form; i++ {
				c := row.Cells[i]
				if c == nil || senders[form] >= manySenders || m.form != "" && m.form != form {
					continue
				}
				some = some || m.wanted(c)
				line.count(c)
				line.Cells[at[submission.CollectedIn(m.pages.Catalogue.Form(form), c.Period)]] = m.mark(c)
			}
			if some {
				g.Rows = append(g.Rows, line)
			}
		}
	}
	if len(g.Rows) == 0 {
		return nil
	}
	return g
}

func (m *matrix) mark(c *duty.Cell) reviewMark {
	if c == nil {
		return reviewMark{}
	}
	place := c.Unit + "/" + c.Form + "/" + c.Period.String()
	mark := reviewMark{State: c.State, Late: c.Late, Faded: !m.wanted(c), Here: place == m.here, Anchor: place, Title: m.title(c)}
	if m.page.May {
		mark.Href = "/review/" + place
	}
	return mark
}

// title says in words what the mark shows by its shape.
func (m *matrix) title(c *duty.Cell) string {
	text := phrase.Unit(m.pages.Catalogue, m.lang, c.Unit) + " · " + phrase.Form(m.pages.Catalogue, m.lang, c.Form) + " · " + phrase.Period(m.lang, c.Period) + phrase.Pick(m.lang, reporting.Text{ZH: "：", EN: ": "}) + phrase.Pick(m.lang, stateNames[c.State])
	comma := phrase.Pick(m.lang, reporting.Text{ZH: "，", EN: ", "})
	if c.Late {
		text += comma + phrase.Pick(m.lang, stateNames["late"])
	}
	if c.CoveredBy != "" {
		text += comma + phrase.Pick(m.lang, reporting.Text{ZH: "后面月份的台账已包含", EN: "the ledger of a later month has it"})
	}
	return text
}

func (m *matrix) columnTitle(c duty.Column) reporting.Text {
	zh := phrase.Period("zh", c.Period) + "，截止 " + c.Deadline.In(reporting.Zone).Format("2006-01-02 15:04") + fmt.Sprintf("，已受理 %d/%d", c.Counts.Standing, c.Counts.Owed)
	en := phrase.Period("en", c.Period) + ", due " + c.Deadline.In(reporting.Zone).Format("2006-01-02 15:04") + fmt.Sprintf(", accepted %d of %d", c.Counts.Standing, c.Counts.Owed)
	if c.Closed {
		zh, en = zh+"，已关闭", en+", closed"
	}
	return reporting.Text{ZH: zh, EN: en}
}

// boardLink leads to another cell.
type boardLink struct {
	Unit string
	Href string
}

// neighbours are the units before and after in the same column, and the next one whose sheet is to be reviewed.
func neighbours(b *duty.Board, at *duty.Cell) (before, after, next *boardLink) {
	i := slices.IndexFunc(b.Columns, func(c duty.Column) bool { return c.Form == at.Form && c.Period == at.Period })
	if i < 0 {
		return nil, nil, nil
	}
	passed := false
	var first *boardLink // to be reviewed, of those before
	for _, row := range b.Rows {
		c := row.Cells[i]
		if c == nil {
			continue
		}
		if c.Unit == at.Unit {
			passed = true
			continue
		}
		link := &boardLink{Unit: c.Unit, Href: "/review/" + c.Unit + "/" + c.Form + "/" + c.Period.String()}
		if !passed {
			before = link
		} else if after == nil {
			after = link
		}
		if c.State == duty.Accepted && passed && next == nil {
			next = link
		} else if c.State == duty.Accepted && first == nil {
			first = link
		}
	}
	if next == nil {
		next = first
	}
	return before, after, next
}
