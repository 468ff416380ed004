package main

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"huizong/pkg/access"
	"huizong/services/portal/account"
	"huizong/services/portal/browsertest"
)

// office is a server with accounts, whose people work in browsers.
type office struct {
	*process
}

// officePassword is everybody's in an office of a test.
const officePassword = "vier graue Reiher im Moor"

// newOffice starts a server on an empty directory.
func newOffice(t testing.TB) office {
	t.Helper()
	return office{startProcess(t, t.TempDir())}
}

// hire makes an account, whose name is also the person's, and chooses its password.
func (o office) hire(t testing.TB, name string, role access.Role, unit string) {
	t.Helper()
	if err := choosePassword(o.client, o.add(t, name, role, unit), officePassword); err != nil {
		t.Fatal(err)
	}
}

// add makes an account with a one-time password.
func (o office) add(t testing.TB, name string, role access.Role, unit string) account.OneTime {
	t.Helper()
	made, err := o.account(t.Context(), name, role, unit)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (o office) account(ctx context.Context, name string, role access.Role, unit string) (made account.OneTime, err error) {
	answer, err := o.post(ctx, "/api/v1/accounts", account.NewAccount{Name: name, Role: role, Unit: unit})
	if err != nil {
		return made, err
	}
	return made, json.Unmarshal(answer, &made)
}

// signIn opens a browser in which the person is signed in, in the language: zh or en.
func (o office) signIn(t *testing.T, name, lang string) *browsertest.Page {
	t.Helper()
	page := browsertest.New(t)
	page.Open(o.server + "/sign-in?lang=" + lang)
	enter(page, name, officePassword)
	if strings.Contains(page.URL(), "/sign-in") {
		t.Fatalf("%s is not signed in: %s", name, page.Text("main"))
	}
	return page
}

// enter fills in the sign-in and sends it.
func enter(page *browsertest.Page, name, password string) {
	page.Type("#name", name)
	page.Type("#password", password)
	page.Follow("css=main button")
}

// open opens a path of the server.
func (o office) open(page *browsertest.Page, path string, query url.Values) {
	page.Open(o.server + path + map[bool]string{true: "?" + query.Encode()}[len(query) > 0])
}
