// Package duty says what is due from whom, by when, and what became of it: units × forms × periods. It is arithmetic over what the
// journal and the outcomes say; it does no I/O and has no clock. What a unit owes is the same here as in the completeness of figures
// (package rollup): by the form's duty, its senders, and the time in which the unit exists.
package duty

import (
	"cmp"
	"slices"
	"time"

	"huizong/pkg/reporting"
)

// State is what became of a duty.
type State string

// The states. The newest submission decides, whether one before it stands or not.
const (
	NotDue   State = "not_due"  // nothing is owed, or not yet, and nothing was sent
	Missing  State = "missing"  // 未报: owed, and there is still time
	Overdue  State = "overdue"  // 逾期未报
	Waiting  State = "waiting"  // it has its receipt, and no outcome yet, or could not be decided: its unit has nothing to do
	Rejected State = "rejected" // 有错误
	Returned State = "returned" // 退回, by a reviewer: the unit has to send anew
	Accepted State = "accepted" // 已受理
	Approved State = "approved" // 已审核
)

// States lists them from the one that needs most attention.
var States = []State{Overdue, Rejected, Returned, Missing, Waiting, Accepted, Approved, NotDue}

// Input is what a board is made of. Periods tells which submissions it needs.
type Input struct {
	Catalogue *reporting.Catalogue
	Months    reporting.Period     // whose sheets are collected: the columns are those of its months
	Unit      string               // only this one; "" is all
	Deadlines []reporting.Envelope // that were set, in order
	Events    []reporting.Envelope // closings and openings of periods, in order
	Received  []reporting.Envelope // the submissions that came for the periods
	Decided   []reporting.Sent     // those of them that have an outcome
	Reviews   func(submission string) []reporting.Envelope
	Now       time.Time
}

// Board shows units × forms × periods.
type Board struct {
	Months   reporting.Period `json:"months"`
	Now      time.Time        `json:"now"`
	Columns  []Column         `json:"columns"` // by form, then period
	Rows     []Row            `json:"rows"`    // in the catalogue's order; units that send none of the forms are not there
	Counts   Counts           `json:"counts"`
	Unplaced []Version        `json:"unplaced"` // sent for the months, but as no form that the unit sends, or not yet known as which; the newest first
}

// Column is a form for a period.
type Column struct {
	Form     string           `json:"form"`
	Period   reporting.Period `json:"period"`
	Deadline time.Time        `json:"deadline"`
	DaysLeft int              `json:"days_left"` // below zero when it has passed
	Closed   bool             `json:"closed"`    // the period is: nothing more is taken in
	Counts   Counts           `json:"counts"`

	form  *reporting.Form
	opens time.Time
}

// Row is a unit.
type Row struct {
	Unit   string  `json:"unit"`
	Cells  []*Cell `json:"cells"` // one for each column; null where the unit does not send the form
	Counts Counts  `json:"counts"`
}

// Cell is what a unit has sent, or not, of a form for a period.
type Cell struct {
	Unit       string           `json:"unit"`
	Form       string           `json:"form"`
	Period     reporting.Period `json:"period"`
	State      State            `json:"state"`
	Owed       bool             `json:"owed"` // it has to come, now or later
	Deadline   time.Time        `json:"deadline"`
	DaysLeft   int              `json:"days_left"`
	Late       bool             `json:"late"`                 // 迟报: the first that was accepted came after the deadline
	Versions   int              `json:"versions"`             // that were sent, whatever became of them
	Submission *Version         `json:"submission,omitempty"` // the newest
	Standing   *Version         `json:"standing,omitempty"`   // the newest accepted; the Submission itself, or what counts until a better one comes
	Review     *Review          `json:"review,omitempty"`     // of Standing: what holds of what reviewers have said
	CoveredBy  string           `json:"covered_by,omitempty"` // the ledger of a later month that covers this one too
	All        []Version        `json:"-"`                    // in order
}

// Version is a submission and its place among those of its unit, form and period.
type Version struct {
	reporting.Sent
	Number int `json:"version"` // from 1; 0 where it has no place
}

// Review is what a reviewer has said of a submission.
type Review struct {
	Approved bool                   `json:"approved"` // else it was returned
	By       string                 `json:"by"`
	At       time.Time              `json:"at"`
	Reason   string                 `json:"reason,omitempty"`
	Remarks  []reporting.CellRemark `json:"remarks,omitempty"`
}

// Counts are those of a board, a row or a column.
type Counts struct {
	Owed     int           `json:"owed"`     // cells that are due, so far
	Standing int           `json:"standing"` // of these, the ones for which something accepted stands
	Late     int           `json:"late"`
	States   map[State]int `json:"states"`
}

// Reminder is what a unit has to be reminded of.
type Reminder struct {
	Unit  string  `json:"unit"`
	Cells []*Cell `json:"cells"` // missing, overdue, rejected or returned
}

