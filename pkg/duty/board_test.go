package duty

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"huizong/pkg/reporting"
)

// town is a catalogue of three units and five forms: the town 甲 and 乙 of the whole time, 丙 from April on.
func town() *reporting.Catalogue {
	from, _ := reporting.NewDate(2020, 4, 1)
	township := []reporting.Level{reporting.LevelTownship}
	c := &reporting.Catalogue{
		City: "0",
		Units: []reporting.OrgUnit{
			{Code: "0", Level: reporting.LevelCity},
			{Code: "A", Level: reporting.LevelTownship}, {Code: "B", Level: reporting.LevelTownship}, {Code: "C", Level: reporting.LevelTownship, From: from},
			{Code: "S", Level: reporting.LevelSubUnit},
		},
		Forms: []*reporting.Form{
			{ID: "jobs", Duty: reporting.MonthlyDuty, Periods: "month", Due: reporting.DefaultDue, Levels: township},
			{ID: "visits", Duty: reporting.NoDuty, Periods: "month", Due: reporting.DefaultDue, Levels: township},
			{ID: "cases", Duty: reporting.MonthlyDuty, Periods: "month", Coverage: reporting.CoversYear, Due: reporting.DefaultDue, Senders: []string{"S"}},
			{ID: "last_year", Duty: reporting.YearlyDuty, Periods: "half", Due: reporting.Due{Months: 13, Day: 8, Hour: 18}, Senders: []string{"S"}},
			{ID: "targets", Duty: reporting.YearlyDuty, Periods: "year", Due: reporting.Due{Months: -10, Day: 10, Hour: 18}, Senders: []string{"S"}},
		},
	}
	c.Index()
	return c
}

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, reporting.Zone)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func period(text string) reporting.Period {
	p, err := reporting.ParsePeriod(text)
	if err != nil {
		panic(err)
	}
	return p
}

// story is a journal with outcomes, told line by line:
//
//	2020-07-03 09:12 A jobs 2020-06 accepted|rejected|waiting
//	2020-07-04 10:00 return|approve 1            the first submission
//	2020-07-01 08:00 due jobs|* 2020-06|* 15|2020-07-20
//	2020-07-01 08:00 close|open 2020-06
func story(months, now, text string) Input {
	in := Input{Catalogue: town(), Months: period(months), Now: at(now)}
	reviews := map[string][]reporting.Envelope{}
	in.Reviews = func(id string) []reporting.Envelope { return reviews[id] }
	for n, line := range strings.Split(strings.TrimSpace(text), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		e := reporting.Envelope{ReceivedAt: at(words[0] + " " + words[1])}
		switch words[2] {
		case "return", "approve":
			e.Kind = map[string]reporting.EnvelopeKind{"return": reporting.SubmissionReturned, "approve": reporting.SubmissionApproved}[words[2]]
			e.Subject, e.By, e.Remarks = "s"+words[3], "reviewer", []reporting.CellRemark{{Cell: "D9", Text: "请核对"}}
			reviews[e.Subject] = append(reviews[e.Subject], e)
		case "due":
			e.Kind, e.Deadline = reporting.DeadlineSet, &reporting.Deadline{Time: "18:00"}
			if words[3] != "*" {
				e.Form = words[3]
			}
			if words[4] != "*" {
				e.Period = period(words[4])
			}
			if _, err := fmt.Sscanf(words[5], "%d", &e.Deadline.Day); err != nil || len(words[5]) > 2 {
				e.Deadline.Day, e.Deadline.Date = 0, words[5]
			}
			if err := e.Deadline.Check(!e.Period.IsZero()); err != nil {
				panic(err)
			}
			in.Deadlines = append(in.Deadlines, e)
		case "close", "open":
			e.Kind, e.Period = map[string]reporting.EnvelopeKind{"close": reporting.PeriodClosed, "open": reporting.PeriodOpened}[words[2]], period(words[3])
			in.Events = append(in.Events, e)
		default:
			e.Kind, e.ID, e.Org, e.Period = reporting.SubmissionReceived, fmt.Sprintf("s%d", n+1), words[2], period(words[4])
			form := words[3]
			if form == "?" {
				form = ""
			}
			in.Received = append(in.Received, e)
			if words[5] != "waiting" {
				sent := reporting.Sent{Submission: e.ID, Form: form, Org: e.Org, Period: e.Period, Outcome: reporting.Outcome(words[5]), ReceivedAt: e.ReceivedAt}
				if words[5] == "our_fault" {
					sent.Outcome, sent.OurFault = reporting.Rejected, true
				}
				in.Decided = append(in.Decided, sent)
			} else {
				in.Received[len(in.Received)-1].Form = form
			}
		}
	}
	return in
}

