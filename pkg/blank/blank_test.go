package blank

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/judge"
	"huizong/pkg/reporting"
	"huizong/pkg/validate"
	"huizong/pkg/workbook"
	"huizong/schemas"
)

func loadCatalogue(t *testing.T) *reporting.Catalogue {
	t.Helper()
	c, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// periods are those that the tests write each kind of form for.
var periods = map[reporting.PeriodKind]string{"month": "2020-06", "half": "2020H1", "year": "2020"}

// inputOf is the form for the first unit that sends it, with nothing known of the months before.
func inputOf(t *testing.T, c *reporting.Catalogue, f *reporting.Form) Input {
	t.Helper()
	period, err := reporting.ParsePeriod(periods[f.Periods])
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(c.Units, f.SentBy)
	return Input{Form: f, Catalogue: c, Unit: c.Units[at], Period: period}
}

func written(t *testing.T, in Input) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, in); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func judged(t *testing.T, in Input, file []byte, history validate.History) judge.Verdict {
	t.Helper()
	j, err := judge.New(in.Catalogue, []byte("test"), workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := j.Judge(bytes.NewReader(file), "", in.Unit.Code, in.Period, func(string) (validate.History, error) { return history, nil })
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// withPast makes the months before: each indicator had each month what the test's clerk types this month.
func withPast(in Input) (Input, validate.History) {
	history := validate.History{}
	in.Cumulative, in.Previous = map[string]reporting.Decimal{}, map[string]reporting.Decimal{}
	before := reporting.Period{First: in.Period.YearToDate().First, Last: in.Period.Last - 1}
	for _, m := range before.Months() {
		history.Standing = append(history.Standing, reporting.Standing{Form: in.Form.ID, Org: in.Unit.Code, Period: reporting.MonthPeriod(m)})
	}
	p := newPlan(in)
	for i := range p.lines {
		for column := range in.Form.Columns {
			indicator := p.loaded(&p.lines[i], column)
			if indicator == nil || in.Form.Columns[column].SumOf != "" || p.lines[i].total {
				continue
			}
			unit := in.Unit.Code
			if in.Form.RowUnits {
				unit = p.lines[i].code
			}
			value := reporting.Int(int64(amount(p, i, column)))
			if factor, ok := p.money(&p.lines[i], column).Factor(); ok {
				value = value.Mul(factor)
			}
			if indicator.Kind == reporting.Stock && indicator.IsMoney() {
				value = reporting.Int(98_765_432) // of a fund: far more than a month moves it
			}
			for _, m := range before.Months() {
				history.Facts = append(history.Facts, reporting.Fact{
					Observation: reporting.Observation{Indicator: indicator.Code, Unit: unit, Period: reporting.MonthPeriod(m), Value: value}})
				in.Cumulative[indicator.Code] = in.Cumulative[indicator.Code].Add(value)
			}
			in.Previous[indicator.Code] = value
		}
	}
	return in, history
}

// unwanted are the findings that a filled blank must not have.
func unwanted(findings []reporting.Finding) []reporting.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f reporting.Finding) bool { return f.Code == reporting.CheckNotRun })
}

func TestFilledBlankIsAccepted(t *testing.T) {
	c := loadCatalogue(t)
	for _, f := range c.Forms {
		t.Run(f.ID, func(t *testing.T) {
			in, history := withPast(inputOf(t, c, f))
			p := newPlan(in)
			v := judged(t, in, fillIn(t, written(t, in), p, 25), history)
			for _, finding := range unwanted(v.Findings) {
				t.Errorf("%s %s!%s %q: %s", finding.Code, finding.Sheet, finding.Cell, finding.Value, finding.Message)
			}
			if v.Form != f.ID {
				t.Errorf("recognised as %q", v.Form)
			}
			r := v.Reading
			if n := len(r.Observations) + len(r.Targets) + len(r.Baselines) + len(r.Narratives); n == 0 {
				t.Error("nothing was read")
			}
			if p.grows() && len(r.Rows)+len(r.Narratives) != 25 {
				t.Errorf("%d rows were read, want 25", len(r.Rows)+len(r.Narratives))
			}
		})
	}
}

// TestFilledInJanuary: nothing lies before, and nothing needs to be known.
func TestFilledInJanuary(t *testing.T) {
	c := loadCatalogue(t)
	for _, f := range c.Forms {
		in := inputOf(t, c, f)
		if f.Periods != "month" {
			continue
		}
		in.Period, _ = reporting.ParsePeriod("2020-01")
		v := judged(t, in, fillIn(t, written(t, in), newPlan(in), 25), validate.History{})
		for _, finding := range unwanted(v.Findings) {
			t.Errorf("%s: %s!%s %q: %s", f.ID, finding.Code, finding.Cell, finding.Value, finding.Message)
		}
	}
}

func TestEmptyBlank(t *testing.T) {
	c := loadCatalogue(t)
	for _, f := range c.Forms {
		in, history := withPast(inputOf(t, c, f))
		v := judged(t, in, written(t, in), history)
		missing := 0
		for _, finding := range unwanted(v.Findings) {
			if finding.Code != reporting.MissingValue {
				t.Errorf("%s: %s!%s %q: %s", f.ID, finding.Code, finding.Cell, finding.Value, finding.Message)
			}
			missing++
		}
		filledByRows := newPlan(in).grows() || f.Shape == reporting.BaselineForm
		if filledByRows != (missing == 0) {
			t.Errorf("%s: %d values are missing", f.ID, missing)
		}
		if n := len(v.Reading.Observations) + len(v.Reading.Rows) + len(v.Reading.Narratives); n > 0 {
			t.Errorf("%s: %d values were read of an empty form", f.ID, n)
		}
	}
}