// Periods are those whose submissions a board of the months needs: the ones of its columns, and for ledgers of the year so far the
// rest of the year, for a later one covers the months before it.
func Periods(c *reporting.Catalogue, months reporting.Period) []reporting.Period {
	var periods []reporting.Period
	add := func(p reporting.Period) {
		if !slices.Contains(periods, p) {
			periods = append(periods, p)
		}
	}
	for _, f := range c.Forms {
		for m := months.First; m <= months.Last; m++ {
			p, ok := f.CollectedWith(m)
			if !ok {
				continue
			}
			add(p)
			for later := p.Last + 1; f.Coverage == reporting.CoversYear && later.Year() == p.Last.Year(); later++ {
				add(reporting.MonthPeriod(later))
			}
		}
	}
	for m := months.First; m <= months.Last; m++ { // also where no form is collected: somebody may have sent something
		add(reporting.MonthPeriod(m))
	}
	return periods
}

// place is where a submission belongs.
type place struct {
	unit, form string
	period     reporting.Period
}

// maker is a board on its way.
type maker struct {
	Input
	board *Board
	sent  map[place][]Version
}

// New makes the board.
func New(in Input) *Board {
	m := &maker{Input: in, board: &Board{Months: in.Months, Now: in.Now, Columns: []Column{}, Rows: []Row{}, Unplaced: []Version{}}, sent: map[place][]Version{}}
	m.columns()
	m.sort()
	for _, u := range in.Catalogue.Units {
		if in.Unit == "" || in.Unit == u.Code {
			m.row(u)
		}
	}
	m.count()
	return m.board
}

// columns are those of the forms that the units of the board send.
func (m *maker) columns() {
	calendar, shut := NewCalendar(m.Deadlines), reporting.ClosedBy(m.Events)
	for _, f := range m.Catalogue.Forms {
		if !slices.ContainsFunc(m.Catalogue.Units, func(u reporting.OrgUnit) bool { return (m.Unit == "" || m.Unit == u.Code) && f.SentBy(u) }) {
			continue
		}
		for month := m.Months.First; month <= m.Months.Last; month++ {
			if p, ok := f.CollectedWith(month); ok {
				at := calendar.Of(f, p).At
				m.board.Columns = append(m.board.Columns, Column{Form: f.ID, Period: p, Deadline: at, DaysLeft: DaysLeft(m.Now, at),
					Closed: shut.Holds(p), form: f, opens: opens(f, p, at)})
			}
		}
	}
}

// sort puts each submission in its place, in the order in which they came: as it was decided, or else as it waits.
func (m *maker) sort() {
	decided := make(map[string]reporting.Sent, len(m.Decided))
	for _, s := range m.Decided {
		decided[s.Submission] = s
	}
	all := make([]reporting.Sent, 0, len(m.Received))
	for _, e := range m.Received {
		if m.Unit != "" && m.Unit != e.Org {
			continue
		}
		s, ok := decided[e.ID]
		if !ok {
			s = reporting.Sent{Submission: e.ID, Form: e.Form, Org: e.Org, Period: e.Period, FileName: e.FileName, SHA256: e.SHA256, ReceivedAt: e.ReceivedAt}
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b reporting.Sent) int { return cmp.Compare(a.Submission, b.Submission) })
	for _, s := range all {
		f, u := m.Catalogue.Form(s.Form), m.Catalogue.Unit(s.Org)
		if f == nil || u == nil || !f.SentBy(*u) || !f.Sends(s.Period) {
			if m.collected(s.Period) {
				m.board.Unplaced = append(m.board.Unplaced, Version{Sent: s})
			}
			continue
		}
		at := place{s.Org, s.Form, s.Period}
		m.sent[at] = append(m.sent[at], Version{Sent: s, Number: len(m.sent[at]) + 1})
	}
	slices.Reverse(m.board.Unplaced)
}

// collected reports whether the period is one of the board.
func (m *maker) collected(p reporting.Period) bool {
	return p.First <= m.Months.Last && m.Months.First <= p.Last || slices.ContainsFunc(m.board.Columns, func(c Column) bool { return c.Period == p })
}

// row adds the unit, where it has a cell.
func (m *maker) row(u reporting.OrgUnit) {
	row := Row{Unit: u.Code, Cells: make([]*Cell, len(m.board.Columns))}
	some := false
	for i, column := range m.board.Columns {
		if column.form.SentBy(u) {
			row.Cells[i] = m.cell(u, column)
			some = some || u.Valid(column.Period) || row.Cells[i].Versions > 0
		}
	}
	if some {
		m.board.Rows = append(m.board.Rows, row)
	}
}

