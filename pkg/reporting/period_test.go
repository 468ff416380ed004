package reporting

import (
	"slices"
	"testing"
)

func TestParsePeriod(t *testing.T) {
	for in, want := range map[string]struct{ text, label string }{
		"2020-06": {"2020-06", "2020年6月"}, "2020H1": {"2020H1", "2020年上半年"}, "2020H2": {"2020H2", "2020年下半年"}, "2020Q2": {"2020Q2", "2020年第二季度"}, "2020": {"2020", "2020年"},
		"2020-01..2020-06": {"2020H1", "2020年上半年"}, "2020-01..2020-05": {"2020-01..2020-05", "2020年1—5月"}, "2019-12..2020-02": {"2019-12..2020-02", "2019年12月—2020年2月"},
		"2020-03..2020-03": {"2020-03", "2020年3月"}, "2020Q1..2020Q4": {"2020", "2020年"}, "2020-04..2020-09": {"2020-04..2020-09", "2020年4—9月"},
	} {
		p, err := ParsePeriod(in)
		if err != nil || p.String() != want.text || p.Label() != want.label {
			t.Errorf("ParsePeriod(%q) = %s %s, %v, want %s %s", in, p, p.Label(), err, want.text, want.label)
		}
		if again, err := ParsePeriod(p.String()); err != nil || again != p {
			t.Errorf("ParsePeriod(%q) = %v, %v, want %v", p.String(), again, err, p)
		}
	}
	for _, in := range []string{"", "2020-13", "2020-00", "2020Q5", "2020H3", "20-06", "2020-6-1", "2020-06..2020-01", "..", "2020..", "1899", "2201", "2020-+6", "2020h1", "abcd"} {
		if p, err := ParsePeriod(in); CodeOf(err) != Invalid {
			t.Errorf("ParsePeriod(%q) = %v, %v, want an error of code invalid", in, p, err)
		}
	}
}

func TestPeriodBounds(t *testing.T) {
	feb, _ := ParsePeriod("2020-02")
	half, _ := ParsePeriod("2020H1")
	leapDay, _ := ParseDate("2020-02-29")
	march, _ := ParseDate("2020-03-01")
	if last := NewMonth(2200, 12); last.End().String() != "2200-12-31" || NewMonth(2021, 2).End().String() != "2021-02-28" || NewMonth(2020, 4).End().String() != "2020-04-30" {
		t.Errorf("the calendar's last month ends on %s", last.End())
	}
	if feb.End() != leapDay || !feb.Holds(leapDay) || feb.Holds(march) || feb.Start().AddDays(28) != leapDay {
		t.Errorf("February 2020 runs from %s to %s", feb.Start(), feb.End())
	}
	if !half.Contains(feb) || feb.Contains(half) || half.Len() != 6 || len(half.Months()) != 6 || half.LastYear().String() != "2019H1" || feb.YearToDate().String() != "2020-01..2020-02" {
		t.Error("Contains, Len, LastYear or YearToDate is wrong")
	}
	if (Period{}).String() != "" || !(Period{}).IsZero() || feb.IsZero() {
		t.Error("the zero period is not zero")
	}
	december := NewMonth(2019, 12)
	if december.Year() != 2019 || december.Number() != 12 || (december+1).String() != "2020-01" || december.End().String() != "2019-12-31" {
		t.Errorf("December 2019 is %s to %s", december, december.End())
	}
}

func FuzzParsePeriod(f *testing.F) {
	f.Add("2020H1")
	f.Add("2020-01..2020-05")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePeriod(s)
		if err != nil {
			return
		}
		if again, err := ParsePeriod(p.String()); err != nil || again != p || p.Last < p.First {
			t.Errorf("ParsePeriod(%q) = %v, which reads as %v, %v", s, p, again, err)
		}
	})
}

func TestPeriodKind(t *testing.T) {
	for kind, periods := range map[PeriodKind][]string{
		EachMonth: {"2020-01", "2020-12"}, EachHalf: {"2020H1", "2020H2"}, EachYear: {"2020"}, "week": nil,
	} {
		for _, text := range []string{"2020-01", "2020-12", "2020H1", "2020H2", "2020", "2020Q1", "2020-02..2020-07", "2020-07..2021-06"} {
			p, err := ParsePeriod(text)
			if err != nil {
				t.Fatal(err)
			}
			want := slices.Contains(periods, text)
			if got := kind.Has(p); got != want {
				t.Errorf("%s.Has(%s) = %t, want %t", kind, text, got, want)
			}
			if want && (kind.Of(p.First) != p || kind.Of(p.Last) != p || kind.Len() != p.Len()) {
				t.Errorf("%s of %s: %s and %s, %d months", kind, p, kind.Of(p.First), kind.Of(p.Last), kind.Len())
			}
		}
	}
	if EachMonth.Has(Period{}) {
		t.Error("no period is one of a month")
	}
}
