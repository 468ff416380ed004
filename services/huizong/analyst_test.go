package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/access"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/services/portal/account"
	"huizong/services/portal/analyst"
	"huizong/services/portal/browsertest"
)

// TestAnalyst drives the analyst's pages on half a year of a city: one server for all.
func TestAnalyst(t *testing.T) {
	t.Parallel()
	_, manifest := writeKit(t, sample.Config{Seed: 11})
	data, port := t.TempDir(), freePort(t)
	server := startProcess(t, data, "--sql-port", port)
	server.run(t, "submit", "--manifest", manifest, "--json")
	password := analystAccount(t, server)
	signedIn := func(t *testing.T) *browsertest.Page {
		page := browsertest.New(t)
		page.Open(server.server + "/sign-in")
		page.Type("账号", "analyst")
		page.Type("密码", password)
		page.Follow("登录")
		return page
	}
	t.Run("Queries", func(t *testing.T) { checkQueries(t, data, port) })
	t.Run("Dictionary", func(t *testing.T) { checkDictionary(t, server, data, port) })
	t.Run("Pages", func(t *testing.T) { checkPages(t, server) })
	t.Run("Export", func(t *testing.T) { checkExport(t, server) })
	t.Run("Masked", func(t *testing.T) { checkMasked(t, server) })
	t.Run("DrillDown", func(t *testing.T) { drillDown(t, server, signedIn(t)) })
	t.Run("DrillDownEnglish", func(t *testing.T) { drillDownEnglish(t, server, signedIn(t)) })
	t.Run("Publish", func(t *testing.T) { publishAndLook(t, server, signedIn(t)) })
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// analystAccount makes the account analyst and returns its password.
func analystAccount(t *testing.T, server *process) string {
	t.Helper()
	answer, err := server.client.post(t.Context(), "/api/v1/accounts", account.NewAccount{Name: "analyst", Display: "综合科", Role: access.Analyst})
	if err != nil {
		t.Fatal(err)
	}
	var made account.OneTime
	if err := json.Unmarshal(answer, &made); err != nil {
		t.Fatal(err)
	}
	const password = "four plain words together"
	if err := choosePassword(server.client, made, password); err != nil {
		t.Fatal(err)
	}
	return password
}

// sql asks the engine as the account analyst, over HTTP as an analyst's program does.
func sql(t *testing.T, data, port, account, query string) string {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(data, clickhouseFolder, "accounts.json"))
	if err != nil {
		t.Fatal(err)
	}
	var passwords map[string]string
	if err := json.Unmarshal(file, &passwords); err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:"+port+"/?database=huizong", strings.NewReader(query))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-ClickHouse-User", account)
	request.Header.Set("X-ClickHouse-Key", passwords[account])
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s\n%s %s %v", query, response.Status, body, err)
	}
	return string(body)
}

// checkQueries runs every ready query of the page as the account that it is for. Each answers something: an example that is empty
// shows nobody anything.
func checkQueries(t *testing.T, data, port string) {
	ready, err := analyst.ReadyQueries()
	if err != nil || len(ready) < 10 {
		t.Fatalf("%d ready queries, %v", len(ready), err)
	}
	for _, q := range ready {
		t.Run(q.Name, func(t *testing.T) {
			if answer := sql(t, data, port, "analyst", q.SQL); strings.TrimSpace(answer) == "" {
				t.Error("it answers nothing")
			}
		})
	}
}