func (m *maker) cell(u reporting.OrgUnit, column Column) *Cell {
	c := &Cell{Unit: u.Code, Form: column.Form, Period: column.Period, Deadline: column.Deadline, DaysLeft: column.DaysLeft,
		All: m.sent[place{u.Code, column.Form, column.Period}]}
	c.Versions = len(c.All)
	for i := range c.All {
		v := &c.All[i]
		c.Submission = v
		if v.Outcome != reporting.Accepted {
			continue
		}
		if c.Standing == nil {
			c.Late = v.ReceivedAt.After(column.Deadline)
		}
		c.Standing = v
	}
	if c.Standing != nil {
		c.Review = m.review(c.Standing.Submission)
	} else {
		c.CoveredBy = m.later(c, column.form)
	}
	c.Owed = owes(column.form, u, column.Period) && c.CoveredBy == ""
	c.State = m.state(c, column.opens)
	return c
}

// owes reports whether the unit has to send the form for the period. A form that is sent once a year but covers a half is owed for
// the first one.
func owes(f *reporting.Form, u reporting.OrgUnit, p reporting.Period) bool {
	return f.Duty != reporting.NoDuty && u.Valid(p) && (f.Duty != reporting.YearlyDuty || p.First.Number() == 1)
}

// review is the last word of the reviewers on a submission.
func (m *maker) review(submission string) *Review {
	if m.Reviews == nil {
		return nil
	}
	all := m.Reviews(submission)
	if len(all) == 0 {
		return nil
	}
	last := all[len(all)-1]
	return &Review{Approved: last.Kind == reporting.SubmissionApproved, By: last.By, At: last.ReceivedAt, Reason: last.Reason, Remarks: last.Remarks}
}

// later is the accepted ledger of a later month that speaks for the whole year, or "".
func (m *maker) later(c *Cell, f *reporting.Form) string {
	if f.Coverage != reporting.CoversYear {
		return ""
	}
	for month := c.Period.Last + 1; month.Year() == c.Period.Last.Year(); month++ {
		for _, v := range m.sent[place{c.Unit, c.Form, reporting.MonthPeriod(month)}] {
			if v.Outcome == reporting.Accepted {
				return v.Submission
			}
		}
	}
	return ""
}

func (m *maker) state(c *Cell, opens time.Time) State {
	switch {
	case c.Submission == nil && (!c.Owed || m.Now.Before(opens)):
		return NotDue
	case c.Submission == nil && m.Now.After(c.Deadline):
		return Overdue
	case c.Submission == nil:
		return Missing
	case c.Submission.Outcome == reporting.Rejected && !c.Submission.OurFault:
		return Rejected
	case c.Submission.Outcome != reporting.Accepted:
		return Waiting
	case c.Review == nil:
		return Accepted
	case c.Review.Approved:
		return Approved
	}
	return Returned
}

func (m *maker) count() {
	b := m.board
	b.Counts.States = map[State]int{}
	for i := range b.Columns {
		b.Columns[i].Counts.States = map[State]int{}
	}
	for r := range b.Rows {
		row := &b.Rows[r]
		row.Counts.States = map[State]int{}
		for i, c := range row.Cells {
			if c != nil {
				for _, counts := range []*Counts{&b.Counts, &row.Counts, &b.Columns[i].Counts} {
					counts.add(c)
				}
			}
		}
	}
}

func (n *Counts) add(c *Cell) {
	n.States[c.State]++
	if c.Late {
		n.Late++
	}
	if c.Owed && c.State != NotDue {
		n.Owed++
		if c.Standing != nil {
			n.Standing++
		}
	}
}

// Cell is that of the unit, form and period, or nil.
func (b *Board) Cell(unit, form string, p reporting.Period) *Cell {
	for _, row := range b.Rows {
		for _, c := range row.Cells {
			if c != nil && c.Unit == unit && c.Form == form && c.Period == p {
				return c
			}
		}
	}
	return nil
}

// Reminders lists what units have still to send, or to send anew.
func (b *Board) Reminders() []Reminder {
	reminders := []Reminder{}
	for _, row := range b.Rows {
		r := Reminder{Unit: row.Unit}
		for _, c := range row.Cells {
			if c != nil && c.Wanting() {
				r.Cells = append(r.Cells, c)
			}
		}
		if len(r.Cells) > 0 {
			reminders = append(reminders, r)
		}
	}
	return reminders
}

// Wanting reports whether the unit has to do something.
func (c *Cell) Wanting() bool {
	return slices.Contains([]State{Missing, Overdue, Rejected, Returned}, c.State) && c.CoveredBy == ""
}

// Next is the column whose deadline comes next with something still missing before it, or nil.
func (b *Board) Next() *Column {
	var next *Column
	for i := range b.Columns {
		c := &b.Columns[i]
		if c.Deadline.After(b.Now) && c.Counts.Owed > c.Counts.Standing && (next == nil || c.Deadline.Before(next.Deadline)) {
			next = c
		}
	}
	return next
}
