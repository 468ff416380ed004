package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/services/portal/account"
)

// TestAdministrator is an administrator's work in a browser, on one server: an account made and used, a token whose secret is shown once,
// the last administrator who cannot be locked out, a submission replayed that could not be decided, and the log of all that.
func TestAdministrator(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	mend := leaveDamaged(t, data)
	o := office{startProcess(t, data)}
	o.hire(t, "guanli", access.Administrator, "")
	if _, err := o.post(t.Context(), "/api/v1/accounts/guanli/role", account.NewRole{Role: access.Administrator, Also: []access.Role{access.Security}}); err != nil {
		t.Fatal(err)
	}
	o.hire(t, "shenji", access.Auditor, "")
	for _, step := range []struct {
		name string
		do   func(*testing.T)
	}{
		{"Account", func(t *testing.T) { makeAndUseAccount(t, o) }},
		{"LastAdministrator", func(t *testing.T) { keepLastAdministrator(t, o) }},
		{"Token", func(t *testing.T) { makeAndRevokeToken(t, o) }},
		{"Replay", func(t *testing.T) { replayFromQuarantine(t, o, mend) }},
		{"Deadline", func(t *testing.T) { setDeadline(t, o) }},
		{"Audit", func(t *testing.T) { verifyAndExport(t, o) }},
		{"English", func(t *testing.T) { everyPageInEnglish(t, o) }},
	} {
		if !t.Run(step.name, step.do) {
			return // what follows builds on it
		}
	}
}

