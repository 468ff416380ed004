package reporting

import (
	"fmt"
	"slices"
	"testing"
)

func TestSlotAndCovers(t *testing.T) {
	for _, c := range []struct {
		coverage            Coverage
		period, slot, cover string
	}{
		{CoversPeriod, "2020-06", "2020-06", "2020-06"}, {CoversYear, "2020-06", "2020", "2020H1"}, {CoversYear, "2020-02", "2020", "2020-01..2020-02"}, {CoversSnapshot, "2020-06", "2020-06", "2020-06"},
	} {
		p, _ := ParsePeriod(c.period)
		f := &Form{Coverage: c.coverage}
		if f.Slot(p) != c.slot || f.Covers(p).String() != c.cover {
			t.Errorf("%s of %s: slot %s, covers %s, want %s, %s", c.coverage, c.period, f.Slot(p), f.Covers(p), c.slot, c.cover)
		}
	}
}

func TestCollectedWith(t *testing.T) {
	for _, c := range []struct {
		periods PeriodKind
		months  int
		month   string
		want    string // "" is none
	}{
		{"month", 1, "2020-06", "2020-06"},
		{"month", 0, "2020-06", "2020-07"}, // due within the month that it is for: collected with the one before
		{"half", 1, "2020-06", "2020H1"},
		{"half", 1, "2020-05", ""},
		{"half", 1, "2020-12", "2020H2"},
		{"half", 13, "2020-06", "2019H1"},
		{"year", 1, "2020-12", "2020"},
		{"year", 1, "2020-06", ""},
		{"year", -10, "2020-01", "2020"},
	} {
		m, _ := ParsePeriod(c.month)
		f := &Form{Periods: c.periods, Due: Due{Months: c.months, Day: 10}}
		got, ok := f.CollectedWith(m.First)
		if ok != (c.want != "") || ok && got.String() != c.want {
			t.Errorf("a form of a %s, due %d months later, collected with %s: %s, %v, want %q", c.periods, c.months, m, got, ok, c.want)
		}
		if ok && f.Due.Month(got) != m.First+1 {
			t.Errorf("%s is due in %s, want the month after %s", got, f.Due.Month(got), m)
		}
	}
}

func TestFormIndicators(t *testing.T) {
	for name, c := range map[string]struct {
		form Form
		want []string
	}{
		"Rows":    {Form{Shape: IndicatorForm, Rows: []FormRow{{Code: "a", Indicator: "a.x"}, {Code: "b", Indicator: "a.y"}}}, []string{"a.x", "a.y"}},
		"Matrix":  {Form{Shape: Matrix, Rows: []FormRow{{Code: "s"}, {Code: "t"}}, Columns: []Column{{Loads: "i.{row}.in"}, {}}}, []string{"i.s.in", "i.t.in"}},
		"Units":   {Form{Shape: Matrix, RowUnits: true, Columns: []Column{{Loads: "i.n"}, {Loads: "i.n"}}}, []string{"i.n"}},
		"Ledger":  {Form{Shape: Ledger, Loads: []Load{{Indicator: "l.a"}, {Indicator: "l.b"}, {Indicator: "l.a"}}}, []string{"l.a", "l.b"}},
		"Targets": {Form{Shape: TargetForm, Rows: []FormRow{{Indicator: "a.x"}}}, nil},
	} {
		if got := c.form.Indicators(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestSentBy(t *testing.T) {
	f := &Form{Levels: []Level{LevelTownship}, Senders: []string{"JY"}}
	for _, c := range []struct {
		unit OrgUnit
		want bool
	}{{OrgUnit{Code: "1", Level: LevelTownship}, true}, {OrgUnit{Code: "JY", Level: LevelSubUnit}, true}, {OrgUnit{Code: "SB", Level: LevelSubUnit}, false}} {
		if f.SentBy(c.unit) != c.want {
			t.Errorf("SentBy(%s) = %v", c.unit.Code, !c.want)
		}
	}
}

func TestTableIndicator(t *testing.T) {
	f := &Form{Columns: []Column{{ID: "month", Type: Amount}, {ID: "year", Type: Amount, SumOf: "month"}, {ID: "in", Loads: "i.{row}.in"}}, Rows: []FormRow{{Code: "r", Indicator: "a.x"}}}
	table, line := &Table{Form: f}, &Line{Code: "r"}
	for column, want := range []string{"a.x", "", "i.r.in"} {
		if got := table.Indicator(line, column); got != want {
			t.Errorf("column %d: %q, want %q", column, got, want)
		}
	}
}

func TestUnitValidity(t *testing.T) {
	day := func(s string) Date { d, _ := ParseDate(s); return d }
	u := OrgUnit{From: day("2020-03-16"), To: day("2020-08-31")}
	for period, want := range map[string]bool{"2020-02": false, "2020-03": true, "2020-08": true, "2020-09": false, "2020": true} {
		p, _ := ParsePeriod(period)
		if u.Valid(p) != want || !(OrgUnit{}).Valid(p) {
			t.Errorf("Valid(%s) = %v", period, !want)
		}
	}
}

func TestErrors(t *testing.T) {
	inner := Errorf(NotFound, "no unit %q", "x")
	for _, c := range []struct {
		err  error
		want Code
	}{{nil, ""}, {fmt.Errorf("plain"), Internal}, {inner, NotFound}, {fmt.Errorf("read: %w", inner), NotFound}, {Errorf(Conflict, "again: %w", inner), Conflict}} {
		if got := CodeOf(c.err); got != c.want {
			t.Errorf("CodeOf(%v) = %q, want %q", c.err, got, c.want)
		}
	}
	e := &FileError{Code: UnreadableFile, Part: "xl/workbook.xml", Offset: 12, Reason: Textf("坏", "broken %d", 1), Err: fmt.Errorf("eof")}
	if e.Error() != "unreadable_file in xl/workbook.xml at byte 12: broken 1: eof" {
		t.Errorf("%s", e)
	}
	if f, ok := FindingOf(fmt.Errorf("open: %w", e)); !ok || f.Code != UnreadableFile || f.Severity != SeverityError || !HasErrors([]Finding{f}) {
		t.Errorf("FindingOf = %v, %v", f, ok)
	}
	if _, ok := FindingOf(inner); ok || HasErrors([]Finding{{Severity: SeverityWarning}}) {
		t.Error("an error that is of no file has a finding, or a warning rejects")
	}
}
