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
	june, _ := reporting.ParsePeriod("2020-06")
	may, _ := reporting.ParsePeriod("2020-05")
	layout, findings := match.Find([]*reporting.Sheet{reportingtest.Sheet(t, services)}, c.Forms, match.Expected{Period: june})
	if layout == nil {
		t.Fatal(findings)
	}
	table, _, _ := normalize.NewReader(c, []byte("secret")).Read(layout, "349981SB", june)
	for name, test := range map[string]struct {
		period reporting.Period
		spent  string
		found  int
	}{
		"Less": {june, "124999.99", 1}, "As much": {june, "125000", 0}, "Of another month": {may, "1", 0},
	} {
		got, err := checker.Between(table, func(form string) (validate.History, error) {
			if form != "fund_monthly" {
				t.Errorf("asked for the past of %s", form)
			}
			return validate.History{Facts: []reporting.Fact{{Observation: reporting.Observation{
				Indicator: "insurance.unemployment.expenditure", Unit: "349981SB", Period: test.period, Value: reporting.MustDecimal(test.spent)}}}}, nil
		})
		if err != nil || len(got) != test.found {
			t.Errorf("%s: %v, %v; want %d findings", name, got, err, test.found)
		}
		if test.found > 0 && (got[0].Severity != reporting.SeverityWarning || got[0].Cell != "C4" || !strings.Contains(got[0].Message, "12.50 万元")) {
			t.Errorf("%s: %+v", name, got[0])
		}
	}
}
