package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/access"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/services/intake"
	"huizong/services/portal/browsertest"
)

// funds is the unit of these tests: it sends the funds' matrix each month.
const funds = "349981SB"

// TestClerk is a clerk's month in a browser, on one server: files dropped and sent, a rejected sheet corrected and accepted, a sheet
// returned by the reviewer, in Chinese and in English; and the same without a script.
func TestClerk(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	kit, err := sample.Generate(sample.Config{Seed: 5, Months: 3})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := kit.Write(dir); err != nil {
		t.Fatal(err)
	}
	o.hire(t, "hanli", access.Clerk, funds)
	o.hire(t, "zhoumin", access.Clerk, "349981001")
	o.hire(t, "shenhe", access.Reviewer, "")
	for _, f := range kit.Files { // what was sent before the month of the story
		if f.Org == funds && f.Period.Last < reporting.NewMonth(2020, 3) && f.Expect == reporting.Accepted {
			o.run(t, "submit", "--org", f.Org, "--form", f.Form, "--period", f.Period.String(), "--json", filepath.Join(dir, f.Path))
		}
	}
	var month []string
	for _, f := range kit.Files {
		if f.Org == funds && f.Period.String() == "2020-03" && f.Expect == reporting.Accepted {
			month = append(month, filepath.Join(dir, f.Path))
		}
	}
	if len(month) < 3 {
		t.Fatalf("the kit has %d sheets of the month", len(month))
	}
	for _, step := range []struct {
		name string
		do   func(*testing.T)
	}{
		{"Month", func(t *testing.T) { clerksMonth(t, o, month) }},
		{"Corrected", func(t *testing.T) { correctedSheet(t, o, fundSheet(t, month)) }},
		{"Returned", func(t *testing.T) { returnedSheet(t, o) }},
		{"OthersSheet", func(t *testing.T) { othersSheet(t, o, fundSheet(t, month)) }},
		{"Expired", func(t *testing.T) { expiredSession(t, o, fundSheet(t, month)) }},
		{"WithoutScript", func(t *testing.T) { withoutScript(t, o, fundSheet(t, month)) }},
		{"Events", func(t *testing.T) { hearsOutcomes(t, o, fundSheet(t, month)) }},
	} {
		if !t.Run(step.name, step.do) {
			return // what follows builds on it
		}
	}
}

// fundSheet is a workbook of the month's funds, whatever the clerk of the kit has sent it as.
func fundSheet(t *testing.T, month []string) string {
	t.Helper()
	for _, path := range month {
		if strings.Contains(path, "fund_monthly") {
			return path
		}
	}
	t.Fatal("no sheet of the funds")
	return ""
}

// clerksMonth: all sheets of a month are dropped at once, recognised, confirmed, accepted.
func clerksMonth(t *testing.T, o office, month []string) {
	page := o.signIn(t, "hanli", "zh")
	o.open(page, "/", url.Values{"period": {"2020-03"}})
	page.WaitFor("逾期未报")
	page.Axe()
	page.Screenshot("clerk-due-missing")
	page.Drop("#upload", month...)
	page.WaitFor(fmt.Sprintf("css=.files .file:nth-child(%d) select[name=form]", len(month)))
	page.WaitGone("css=.file.uploading")
	for _, words := range page.Texts(".files .file-name") {
		if !strings.Contains(words, "已识别") && !strings.Contains(words, "请核对") {
			t.Errorf("a sheet of the month is not recognised: %s", words)
		}
	}
	page.Axe()
	page.Screenshot("clerk-confirm")
	for i := range month { // what names no month is shown with the page's
		if got := value(page, fmt.Sprintf(".files .file:nth-child(%d) [name=period]", i+1)); got != "2020-03" {
			t.Errorf("%s is taken to be of %s", month[i], got)
		}
	}
	page.Click("确认报送")
	page.WaitFor(fmt.Sprintf("css=.files .file:nth-child(%d) .state-accepted", len(month)))
	page.WaitFor("全部受理") // the page has followed
	page.Screenshot("clerk-due-sent")
	t.Logf("first paint after %s", page.FirstPaint()) // what docs/benchmarks.md tells: a busy machine takes as long as it takes
	if size := page.TransferSize(); size > 400<<10 {
		t.Errorf("the page has %d bytes", size)
	}
	page.Follow(".lines td .hash")
	page.WaitFor("报送回执")
	page.Axe()
	page.Screenshot("clerk-receipt")
	for _, path := range []string{"/templates?period=2020-03", "/help", "/history"} {
		page.Open(o.server + path)
		page.Axe()
		page.Screenshot("clerk-" + strings.Trim(strings.Split(path, "?")[0], "/"))
	}
	page.Open(o.server + "/templates?period=2020-03")
	if path := page.Download("下载 .xlsx"); filepath.Ext(path) != ".xlsx" {
		t.Errorf("the template is %s", path)
	}
}

