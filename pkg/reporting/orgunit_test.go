package reporting

import "testing"

func dayOf(t *testing.T, text string) Date {
	t.Helper()
	day, ok := ParseDate(text)
	if !ok {
		t.Fatalf("%s is no day", text)
	}
	return day
}

// merged are units of which two became one, which was split later; and two that name one another.
func merged(t *testing.T) *Catalogue {
	end := dayOf(t, "2020-03-31")
	c := &Catalogue{Units: []OrgUnit{
		{Code: "A", Level: LevelTownship, To: end, Successors: []string{"C"}}, {Code: "B", Level: LevelTownship, To: end, Successors: []string{"C"}},
		{Code: "C", Level: LevelTownship, From: dayOf(t, "2020-04-01"), To: dayOf(t, "2021-06-30"), Successors: []string{"D"}},
		{Code: "D", Level: LevelTownship, From: dayOf(t, "2021-07-01")},
		{Code: "S", Level: LevelTownship, To: end, Successors: []string{"D", "E"}}, {Code: "E", Level: LevelTownship},
		{Code: "X", Level: LevelSubUnit, To: end, Successors: []string{"Y"}}, {Code: "Y", Level: LevelSubUnit, To: end, Successors: []string{"X"}},
		{Code: "Z", Level: LevelSubUnit, To: end, Successors: []string{"gone"}},
	}}
	c.Index()
	return c
}

// TestBearers: on the boundaries of a day a unit's values count for whoever has taken its place by then; a split unit keeps its own, and data in a circle ends.
func TestBearers(t *testing.T) {
	c := merged(t)
	for day, want := range map[string]map[string]string{
		"2020-03-31": {"A": "A", "C": "C", "S": "S"},
		"2020-04-01": {"A": "C", "B": "C", "C": "C", "S": "S", "E": "E"},
		"2021-07-01": {"A": "D", "B": "D", "C": "D", "D": "D", "Z": "gone"},
	} {
		on := c.On(dayOf(t, day))
		for unit, bearer := range want {
			if got := on.Bearer(unit); got != bearer {
				t.Errorf("on %s the values of %s count for %s, want %s", day, unit, got, bearer)
			}
		}
	}
	if got := c.Bearer("A"); got != "A" {
		t.Errorf("without a day A counts for %s", got)
	}
	if got := c.On(dayOf(t, "2030-01-01")).Bearer("X"); got != "X" && got != "Y" {
		t.Errorf("X counts for %s", got)
	}
}

// TestExpected: a form is owed by the units of its levels that exist at some day of the period, and by those that it names.
func TestExpected(t *testing.T) {
	c := merged(t)
	form := &Form{Duty: "monthly", Levels: []Level{LevelTownship}, Senders: []string{"X"}}
	month := func(year, n int) Period { return MonthPeriod(NewMonth(year, n)) }
	for _, test := range []struct {
		p    Period
		want string
	}{{month(2020, 3), "ABSEX"}, {month(2020, 4), "CE"}, {Period{First: NewMonth(2020, 3), Last: NewMonth(2020, 4)}, "ABCSEX"}, {month(2021, 7), "DE"}} {
		got := ""
		for _, code := range c.Expected(form, test.p) {
			got += code
		}
		if got != test.want {
			t.Errorf("%s is owed by %s, want %s", test.p, got, test.want)
		}
	}
	if got := c.Expected(&Form{Duty: NoDuty, Levels: []Level{LevelTownship}}, month(2020, 3)); got != nil {
		t.Errorf("a form that nobody owes is owed by %v", got)
	}
}

// TestYearToDate: a unit's year begins with it.
func TestYearToDate(t *testing.T) {
	for from, want := range map[string]string{"": "2020-01..2020-06", "2019-05-01": "2020-01..2020-06", "2020-04-15": "2020-04..2020-06", "2020-09-01": "2020-06"} {
		u := OrgUnit{}
		if from != "" {
			u.From = dayOf(t, from)
		}
		got := u.YearToDate(NewMonth(2020, 6))
		if p, err := ParsePeriod(want); err != nil || got != p {
			t.Errorf("from %s: %s, want %s (%v)", from, got, want, err)
		}
	}
}
