package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"huizong/pkg/reporting"
)

// twoMonths is a sheet with two columns that could be 本月数; a part of it changes from month to month.
const twoMonths = `就业创业工作月报表,,,,
报表所属期：2020年6月,,,,
指标名称,计量单位,本月数,本年累计,当月数
城镇新增就业人数,人,12,—,9012
失业人员再就业人数,人,5,—,5
就业困难人员就业人数,人,5,—,5
期末城镇登记失业人数,人,50,—,50
期末城镇登记劳动力人数,人,5000,—,5000
引进外埠人员,人,5,—,5
举办线下招聘会,场,1,—,1
开发公益性岗位,个,1,—,1
集中政策宣讲,场,1,—,1
案外调解劳动争议,件,1,—,1
`

// checkQuestions: what a sheet asks comes out in the API, the CLI and over NATS, and an answer on each of these ways is remembered for the unit and
// the layout: it is not asked again, another unit and another layout are.
func checkQuestions(t *testing.T, server *process) {
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	june := write("june.csv", twoMonths)
	july := write("july.csv", strings.NewReplacer("6月", "7月", "9012", "9013").Replace(twoMonths))
	other := write("other.csv", strings.ReplaceAll(twoMonths, "本年累计,当月数", "当月数,本年累计"))
	url := ""
	for _, text := range strings.Split(server.printed.String(), "\n") {
		if address, ok := strings.CutPrefix(text, "nats: "); ok {
			url = address
		}
	}
	send := func(org, path, period string, args ...string) (line, *reporting.Question) {
		out, _ := server.run(t, append([]string{"submit", "--org", org, "--form", "employment_monthly", "--period", period, "--json", path}, args...)...)
		got := lines(t, out)[0]
		for _, f := range got.Findings {
			if f.Question != nil {
				return got, f.Question
			}
		}
		return got, nil
	}
	refused := func(got line, q *reporting.Question) string {
		if got.Outcome != reporting.Rejected || q == nil || len(q.Options) != 2 || q.Answer != "" || !hasFinding(got.Findings, reporting.AmbiguousColumn) {
			t.Fatalf("%s with %+v, asked %+v", got.Outcome, got.Findings, q)
		}
		return q.ID
	}
	settled := func(what string, got line, q *reporting.Question, option string) {
		if got.Outcome != reporting.Accepted || q == nil || q.Answer != option {
			t.Errorf("%s: %s with %+v, asked %+v", what, got.Outcome, got.Findings, q)
		}
	}

	const unit, neighbour, third = "349981003", "349981004", "349981005"
	var rec reporting.Recognition
	out, _ := server.run(t, "recognise", june, "--org", unit, "--json")
	if err := json.Unmarshal([]byte(out), &rec); err != nil || len(rec.Questions) != 1 || rec.Form != "employment_monthly" {
		t.Fatalf("recognised: %v\n%s", err, out)
	}
	if words, _ := server.run(t, "recognise", june, "--org", unit); !strings.Contains(words, "哪一列是？") || !strings.Contains(words, "--answer '"+rec.Questions[0].ID+"=E'  E3“当月数”（E4 是 9012）") {
		t.Errorf("in words:\n%s", words)
	}
	got, q := send(unit, june, "2020-06")
	id := refused(got, q)
	if id != rec.Questions[0].ID {
		t.Errorf("the outcome asks %s, the recognition %s", id, rec.Questions[0].ID)
	}
	document, err := openapi3.NewLoader().LoadFromData(server.mustGet(t, "/api/v1/openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	document.Servers = openapi3.Servers{{URL: server.server}}
	answersAsDescribed(t, server, document, "/api/v1/recognitions")
	answersAsDescribed(t, server, document, "/api/v1/submissions/"+got.Submission)

	for _, wrong := range []string{id + "=B", "employment_monthly.month.0000000000000000=C", "x=y"} {
		if out, err := command(t, "answer", "--server", server.server, "--submission", got.Submission, "--answer", wrong).CombinedOutput(); err == nil {
			t.Errorf("%s is taken for an answer: %s", wrong, out)
		}
	}
	server.run(t, "answer", "--submission", got.Submission, "--answer", id+"=E", "--by", "王科长", "--reason", "电话确认")
	got, q = send(unit, june, "2020-06")
	settled("answered by itself", got, q, "E")
	got, q = send(unit, july, "2020-07")
	settled("the same layout a month later", got, q, "E")
	refused(send(neighbour, june, "2020-06"))
	refused(send(unit, other, "2020-06"))

	got, q = send(neighbour, june, "2020-06", "--answer", id+"=C")
	settled("answered with the sheet", got, q, "C")
	got, q = send(third, june, "2020-06", "--nats", url)
	server.run(t, "answer", "--nats", url, "--org", third, "--submission", got.Submission, "--answer", refused(got, q)+"=C")
	got, q = send(third, june, "2020-06", "--nats", url)
	settled("answered over NATS", got, q, "C")
	got, q = send(third, july, "2020-07", "--nats", url, "--answer", id+"=E")
	settled("another answer over NATS, with the sheet", got, q, "E")

	facts, _ := server.run(t, "facts", "--indicator", "employment.urban_new_jobs", "--period", "2020-06..2020-07")
	for _, want := range []string{"2020-06," + unit + ",9012", "2020-07," + unit + ",9013", "2020-06," + neighbour + ",12", "2020-06," + third + ",12", "2020-07," + third + ",9013"} {
		if !strings.Contains(facts, want) {
			t.Errorf("no %s in\n%s", want, facts)
		}
	}
	if list, _ := server.run(t, "mapping", "list", "--org", unit); !strings.Contains(list, "王科长") || !strings.Contains(list, id+"＝E") {
		t.Errorf("remembered:\n%s", list)
	}
	server.run(t, "mapping", "forget-answer", id, "--org", unit, "--by", "王科长")
	refused(send(unit, june, "2020-06"))
	log := string(server.mustGet(t, "/api/v1/audit?action=mapping.answer"))
	if strings.Count(log, `"`+id+`":"E"`) != 2 || strings.Count(log, `"`+id+`":"C"`) != 2 {
		t.Errorf("the audit log:\n%s", log)
	}
}

func (p *process) mustGet(t *testing.T, path string) []byte {
	t.Helper()
	name, value, _ := strings.Cut(path, "?")
	query := map[string][]string{}
	if key, text, ok := strings.Cut(value, "="); ok {
		query[key] = []string{text}
	}
	body, err := p.get(t.Context(), name, query)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