// checkDictionary wants each view of the database and each of its columns explained in Chinese on the page of data.
func checkDictionary(t *testing.T, server *process, data, port string) {
	page, err := server.get(t.Context(), "/data?lang=zh", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, page, _ = bytes.Cut(page, []byte(`id="views"`))
	views := strings.Fields(sql(t, data, port, "analyst", "SELECT name FROM system.tables WHERE database = 'huizong' AND engine = 'View'"))
	for _, view := range views {
		_, rest, _ := strings.Cut(string(page), "<summary><code>"+view+"</code>")
		about, rest, _ := strings.Cut(rest, "</summary>")
		if !chinese.MatchString(about) {
			t.Errorf("view %s is not explained", view)
		}
		columns, _, _ := strings.Cut(rest, "</details>")
		for _, column := range strings.Fields(sql(t, data, port, "analyst", "SELECT name FROM system.columns WHERE database = 'huizong' AND table = '"+view+"'")) {
			_, meaning, _ := strings.Cut(columns, `<th scope="row"><code>`+column+"</code>")
			if meaning, _, _ = strings.Cut(meaning, "</tr>"); !chinese.MatchString(meaning) {
				t.Errorf("column %s of %s is not explained", column, view)
			}
		}
	}
	if shown := bytes.Count(page, []byte("<summary><code>")); shown != len(views) {
		t.Errorf("the page explains %d views, and there are %d", shown, len(views))
	}
}

var chinese = regexp.MustCompile(`\p{Han}`)

// checkPages opens many views of the explorer: each is a page, in both languages, and light.
func checkPages(t *testing.T, server *process) {
	for _, path := range []string{
		"/explore", "/explore?by=month&section=insurance", "/explore?by=quarter&show=value&show=yoy&show=share&unit=349981001", "/explore?from=2020-06&to=2020-01",
		"/explore?shape=units&by=month&shade=1&sort=-3", "/explore?shape=units&indicator=employment.registered_unemployment_rate&show=value&show=previous",
		"/explore?shape=profile&section=insurance&shade=1", "/explore?shape=profile&period=2020-03&section=training", "/explore?as_of=2020-07-01", "/explore?boundaries=2020-07-01&shape=units",
		"/explore/employment.urban_new_jobs", "/explore/employment.registered_unemployment_rate?period=2020-05&unit=349981001", "/explore/training.skill_appraisals?period=2020H1",
		"/explore/disputes.closing_rate?period=2020Q1", "/explore/insurance.unemployment.income?period=2020H1&as_of=2020-01-01", "/explore/employment.urban_new_jobs/cells?period=2020H1&page=2",
		"/reports", "/releases", "/warnings", "/warnings?period=2020-06", "/data",
	} {
		for _, lang := range []string{"zh", "en"} {
			separator := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
			body, err := server.get(t.Context(), path+separator+"lang="+lang, nil)
			if err != nil {
				t.Errorf("%s in %s: %v", path, lang, err)
				continue
			}
			if len(body) > 400<<10 {
				t.Errorf("%s in %s has %d KB, want 400 at most", path, lang, len(body)>>10)
			}
			if strings.Contains(string(body), "%!") || strings.Contains(string(body), "ZgotmplZ") {
				t.Errorf("%s in %s has something that was not printed as it should", path, lang)
			}
		}
	}
	for path, want := range map[string]string{"/explore?indicator=no.such": "404", "/explore?period=2020-13": "400", "/explore?from=1990-01&to=2020-01&by=month": "400", "/explore/no.such": "404", "/releases/99": "404"} {
		if _, err := server.get(t.Context(), path, nil); err == nil {
			t.Errorf("%s answers, want %s", path, want)
		}
	}
}

// checkExport: a file has what is seen, with numbers that a program reads as numbers.
func checkExport(t *testing.T, server *process) {
	query := url.Values{"shape": {"units"}, "indicator": {"employment.urban_new_jobs"}, "from": {"2020-01"}, "to": {"2020-06"}, "by": {"month"}, "sort": {"-1"}}
	query.Set("format", "csv")
	body, err := server.get(t.Context(), "/explore/export", query)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(body))).ReadAll()
	if err != nil || len(rows) < 20 || len(rows[0]) != 3+7 {
		t.Fatalf("csv: %v, %d rows, head %q", err, len(rows), rows[0])
	}
	query.Set("format", "json")
	if body, err = server.get(t.Context(), "/explore/export", query); err != nil {
		t.Fatal(err)
	}
	var objects []map[string]any
	if err := json.Unmarshal(body, &objects); err != nil || len(objects) != len(rows)-1 {
		t.Fatalf("json: %v, %d objects for %d rows", err, len(objects), len(rows)-1)
	}
	if value, isNumber := objects[0][rows[0][9]].(float64); !isNumber || fmt.Sprint(value) != rows[1][9] {
		t.Errorf("%s is %v in json and %s in csv", rows[0][9], objects[0][rows[0][9]], rows[1][9])
	}
	query.Set("format", "xlsx")
	if body, err = server.get(t.Context(), "/explore/export", query); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	kind, _ := book.GetCellType("Sheet1", "J2")
	if value, _ := book.GetCellValue("Sheet1", "J2"); value != rows[1][9] || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		t.Errorf("xlsx J2 is %q of type %v, want the number %s", value, kind, rows[1][9])
	}
}

var (
	wholeID  = regexp.MustCompile(`\d{17}[\dXx]`)
	maskedID = regexp.MustCompile(`\d{6}\*{8}\d{3}[\dXx]`)
)

