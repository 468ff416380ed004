package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"huizong/pkg/access"
	"huizong/pkg/sample"
)

// TestReviewer is a reviewer's month in a browser, on one server: a sheet found in the matrix and returned with a remark on a cell, which
// the clerk sees; others approved, one and many; a period closed and opened again. In Chinese and in English, and without a script.
func TestReviewer(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, manifest := writeKit(t, sample.Config{Seed: 11, Months: 2, Forms: []string{"employment_monthly", "dispute_cases"}})
	o.run(t, "submit", "--manifest", manifest, "--json")
	o.hire(t, "shenhe", access.Reviewer, "")
	o.hire(t, "zhoumin", access.Clerk, "349981001")
	for _, step := range []struct {
		name string
		do   func(*testing.T)
	}{
		{"Return", func(t *testing.T) { returnFromMatrix(t, o) }},
		{"ClerkSees", func(t *testing.T) { clerkSeesReturn(t, o) }},
		{"Approve", func(t *testing.T) { approveInEnglish(t, o) }},
		{"ApproveMany", func(t *testing.T) { approveMany(t, o) }},
		{"Reminders", func(t *testing.T) { remindersAreWords(t, o) }},
		{"Periods", func(t *testing.T) { closeAndOpen(t, o) }},
		{"WithoutScript", func(t *testing.T) { returnWithoutScript(t, o) }},
	} {
		if !t.Run(step.name, step.do) {
			return // what follows builds on it
		}
	}
}

// markOf is the selector of a cell of the matrix.
func markOf(place string) string { return `css=a.mk[data-cell="` + place + `"]` }

// returnFromMatrix walks the matrix by keys, opens a cell at its side and returns the sheet with a remark on a cell that is clicked.
func returnFromMatrix(t *testing.T, o office) {
	page := o.signIn(t, "shenhe", "zh")
	o.open(page, "/review", nil)
	page.WaitFor("2020 年上半年 · 报送情况")
	page.Axe()
	page.Click(markOf("349981001/employment_monthly/2020-01"))
	page.WaitFor("[data-side]")
	page.Axe()
	page.Screenshot("review-zh")
	page.Eval(`document.querySelector('a.mk[data-cell="349981001/employment_monthly/2020-01"]').focus()`, nil)
	page.Press("ArrowRight", "ArrowDown", "ArrowUp", "Enter")
	page.WaitFor("城东街道 · 就业创业工作月报表 · 2020 年 2 月")
	if !strings.Contains(page.URL(), "cell=349981001") {
		t.Errorf("the address does not say what is open: %s", page.URL())
	}
	page.Follow("退回并附言")
	page.Type("#reason", "与台账不符")
	page.Click("css=table.sheet-cells tbody tr:nth-child(5) td:nth-child(5)")
	page.Type(`css=.remark input[name="remark"]`, "请核对这一格")
	page.Axe()
	page.Screenshot("review-cell-zh")
	page.Follow("css=.return-form button.danger")
	page.WaitFor("已退回。填报单位在首页就能看到")
	page.WaitFor("请核对这一格")
}

func clerkSeesReturn(t *testing.T, o office) {
	page := o.signIn(t, "zhoumin", "zh")
	o.open(page, "/?period=2020-02", nil)
	page.WaitFor("退回")
	page.WaitFor("与台账不符")
	board := o.board(t)
	c := board.Cell("349981001", "employment_monthly", mustPeriod(t, "2020-02"))
	if c.State != "returned" || len(c.Review.Remarks) != 1 || c.Review.Remarks[0].Text != "请核对这一格" || c.Review.Remarks[0].Cell == "" || c.Review.By != "shenhe" {
		t.Errorf("the return is %+v", c.Review)
	}
}

func approveInEnglish(t *testing.T, o office) {
	page := o.signIn(t, "shenhe", "en")
	o.open(page, "/review", nil)
	page.WaitFor("Reporting")
	page.Axe()
	page.Click(markOf("349981002/employment_monthly/2020-02"))
	page.WaitFor("[data-side]")
	page.Screenshot("review-en")
	page.Follow("css=[data-side] button.primary")
	page.WaitFor("Approved.")
	if state := o.board(t).Cell("349981002", "employment_monthly", mustPeriod(t, "2020-02")).State; state != "approved" {
		t.Errorf("the sheet is %s", state)
	}
}

