package validate_test

import (
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/validate"
)

// TestElsewhere: what another unit has reported counts for the month or the year that the form says, for the same indicator.
func TestElsewhere(t *testing.T) {
	for name, test := range map[string]struct {
		once reporting.Once
		fact reporting.Observation
		want string
	}{
		"Same month":      {reporting.OncePerMonth, reporting.Observation{Indicator: "a.firms", Key: "K", Period: month(t, "2020-06")}, "D7 K：此单位在2020年6月已由“乙镇”报送（回执 R1），“企业”一个月内只应由一个单位报送，请与对方核实由谁报送"},
		"Other month":     {reporting.OncePerMonth, reporting.Observation{Indicator: "a.firms", Key: "K", Period: month(t, "2020-05")}, ""},
		"Same year":       {reporting.OncePerYear, reporting.Observation{Indicator: "a.firms", Key: "K", Period: month(t, "2020-02")}, "D7 K：此单位在2020年2月已由“乙镇”报送（回执 R1），“企业”一年内只应由一个单位报送，请与对方核实由谁报送"},
		"Other year":      {reporting.OncePerYear, reporting.Observation{Indicator: "a.firms", Key: "K", Period: month(t, "2019-06")}, ""},
		"Other key":       {reporting.OncePerYear, reporting.Observation{Indicator: "a.firms", Key: "L", Period: month(t, "2020-06")}, ""},
		"Other indicator": {reporting.OncePerYear, reporting.Observation{Indicator: "a.other", Key: "K", Period: month(t, "2020-06")}, ""},
	} {
		form := &reporting.Form{ID: "f", Shape: reporting.Ledger, Periods: "month", Columns: []reporting.Column{{ID: "code", Header: "代码", Type: reporting.CreditCode}},
			Loads: []reporting.Load{{Indicator: "a.firms", Distinct: "code", Once: test.once}, {Indicator: "a.other", Distinct: "code"}}}
		c := &reporting.Catalogue{Forms: []*reporting.Form{form}, Units: []reporting.OrgUnit{{Code: "2", Name: reporting.Text{ZH: "乙镇", EN: "B"}}},
			Indicators: []reporting.Indicator{{Code: "a.firms", Name: reporting.Text{ZH: "企业", EN: "firms"}}, {Code: "a.other"}}}
		c.Index()
		checker, err := validate.New(c)
		if err != nil {
			t.Fatal(err)
		}
		june := month(t, "2020-06")
		table := &reporting.Table{Form: form, Org: "1", Period: june, Lines: []reporting.Line{{Row: 7, Values: []reporting.Value{{Presence: reporting.Given, Text: "K", Written: "K", Cell: "D7"}}}}}
		own := []reporting.Observation{{Indicator: "a.firms", Key: "K", Period: june, Lineage: reporting.Lineage{Cell: "D7"}}, {Indicator: "a.other", Key: "K", Period: june, Lineage: reporting.Lineage{Cell: "D7"}}}
		got, err := checker.Elsewhere(table, own, func(w validate.Wanted) ([]reporting.Fact, error) {
			if strings.Join(w.Keys, " ") != "K" || strings.Join(w.Indicators, " ") != "a.firms" || !w.Period.Contains(june) || (w.Period.Len() == 12) != (test.once == reporting.OncePerYear) {
				t.Errorf("%s: asked for %+v", name, w)
			}
			return []reporting.Fact{{Submission: "R1", Sender: "2", Observation: test.fact}}, nil
		})
		text := ""
		for _, f := range got {
			text += f.Cell + " " + f.Value + "：" + f.Message
		}
		if err != nil || text != test.want {
			t.Errorf("%s: %q, %v; want %q", name, text, err, test.want)
		}
	}
}

func month(t *testing.T, text string) reporting.Period {
	t.Helper()
	p, err := reporting.ParsePeriod(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
