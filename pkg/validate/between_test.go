package validate_test

import (
	"strings"
	"testing"

	"huizong/pkg/match"
	"huizong/pkg/normalize"
	"huizong/pkg/reporting"
	"huizong/pkg/reporting/reportingtest"
	"huizong/pkg/validate"
	"huizong/schemas"
)

const services = `指标名称 | 计量单位 | 本月数 | 本年累计
减免社会保险费 | 万元 | 1 | 1
失业保险费返还企业 | 家 | 1 | 1
失业保险费返还金额 | 万元 | 12.5 | 12.5
发放社会保障卡 | 张 | 1 | 1
办理退休审批 | 人 | 1 | 1
受理工伤认定申请 | 件 | 1 | 1
报送劳动能力鉴定申请 | 人 | 1 | 1
重核退休待遇单位 | 家 | 1 | 1
`

// TestBetween: the refunds of a month against what the fund spent in it, which stands in another form of the same sender.
func TestBetween(t *testing.T) {
	c, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	checker, err := validate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	june, may := month(t, "2020-06"), month(t, "2020-05")
	layout, findings := match.New(c.Forms).Find([]*reporting.Sheet{reportingtest.Sheet(t, services)}, match.Expected{Period: june})
	if layout == nil {
		t.Fatal(findings)
	}
	table, _, _ := normalize.NewReader(c, []byte("secret")).Read(layout, "349981SB", june)
	for name, test := range map[string]struct {
		period reporting.Period
		spent  string
		code   reporting.FindingCode // of what is said of the fund
	}{
		"Less": {june, "124999.99", reporting.PartExceedsWhole}, "As much": {june, "125000", ""}, "Of another month": {may, "1", reporting.CheckNotRun},
	} {
		got, err := checker.Between(table, func(form string) (validate.History, error) {
			fact := func(code, unit, value string, p reporting.Period) reporting.Fact {
				return reporting.Fact{Observation: reporting.Observation{Indicator: code, Unit: unit, Period: p, Value: reporting.MustDecimal(value)}}
			}
			if form == "enrolment_monthly" { // each unit has none or one; the sheet has as many as are needed
				return validate.History{Facts: []reporting.Fact{fact("insurance.unemployment.insured", "349981001", "0", june), fact("insurance.unemployment.insured", "349981002", "1", june),
					fact("insurance.work_injury.insured", "349981001", "1", june), fact("insurance.pension_employee.insured", "349981001", "1", june), fact("insurance.pension_institution.insured", "349981001", "0", june)}}, nil
			}
			return validate.History{Facts: []reporting.Fact{fact("insurance.unemployment.expenditure", "349981SB", test.spent, test.period)}}, nil
		})
		if err != nil || len(got) > 1 || (len(got) == 0) != (test.code == "") {
			t.Errorf("%s: %v, %v; want %q", name, got, err, test.code)
			continue
		}
		switch test.code {
		case reporting.PartExceedsWhole:
			f := got[0]
			if f.Code != test.code || f.Severity != reporting.SeverityWarning || f.Cell != "C4" || !strings.Contains(f.Message, "12.50 万元") || !strings.Contains(f.Message, "《社会保险基金收支情况月报表》") {
				t.Errorf("%s: %+v", name, f)
			}
		case reporting.CheckNotRun:
			if f := got[0]; f.Code != test.code || f.Severity != reporting.SeverityNote || !strings.Contains(f.Message, "尚未受理，未作核对：失业保险费返还由失业保险基金支出") {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
}

// twoForms are two forms of one sender with a number each, and a third form of another sender.
func twoForms(holds string) *reporting.Catalogue {
	form := func(id, code, sender string) *reporting.Form {
		return &reporting.Form{ID: id, Title: reporting.Text{ZH: id + "表", EN: id}, Shape: reporting.IndicatorForm, Periods: "month", Senders: []string{sender},
			Columns: []reporting.Column{{ID: "month", Header: "本月", Type: reporting.Amount}}, Rows: []reporting.FormRow{{Code: code, Label: code, Indicator: code}}}
	}
	c := &reporting.Catalogue{Forms: []*reporting.Form{form("one", "a.one", "U"), form("two", "a.two", "U"), form("theirs", "a.theirs", "V")}, Units: []reporting.OrgUnit{{Code: "U"}, {Code: "V"}},
		Checks: []reporting.Check{{Holds: holds, Code: reporting.Outlier, Says: reporting.Text{ZH: "理由", EN: "why"}, Source: "checks/c.yaml", Line: 3}}}
	for _, code := range []string{"a.one", "a.two", "a.theirs"} {
		c.Indicators = append(c.Indicators, reporting.Indicator{Code: code, Name: reporting.Text{ZH: code, EN: code}, Measure: "人", Kind: reporting.Flow, Rollup: reporting.RollupSum})
	}
	c.Indicators = append(c.Indicators, reporting.Indicator{Code: "a.money", Measure: "万元"}, reporting.Indicator{Code: "a.rate", Kind: reporting.Ratio, Rollup: reporting.RollupRatio})
	c.Forms[0].Rows = append(c.Forms[0].Rows, reporting.FormRow{Code: "a.money", Label: "钱", Indicator: "a.money"})
	c.Index()
	return c
}

// TestBetweenExpressions: sums, differences, the month before; what is not there is said, once.
func TestBetweenExpressions(t *testing.T) {
	for name, test := range map[string]struct{ holds, want string }{
		"Holds":                {"a.one + a.two == previous.a.one - previous.a.two", ""}, // 10 + 7 = 20 − 3
		"Does not":             {"a.one + a.two < previous.a.one - previous.a.two", "warning outlier B2 “a.one”为 10，《two表》“a.two”为 7，上月“a.one”为 20，《two表》上月“a.two”为 3（理由），请核对"},
		"Of one form":          {"a.one > previous.a.one", "warning outlier B2 “a.one”为 10，上月“a.one”为 20（理由），请核对"},
		"Of another form only": {"a.two < previous.a.two", ""},
		"Of another sender":    {"a.one < a.theirs", ""},
	} {
		checker, err := validate.New(twoForms(test.holds))
		if err != nil {
			t.Fatal(name, err)
		}
		if got := betweenOf(t, checker, twoForms(test.holds), map[string]int64{"one 2020-05": 20, "two 2020-05": 3, "two 2020-06": 7}); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	c := twoForms("a.one < a.two + previous.a.one")
	checker, err := validate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	for want, stood := range map[string]map[string]int64{
		"note check_not_run  2020年6月的《two表》尚未受理，未作核对：理由": {"one 2020-05": 20},
		"note check_not_run  2020年5月的《one表》尚未受理，未作核对：理由": {"two 2020-06": 20},
		"note check_not_run  《two表》“a.two”没有数，未作核对：理由":   {"one 2020-05": 20, "two 2020-06": -1},
	} {
		if got := betweenOf(t, checker, c, stood); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// betweenOf checks a sheet of the form "one" of June with the number 10.
func betweenOf(t *testing.T, checker *validate.Checker, c *reporting.Catalogue, stood map[string]int64) string {
	t.Helper()
	table := &reporting.Table{Form: c.Form("one"), Org: "U", Period: month(t, "2020-06"), Lines: []reporting.Line{
		{Code: "a.one", Unit: "U", Values: []reporting.Value{{Presence: reporting.Given, Number: reporting.Int(10), Cell: "B2"}}}}}
	findings, err := checker.Between(table, func(form string) (h validate.History, err error) {
		for _, m := range []string{"2020-05", "2020-06"} {
			value, ok := stood[form+" "+m]
			if ok {
				h.Standing = append(h.Standing, reporting.Standing{Period: month(t, m)})
			}
			if value >= 0 && ok { // below zero: a sheet without a number
				h.Facts = append(h.Facts, reporting.Fact{Observation: reporting.Observation{Indicator: "a." + form, Unit: "U", Period: month(t, m), Value: reporting.Int(value)}})
			}
		}
		return h, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range findings {
		all = append(all, strings.Join([]string{string(f.Severity), string(f.Code), f.Cell, f.Message}, " "))
	}
	return strings.Join(all, "; ")
}

// TestBetweenRefused: an expression that cannot be right is refused when it is loaded, with file and line.
func TestBetweenRefused(t *testing.T) {
	for holds, want := range map[string]string{
		"a.one < a.three":    `unknown indicator "a.three"`,
		"a.one < a.rate":     `"a.rate" is no indicator of a monthly form with fixed rows`,
		"a.one < a.money":    "money and counts cannot be compared",
		"a.one + a.two":      "expected bool",
		"a.one < ":           "unexpected token",
		"true":               "reads no indicator",
		"a.one < len(a.two)": "unknown name len",
	} {
		_, err := validate.New(twoForms(holds))
		if err == nil || reporting.CodeOf(err) != reporting.Invalid || !strings.Contains(err.Error(), "checks/c.yaml:3: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", holds, err, want)
		}
	}
}