// TestUnknownYear: where nothing is known of the months before, the year to date is asked for.
func TestUnknownYear(t *testing.T) {
	c := loadCatalogue(t)
	in := inputOf(t, c, c.Form("employment_monthly"))
	p := newPlan(in)
	year := p.Form.Column("year_to_date")
	if p.cells[0][year].role != input || len(p.helpers) != 0 {
		t.Errorf("year to date %+v, helpers %v", p.cells[0][year], p.helpers)
	}
	stock := slices.IndexFunc(p.lines, func(l line) bool { return l.code == "employment.registered_unemployed" })
	if got := p.cells[stock][year]; got.role != fixed || got.text != "—" {
		t.Errorf("year to date of a stock %+v", got)
	}
}

func TestFund(t *testing.T) {
	c := loadCatalogue(t)
	in := inputOf(t, c, c.Form("fund_monthly"))
	in.Previous = map[string]reporting.Decimal{"insurance.unemployment.balance": reporting.MustDecimal("12305000.01")}
	in.Cumulative = map[string]reporting.Decimal{"insurance.unemployment.income": reporting.MustDecimal("500000")}
	book, err := excelize.OpenReader(bytes.NewReader(written(t, in)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet := book.GetSheetList()[0]
	for cell, want := range map[string][2]string{
		"A2": {"填报单位：社会保险中心", ""}, "D3": {"收入", ""}, "D4": {"本月", ""}, "C6": {"1230.500001", ""}, "I6": {"1230.500001", "SUM(C6)+SUM(D6)-SUM(F6)"},
		"E6": {"50", "SUM(L6,D6)"}, "L6": {"50", ""}, "C10": {"1230.500001", "SUM(C5:C9)"}, "H6": {"", ""}, "L2": {"上月收入累计", ""},
	} {
		got, _ := book.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
		formula, _ := book.GetCellFormula(sheet, cell)
		if got != want[0] || formula != want[1] {
			t.Errorf("%s = %q, formula %q; want %q", cell, got, formula, want)
		}
	}
	for cell, locked := range map[string]bool{"A1": true, "D4": true, "B6": true, "C6": false, "D6": false, "I6": true, "L6": true, "C10": true} {
		id, _ := book.GetCellStyle(sheet, cell)
		style, _ := book.GetStyle(id)
		if got := style.Protection == nil || style.Protection.Locked; got != locked {
			t.Errorf("%s locked = %v, want %v", cell, got, locked)
		}
	}
}

func TestSameInputSameBytes(t *testing.T) {
	c := loadCatalogue(t)
	for _, f := range c.Forms {
		in, _ := withPast(inputOf(t, c, f))
		if !bytes.Equal(written(t, in), written(t, in)) {
			t.Errorf("%s: two blanks differ", f.ID)
		}
	}
}

func TestRefusals(t *testing.T) {
	c := loadCatalogue(t)
	wrongUnit := inputOf(t, c, c.Form("fund_monthly"))
	wrongUnit.Unit = *c.Unit("349981001")
	wrongPeriod := inputOf(t, c, c.Form("fund_monthly"))
	wrongPeriod.Period = reporting.YearPeriod(2020)
	for name, in := range map[string]Input{"Unit": wrongUnit, "Period": wrongPeriod} {
		if err := Write(io.Discard, in); reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%s: %v, want an invalid error", name, err)
		}
	}
}

// TestCheckFormula compares texts: excelize works out A1=ROUND(A1,2) as FALSE for 5. LibreOffice gives, for 5, 5.5, — and 无, TRUE,
// and for 5.555, −1 and 5人, FALSE.
func TestCheckFormula(t *testing.T) {
	for _, c := range []struct {
		check check
		want  string
	}{
		{check{places: 2}, `IF(ISNUMBER(A1),AND(A1>=0,A1=ROUND(A1,2)),OR(A1="—",A1="-",A1="无"))`},
		{check{negative: true}, `IF(ISNUMBER(A1),AND(TRUE,A1=ROUND(A1,0)),OR(A1="—",A1="-",A1="无"))`},
	} {
		if got := c.check.formula("A1"); got != c.want {
			t.Errorf("formula = %s, want %s", got, c.want)
		}
	}
}

func TestParseTerms(t *testing.T) {
	f := &reporting.Form{Columns: []reporting.Column{{ID: "a"}, {ID: "b"}}}
	for expression, ok := range map[string]bool{"a + b": true, "a - b": true, "a": true, "a * b": false, "a + c": false, "a +": false, "": false, "previous.a": false} {
		if _, got := parseTerms(f, expression); got != ok {
			t.Errorf("parseTerms(%q) = %v, want %v", expression, got, ok)
		}
	}
}

// TestGuideInEnglish: the form stays as it is, its instructions change.
func TestGuideInEnglish(t *testing.T) {
	c := loadCatalogue(t)
	in := inputOf(t, c, c.Form("training_ledger"))
	in.Language = "en"
	book, err := excelize.OpenReader(bytes.NewReader(written(t, in)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("填报说明")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range rows {
		all = append(all, strings.Join(r, " "))
	}
	if text := strings.Join(all, "\n"); !strings.Contains(text, "Choose from the list: 创业培训") || !strings.Contains(text, "18 characters") {
		t.Errorf("instructions:\n%s", text)
	}
}
