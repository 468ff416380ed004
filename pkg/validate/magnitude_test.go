package validate

import (
	"slices"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/schemas"
)

// deposits is a ledger of deposits with the amounts, in yuan.
func deposits(form *reporting.Form, amounts ...string) *reporting.Table {
	t := &reporting.Table{Form: form, Org: "349981JC", Period: reporting.MonthPeriod(reporting.NewMonth(2024, 5))}
	for i, amount := range amounts {
		line := reporting.Line{Row: int32(i + 4), Values: make([]reporting.Value, len(form.Columns))}
		line.Values[form.Column("amount")] = reporting.Value{Presence: reporting.Given, Number: reporting.MustDecimal(amount), Measure: reporting.TenKilo,
			Cell: reporting.CellName(int32(i+3), 5), Written: amount}
		t.Lines = append(t.Lines, line)
	}
	return t
}

// month is what stood for a month.
func month(m int, amounts ...string) (facts []reporting.Fact) {
	for _, amount := range amounts {
		facts = append(facts, reporting.Fact{Observation: reporting.Observation{Indicator: "inspection.wage_deposit_amount", Unit: "349981107",
			Period: reporting.MonthPeriod(reporting.NewMonth(2024, m)), Value: reporting.MustDecimal(amount)}})
	}
	return facts
}

// TestMagnitudeOfLedgers: an amount ten thousand times what rows or months were is questioned, with and without a history, and a wrong month
// does not make the next right one look wrong.
func TestMagnitudeOfLedgers(t *testing.T) {
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	checker, err := New(catalogue)
	if err != nil {
		t.Fatal(err)
	}
	form := catalogue.Form("wage_deposits")
	right := append(month(1, "1230000", "450000"), append(month(2, "980000", "760000"), month(3, "1100000")...)...)
	wrong := append(append([]reporting.Fact{}, right...), month(4, "11000000000", "9000000000")...)
	for name, test := range map[string]struct {
		amounts string
		history []reporting.Fact
		cells   string
	}{
		"as ever":                   {"1200000 300000", right, ""},
		"all too large":             {"12000000000 3000000000", right, "F4 F5 F4"},
		"one row too large":         {"1200000 3000000000", right, "F5"},
		"one row too small":         {"1200000 99", right, "F5"},
		"right after a wrong month": {"1200000 300000", wrong, ""},
		"without a history":         {"12000000000 300000", nil, "F4"},
		"nothing is plausible":      {"0 300000", nil, ""},
	} {
		var cells []string
		for _, f := range checker.Check(deposits(form, strings.Fields(test.amounts)...), History{Facts: test.history}) {
			if f.Code == reporting.UnitSuspect {
				cells = append(cells, f.Cell)
			}
		}
		if got := strings.Join(cells, " "); got != test.cells {
			t.Errorf("%s: questioned %q, want %q", name, got, test.cells)
		}
	}
}

// TestMagnitudeOfLastYear: a figure of last year is questioned by what is declared for its indicator in its own form, for as many months.
func TestMagnitudeOfLastYear(t *testing.T) {
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	checker, err := New(catalogue)
	if err != nil {
		t.Fatal(err)
	}
	form := catalogue.Form("baseline_figures")
	at := slices.IndexFunc(form.Columns, func(c reporting.Column) bool { return c.Type == reporting.Amount })
	for _, test := range []struct {
		indicator, yuan string
		questioned      bool
	}{
		{"employment.startup_loans", "12615000", false}, {"employment.startup_loans", "126150000000", true}, {"employment.startup_loans", "1261.5", true},
		{"employment.startup_loans", "1500000000", false}, {"insurance.work_injury.income", "6000000", false}, {"insurance.work_injury.income", "600", true},
		{"employment.startup_loans", "0", false}, {"inspection.wages_recovered", "3", false},
	} {
		line := reporting.Line{Code: test.indicator, Values: make([]reporting.Value, len(form.Columns))}
		line.Values[at] = reporting.Value{Presence: reporting.Given, Number: reporting.MustDecimal(test.yuan), Measure: reporting.Yuan, Cell: "C4", Written: test.yuan}
		first := reporting.NewMonth(2019, 1)
		table := &reporting.Table{Form: form, Org: "349981BG", Period: reporting.Period{First: first, Last: first + 5}, Lines: []reporting.Line{line}}
		questioned := false
		for _, f := range checker.Check(table, History{}) {
			questioned = questioned || f.Code == reporting.UnitSuspect
		}
		if questioned != test.questioned {
			t.Errorf("%s of %s yuan: questioned %v, want %v", test.indicator, test.yuan, questioned, test.questioned)
		}
	}
}

// TestMagnitudeOfCounts: persons under 万人 are questioned from the first month on, and ten thousand times the one month before.
func TestMagnitudeOfCounts(t *testing.T) {
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	checker, err := New(catalogue)
	if err != nil {
		t.Fatal(err)
	}
	form := catalogue.Form("enrolment_monthly")
	at := form.Column("unemployment_insured")
	stood := func(value string) History {
		return History{Facts: []reporting.Fact{{Observation: reporting.Observation{Indicator: "insurance.unemployment.insured", Unit: "349981107",
			Period: reporting.MonthPeriod(reporting.NewMonth(2024, 4)), Value: reporting.MustDecimal(value)}}}}
	}
	for _, test := range []struct {
		count   string
		history History
		code    reporting.FindingCode
	}{
		{"1234", History{}, ""}, {"12340000", History{}, reporting.UnitSuspect}, {"12340000", stood("1230"), reporting.Outlier}, {"1234", stood("1230"), ""},
		{"1234", stood("12300000"), reporting.Outlier},
	} {
		line := reporting.Line{Unit: "349981107", Values: make([]reporting.Value, len(form.Columns))}
		line.Values[at] = reporting.Value{Presence: reporting.Given, Number: reporting.MustDecimal(test.count), Cell: "D4", Written: test.count}
		table := &reporting.Table{Form: form, Org: "349981SB", Period: reporting.MonthPeriod(reporting.NewMonth(2024, 5)), Lines: []reporting.Line{line}}
		var got reporting.FindingCode
		for _, f := range checker.Check(table, test.history) {
			if f.Cell == "D4" && (f.Code == reporting.UnitSuspect || f.Code == reporting.Outlier) {
				got = f.Code
			}
		}
		if got != test.code {
			t.Errorf("%s: found %q, want %q", test.count, got, test.code)
		}
	}
}
