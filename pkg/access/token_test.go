package access

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"huizong/pkg/reporting"
)

func TestToken(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	a := mustOpen(t, dir, c)
	mustJoin(t, a, "li", Clerk)
	mustJoin(t, a, "wang", Reviewer)
	year := c.now().AddDate(1, 0, 0)
	secret, made, err := a.NewToken("Li", " nightly ", []Permission{SendSubmissions}, year)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(secret, TokenPrefix) || len(secret) != 46 || made.Label != "nightly" || made.Owner != "li" {
		t.Errorf("NewToken = %q, %+v", secret, made)
	}

	t.Run("OK", func(t *testing.T) {
		p, err := a.Token(secret)
		if err != nil || p.Via != ViaToken || p.Account != "li" || p.Unit != "A01" || p.Session != made.ID {
			t.Fatalf("Token = %+v, %v", p, err)
		}
		if !p.May(SendSubmissions) || p.May(ReadSubmissions) || p.May(ManageAccounts) || p.MaySee("B02") {
			t.Errorf("%+v may more or less than its scope", p)
		}
	})
	t.Run("OnlyHashKept", func(t *testing.T) {
		data, err := os.ReadFile(filepath.Join(dir, "accounts.json"))
		if err != nil || strings.Contains(string(data), secret) || strings.Contains(string(data), secret[3:]) {
			t.Errorf("accounts.json holds the secret, or %v", err)
		}
	})
	t.Run("Restart", func(t *testing.T) {
		c.pass(time.Hour)
		if _, err := a.Token(secret); err != nil {
			t.Fatal(err)
		}
		want := a.Tokens()
		if len(want) != 1 || !want[0].LastUsed.Equal(c.now()) {
			t.Errorf("Tokens = %+v, want one used now", want)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		again := mustOpen(t, dir, c)
		if got := again.Tokens(); len(got) != 1 || got[0].ID != want[0].ID || !got[0].LastUsed.Equal(want[0].LastUsed) || !slices.Equal(got[0].Scopes, want[0].Scopes) {
			t.Errorf("after a restart %+v, want %+v", got, want)
		}
		if _, err := again.Token(secret); err != nil {
			t.Error(err)
		}
	})
	t.Run("NarrowedWithRole", func(t *testing.T) {
		secret, _, err := a.NewToken("wang", "t", []Permission{ReadFigures, ClosePeriods}, year)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.SetRole("wang", Analyst, ""); err != nil {
			t.Fatal(err)
		}
		if p, err := a.Token(secret); err != nil || !p.May(ReadFigures) || p.May(ClosePeriods) || p.May(PublishReleases) {
			t.Errorf("Token = %+v, %v; want what both the scopes and the new role allow", p, err)
		}
	})
	t.Run("OwnerDisabled", func(t *testing.T) {
		if err := a.Disable("li"); err != nil {
			t.Fatal(err)
		}
		_, err := a.Token(secret)
		wantIs(t, err, ErrNoToken)
		_, _, err = a.NewToken("li", "t", []Permission{SendSubmissions}, year)
		wantCode(t, err, reporting.Invalid)
		if err := a.Enable("li"); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Token(secret); err != nil {
			t.Error(err)
		}
	})
	t.Run("OwnerReset", func(t *testing.T) {
		secret, _, err := a.NewToken("wang", "t", []Permission{ReadFigures}, year)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.ResetPassword("wang", "boss"); err != nil {
			t.Fatal(err)
		}
		_, err = a.Token(secret)
		wantIs(t, err, ErrNoToken)
		if list := a.Tokens(); len(list) != 1 || list[0].ID != made.ID {
			t.Errorf("after the reset there are %+v, want the other account's", list)
		}
	})
	t.Run("Expires", func(t *testing.T) {
		secret, _, err := a.NewToken("li", "t", []Permission{SendSubmissions}, c.now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		c.pass(time.Hour)
		_, err = a.Token(secret)
		wantIs(t, err, ErrNoToken)
		wantCode(t, err, reporting.Unauthenticated)
	})
	t.Run("Revoked", func(t *testing.T) {
		if err := a.RevokeToken(made.ID); err != nil {
			t.Fatal(err)
		}
		_, err := a.Token(secret)
		wantIs(t, err, ErrNoToken)
		wantCode(t, a.RevokeToken(made.ID), reporting.NotFound)
	})
	t.Run("ErrUnknown", func(t *testing.T) {
		for _, secret := range []string{"", "hz_", mustSignIn(t, a, "li", goodPassword, "")} {
			_, err := a.Token(secret)
			wantIs(t, err, ErrNoToken)
		}
	})
}

func TestNewTokenRefuses(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := mustOpen(t, t.TempDir(), c)
	mustJoin(t, a, "li", Clerk)
	soon := c.now().Add(time.Hour)
	for _, tt := range []struct {
		name, label string
		scopes      []Permission
		expires     time.Time
	}{
		{"ErrNoScope", "t", nil, soon},
		{"ErrNotItsOwn", "t", []Permission{SendSubmissions, ManageAccounts}, soon},
		{"ErrAnyone", "t", []Permission{Anyone}, soon},
		{"ErrSignedIn", "t", []Permission{SignedIn}, soon},
		{"ErrTwice", "t", []Permission{SendSubmissions, SendSubmissions}, soon},
		{"ErrNoLabel", " ", []Permission{SendSubmissions}, soon},
		{"ErrLabel", "a\x1b[2Jb", []Permission{SendSubmissions}, soon},
		{"ErrPast", "t", []Permission{SendSubmissions}, c.now()},
		{"ErrTwoYears", "t", []Permission{SendSubmissions}, c.now().AddDate(2, 0, 0)},
		{"ErrNever", "t", []Permission{SendSubmissions}, time.Time{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := a.NewToken("li", tt.label, tt.scopes, tt.expires)
			wantCode(t, err, reporting.Invalid)
		})
	}
	if n := len(a.Tokens()); n != 0 {
		t.Errorf("%d tokens were made", n)
	}
}
