package main

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"huizong/pkg/access"
	"huizong/services/portal/browsertest"
)

// TestFirstSignIn: a new clerk signs in with the one-time password, has to choose one, and is then let in; and not in again with the old
// one.
func TestFirstSignIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	made := o.add(t, "zhoumin", access.Clerk, "349981100")
	page := browsertest.New(t)
	o.open(page, "/account", nil)
	if !strings.HasSuffix(page.URL(), "/sign-in?next=%2Faccount") {
		t.Fatalf("nobody is sent to %s", page.URL())
	}
	page.Axe()
	page.Screenshot("sign-in")
	page.Allow("status of 401")
	enter(page, "zhoumin", "not the password")
	page.WaitFor("账号、密码或验证码不对。")
	enter(page, "zhoumin", made.Password)
	if !strings.HasSuffix(page.URL(), "/password") {
		t.Fatalf("with a one-time password: at %s", page.URL())
	}
	o.open(page, "/account", nil) // whose password is a one-time one sees that page and no other
	page.Axe()
	o.open(page, "/password", nil)
	page.Screenshot("password")
	page.Allow("status of 400")
	change := func(old, password, again string) {
		page.Type("#old", old)
		page.Type("#new", password)
		page.Type("#again", again)
		page.Follow("保存")
	}
	change(made.Password, "password123456", "password123456")
	page.WaitFor("这个密码太常见")
	change(made.Password, officePassword, officePassword+"!")
	page.WaitFor("两次输入的新密码不一样")
	change(made.Password, officePassword, officePassword)
	if !strings.HasSuffix(page.URL(), "/") {
		t.Fatalf("with a password of the own: at %s", page.URL())
	}
	page.Follow("退出")
	page.WaitFor("登录汇总")
	enter(page, "zhoumin", made.Password)
	page.WaitFor("账号、密码或验证码不对。")
}

// TestAuthenticator: with an authenticator a password alone does not let in; a recovery code does, once.
func TestAuthenticator(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.hire(t, "fenxi", access.Analyst, "")
	page := o.signIn(t, "fenxi", "en")
	o.open(page, "/account", nil)
	page.Screenshot("account")
	page.Axe()
	page.Type("#password", officePassword)
	page.Follow("Set one up")
	page.Axe()
	page.Screenshot("authenticator")
	secret := page.Text("main .mono")
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	page.Type("#code", code)
	page.Follow("Turn on")
	recovery := page.Texts(".codes li")
	if len(recovery) < 5 {
		t.Fatalf("recovery codes: %q", recovery)
	}
	page.Follow("Sign out")
	page.Allow("status of 401")
	enter(page, "fenxi", officePassword)
	page.WaitFor("Please enter the six digits")
	sign := func(code string) {
		page.Type("#password", officePassword)
		page.Type("#code", code)
		page.Follow("css=main button")
	}
	sign("000000")
	page.WaitFor("The name, the password or the code is wrong.")
	sign(recovery[0])
	page.Follow("Sign out")
	enter(page, "fenxi", officePassword)
	sign(recovery[0])
	page.WaitFor("The name, the password or the code is wrong.")
}

// TestSecondFactorNeeded: where the role needs one, a password leads to the account's page and no further.
func TestSecondFactorNeeded(t *testing.T) {
	t.Parallel()
	o := office{startProcess(t, t.TempDir(), "--second-factor", "analyst")}
	o.hire(t, "fenxi", access.Analyst, "")
	page := o.signIn(t, "fenxi", "zh")
	o.open(page, "/explore", nil)
	if !strings.HasSuffix(page.URL(), "/account") {
		t.Errorf("without an authenticator: at %s", page.URL())
	}
	page.WaitFor("请先在下面启用身份验证器")
	page.Axe()
}

// TestNoWayOut: the sign-in leads to pages of ours only.
func TestNoWayOut(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.hire(t, "fenxi", access.Analyst, "")
	for _, next := range []string{"https://elsewhere.example/", "//elsewhere.example/", `/\elsewhere.example`, "javascript:alert(1)"} {
		page := browsertest.New(t)
		o.open(page, "/sign-in", map[string][]string{"next": {next}})
		enter(page, "fenxi", officePassword)
		if !strings.HasPrefix(page.URL(), o.server+"/") || strings.Contains(page.URL(), "elsewhere") {
			t.Errorf("next=%s leads to %s", next, page.URL())
		}
	}
}