// value is what a field holds.
func value(page *browsertest.Page, selector string) (text string) {
	page.Eval("document.querySelector("+quoted(selector)+").value", &text)
	return text
}

func quoted(text string) string {
	data, _ := json.Marshal(text)
	return string(data)
}

// correctedSheet: a sheet with errors is sent, looked through by keyboard and mouse, corrected and accepted; in English too.
func correctedSheet(t *testing.T, o office, path string) {
	page := o.signIn(t, "hanli", "zh")
	o.open(page, "/", url.Values{"period": {"2020-03"}})
	spoiled, mended := spoil(t, o, path)
	page.Upload("#files", spoiled)
	page.WaitFor("将替代")
	page.Click("确认报送")
	page.WaitFor("没有计入")
	page.WaitFor("待更正") // in the summary
	page.Follow("去更正")
	page.WaitFor("仍然有效")
	page.WaitFor("css=.sheet td.here")
	page.Axe()
	page.Screenshot("clerk-findings")
	first := page.Text(".finding.here")
	page.Press("ArrowDown")
	page.WaitFor("css=.finding:nth-child(2).here")
	if second := page.Text(".finding.here"); second == first || len(page.Texts(".sheet td.here")) != 1 {
		t.Errorf("after ↓ the list stands at %q, and %d cells are current", second, len(page.Texts(".sheet td.here")))
	}
	page.Press("k")
	page.WaitFor("css=.finding:nth-child(1).here")
	page.Click("下一处")
	page.WaitFor("css=.finding:nth-child(2).here")
	if !strings.Contains(page.URL(), "at=2") {
		t.Errorf("the place has no address: %s", page.URL())
	}
	page.Click(".sheet td.m:not(.here) a")
	page.WaitGone("css=.finding:nth-child(2).here")
	if text := page.Text(".sheet"); !strings.Contains(text, "<script>alert(1)</script>") {
		t.Errorf("what is written in a cell is not shown as it is: %s", text)
	}
	page.Open(strings.Split(page.URL(), "?")[0] + "?lang=en")
	page.WaitFor("before it can be accepted")
	page.Axe()
	page.Screenshot("clerk-findings-en")
	if back := page.Download("Download with notes"); filepath.Ext(back) != ".xlsx" {
		t.Errorf("the annotated workbook is %s", back)
	}
	if back := page.Download("Download the original"); !sameFile(t, back, spoiled) {
		t.Error("the original comes back changed")
	}
	page.Upload("#files", mended)
	page.WaitFor("takes the place of version")
	page.Loads(func() { page.Click("Confirm and send") }) // from beside the old one to the new one
	page.WaitFor("css=h1.tone-good")
	page.Follow("What changed")
	page.WaitFor("changes in the sheet")
	page.Axe()
	page.Screenshot("clerk-changes-en")
	page.Open(o.server + "/?period=2020-03&lang=zh")
	page.WaitFor("全部受理")
}

// readCell is a cell as the reader tells it.
type readCell struct{ Cell, Kind, Text string }