// checkMasked: who follows a figure to the ledger that it was counted from meets nobody's number.
func checkMasked(t *testing.T, server *process) {
	for indicator, persons := range map[string]bool{"training.entrepreneurship_trained": true, "insurance.land_expropriated.beneficiaries": true, "employment.urban_new_jobs": false} {
		body, err := server.get(t.Context(), "/api/v1/trace/"+indicator, url.Values{"period": {"2020-06"}})
		if err != nil {
			t.Fatal(err)
		}
		var trace reporting.Trace
		if err := json.Unmarshal(body, &trace); err != nil || len(trace.Parts) == 0 || len(trace.Parts[0].Cells) == 0 {
			t.Fatalf("%s has no cells: %v", indicator, err)
		}
		at := trace.Parts[0].Cells[0]
		page, err := server.get(t.Context(), "/cell/"+at.Submission, url.Values{"sheet": {at.Sheet}, "cell": {at.Cell}})
		if err != nil || !strings.Contains(string(page), "m-cited") {
			t.Fatalf("%s: %v: no picture of the cell", indicator, err)
		}
		text := strings.ReplaceAll(string(page), at.SHA256, "")
		if id := wholeID.FindString(text); id != "" {
			t.Errorf("%s: the picture shows the number %s", indicator, id)
		}
		if persons && !maskedID.MatchString(text) {
			t.Errorf("%s: the picture shows no person at all", indicator)
		}
	}
}

// drillDown goes from the list of figures to the cell that a township has written.
func drillDown(t *testing.T, server *process, page *browsertest.Page) {
	page.Open(server.server + "/explore")
	page.WaitFor("城镇新增就业人数")
	page.Axe()
	page.Screenshot("analyst-explore")
	page.Follow("城镇新增就业人数")
	page.WaitFor("这个数从哪里来")
	page.WaitFor("[data-chart][data-state=drawn]")
	page.Axe()
	page.Screenshot("analyst-indicator")
	written := strings.Trim(page.Text(".cells .muted"), "“”")
	page.Follow(".cells a")
	page.WaitFor("收件记录")
	page.WaitFor("现行有效")
	if got := page.Text(".m-cited"); !strings.HasPrefix(got, strings.TrimSpace(written)) { // behind it stands a word for those who do not see the mark
		t.Errorf("the cell of the picture says %q, the trace %q", got, written)
	}
	page.Axe()
	page.Screenshot("analyst-cell")
	page.Open(server.server + "/explore?shape=units&by=month&shade=1")
	page.Axe()
	page.Screenshot("analyst-units")
	page.Open(server.server + "/explore?shape=profile&shade=1&section=insurance")
	page.Axe()
	page.Screenshot("analyst-profile")
	page.Open(server.server + "/explore/employment.urban_new_jobs?period=2020H1")
	page.Follow("列出全部")
	page.WaitFor("原样")
	page.Axe()
	page.Screenshot("analyst-cells")
	page.Open(server.server + "/warnings")
	page.Axe()
	page.Screenshot("analyst-warnings")
	page.Open(server.server + "/data")
	page.Axe()
	page.Screenshot("analyst-data")
}

func drillDownEnglish(t *testing.T, server *process, page *browsertest.Page) {
	page.Open(server.server + "/explore?lang=en&period=2020H1")
	page.WaitFor("Employment")
	page.Select("Columns", "by month")
	page.Follow("css=form.filters button.primary")
	page.WaitFor("first half of 2020")
	page.Axe()
	page.Screenshot("analyst-explore-en")
	page.Follow("Newly employed in urban areas")
	page.WaitFor("Where this number comes from")
	page.Axe()
	page.Screenshot("analyst-indicator-en")
	page.Follow(".cells a")
	page.WaitFor("it counts now")
	page.Axe()
	page.Screenshot("analyst-cell-en")
}

// publishAndLook publishes the half-year report, and looks at the release.
func publishAndLook(t *testing.T, server *process, page *browsertest.Page) {
	page.Open(server.server + "/reports")
	page.Axe()
	page.Screenshot("analyst-reports")
	page.Type("#unfinished", "梅林镇六月数未报")
	page.Type("#reason", "第一次发布")
	page.Follow("css=button[formaction]")
	page.WaitFor("第一次发布")
	page.Axe()
	page.Screenshot("analyst-release")
	page.Follow("核对")
	page.WaitFor("核对一致")
	page.Open(server.server + "/releases")
	page.Axe()
	page.Screenshot("analyst-releases")
}
