package access

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"huizong/pkg/reporting"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2020, 7, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// cheap is argon2id that takes no time: what is tested is around it.
var cheap = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const (
	goodPassword  = "青山 turnip-Lampe 7"
	otherPassword = "paper boat/Brücke/41"
)

var address = Origin{Address: "10.1.2.3:4567"}

func mustOpen(tb testing.TB, dir string, c *clock) *Accounts {
	tb.Helper()
	a, err := Open(dir, c.now)
	if err != nil {
		tb.Fatal(err)
	}
	if a.hasher, err = newHasher(cheap); err != nil {
		tb.Fatal(err)
	}
	return a
}

func mustAdd(tb testing.TB, a *Accounts, name string, role Role) (oneTime string) {
	tb.Helper()
	unit := ""
	if role.OfUnit() {
		unit = "A01"
	}
	oneTime, err := a.Add(Account{Name: name, Role: role, Unit: unit})
	if err != nil {
		tb.Fatal(err)
	}
	return oneTime
}

// mustJoin adds an account that has changed its password to goodPassword.
func mustJoin(tb testing.TB, a *Accounts, name string, role Role) {
	tb.Helper()
	if err := a.SetPassword(name, mustAdd(tb, a, name, role), goodPassword); err != nil {
		tb.Fatal(err)
	}
}

func mustSignIn(tb testing.TB, a *Accounts, name, password, code string) string {
	tb.Helper()
	token, p, err := a.SignIn(context.Background(), name, password, code, address)
	if err != nil {
		tb.Fatalf("SignIn(%s): %v", name, err)
	}
	if p.Via != ViaSession || p.Account != canonical(name) {
		tb.Fatalf("SignIn(%s) = %+v", name, p)
	}
	return token
}

func signIn(a *Accounts, name, password, code string) error {
	_, _, err := a.SignIn(context.Background(), name, password, code, address)
	return err
}

func wantCode(tb testing.TB, err error, want reporting.Code) {
	tb.Helper()
	if reporting.CodeOf(err) != want {
		tb.Errorf("error = %v of code %q, want %q", err, reporting.CodeOf(err), want)
	}
}

func wantIs(tb testing.TB, err, want error) {
	tb.Helper()
	if !errors.Is(err, want) {
		tb.Errorf("error = %v, want %v", err, want)
	}
}

func TestBootstrap(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	a := mustOpen(t, dir, c)
	if !a.Empty() {
		t.Error("Empty() = false for a new store")
	}
	name, oneTime, err := a.Bootstrap()
	if err != nil || name != "admin" || len(oneTime) < minPassword {
		t.Fatalf("Bootstrap() = %q, %q, %v", name, oneTime, err)
	}
	if again, secret, err := a.Bootstrap(); again != "" || secret != "" || err != nil {
		t.Errorf("second Bootstrap() = %q, %q, %v; want nothing", again, secret, err)
	}
	a = mustOpen(t, dir, c)
	p, err := a.Session(mustSignIn(t, a, "admin", oneTime, ""))
	if err != nil || p.Role != Administrator || p.Confined != ToPassword || p.May(ManageAccounts) {
		t.Errorf("after a sign-in with the one-time password: %+v, %v; want an administrator who may only change it", p, err)
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	for name, acc := range map[string]Account{
		"ErrNoName":       {Role: Auditor},
		"ErrSpace":        {Name: "li ming", Role: Auditor},
		"ErrControl":      {Name: "li\x00ming", Role: Auditor},
		"ErrSign":         {Name: "-li", Role: Auditor},
		"ErrLong":         {Name: strings.Repeat("a", 65), Role: Auditor},
		"ErrVeryLong":     {Name: strings.Repeat("a", 1<<20), Role: Auditor},
		"ErrReserved":     {Name: "Operator", Role: Auditor},
		"ErrOperator":     {Name: "li", Role: Operator},
		"ErrRole":         {Name: "li", Role: "king"},
		"ErrClerkNoUnit":  {Name: "li", Role: Clerk},
		"ErrReviewerUnit": {Name: "li", Role: Reviewer, Unit: "A01"},
		"ErrDisplay":      {Name: "li", Role: Auditor, Display: "a\nb"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := a.Add(acc)
			wantCode(t, err, reporting.Invalid)
		})
	}
	t.Run("OK", func(t *testing.T) {
		if _, err := a.Add(Account{Name: " ＬiMing ", Display: "李明", Role: Clerk, Unit: "A01"}); err != nil {
			t.Fatal(err)
		}
		acc, err := a.Find("LIMING")
		if err != nil || acc.Name != "liming" || acc.Display != "李明" || acc.Unit != "A01" || acc.OneTimeUntil.IsZero() {
			t.Errorf("Find = %+v, %v", acc, err)
		}
	})
	t.Run("ErrTaken", func(t *testing.T) {
		_, err := a.Add(Account{Name: "liming", Role: Auditor})
		wantCode(t, err, reporting.Conflict)
	})
	t.Run("Chinese", func(t *testing.T) {
		if _, err := a.Add(Account{Name: "王芳", Role: Auditor}); err != nil {
			t.Error(err)
		}
	})
}

