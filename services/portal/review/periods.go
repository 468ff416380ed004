package review

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/duty"
	"huizong/pkg/reporting"
)

// periodsPage lists the months of a year, its halves and the year itself: closed or open, by whom and why.
type periodsPage struct {
	Year   int
	Years  []int
	Lines  []periodLine
	Chosen *periodLine // to be closed or opened
	Events []periodEvent
	May    bool
	Done   *reporting.Text
	closed reporting.Closed
}

type periodLine struct {
	Period reporting.Period
	Closed bool
	Last   *periodEvent // the last closing or opening of all of it; nil where nobody has touched it as a whole
	Counts duty.Counts
	Some   bool // of its months' sheets some are due
}

type periodEvent struct{ reporting.Envelope }

func (p *Pages) periodsPage(w http.ResponseWriter, r *http.Request) error {
	now, q := time.Now(), r.URL.Query()
	page := &periodsPage{Year: p.collected(now).First.Year(), May: access.From(r.Context()).May(access.ClosePeriods), Done: doneWords(q.Get("done"))}
	if year, err := strconv.Atoi(q.Get("year")); err == nil && year >= 1990 && year <= 2200 {
		page.Year = year
	}
	events := p.Store.PeriodEvents()
	page.closed = reporting.ClosedBy(events)
	for _, e := range events {
		page.Events = append(page.Events, periodEvent{e})
	}
	board, err := p.Answers.Board(r.Context(), reporting.YearPeriod(page.Year), "", now)
	if err != nil {
		return err
	}
	for _, period := range periodsOf(page.Year) {
		page.Lines = append(page.Lines, page.line(period, board))
	}
	if text := q.Get("period"); text != "" {
		period, err := reporting.ParsePeriod(text)
		if err != nil {
			return err
		}
		line := page.line(period, board)
		page.Chosen = &line
	}
	page.years(p, duty.Collecting(now).Year())
	page.Events = slices.DeleteFunc(page.Events, func(e periodEvent) bool {
		return e.Period.First.Year() > page.Year || e.Period.Last.Year() < page.Year
	})
	slices.Reverse(page.Events)
	return p.Show(w, r, "periods", reporting.Text{ZH: "期别", EN: "Periods"}, page)
}

// periodsOf are the periods of a year for which sheets are sent.
func periodsOf(year int) []reporting.Period {
	whole := reporting.YearPeriod(year)
	periods := []reporting.Period{whole, {First: whole.First, Last: whole.First + 5}, {First: whole.First + 6, Last: whole.Last}}
	for _, m := range whole.Months() {
		periods = append(periods, reporting.MonthPeriod(m))
	}
	return periods
}

// line is a period, as the worker judges it: closed when all of its months are. Last is the last closing or opening that holds it.
func (page *periodsPage) line(period reporting.Period, board *duty.Board) periodLine {
	line := periodLine{Period: period, Closed: page.closed.Holds(period)}
	for i := range page.Events {
		if page.Events[i].Period.Contains(period) {
			line.Last = &page.Events[i]
		}
	}
	if line.Last != nil {
		last := *line.Last
		line.Last = &last
	}
	for _, c := range board.Columns {
		if period.Contains(c.Period) {
			line.Counts.Owed += c.Counts.Owed
			line.Counts.Standing += c.Counts.Standing
			line.Some = line.Some || c.Counts.Owed > 0 || c.Counts.Standing > 0
		}
	}
	return line
}

// years are those that can be chosen: from the first that something was sent for.
func (page *periodsPage) years(p *Pages, newest int) {
	oldest := min(newest, page.Year)
	for e := range p.Store.Envelopes() {
		if e.Kind == reporting.SubmissionReceived && e.Period.Len() == 1 {
			oldest = min(oldest, e.Period.First.Year())
		}
	}
	for year := max(newest, page.Year); year >= oldest && len(page.Years) < 30; year-- {
		page.Years = append(page.Years, year)
	}
}
