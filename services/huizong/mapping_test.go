package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// ownWords is a sheet of an office that has words of its own for a column and a row.
const ownWords = `就业创业工作月报表,,,
指标名称,计量单位,六月战果,本年累计
新岗位突破,人,12,80
失业人员再就业人数,人,5,30
就业困难人员就业人数,人,5,30
期末城镇登记失业人数,人,50,—
期末城镇登记劳动力人数,人,5000,—
引进外埠人员,人,5,30
举办线下招聘会,场,1,2
开发公益性岗位,个,1,2
集中政策宣讲,场,1,2
案外调解劳动争议,件,1,2
`

// TestMapping: what a person confirms for a unit holds for that unit and from then on, and a rebuild comes to the same.
func TestMapping(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.csv")
	if err := os.WriteFile(path, []byte(ownWords), 0o644); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	server := startProcess(t, data, "--nats-listen", "127.0.0.1:0")
	send := func(org string) line {
		out, _ := server.run(t, "submit", "--org", org, "--form", "employment_monthly", "--period", "2020-06", "--json", path)
		return lines(t, out)[0]
	}
	confirm := func(args ...string) {
		server.run(t, append([]string{"mapping", "confirm", "--org", "349981001", "--form", "employment_monthly", "--by", "王科长"}, args...)...)
	}
	outcomes := []line{send("349981001")}
	confirm("六月战果", "--column", "month")
	outcomes = append(outcomes, send("349981001"))
	confirm("新岗位突破", "--row", "employment.urban_new_jobs", "--reason", "电话确认")
	outcomes = append(outcomes, send("349981001"), send("349981002"))
	server.run(t, "mapping", "forget", "六月战果", "--org", "349981001", "--form", "employment_monthly", "--by", "王科长")
	outcomes = append(outcomes, send("349981001"))
	for i, want := range []reporting.Outcome{reporting.Rejected, reporting.Rejected, reporting.Accepted, reporting.Rejected, reporting.Rejected} {
		if outcomes[i].Outcome != want {
			t.Errorf("sheet %d is %s with %v, want %s", i, outcomes[i].Outcome, outcomes[i].Findings, want)
		}
	}
	if hasFinding(outcomes[1].Findings, reporting.MissingColumn) || !hasFinding(outcomes[1].Findings, reporting.MissingRow) {
		t.Errorf("with the column confirmed: %v, want the missing row only", outcomes[1].Findings)
	}
	list, _ := server.run(t, "mapping", "list", "--org", "349981001")
	if strings.Count(list, "王科长") != 3 || !strings.Contains(list, "电话确认") || !strings.Contains(list, "撤销") {
		t.Errorf("what was confirmed:\n%s", list)
	}
	if out, _ := server.run(t, "diff", outcomes[2].Submission, "--against", outcomes[2].Submission); !strings.Contains(out, "0 处不同") {
		t.Errorf("the table of a sheet with own words is not read again:\n%s", out)
	}
	if _, err := server.post(t.Context(), "/api/v1/mappings", map[string]string{"org": "349981001", "form": "employment_monthly", "column": "nothing", "text": "x", "by": "y"}); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("a column that is none: %v", err)
	}
	checkChoice(t, server)
	checkNamed(t, server)
	checkQuestions(t, server)
	before := server.answers(t)
	server.stop()
	if out, err := command(t, "rebuild", "--data", data).CombinedOutput(); err != nil {
		t.Fatalf("rebuild: %v\n%s", err, out)
	}
	server = startProcess(t, data)
	if after := server.answers(t); after != before || !strings.Contains(after, "employment.urban_new_jobs,2020-06,349981001,12") {
		t.Error("a rebuild comes to other figures")
	}
}