// place splits A1 into its column and row.
func (c readCell) place() (column, row string) {
	row = strings.TrimLeft(c.Cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	return strings.TrimSuffix(c.Cell, row), row
}

// spoil makes two workbooks of a sheet of the funds: one with three errors, and one in which one more is remitted, with its total.
func spoil(t *testing.T, o office, path string) (spoiled, mended string) {
	t.Helper()
	out, _ := o.run(t, "sheet", path, "--format", "json")
	var read []readCell
	if err := json.Unmarshal([]byte(out), &read); err != nil {
		t.Fatalf("%v: %.200s", err, out)
	}
	remitted, employees, total := "", "", ""
	for _, c := range read {
		column, row := c.place()
		switch {
		case strings.Contains(c.Text, "上解"):
			remitted = column
		case strings.Contains(c.Text, "企业职工"):
			employees = row
		case strings.Join(strings.Fields(c.Text), "") == "合计":
			total = row
		}
	}
	book := excelize.NewFile()
	set := func(cell string, value any) {
		if err := book.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	raised := 0
	var numbers []string
	for _, c := range read {
		set(c.Cell, c.Text)
		if c.Kind != "number" {
			continue
		}
		n, err := strconv.ParseFloat(c.Text, 64)
		if err != nil {
			t.Fatal(err)
		}
		if column, row := c.place(); column == remitted && (row == employees || row == total) {
			n, raised = n+1, raised+1
		} else if n != 0 {
			numbers = append(numbers, c.Cell)
		}
		set(c.Cell, n)
	}
	if raised != 2 || len(numbers) < 3 {
		t.Fatalf("nothing to change in the sheet: %s", out)
	}
	set("Z"+employees, "<script>alert(1)</script>") // a column that the form does not have may hold anything
	dir := t.TempDir()
	save := func(name string) string {
		to := filepath.Join(dir, name)
		if err := book.SaveAs(to); err != nil {
			t.Fatal(err)
		}
		return to
	}
	mended = save("社保基金3月改.xlsx")
	for i, value := range []any{"待核实", 1.23, -77777.0} {
		set(numbers[i], value)
	}
	return save("社保基金3月.xlsx"), mended
}

func sameFile(t *testing.T, a, b string) bool {
	t.Helper()
	x, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := os.ReadFile(b)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(x, y)
}

// standing is the accepted submission of the funds for the month.
func standing(t *testing.T, o office) string {
	t.Helper()
	body, err := o.client.get(t.Context(), "/api/v1/board", url.Values{"period": {"2020-03"}, "org": {funds}})
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Rows []struct {
			Cells []*struct {
				Form     string
				Standing struct{ Submission string }
			}
		}
	}
	if err := json.Unmarshal(body, &board); err != nil {
		t.Fatal(err)
	}
	for _, c := range board.Rows[0].Cells {
		if c != nil && c.Form == "fund_monthly" {
			return c.Standing.Submission
		}
	}
	t.Fatalf("nothing stands: %s", body)
	return ""
}

// returnedSheet: what the reviewer says stands out on the first page, and beside the sheet at its cell.
func returnedSheet(t *testing.T, o office) {
	id := standing(t, o)
	if _, err := o.post(t.Context(), "/api/v1/submissions/"+id+"/return", intake.Return{Reason: "与银行对账单不符，请核对", Remarks: []reporting.CellRemark{{Sheet: "Sheet1", Cell: "C6", Text: "这一格请附说明"}}}); err != nil {
		t.Fatal(err)
	}
	page := o.signIn(t, "hanli", "zh")
	o.open(page, "/", url.Values{"period": {"2020-03"}})
	page.WaitFor("与银行对账单不符，请核对")
	page.Axe()
	page.Screenshot("clerk-due-returned")
	page.Follow("去更正")
	page.WaitFor("审核员退回，请改好重新上传")
	page.WaitFor("这一格请附说明")
	page.WaitFor("css=#cell-C6.m-remark")
	page.Axe()
	page.Screenshot("clerk-returned")
}

// othersSheet: another unit's sheet is refused before it is sent, and another unit's submission is not there; a reviewer sees it with
// persons masked.
func othersSheet(t *testing.T, o office, path string) {
	page := o.signIn(t, "zhoumin", "zh")
	page.Upload("#files", path)
	page.WaitFor("不能报送")
	page.Screenshot("clerk-refused")
	if len(page.Texts("[name=form]")) != 0 {
		t.Error("another unit's sheet can be sent")
	}
	page.Allow("status of 404")
	page.Open(o.server + "/submissions/" + standing(t, o))
	page.WaitFor("没有这个页面")
	reviewer := o.signIn(t, "shenhe", "zh")
	reviewer.Allow("/review") // the first page of a reviewer is not ours
	reviewer.Open(o.server + "/submissions/" + standing(t, o))
	reviewer.WaitFor("上传的表")
	if len(reviewer.Texts("#upload")) != 0 {
		t.Error("a reviewer is offered to send")
	}
}

// expiredSession: who is signed out meanwhile is told to sign in, and goes on with the files that were dropped.
func expiredSession(t *testing.T, o office, path string) {
	page := o.signIn(t, "hanli", "zh")
	page.Allow("401") // the stream of events and the upload are refused, as they have to be
	o.open(page, "/", url.Values{"period": {"2020-03"}})
	post := func(path, body string) string {
		return fmt.Sprintf(`(function () { var x = new XMLHttpRequest(); x.open("POST", %q, false); x.setRequestHeader("Content-Type", "application/x-www-form-urlencoded"); x.send(%q); return x.status })()`, path, body)
	}
	var status int
	page.Eval(post("/sign-out", ""), &status)
	page.Drop("#upload", path)
	page.WaitFor("登录已过期，文件还在这里")
	page.Axe()
	page.Screenshot("clerk-session-ended")
	page.Eval(post("/sign-in", url.Values{"name": {"hanli"}, "password": {officePassword}}.Encode()), &status) // as in another window
	page.Click("重试")
	page.WaitFor("css=.files .file select[name=form]")
}

// withoutScript does what a browser without scripts does: forms are posted, redirects followed. A closed period is said before sending.
func withoutScript(t *testing.T, o office, path string) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	read := func(response *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s\n%s", response.Request.URL, response.Status, body)
		}
		return string(body)
	}
	upload := func() string {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		form.WriteField("period", "2020-03")
		part, err := form.CreateFormFile("file", filepath.Base(path))
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		part.Write(data)
		form.Close()
		return read(browser.Post(o.server+"/confirm", form.FormDataContentType(), &body))
	}
	read(browser.PostForm(o.server+"/sign-in", url.Values{"name": {"hanli"}, "password": {officePassword}}))
	confirm := upload()
	sha := regexp.MustCompile(`name="file" value="([0-9a-f]{64})"`).FindStringSubmatch(confirm)
	if sha == nil || !strings.Contains(confirm, "将替代") && !strings.Contains(confirm, "同一个文件") {
		t.Fatalf("the page to confirm: %s", confirm)
	}
	sent := read(browser.PostForm(o.server+"/send", url.Values{"file": {sha[1]}, "name": {filepath.Base(path)}, "form": {"fund_monthly"}, "period": {"2020-03"}}))
	if !strings.Contains(sent, "已受理") || !strings.Contains(sent, "您上传的表") {
		t.Errorf("after sending: %s", sent)
	}
	o.run(t, "period", "close", "2020-03", "--reason", "报告定稿")
	if page := upload(); !strings.Contains(page, "已关闭，不再收表") {
		t.Errorf("a closed period is not said: %s", page)
	}
	o.run(t, "period", "open", "2020-03", "--reason", "更正")
}

// hearsOutcomes: a stream of events tells the outcomes of the own unit, and no others.
func hearsOutcomes(t *testing.T, o office, path string) {
	token := tokenFor(t, o.process, access.Clerk, funds)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.server+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("events are %s", kind)
	}
	sendSomething(t, o.process, "349981001") // of another unit: not told
	o.run(t, "submit", "--org", funds, "--form", "fund_monthly", "--period", "2020-03", "--json", path)
	var heard strings.Builder
	buffer := make([]byte, 1024)
	for !strings.Contains(heard.String(), "data: ") {
		n, err := response.Body.Read(buffer)
		heard.Write(buffer[:n])
		if err != nil {
			t.Fatalf("%v after %q", err, heard.String())
		}
	}
	if text := heard.String(); !strings.Contains(text, "event: outcome") || !strings.Contains(text, `"org":"`+funds+`"`) || strings.Contains(text, "349981001") {
		t.Errorf("heard %q", text)
	}
}
