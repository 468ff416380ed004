package sample

import (
	"math/big"
	"slices"
	"testing"

	"huizong/pkg/reporting"
)

func period(tb testing.TB, s string) reporting.Period {
	tb.Helper()
	p, err := reporting.ParsePeriod(s)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// TestFundIdentities: each month opens with what the one before left, and closes with it, plus income, less expenditure.
func TestFundIdentities(t *testing.T) {
	t.Parallel()
	for seed := range int64(20) {
		for _, s := range schemes {
			var before fundMonth
			for n, m := range s.year(&city{seed: seed, year: 2020, months: 12}) {
				switch {
				case m.opening+m.income-m.expenditure != m.closing:
					t.Errorf("seed %d, %s, month %d: %+v does not balance", seed, s.code, n+1, m)
				case n > 0 && m.opening != before.closing:
					t.Errorf("seed %d, %s, month %d: opens with %d, want %d", seed, s.code, n+1, m.opening, before.closing)
				case m.incomeYear != before.incomeYear+m.income || m.expenditureYear != before.expenditureYear+m.expenditure:
					t.Errorf("seed %d, %s, month %d: wrong year to date", seed, s.code, n+1)
				case m.remitted > m.expenditure || m.closing < 0:
					t.Errorf("seed %d, %s, month %d: impossible %+v", seed, s.code, n+1, m)
				}
				before = m
			}
		}
	}
}

func TestMattersCloseAfterTheyOpen(t *testing.T) {
	t.Parallel()
	for seed := range int64(20) {
		c := &city{seed: seed, year: 2020, months: 12}
		for _, l := range []caseload{disputeLoad, inspectionLoad} {
			carried := 0
			for _, m := range l.matters(c) {
				if m.opened >= m.closed {
					t.Errorf("seed %d: %s %d opens %s and closes %s", seed, l.id, m.number, m.opened, m.closed)
				}
				if m.opened < c.month(1).Start() {
					carried++
					if m.closed < c.month(1).Start() {
						t.Errorf("seed %d: %s %d was closed last year", seed, l.id, m.number)
					}
				}
			}
			if carried != l.carried {
				t.Errorf("seed %d: %s carries %d cases in, want %d", seed, l.id, carried, l.carried)
			}
		}
	}
}

// TestFlowsAddUp: a half-year is its months, and the city its units.
func TestFlowsAddUp(t *testing.T) {
	t.Parallel()
	truth := halfYear(t).Truth
	for _, code := range []string{"employment.urban_new_jobs", "insurance.pension_employee.income", "disputes.cases_accepted", "training.skill_appraisals"} {
		sum := new(big.Rat)
		for _, f := range truth.Facts() {
			if f.Indicator == code {
				sum.Add(sum, f.Value.Rat())
			}
		}
		half, ok := truth.Figure(code, period(t, "2020H1"))
		if !ok || half.Value == nil || half.Value.Cmp(sum) != 0 {
			t.Errorf("%s: half-year = %v, the facts add up to %v", code, half.Value, sum)
		}
		quarters := new(big.Rat)
		for _, q := range []string{"2020Q1", "2020Q2"} {
			figure, _ := truth.Figure(code, period(t, q))
			quarters.Add(quarters, figure.Value)
		}
		if quarters.Cmp(sum) != 0 {
			t.Errorf("%s: quarters = %v, want %v", code, quarters, sum)
		}
	}
}

func TestDocket(t *testing.T) {
	t.Parallel()
	truth := halfYear(t).Truth
	value := func(code string) *big.Rat {
		figure, _ := truth.Figure(code, period(t, "2020H1"))
		return figure.Value
	}
	accepted, docket, rate := value("disputes.cases_accepted"), value("disputes.cases_on_docket"), value("disputes.closing_rate")
	want := new(big.Rat).Add(accepted, big.NewRat(int64(disputeLoad.carried), 1))
	if docket.Cmp(want) != 0 {
		t.Errorf("on the docket = %v, want those accepted and those carried in, %v", docket, want)
	}
	if rate.Sign() <= 0 || rate.Cmp(big.NewRat(1, 1)) > 0 {
		t.Errorf("closing rate = %v", rate)
	}
}

// TestOneUnitIsSilent: the last month's figures hold 19 of 20 units, and those of the months before all.
func TestOneUnitIsSilent(t *testing.T) {
	t.Parallel()
	kit := halfYear(t)
	for when, want := range map[string]int{"2020-05": 20, "2020-06": 19, "2020Q1": 20, "2020H1": 19} {
		figure, ok := kit.Truth.Figure("employment.urban_new_jobs", period(t, when))
		if !ok || figure.Reported != want || figure.Expected != 20 || len(figure.Missing) != 20-want {
			t.Errorf("%s: %d of %d reported, %v missing; want %d of 20", when, figure.Reported, figure.Expected, figure.Missing, want)
		}
	}
	june, _ := kit.Truth.Figure("employment.urban_new_jobs", period(t, "2020-06"))
	for _, f := range kit.Files {
		if f.Form == "employment_monthly" && f.Period.String() == "2020-06" && slices.Contains(june.Missing, f.Org) {
			t.Errorf("%s is there", f.Path)
		}
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	truth := halfYear(t).Truth
	for _, g := range goals {
		figure, ok := truth.Figure(g.code, period(t, "2020H1"))
		if !ok || figure.Completion == nil {
			t.Errorf("%s: no completion", g.code)
			continue
		}
		if rate, _ := figure.Completion.Float64(); rate < 0.25 || rate > 1.15 {
			t.Errorf("%s: completion of half a year = %.3f", g.code, rate)
		}
	}
}

// TestOutsideTheKit: of a period that no sheet speaks of there is no value, and that is not zero.
func TestOutsideTheKit(t *testing.T) {
	t.Parallel()
	truth := mustGenerate(t, Config{Forms: []string{"employment_monthly"}, Months: 3}).Truth
	figure, ok := truth.Figure("employment.urban_new_jobs", period(t, "2020-04"))
	if !ok || figure.Value != nil || figure.Reported != 0 {
		t.Errorf("April of a kit to March: %v, %d reported", figure.Value, figure.Reported)
	}
	if _, ok := truth.Figure("disputes.cases_accepted", period(t, "2020-01")); ok {
		t.Error("a form that is not in the kit has a figure")
	}
}