func TestOneTimePassword(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := mustOpen(t, t.TempDir(), c)
	oneTime := mustAdd(t, a, "wang", Reviewer)
	token := mustSignIn(t, a, "wang", oneTime, "")

	if p, _ := a.Session(token); p.May(ReadFigures) || !p.May(SignedIn) {
		t.Errorf("with the one-time password: %+v may read figures", p)
	}
	fresh, p, err := a.ChangePassword(token, oneTime, goodPassword)
	if err != nil || p.Confined != "" || !p.May(ReadFigures) {
		t.Fatalf("ChangePassword = %+v, %v", p, err)
	}
	if _, err := a.Session(token); !errors.Is(err, ErrNoSession) {
		t.Errorf("the session of before the change: %v, want %v", err, ErrNoSession)
	}
	if _, err := a.Session(fresh); err != nil {
		t.Errorf("the session after the change: %v", err)
	}
	wantIs(t, signIn(a, "wang", oneTime, ""), ErrCredentials)
	mustSignIn(t, a, "wang", goodPassword, "")

	t.Run("Expires", func(t *testing.T) {
		oneTime, err := a.ResetPassword("wang", "boss")
		if err != nil {
			t.Fatal(err)
		}
		c.pass(7*24*time.Hour - time.Second)
		mustSignIn(t, a, "wang", oneTime, "")
		c.pass(time.Second)
		wantIs(t, signIn(a, "wang", oneTime, ""), ErrExpired)
		wantIs(t, signIn(a, "wang", oneTime+"x", ""), ErrCredentials)
		wantIs(t, a.SetPassword("wang", oneTime, otherPassword), ErrExpired)
	})
	t.Run("NoTwoAlike", func(t *testing.T) {
		seen := map[string]bool{}
		for i := range 1000 {
			p := newOneTimePassword()
			if seen[p] || i < 50 && checkPassword(&account{Name: "wang", Role: Reviewer}, p, nil) != nil {
				t.Fatalf("%q is there twice, or would not do as a password", p)
			}
			seen[p] = true
		}
	})
}

func TestChangesEndSessions(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(a *Accounts) error{
		"SetPassword":   func(a *Accounts) error { return a.SetPassword("wang", goodPassword, otherPassword) },
		"ResetPassword": func(a *Accounts) error { _, err := a.ResetPassword("wang", "boss"); return err },
		"SetRole":       func(a *Accounts) error { return a.SetRole("wang", Clerk, "B02") },
		"Disable":       func(a *Accounts) error { return a.Disable("wang") },
		"DisableEnable": func(a *Accounts) error { return errors.Join(a.Disable("wang"), a.Enable("wang")) },
		"SignOutAll":    func(a *Accounts) error { a.SignOutAll("wang"); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := mustOpen(t, t.TempDir(), newClock())
			mustJoin(t, a, "wang", Reviewer)
			mustJoin(t, a, "li", Reviewer)
			one, two, other := mustSignIn(t, a, "wang", goodPassword, ""), mustSignIn(t, a, "wang", goodPassword, ""), mustSignIn(t, a, "li", goodPassword, "")
			if err := change(a); err != nil {
				t.Fatal(err)
			}
			for _, token := range []string{one, two} {
				_, err := a.Session(token)
				wantIs(t, err, ErrNoSession)
				wantCode(t, err, reporting.Unauthenticated)
			}
			if _, err := a.Session(other); err != nil {
				t.Errorf("another account's session: %v", err)
			}
			if n := len(a.sessions.all); n != 1 {
				t.Errorf("%d sessions are kept, want 1", n)
			}
		})
	}
}

func TestLastAdministrator(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	mustJoin(t, a, "one", Administrator)
	mustJoin(t, a, "two", Administrator)
	if err := a.Disable("one"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, a.Disable("two"), reporting.Conflict)
	wantCode(t, a.SetRole("two", Auditor, ""), reporting.Conflict)
	if err := a.Enable("one"); err != nil {
		t.Fatal(err)
	}
	if err := a.SetRole("two", Auditor, ""); err != nil {
		t.Error(err)
	}
}

