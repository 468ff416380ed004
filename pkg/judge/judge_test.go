package judge_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"huizong/pkg/annotate"
	"huizong/pkg/judge/judgetest"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/pkg/validate"
	"huizong/schemas"
)

// nothing is the past of a unit that has sent nothing.
func nothing(string) (validate.History, error) { return validate.History{}, nil }

// TestEighteenthForm adds the form of docs/adding-a-form.md: one YAML, and no Go. Good and bad sheets of it are judged, and its
// indicators load.
func TestEighteenthForm(t *testing.T) {
	example, err := os.ReadFile("../../docs/examples/eighteenth_form.yaml")
	if err != nil {
		t.Fatal(err)
	}
	j, c := judgetest.New(t, judgetest.WithFile(t, "forms/labour_inspections.yaml", example))
	if f := c.FormOf("inspection.problems_found"); f == nil || f.Number != 18 {
		t.Fatalf("the indicator of the new form comes from %v", f)
	}
	header := "劳动用工检查台账\n填报单位：劳动保障监察大队,,报表所属期：2020年6月\n序号,检查日期,受检企业名称,统一社会信用代码,所属乡镇（街道）,检查类别,在岗人数,发现问题数,其中：已整改,整改日期,欠薪金额（元）\n"
	june, _ := reporting.ParsePeriod("2020-06")
	for name, c := range map[string]struct {
		row     string
		finding reporting.FindingCode
		facts   int
	}{
		"OK":              {"1,2020-06-03,甲公司,91349981MABNMCJK53,港口镇,日常检查,12,3,2,2020-06-20,0\n", "", 2},
		"CorrectedBefore": {"1,2020-06-03,甲公司,91349981MABNMCJK53,港口镇,日常检查,12,3,2,2020-06-01,0\n", reporting.ClosedBeforeAccepted, 0},
		"PartTooGreat":    {"1,2020-06-03,甲公司,91349981MABNMCJK53,港口镇,专项检查,12,3,4,2020-06-20,0\n", reporting.PartExceedsWhole, 0},
		"UnknownKind":     {"1,2020-06-03,甲公司,91349981MABNMCJK53,港口镇,突击检查,12,3,2,2020-06-20,0\n", reporting.UnknownCategory, 0},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := j.Judge(strings.NewReader(header+c.row), "", "349981JC", june, nothing)
			if err != nil {
				t.Fatal(err)
			}
			if v.Form != "labour_inspections" || len(v.Reading.Observations) != c.facts || c.finding != "" && !judgetest.Found(v.Findings, c.finding) || reporting.HasErrors(v.Findings) != (c.finding != "") {
				t.Errorf("form %q, %d facts, findings %v; want %d facts and %q", v.Form, len(v.Reading.Observations), v.Findings, c.facts, c.finding)
			}
		})
	}
}

// TestRecognisedWithoutBeingTold judges every sample sheet without saying which form it is.
func TestRecognisedWithoutBeingTold(t *testing.T) {
	j, _ := judgetest.New(t, schemas.FS())
	kit, err := sample.Generate(sample.Config{Seed: 11, Months: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range kit.Files {
		v, err := j.Judge(bytes.NewReader(f.Bytes), "", f.Org, f.Period, nothing)
		if err != nil {
			t.Fatal(err)
		}
		if v.Form != f.Form {
			t.Errorf("%s (%s) was taken for %q: %v", f.Path, f.Note, v.Form, v.Findings)
		}
	}
}

// TestNotItsSender: a form from a unit that has no business to send it is refused.
func TestNotItsSender(t *testing.T) {
	j, _ := judgetest.New(t, schemas.FS())
	kit, err := sample.Generate(sample.Config{Seed: 11, Months: 1, Forms: []string{"fund_monthly"}})
	if err != nil {
		t.Fatal(err)
	}
	v, err := j.Judge(bytes.NewReader(kit.Files[0].Bytes), "fund_monthly", "349981001", kit.Files[0].Period, nothing)
	if err != nil || !judgetest.Found(v.Findings, reporting.WrongOrg) || len(v.Reading.Observations) > 0 {
		t.Errorf("a township's fund sheet: %v, %v", v.Findings, err)
	}
}

// TestDamagedFiles: whatever is no workbook is one finding that says so, and nothing else.
func TestDamagedFiles(t *testing.T) {
	j, _ := judgetest.New(t, schemas.FS())
	june, _ := reporting.ParsePeriod("2020-06")
	for name, c := range map[string]struct {
		file string
		code reporting.FindingCode
	}{
		"Empty":      {"", reporting.UnreadableFile},
		"Picture":    {"\x89PNG\r\n\x1a\n0000IHDR", reporting.UnreadableFile},
		"HTML":       {"<html><body><table><tr><td>指标名称</td></tr></table></body></html>", reporting.UnreadableFile},
		"NUL":        {"指标名称,本月数\n城镇新增\x00就业人数,1\n", reporting.UnreadableFile},
		"OtherTable": {"品名,规格,数量\n签字笔,0.5mm,30\n", reporting.UnknownForm},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := j.Judge(strings.NewReader(c.file), "employment_monthly", "349981001", june, nothing)
			if err != nil || len(v.Findings) != 1 || v.Findings[0].Code != c.code || v.Findings[0].Message == "" || v.Findings[0].MessageEN == "" {
				t.Errorf("%v, %v; want one %s", v.Findings, err, c.code)
			}
		})
	}
}

// TestAnnotatedSentAgain: a workbook that we gave back with its findings says, when it is sent again, what it said the first time.
func TestAnnotatedSentAgain(t *testing.T) {
	j, _ := judgetest.New(t, schemas.FS())
	kit, err := sample.Generate(sample.Config{Seed: 11, Months: 1, Forms: []string{"employment_monthly", "fund_monthly", "training_ledger"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range kit.Files {
		first, err := j.Judge(bytes.NewReader(f.Bytes), "", f.Org, f.Period, nothing)
		if err != nil {
			t.Fatal(err)
		}
		sheets, err := j.Sheets(bytes.NewReader(f.Bytes))
		if err != nil {
			continue // damaged on purpose
		}
		var back bytes.Buffer
		if _, err := annotate.Write(&back, annotate.Input{File: f.Bytes, Sheets: sheets, Decision: reporting.Decision{Findings: first.Findings}}); err != nil {
			t.Fatal(err)
		}
		again, err := j.Judge(bytes.NewReader(back.Bytes()), "", f.Org, f.Period, nothing)
		if err != nil {
			t.Fatal(err)
		}
		if again.Form != first.Form || len(again.Findings) != len(first.Findings) || len(again.Reading.Observations) != len(first.Reading.Observations) {
			t.Errorf("%s: %s with %d findings and %d facts came back as %s with %d and %d: %v", f.Path, first.Form, len(first.Findings), len(first.Reading.Observations),
				again.Form, len(again.Findings), len(again.Reading.Observations), again.Findings)
		}
	}
}