func approveMany(t *testing.T, o office) {
	page := o.signIn(t, "shenhe", "zh")
	o.open(page, "/review/approve?form=employment_monthly", nil)
	page.Axe()
	page.Screenshot("review-approve-zh")
	var ticked int
	page.Eval(`document.querySelectorAll("input[name=submission]:checked").length`, &ticked)
	before := o.board(t).Counts.States["approved"]
	page.Follow("css=[data-approve] button.primary")
	page.WaitFor("已审核通过。")
	if got := o.board(t).Counts.States["approved"]; ticked == 0 || got != before+ticked {
		t.Errorf("%d are approved, of %d before and %d ticked", got, before, ticked)
	}
}

func remindersAreWords(t *testing.T, o office) {
	page := o.signIn(t, "shenhe", "zh")
	o.open(page, "/reminders?period=2020-02", nil)
	page.WaitFor("与台账不符")
	page.Click("css=#unit-349981001 summary")
	var words string
	page.Eval(`document.querySelector("#unit-349981001 textarea").value`, &words)
	if !strings.Contains(words, "城东街道：您好") || !strings.Contains(words, "请核对这一格") {
		t.Errorf("the words are %q", words)
	}
	page.Axe()
	page.Screenshot("reminders-zh")
	english := o.signIn(t, "shenhe", "en")
	o.open(english, "/reminders?period=2020-02", nil)
	english.Axe()
	english.Screenshot("reminders-en")
}

func closeAndOpen(t *testing.T, o office) {
	page := o.signIn(t, "shenhe", "zh")
	o.open(page, "/periods?year=2020&period=2020-02", nil)
	page.Axe()
	page.Screenshot("periods-zh")
	page.Type("#reason", "已上报省厅")
	page.Follow("css=#change button.primary")
	page.WaitFor("已关闭。")
	page.WaitFor("已上报省厅")
	if !closed(o, t, "2020-02") {
		t.Error("the period is not closed")
	}
	english := o.signIn(t, "shenhe", "en")
	o.open(english, "/periods?year=2020&period=2020-02", nil)
	english.Screenshot("periods-en")
	english.Type("#reason", "a late sheet")
	english.Follow("css=#change button.primary")
	english.WaitFor("Open again")
	if closed(o, t, "2020-02") {
		t.Error("the period is not open")
	}
}

func closed(o office, t *testing.T, period string) bool {
	t.Helper()
	for _, c := range o.board(t).Columns {
		if c.Form == "employment_monthly" && c.Period == mustPeriod(t, period) {
			return c.Closed
		}
	}
	t.Fatalf("no column of %s", period)
	return false
}

// returnWithoutScript does it by links and fields alone, as a browser without a script does.
func returnWithoutScript(t *testing.T, o office) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	ask := func(method, path string, form url.Values) string {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, o.server+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept", "text/html")
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		response, err := browser.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s %s: %s %v\n%s", method, path, response.Status, err, body)
		}
		return string(body)
	}
	ask("POST", "/sign-in", url.Values{"name": {"shenhe"}, "password": {officePassword}})
	const path = "/review/349981003/employment_monthly/2020-01"
	if !strings.Contains(ask("GET", "/review", nil), `href="`+path+`"`) {
		t.Fatal("the matrix does not lead to the cell")
	}
	action := regexp.MustCompile(`action="(/api/v1/submissions/[^"]*/return)"`).FindStringSubmatch(ask("GET", path, nil))
	if action == nil {
		t.Fatal("the cell's page has no form to return it")
	}
	page := ask("POST", action[1], url.Values{"reason": {"少一行"}, "sheet": {"", ""}, "cell": {"d4", ""}, "remark": {"请补", ""}, "next": {path + "?done=returned"}})
	if !strings.Contains(page, "已退回。") || !strings.Contains(page, "请补") {
		t.Errorf("after the return the page does not say so:\n%s", page)
	}
	if state := o.board(t).Cell("349981003", "employment_monthly", mustPeriod(t, "2020-01")).State; state != "returned" {
		t.Errorf("the sheet is %s", state)
	}
}
