package access

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// TestAdministrationIsApart: no role of administration does another's part, and who administers sees no data, alone or together with others.
func TestAdministrationIsApart(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]RoleSet{
		"administrator": {Administrator}, "security": {Security}, "both": {Administrator, Security}, "all": {Administrator, Security, Auditor}, "turned": {Auditor, Administrator},
	} {
		for _, p := range data {
			if set.Granting(p) != "" || slices.Contains(set.Permissions(), p) {
				t.Errorf("%s may %s", name, p)
			}
		}
	}
	for _, tt := range []struct {
		role Role
		not  []Permission
	}{
		{Administrator, []Permission{GrantRoles, ReadAudit}},
		{Security, []Permission{ManageAccounts, ReadAudit, ManageQuarantine, ManageCalendar}},
		{Auditor, []Permission{ManageAccounts, GrantRoles, ManageQuarantine, ManageCalendar}},
		{Reviewer, []Permission{ReadAudit, ReadAccounts, ReadSystem}},
	} {
		for _, p := range tt.not {
			if tt.role.Grants(p) {
				t.Errorf("%s may %s", tt.role, p)
			}
		}
	}
	both := Principal{Account: "one", Role: Administrator, Also: []Role{Auditor}, Via: ViaSession}
	if !both.May(ReadAudit) || !both.May(ManageAccounts) || both.May(ReadFigures) || both.Roles().Granting(ReadAudit) != Auditor {
		t.Errorf("%+v does not do both parts, or more", both)
	}
}

func TestRolesTogether(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	for name, acc := range map[string]Account{
		"ErrReviewerToo": {Name: "li", Role: Administrator, Also: []Role{Reviewer}}, "ErrReviewerFirst": {Name: "li", Role: Reviewer, Also: []Role{Administrator}},
		"ErrTwice": {Name: "li", Role: Security, Also: []Role{Security}}, "ErrNone": {Name: "li", Role: Auditor, Also: []Role{""}}, "ErrUnit": {Name: "li", Unit: "A01"},
	} {
		_, err := a.Add(acc)
		if reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	mustJoin(t, a, "none", "")
	token := mustSignIn(t, a, "none", goodPassword, "")
	p, err := a.Session(token)
	if err != nil || !p.May(SignedIn) || slices.ContainsFunc(Permissions, p.May) {
		t.Errorf("without a role: %+v, %v", p, err)
	}
}

// TestLastOfEachKind: somebody can always make accounts, and somebody can always say what they may do.
func TestLastOfEachKind(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	if _, _, err := a.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, a.SetRole("admin", Administrator, ""), reporting.Conflict)
	mustJoin(t, a, "anquan", Security)
	if err := a.SetRole("admin", Administrator, ""); err != nil {
		t.Error(err)
	}
	wantCode(t, a.Disable("anquan"), reporting.Conflict)
}

// TestTwoTakeBothProofs: one administrator alone takes an account's password or its authenticator, and not both.
func TestTwoTakeBothProofs(t *testing.T) {
	t.Parallel()
	c := newClock()
	for name, steps := range map[string][2]func(a *Accounts, by string) error{
		"ResetFirst":  {resetBy, forgetBy},
		"ForgetFirst": {forgetBy, resetBy},
	} {
		t.Run(name, func(t *testing.T) {
			a := mustOpen(t, t.TempDir(), c)
			mustJoin(t, a, "wang", Reviewer)
			mustEnrol(t, a, c)
			if err := steps[0](a, "boss"); err != nil {
				t.Fatal(err)
			}
			wantCode(t, steps[1](a, "boss"), reporting.Conflict)
			if err := steps[1](a, "another"); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("TheOperatorMay", func(t *testing.T) {
		a := mustOpen(t, t.TempDir(), c)
		mustJoin(t, a, "wang", Reviewer)
		mustEnrol(t, a, c)
		if err := resetBy(a, string(Operator)); err != nil {
			t.Fatal(err)
		}
		if err := forgetBy(a, string(Operator)); err != nil {
			t.Error(err)
		}
		if acc, _ := a.Find("wang"); acc.ResetBy != string(Operator) || !acc.ResetAt.Equal(c.now()) {
			t.Errorf("the owner is not told who has reset the password: %+v", acc)
		}
	})
}

func resetBy(a *Accounts, by string) error  { _, err := a.ResetPassword("wang", by); return err }
func forgetBy(a *Accounts, by string) error { return a.ForgetTOTP("wang", by) }

// TestFileOfVersion1: who was an administrator before goes on to make accounts and to say what they may do, and reads the log no more.
func TestFileOfVersion1(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	a := mustOpen(t, dir, c)
	mustJoin(t, a, "guanli", Administrator)
	mustJoin(t, a, "wang", Reviewer)
	file := filepath.Join(dir, "accounts.json")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(data), `"version": 2`, `"version": 1`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	a = mustOpen(t, dir, c)
	p, err := a.Session(mustSignIn(t, a, "guanli", goodPassword, ""))
	if err != nil || !p.May(ManageAccounts) || !p.May(GrantRoles) || p.May(ReadAudit) {
		t.Errorf("an administrator of before: %+v, %v", p, err)
	}
	if acc, err := a.Find("wang"); err != nil || acc.Role != Reviewer || acc.Also != nil {
		t.Errorf("a reviewer of before: %+v, %v", acc, err)
	}
}