// checkNamed confirms names of indicators on the forms of targets and of last year's figures, each for its own form.
func checkNamed(t *testing.T, server *process) {
	for _, form := range []struct{ id, period, sheet string }{
		{"targets_annual", "2020", "年度目标任务表\n指标名称,计量单位,全年目标任务数\n新岗位突破,人,9000\n"},
		{"baseline_figures", "2019H1", "上年同期数据表\n指标名称,计量单位,上年同期数\n新岗位突破,人,4321\n"},
	} {
		path := filepath.Join(t.TempDir(), form.id+".csv")
		if err := os.WriteFile(path, []byte(form.sheet), 0o644); err != nil {
			t.Fatal(err)
		}
		send := func() line {
			out, _ := server.run(t, "submit", "--org", "349981BG", "--form", form.id, "--period", form.period, "--json", path)
			return lines(t, out)[0]
		}
		if got := send(); got.Outcome != reporting.Rejected || !hasFinding(got.Findings, reporting.UnknownCategory) {
			t.Errorf("%s before it is confirmed: %s with %v", form.id, got.Outcome, got.Findings)
		}
		server.run(t, "mapping", "confirm", "新岗位突破", "--org", "349981BG", "--form", form.id, "--row", "employment.urban_new_jobs", "--by", "王科长")
		if got := send(); got.Outcome != reporting.Accepted || len(got.Findings) > 0 {
			t.Errorf("%s once it is confirmed: %s with %v", form.id, got.Outcome, got.Findings)
		}
	}
	out, _ := server.run(t, "figures", "--period", "2020H1")
	for _, row := range table(t, out) {
		if row["indicator"] == "employment.urban_new_jobs" && (row["target"] != "9000" || row["previous"] != "4321") {
			t.Errorf("target %s, previous %s", row["target"], row["previous"])
		}
	}
}

// ownCategory is a ledger of trainings with an office's own word for a kind of training.
const ownCategory = `职业技能培训台账
序号,姓名,身份证号码,培训类别,班期编号,开班日期,结业日期,证书等级,是否鉴定,所在单位,补贴金额（元）
1,张三,349981199001010019,老板班,A1,2020-06-01,2020-06-20,无,否,,1000
`

// checkChoice confirms what a category means: the finding is gone for what is sent from then on.
func checkChoice(t *testing.T, server *process) {
	path := filepath.Join(t.TempDir(), "trainings.csv")
	sheet := ownCategory
	for check := 0; check <= 10; check++ { // of the invented person's number
		sheet = strings.Replace(ownCategory, "349981199001010019", "34998119900101001"+string("0123456789X"[check]), 1)
		if err := os.WriteFile(path, []byte(sheet), 0o644); err != nil {
			t.Fatal(err)
		}
		out, _ := server.run(t, "submit", "--org", "349981ZJ", "--form", "training_ledger", "--period", "2020-06", "--json", path)
		got := lines(t, out)[0]
		if hasFinding(got.Findings, reporting.BadIDNumber) {
			continue
		}
		if got.Outcome != reporting.Rejected || !hasFinding(got.Findings, reporting.UnknownCategory) {
			t.Fatalf("before it is confirmed: %s with %v", got.Outcome, got.Findings)
		}
		break
	}
	server.run(t, "mapping", "confirm", "老板班", "--org", "349981ZJ", "--form", "training_ledger", "--column", "category", "--choice", "创业培训", "--by", "王科长")
	out, _ := server.run(t, "submit", "--org", "349981ZJ", "--form", "training_ledger", "--period", "2020-06", "--json", path)
	if got := lines(t, out)[0]; got.Outcome != reporting.Accepted || hasFinding(got.Findings, reporting.UnknownCategory) {
		t.Errorf("once it is confirmed: %s with %v", got.Outcome, got.Findings)
	}
	facts, _ := server.run(t, "facts", "--indicator", "training.entrepreneurship_trained", "--period", "2020-06")
	if list, _ := server.run(t, "mapping", "list", "--org", "349981ZJ"); !strings.Contains(list, "category＝创业培训") || !strings.Contains(facts, "2020-06,349981ZJ,1") {
		t.Errorf("confirmed:\n%s\nfacts:\n%s", list, facts)
	}
}
