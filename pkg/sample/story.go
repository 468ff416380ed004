package sample

import (
	"math/rand/v2"
	"slices"
	"strings"

	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
)

// delivery is one sheet to be sent.
type delivery struct {
	form   *form
	sender unit
	period reporting.Period
	page   page
	event  *event // nil where nothing happens
	stage  int    // deliveries are sent stage by stage
	again  bool   // the second sheet for the same period
}

// event is something that goes wrong with one sender's sheet of one month.
type event struct {
	form    string
	month   int // the last one of the kit where there are fewer
	actor   int // events of one form with different actors happen to different senders, where it has so many
	note    string
	then    string                // note of the sheet that makes it good
	finding reporting.FindingCode // "": the sheet is accepted
	spoil   func(*clerk.Paper, *rand.Rand)
	late    bool // sent after the sheets of the next month
	silent  bool // not sent: its sheets are withheld
}

var events = []event{
	{form: "fund_monthly", month: 2, note: "rejected: the total does not add up", then: "corrected after a rejection",
		finding: reporting.TotalMismatch, spoil: spoilTotal},
	{form: "employment_monthly", month: 2, actor: 0, note: "rejected: words where a number belongs", then: "corrected after a rejection",
		finding: reporting.NotANumber, spoil: spoilNumber},
	{form: "employment_monthly", month: 3, actor: 1, note: "accepted, but with wrong numbers", then: "correction of an accepted sheet",
		spoil: raiseNumbers},
	{form: "employment_monthly", month: 3, actor: 2, note: "late: after the sheets of the next month", late: true},
	{form: "employment_monthly", month: 4, actor: 3, note: "rejected: last month's heading", then: "corrected after a rejection",
		finding: reporting.WrongPeriod, spoil: spoilPeriod},
	{form: "benefit_payments", month: 4, note: "rejected: an ID number with a wrong check digit", then: "corrected after a rejection",
		finding: reporting.BadIDNumber, spoil: spoilID},
	{form: "dispute_cases", month: 5, note: "rejected: a case closed before it was filed", then: "corrected after a rejection",
		finding: reporting.ClosedBeforeAccepted, spoil: spoilClosing},
	{form: "employment_monthly", month: 12, actor: 4, note: "not sent yet, and wrong: words where a number belongs", then: "not sent yet",
		finding: reporting.NotANumber, spoil: spoilNumber, silent: true},
}

// The stages of a month: most sheets, then what is sent again, then the stragglers of the month before.
const (
	regular = iota
	again
	straggling
	stagesOfMonth
)

// story lists all sheets of the chosen forms in the order of sending.
func (c *city) story(chosen []*form) []delivery {
	var all []delivery
	for _, f := range chosen {
		all = append(all, c.deliveries(f)...)
	}
	rng := c.chance("order")
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	slices.SortStableFunc(all, func(a, b delivery) int { return a.stage - b.stage })
	return all
}

// deliveries lists the sheets of one form.
func (c *city) deliveries(f *form) []delivery {
	var out []delivery
	book, cast := f.open(c), c.cast(f)
	for _, p := range f.periods(c) {
		for _, u := range f.senders {
			pg, ok := book(u, p)
			e := cast[role{u.code, p}]
			if !ok {
				continue
			}
			d := delivery{form: f, sender: u, period: p, page: pg, event: e, stage: c.round(f, p)*stagesOfMonth + regular}
			if e != nil && e.late {
				d.stage += stagesOfMonth + straggling
			}
			out = append(out, d)
			if e != nil && e.spoil != nil {
				d.again, d.stage = true, d.stage+again
				d.page, _ = book(u, p)
				out = append(out, d)
			}
		}
	}
	return out
}

// withheld reports whether the sheet is not sent with the others.
func (d delivery) withheld() bool { return d.event != nil && d.event.silent }

// round is the month of the kit in which sheets of the period are sent; what is owed for a whole year comes first.
func (c *city) round(f *form, p reporting.Period) int {
	switch f.sent {
	case eachYear, lastHalf:
		return 0
	}
	return min(p.Last.Number(), c.months)
}

type role struct {
	sender string
	period reporting.Period
}

// cast decides to whom the events of the form happen.
func (c *city) cast(f *form) map[role]*event {
	order, cast := c.chance("cast", f.id).Perm(len(f.senders)), map[role]*event{}
	for i := range events {
		e := &events[i]
		if e.form != f.id {
			continue
		}
		sender := f.senders[order[e.actor%len(order)]]
		month := reporting.MonthPeriod(c.month(min(e.month, c.months)))
		cast[role{sender.code, month}] = e
	}
	return cast
}

// spoiled reports whether the sheet is a wrong one, to be followed by a right one.
func (d delivery) spoiled() bool { return d.event != nil && d.event.spoil != nil && !d.again }

// final reports whether the sheet says what its sender stands by.
func (d delivery) final() bool { return !d.spoiled() }

func (d delivery) expect() (reporting.Outcome, reporting.FindingCode) {
	if d.spoiled() && d.event.finding != "" {
		return reporting.Rejected, d.event.finding
	}
	return reporting.Accepted, ""
}

// note tells what happens, and then how the sheet is typed.
func (d delivery) note(habits []string) string {
	text := ""
	switch {
	case d.event == nil:
	case d.again:
		text = d.event.then
	default:
		text = d.event.note
	}
	return strings.Trim(text+"; "+strings.Join(habits, ", "), "; ")
}

// spoilTotal makes the total of one column wrong by a million yuan.
func spoilTotal(p *clerk.Paper, _ *rand.Rand) {
	total := *p.Total
	at := p.Column("income_year")
	total[at].Number = total[at].Number.Add(reporting.Int(1_000_000))
}

// spoilNumber leaves a remark where the month's number belongs.
func spoilNumber(p *clerk.Paper, rng *rand.Rand) {
	p.Lines[rng.IntN(len(p.Lines))][p.Column("month")] = clerk.Text("待核实")
}

// raiseNumbers reports too much in two lines, the year to date included.
func raiseNumbers(p *clerk.Paper, rng *rand.Rand) {
	for _, line := range p.Lines[:2] {
		more := reporting.Int(3 + rng.Int64N(9))
		for _, id := range []string{"month", "year"} {
			at := p.Column(id)
			line[at].Number = line[at].Number.Add(more)
		}
	}
}

// spoilPeriod sends the sheet under the heading of the month before.
func spoilPeriod(p *clerk.Paper, _ *rand.Rand) {
	p.Period.First--
	p.Period.Last--
}

// spoilClosing lets the first closed case end before it began.
func spoilClosing(p *clerk.Paper, _ *rand.Rand) {
	opened, closed := p.Column("opened"), p.Column("closed")
	for _, line := range p.Lines {
		if line[closed].Kind == clerk.Day {
			line[closed].Date = line[opened].Date.AddDays(-8)
			return
		}
	}
}

// spoilID mistypes the last place of a person's number.
func spoilID(p *clerk.Paper, rng *rand.Rand) {
	cell := &p.Lines[rng.IntN(len(p.Lines))][p.Column("id")]
	wrong := "0"
	if strings.HasSuffix(cell.Text, wrong) {
		wrong = "1"
	}
	cell.Text = cell.Text[:17] + wrong
}