// TestCell follows one cell: A's jobs of June, due on 10 July at 18:00.
func TestCell(t *testing.T) {
	for name, test := range map[string]struct {
		now, story string
		want       string // state, newest, standing, versions, and what else holds
	}{
		"FarAhead":         {"2020-05-01 09:00", "", "not_due - - 0 owed"},
		"StillRunning":     {"2020-06-30 23:59", "", "not_due - - 0 owed"},
		"Open":             {"2020-07-01 00:00", "", "missing - - 0 owed"},
		"ToTheMinute":      {"2020-07-10 18:00", "", "missing - - 0 owed"},
		"Passed":           {"2020-07-10 18:01", "", "overdue - - 0 owed"},
		"Waiting":          {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 waiting", "waiting s1 - 1 owed"},
		"Accepted":         {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 accepted", "accepted s1 s1 1 owed"},
		"Early":            {"2020-06-26 09:00", "2020-06-25 09:00 A jobs 2020-06 accepted", "accepted s1 s1 1 owed"},
		"OnTime":           {"2020-07-20 09:00", "2020-07-10 18:00 A jobs 2020-06 accepted", "accepted s1 s1 1 owed"},
		"Late":             {"2020-07-20 09:00", "2020-07-10 18:01 A jobs 2020-06 accepted", "accepted s1 s1 1 owed late"},
		"Rejected":         {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 rejected", "rejected s1 - 1 owed"},
		"RejectedOverGood": {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 accepted\n2020-07-11 09:00 A jobs 2020-06 rejected", "rejected s2 s1 2 owed"},
		"OurFault":         {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 our_fault", "waiting s1 - 1 owed"},
		"WaitingOverGood":  {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 accepted\n2020-07-11 09:00 A jobs 2020-06 waiting", "waiting s2 s1 2 owed"},
		// What was rejected in time does not make what was accepted late punctual.
		"LateAfterRejected": {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 rejected\n2020-07-11 09:00 A jobs 2020-06 accepted", "accepted s2 s2 2 owed late"},
		// A correction after the deadline does not make late what was in time.
		"CorrectedLater":  {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 accepted\n2020-07-15 09:00 A jobs 2020-06 accepted", "accepted s2 s2 2 owed"},
		"Returned":        {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 accepted\n2020-07-04 09:00 return 1", "returned s1 s1 1 owed returned"},
		"Approved":        {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 accepted\n2020-07-04 09:00 approve 1", "approved s1 s1 1 owed approved"},
		"LastWordCounts":  {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 accepted\n2020-07-04 09:00 approve 1\n2020-07-05 09:00 return 1", "returned s1 s1 1 owed returned"},
		"ApprovedAgain":   {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 accepted\n2020-07-04 09:00 return 1\n2020-07-05 09:00 approve 1", "approved s1 s1 1 owed approved"},
		"NewAfterReturn":  {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 accepted\n2020-07-04 09:00 return 1\n2020-07-05 09:00 A jobs 2020-06 accepted", "accepted s3 s3 2 owed"},
		"NewAfterApprove": {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 accepted\n2020-07-04 09:00 approve 1\n2020-07-05 09:00 A jobs 2020-06 accepted", "accepted s3 s3 2 owed"},
		// The return holds as long as nothing better was accepted.
		"BadAfterReturn": {"2020-07-20 09:00", "2020-07-03 09:00 A jobs 2020-06 accepted\n2020-07-04 09:00 return 1\n2020-07-05 09:00 A jobs 2020-06 rejected", "rejected s3 s1 2 owed returned"},
		"OthersSheets":   {"2020-07-20 09:00", "2020-07-03 09:00 B jobs 2020-06 accepted\n2020-07-03 09:00 A jobs 2020-05 accepted\n2020-07-03 09:00 A visits 2020-06 accepted", "overdue - - 0 owed"},
		"PutOff":         {"2020-07-14 09:00", "2020-07-09 09:00 due jobs 2020-06 15", "missing - - 0 owed"},
		"PutOffAfter":    {"2020-07-20 09:00", "2020-07-12 09:00 A jobs 2020-06 accepted\n2020-07-13 09:00 due jobs 2020-06 15", "accepted s1 s1 1 owed"},
	} {
		c := New(story("2020-06", test.now, test.story)).Cell("A", "jobs", period("2020-06"))
		if c == nil {
			t.Fatalf("%s: no cell", name)
		}
		if got := describe(c); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func describe(c *Cell) string {
	id := func(v *Version) string {
		if v == nil {
			return "-"
		}
		return v.Submission
	}
	words := []string{string(c.State), id(c.Submission), id(c.Standing), fmt.Sprint(c.Versions)}
	if c.Owed {
		words = append(words, "owed")
	}
	if c.Late {
		words = append(words, "late")
	}
	if c.Review != nil && len(c.Review.Remarks) == 1 && c.Review.By == "reviewer" {
		words = append(words, map[bool]string{true: "approved", false: "returned"}[c.Review.Approved])
	}
	if c.CoveredBy != "" {
		words = append(words, "covered by "+c.CoveredBy)
	}
	return strings.Join(words, " ")
}

// TestWhatIsOwed: by the form's duty, its senders and the time in which a unit exists.
func TestWhatIsOwed(t *testing.T) {
	b := New(story("2020H1", "2020-07-05 09:00", `
		2020-07-01 09:00 A visits 2020-06 accepted
		2020-04-05 09:00 S cases 2020-03 accepted
		2020-07-02 09:00 S cases 2020-01 rejected`))
	for _, test := range []struct{ unit, form, period, want string }{
		{"A", "jobs", "2020-01", "overdue - - 0 owed"},
		{"C", "jobs", "2020-03", "not_due - - 0"}, // it did not exist
		{"C", "jobs", "2020-04", "overdue - - 0 owed"},
		{"A", "visits", "2020-05", "not_due - - 0"}, // there may have been none
		{"A", "visits", "2020-06", "accepted s1 s1 1"},
		{"S", "cases", "2020-01", "rejected s3 - 1 covered by s2"}, // the ledger of March speaks for January
		{"S", "cases", "2020-02", "not_due - - 0 covered by s2"},
		{"S", "cases", "2020-04", "overdue - - 0 owed"},
		{"S", "last_year", "2019H1", "missing - - 0 owed"},
		{"S", "targets", "2020", "overdue - - 0 owed"},
	} {
		c := b.Cell(test.unit, test.form, period(test.period))
		if c == nil {
			t.Errorf("%s %s %s: no cell", test.unit, test.form, test.period)
		} else if got := describe(c); got != test.want {
			t.Errorf("%s %s %s: %s, want %s", test.unit, test.form, test.period, got, test.want)
		}
	}
	for _, none := range []struct{ unit, form string }{{"S", "jobs"}, {"A", "cases"}, {"0", "jobs"}} {
		if c := b.Cell(none.unit, none.form, period("2020-01")); c != nil {
			t.Errorf("%s has a cell for %s, which it does not send", none.unit, none.form)
		}
	}
	if len(b.Columns) != 6*3+2 || len(b.Rows) != 4 {
		t.Errorf("%d columns, %d rows, want 20 and 4", len(b.Columns), len(b.Rows))
	}
	// Owed: 6 + 6 + 3 jobs, the cases from March on, last_year and targets; of these June and last_year are not overdue yet.
	if n := b.Counts; n.Owed != 15+4+2 || n.Standing != 1 || n.States[Overdue] != 10+2+2+1 || n.States[Missing] != 3+1+1 {
		t.Errorf("counts %+v", n)
	}
}

func TestCountsAndReminders(t *testing.T) {
	b := New(story("2020-06", "2020-07-05 09:00", `
		2020-07-01 09:00 A jobs 2020-06 accepted
		2020-07-01 09:01 B jobs 2020-06 accepted
		2020-07-01 09:02 A visits 2020-06 rejected
		2020-07-02 09:00 return 2
		2020-07-02 09:01 close 2020H1
		2020-07-02 09:02 open 2020-06`))
	want := Counts{Owed: 5, Standing: 2, States: map[State]int{Accepted: 1, Returned: 1, Rejected: 1, Missing: 3, NotDue: 2}}
	if !reflect.DeepEqual(b.Counts, want) {
		t.Errorf("counts %+v, want %+v", b.Counts, want)
	}
	sum := func(of func(i int) (Counts, bool)) (owed, standing, cells int) {
		for i := 0; ; i++ {
			n, ok := of(i)
			if !ok {
				return owed, standing, cells
			}
			owed, standing = owed+n.Owed, standing+n.Standing
			for _, c := range n.States {
				cells += c
			}
		}
	}
	for name, of := range map[string]func(int) (Counts, bool){
		"rows": func(i int) (Counts, bool) {
			if i == len(b.Rows) {
				return Counts{}, false
			}
			return b.Rows[i].Counts, true
		},
		"columns": func(i int) (Counts, bool) {
			if i == len(b.Columns) {
				return Counts{}, false
			}
			return b.Columns[i].Counts, true
		},
	} {
		if owed, standing, cells := sum(of); owed != 5 || standing != 2 || cells != 8 {
			t.Errorf("the %s add up to %d owed, %d standing, %d cells", name, owed, standing, cells)
		}
	}
	var reminded []string
	for _, r := range b.Reminders() {
		for _, c := range r.Cells {
			reminded = append(reminded, fmt.Sprint(r.Unit, " ", c.Form, " ", c.State))
		}
	}
	if got := strings.Join(reminded, ", "); got != "A visits rejected, B jobs returned, C jobs missing, S cases missing, S last_year missing" {
		t.Errorf("reminders: %s", got)
	}
	for _, c := range b.Columns {
		if c.Closed {
			t.Errorf("%s of %s is closed; it was opened again", c.Form, c.Period)
		}
	}
	if next := b.Next(); next == nil || next.Form != "last_year" || next.DaysLeft != 3 {
		t.Errorf("next deadline %+v, want that of last_year in three days", next)
	}
}

// TestOneUnit: a clerk's board holds nothing of others, and what the clerk sent as nothing that the unit sends.
func TestOneUnit(t *testing.T) {
	in := story("2020-06", "2020-07-05 09:00", `
		2020-07-01 09:00 B jobs 2020-06 accepted
		2020-07-01 09:01 A ? 2020-06 waiting
		2020-07-01 09:02 A ? 2020-06 rejected
		2020-07-01 09:03 A cases 2020-06 rejected
		2020-07-01 09:04 B ? 2020-06 rejected
		2020-07-01 09:05 A ? 2020-01 rejected
		2020-07-01 09:06 A jobs 2020-06 accepted`)
	in.Unit = "A"
	b := New(in)
	if len(b.Rows) != 1 || b.Rows[0].Unit != "A" || len(b.Columns) != 2 {
		t.Errorf("%d rows, columns %+v, want A alone with its two forms", len(b.Rows), b.Columns)
	}
	var unplaced []string
	for _, v := range b.Unplaced {
		unplaced = append(unplaced, v.Submission)
	}
	if got := strings.Join(unplaced, " "); got != "s4 s3 s2" {
		t.Errorf("unplaced %s, want s4 s3 s2", got)
	}
	if c := b.Cell("A", "jobs", period("2020-06")); c.State != Accepted || c.Submission.Number != 1 {
		t.Errorf("cell %s", describe(c))
	}
}

func TestClosed(t *testing.T) {
	b := New(story("2020-05..2020-06", "2020-07-05 09:00", "2020-07-01 09:00 close 2020-05"))
	for _, c := range b.Columns {
		if want := c.Period == period("2020-05"); c.Closed != want {
			t.Errorf("%s of %s: closed = %v, want %v", c.Form, c.Period, c.Closed, want)
		}
	}
}

func TestPeriods(t *testing.T) {
	var got []string
	for _, p := range Periods(town(), period("2020-05..2020-06")) {
		got = append(got, p.String())
	}
	// The months, the rest of the year for the ledgers, and last year's half.
	if text := strings.Join(got, " "); text != "2020-05 2020-06 2020-07 2020-08 2020-09 2020-10 2020-11 2020-12 2019H1" {
		t.Errorf("periods %s", text)
	}
}

// BenchmarkNew is a half-year of a city: 30 units, 17 forms, 6 months, a third sent twice.
func BenchmarkNew(b *testing.B) {
	c := &reporting.Catalogue{}
	for u := range 30 {
		c.Units = append(c.Units, reporting.OrgUnit{Code: fmt.Sprintf("U%d", u), Level: reporting.LevelTownship})
	}
	for f := range 17 {
		c.Forms = append(c.Forms, &reporting.Form{ID: fmt.Sprintf("f%d", f), Duty: reporting.MonthlyDuty, Periods: "month", Due: reporting.DefaultDue, Levels: []reporting.Level{reporting.LevelTownship}})
	}
	c.Index()
	in := Input{Catalogue: c, Months: period("2020H1"), Now: at("2020-07-05 09:00")}
	for n := range 30 * 17 * 6 * 4 / 3 {
		e := reporting.Envelope{ID: fmt.Sprintf("s%06d", n), Org: fmt.Sprintf("U%d", n%30), Form: fmt.Sprintf("f%d", n/30%17),
			Period: reporting.MonthPeriod(reporting.NewMonth(2020, 1+n/510%6)), ReceivedAt: in.Now}
		in.Received = append(in.Received, e)
		in.Decided = append(in.Decided, reporting.Sent{Submission: e.ID, Org: e.Org, Form: e.Form, Period: e.Period, Outcome: reporting.Accepted, ReceivedAt: e.ReceivedAt})
	}
	for b.Loop() {
		if board := New(in); board.Counts.Standing != 30*17*6 {
			b.Fatalf("%+v", board.Counts)
		}
	}
}