// leaveDamaged puts a submission into an empty data directory whose original somebody has altered since: it cannot be decided before
// mend has put the original back.
func leaveDamaged(t *testing.T, data string) (mend func()) {
	t.Helper()
	kit, err := sample.Generate(sample.Config{Seed: 9, Months: 1, Forms: []string{"targets_annual"}})
	if err != nil {
		t.Fatal(err)
	}
	f := kit.Files[0]
	must(t, os.WriteFile(filepath.Join(data, personKeyFile), make([]byte, personKeySize), 0o600)) // beside a submission it is not made anew
	store, err := originals.Open(data, originals.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sum, size, err := store.Put(t.Context(), strings.NewReader(string(f.Bytes)), 1<<24)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Append(t.Context(), reporting.Envelope{Kind: reporting.SubmissionReceived, Org: f.Org, Form: f.Form, Period: f.Period,
		SHA256: sum, Size: size, FileName: filepath.Base(f.Path)}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(data, "originals", sum[:2], sum)
	write := func(content []byte) {
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write([]byte("somebody else's numbers"))
	return func() { write(f.Bytes) }
}

func makeAndUseAccount(t *testing.T, o office) {
	page := o.signIn(t, "guanli", "zh")
	page.WaitFor("运行")
	o.open(page, "/admin/accounts", nil)
	page.Axe()
	page.Type("#name", "zhoumin")
	page.Type("#display", "周敏")
	page.Select("#role", "clerk")
	page.Select("#unit", "349981100")
	page.Follow("css=#new button.primary")
	password := page.Text("[data-secret]")
	page.Axe()
	page.Screenshot("admin-accounts-zh")
	if err := choosePassword(o.client, account.OneTime{Name: "zhoumin", Password: password}, officePassword); err != nil {
		t.Fatal(err)
	}
	clerk := o.signIn(t, "zhoumin", "zh")
	clerk.WaitFor("港口镇")
	page.Type("#name", "zhoumin")
	page.Select("#role", "auditor")
	page.Allow("status of 409")
	page.Follow("css=#new button.primary")
	page.WaitFor("这个账号名已经有了")

	o.open(page, "/admin/accounts/zhoumin", nil)
	page.Axe()
	page.Screenshot("admin-account-zh")
	page.Follow("停用账号")
	page.WaitFor("账号已停用")
	clerk.Loads(func() { o.open(clerk, "/", nil) })
	if !strings.Contains(clerk.URL(), "/sign-in") {
		t.Errorf("a disabled account goes on at %s", clerk.URL())
	}
	page.Follow("重新启用")
	page.WaitFor("账号已启用")
}

func keepLastAdministrator(t *testing.T, o office) {
	page := o.signIn(t, "guanli", "zh")
	o.open(page, "/admin/accounts/admin", nil)
	page.Follow("停用账号") // the first one, whom nobody has used
	page.WaitFor("账号已停用")
	o.open(page, "/admin/accounts/guanli", nil) // the own one is for somebody else to administer
	page.WaitFor("自己的账号由另一位管理员来管")
	if n := len(page.Texts(".actions-list form")); n != 0 {
		t.Errorf("%d things can be done to the own account", n)
	}
	page.Axe()
	if _, err := o.post(t.Context(), "/api/v1/accounts/guanli/disable", struct{}{}); reporting.CodeOf(err) != reporting.Conflict {
		t.Errorf("the last administrator is disabled: %v", err)
	}
}

func makeAndRevokeToken(t *testing.T, o office) {
	page := o.signIn(t, "guanli", "en")
	o.open(page, "/account", nil)
	page.Click("css=.new-token summary")
	page.Type("#label", "monitoring")
	page.Type("#token-password", officePassword)
	page.Click(`css=input[value="system:read"]`)
	page.Follow("css=.new-token button")
	secret := page.Text("[data-secret]")
	page.Axe()
	if status := o.statusFor(t, "/api/v1/deadlines", secret); status != 200 {
		t.Errorf("the token is answered %d", status)
	}
	if status := o.statusFor(t, "/api/v1/accounts", secret); status != 403 {
		t.Errorf("the token may manage accounts: %d", status)
	}
	page.Follow("Revoke")
	page.WaitFor("The token is revoked")
	if status := o.statusFor(t, "/api/v1/deadlines", secret); status != 401 {
		t.Errorf("the revoked token is answered %d", status)
	}
}

// statusFor is how a machine's token is answered.
func (o office) statusFor(t *testing.T, path, secret string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.server+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+secret)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

func replayFromQuarantine(t *testing.T, o office, mend func()) {
	page := o.signIn(t, "guanli", "zh")
	for deadline := time.Now().Add(2 * time.Minute); ; {
		o.open(page, "/admin/quarantine", nil)
		if strings.Contains(page.Text("main"), "年度目标任务表") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("nothing is undecided: %s", page.Text("main"))
		}
		time.Sleep(time.Second) // until the worker has given up
	}
	page.WaitFor("年度目标任务表")
	page.Axe()
	page.Screenshot("admin-quarantine-zh")
	o.open(page, "/admin/health", nil)
	page.WaitFor("1 份，因系统故障")
	o.open(page, "/admin/quarantine", nil)
	mend()
	page.Follow("重新处理")
	page.WaitFor("已重新送去核对")
	page.WaitFor("没有未能核对的报表")
	page = o.signIn(t, "shenji", "zh") // targets are figures, which are not for an administrator
	o.open(page, "/admin/targets", nil)
	page.WaitFor("城镇新增就业人数")
	page.Axe()
	page.Screenshot("admin-targets-zh")
}

func setDeadline(t *testing.T, o office) {
	page := o.signIn(t, "guanli", "zh")
	o.open(page, "/admin/calendar?form=employment_monthly&period=2020-06", nil)
	page.Type("#date", "2020-07-15")
	page.Type("#reason", "端午顺延")
	page.Follow("css=#set button.primary")
	page.WaitFor("截止时间已调整")
	page.WaitFor("端午顺延")
	page.Axe()
	page.Screenshot("admin-calendar-zh")
}

func verifyAndExport(t *testing.T, o office) {
	keeper := o.signIn(t, "guanli", "zh") // who keeps the system going verifies the journal, and sees no log
	o.open(keeper, "/admin/health", nil)
	keeper.WaitFor("一人兼任")
	keeper.Follow("校验报送流水和原件")
	keeper.WaitFor("报送流水完好")
	if strings.Contains(keeper.Text("main"), "新建账号") {
		t.Error("the administrator is shown the log")
	}
	keeper.Screenshot("admin-health-checked-zh")
	page := o.signIn(t, "shenji", "zh")
	o.open(page, "/admin/audit", nil)
	for _, action := range []string{"新建账号", "发放令牌", "重新处理未能核对的报表", "调整截止时间"} {
		page.WaitFor(action)
	}
	page.Follow(`css=form[action="/admin/journal/verify"] button`)
	page.WaitFor("报送流水完好")
	page.Follow(`css=form[action="/admin/audit/verify"] button`)
	page.WaitFor("审计日志完好")
	page.Axe()
	page.Screenshot("admin-audit-zh")
	log, err := os.ReadFile(page.Download("导出全部（.jsonl）"))
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(log), "\n"); lines < 10 || strings.Contains(string(log), "hz_") {
		t.Errorf("the export has %d lines, or a secret", lines)
	}
	o.open(page, "/admin/health", nil)
	page.WaitFor("全部校验过")
	page.Axe()
	page.Screenshot("admin-health-zh")
}

// everyPageInEnglish looks for Chinese words where none should be: names of the city's own are.
func everyPageInEnglish(t *testing.T, o office) {
	administrator, auditor := o.signIn(t, "guanli", "en"), o.signIn(t, "shenji", "en")
	for _, name := range []string{"health", "accounts", "units", "targets", "calendar", "quarantine", "audit"} {
		page := administrator
		if name == "targets" || name == "audit" {
			page = auditor
		}
		o.open(page, "/admin/"+name, nil)
		page.Axe()
		page.Screenshot("admin-" + name + "-en")
		for _, heading := range append(page.Texts("h1"), page.Texts("th")...) {
			if strings.ContainsAny(heading, "的是单位谁何时") {
				t.Errorf("%s says %q in English", page.URL(), heading)
			}
		}
	}
}