func TestUnknownAccount(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	_, find := a.Find("li")
	_, reset := a.ResetPassword("li", "boss")
	_, _, begin := a.BeginTOTP("li")
	_, _, token := a.NewToken("li", "x", []Permission{ReadFigures}, time.Now())
	for name, err := range map[string]error{
		"Find": find, "ResetPassword": reset, "BeginTOTP": begin, "NewToken": token, "SetRole": a.SetRole("li", Auditor, ""),
		"Disable": a.Disable("li"), "SetDisplay": a.SetDisplay("li", "x"), "RemoveTOTP": a.RemoveTOTP("li", "0", address), "ForgetTOTP": a.ForgetTOTP("li", "boss"), "RevokeToken": a.RevokeToken("li"),
	} {
		if reporting.CodeOf(err) != reporting.NotFound {
			t.Errorf("%s of an unknown account: %v, want not_found", name, err)
		}
	}
	wantIs(t, a.SetPassword("li", goodPassword, otherPassword), ErrCredentials)
}

func TestListSurvivesRestart(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	a := mustOpen(t, dir, c)
	mustJoin(t, a, "wang", Reviewer)
	mustJoin(t, a, "li", Clerk)
	if err := errors.Join(a.SetDisplay("li", " 李明 "), a.SetRole("li", Clerk, "B02"), a.Disable("wang")); err != nil {
		t.Fatal(err)
	}
	c.pass(time.Hour)
	mustSignIn(t, a, "li", goodPassword, "")
	want := a.List()
	if len(want) != 2 || want[0].Name != "li" || want[0].Display != "李明" || want[0].Unit != "B02" || !want[0].LastSignIn.Equal(c.now()) || !want[1].Disabled {
		t.Errorf("List() = %+v", want)
	}
	if err := errors.Join(a.Close(), a.Close()); err != nil {
		t.Fatal(err)
	}
	if got := mustOpen(t, dir, c).List(); !reflect.DeepEqual(got, want) {
		t.Errorf("after a restart List() = %+v, want %+v", got, want)
	}
}

// TestConcurrent does everything at once; the race detector looks on.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	a := mustOpen(t, dir, c)
	mustJoin(t, a, "admin", Administrator)
	const people = 40
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() {
			name := fmt.Sprintf("clerk%d", i)
			oneTime, err := a.Add(Account{Name: name, Role: Clerk, Unit: "A01"})
			if err != nil {
				t.Error(err)
				return
			}
			if err := a.SetPassword(name, oneTime, goodPassword); err != nil {
				t.Error(err)
			}
			token, _, err := a.SignIn(context.Background(), name, goodPassword, "", Origin{Address: fmt.Sprint("10.1.2.", i)})
			if err != nil {
				t.Error(err)
			}
			for range 50 {
				if _, err := a.Session(token); err != nil {
					t.Error(err)
				}
			}
			a.List()
			if secret, _, err := a.NewToken(name, "t", []Permission{SendSubmissions}, c.now().Add(time.Hour)); err != nil {
				t.Error(err)
			} else if _, err := a.Token(secret); err != nil {
				t.Error(err)
			}
			a.SignIn(context.Background(), name, "wrong", "", Origin{Address: fmt.Sprint("10.1.2.", i)})
			a.SignOut(token)
		})
	}
	all.Wait()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	again := mustOpen(t, dir, c)
	if len(again.List()) != people+1 || len(again.Tokens()) != people {
		t.Errorf("after a restart: %d accounts, %d tokens; want %d, %d", len(again.List()), len(again.Tokens()), people+1, people)
	}
}

// TestThousandSessions measures nothing; that a request costs no write is what it shows.
func TestThousandSessions(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	mustJoin(t, a, "li", Clerk)
	var tokens []string
	if err := a.change(func(s *state) error {
		for i := range 1000 / maxSessions {
			acc := *s.accounts["li"]
			acc.Name = fmt.Sprint("li", i)
			s.accounts[acc.Name] = &acc
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i := range 1000 {
		token, _ := a.begin(a.state.Load().accounts[fmt.Sprint("li", i/maxSessions)], address.Address)
		tokens = append(tokens, token)
	}
	a.disk.Rename = func(string, string) error { t.Error("a request has written to disk"); return nil }
	for _, token := range tokens {
		if _, err := a.Session(token); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(a.Sessions("li0")); n != maxSessions {
		t.Errorf("Sessions() = %d, want %d", n, maxSessions)
	}
}

func BenchmarkSession(b *testing.B) {
	a := mustOpen(b, b.TempDir(), newClock())
	mustJoin(b, a, "li", Clerk)
	token := mustSignIn(b, a, "li", goodPassword, "")
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := a.Session(token); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkHash is one sign-in's work.
func BenchmarkHash(b *testing.B) {
	h, err := newHasher(passwordParameters)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		h.matches(goodPassword, h.decoy)
	}
}
