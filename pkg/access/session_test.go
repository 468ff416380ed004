package access

import (
	"testing"
	"time"

	"huizong/pkg/reporting"
)

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := mustOpen(t, t.TempDir(), c)
	mustJoin(t, a, "li", Clerk)
	lives := func(token string) bool { _, err := a.Session(token); return err == nil }

	t.Run("Idle", func(t *testing.T) {
		token := mustSignIn(t, a, "li", goodPassword, "")
		c.pass(SessionIdle - time.Second)
		if !lives(token) {
			t.Fatal("ended too early")
		}
		c.pass(SessionIdle - time.Second) // the request before counted
		if !lives(token) {
			t.Fatal("a request did not count as use")
		}
		c.pass(SessionIdle)
		if lives(token) {
			t.Error("lives after half an hour without use")
		}
	})
	t.Run("Limit", func(t *testing.T) {
		token := mustSignIn(t, a, "li", goodPassword, "")
		for range int(SessionLimit/(20*time.Minute)) - 1 {
			c.pass(20 * time.Minute)
			if !lives(token) {
				t.Fatal("ended too early")
			}
		}
		c.pass(20 * time.Minute)
		if lives(token) {
			t.Error("lives after twelve hours")
		}
	})
	t.Run("SignOut", func(t *testing.T) {
		token := mustSignIn(t, a, "li", goodPassword, "")
		a.SignOut(token)
		a.SignOut(token)
		if lives(token) {
			t.Error("lives after signing out")
		}
	})
	t.Run("Restart", func(t *testing.T) {
		dir := t.TempDir()
		a := mustOpen(t, dir, c)
		mustJoin(t, a, "li", Clerk)
		token := mustSignIn(t, a, "li", goodPassword, "")
		_, err := mustOpen(t, dir, c).Session(token)
		wantIs(t, err, ErrNoSession)
	})
	t.Run("ErrUnknown", func(t *testing.T) {
		for _, token := range []string{"", "x", "hz_x"} {
			_, err := a.Session(token)
			wantIs(t, err, ErrNoSession)
			wantCode(t, err, reporting.Unauthenticated)
		}
	})
}

func TestSessionsAreListed(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := mustOpen(t, t.TempDir(), c)
	mustJoin(t, a, "li", Clerk)
	mustJoin(t, a, "wang", Clerk)
	var tokens []string
	for range 3 {
		c.pass(time.Minute)
		tokens = append(tokens, mustSignIn(t, a, "li", goodPassword, ""))
	}
	other := mustSignIn(t, a, "wang", goodPassword, "")
	own, err := a.Session(tokens[2])
	if err != nil {
		t.Fatal(err)
	}
	list := a.Sessions("li")
	if len(list) != 3 || list[0].ID != own.Session || list[0].Address != address.Address || !list[2].Began.Equal(c.now().Add(-2*time.Minute)) {
		t.Fatalf("Sessions = %+v", list)
	}
	a.EndSession("wang", list[1].ID) // not wang's
	if n := len(a.Sessions("li")); n != 3 {
		t.Errorf("somebody else has ended a session: %d are left", n)
	}
	a.EndSession("li", list[1].ID)
	_, err = a.Session(tokens[1])
	wantIs(t, err, ErrNoSession)
	a.SignOutOthers("li", own.Session)
	if list := a.Sessions("li"); len(list) != 1 || list[0].ID != own.Session {
		t.Errorf("after SignOutOthers: %+v", list)
	}
	if _, err := a.Session(other); err != nil {
		t.Error(err)
	}
}

// TestSessionOfAnOldPassword: who signs in while the password is changed does not keep a session of the old one.
func TestSessionOfAnOldPassword(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	mustJoin(t, a, "li", Clerk)
	checked := a.state.Load().accounts["li"] // the password was right
	if err := a.SetPassword("li", goodPassword, otherPassword); err != nil {
		t.Fatal(err)
	}
	token, _ := a.begin(checked, address.Address)
	_, err := a.Session(token)
	wantIs(t, err, ErrNoSession)
}

func TestEndedSessionsAreSwept(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := mustOpen(t, t.TempDir(), c)
	mustJoin(t, a, "li", Clerk)
	for range maxSessions {
		mustSignIn(t, a, "li", goodPassword, "")
	}
	c.pass(SessionIdle)
	mustSignIn(t, a, "li", goodPassword, "")
	if n := len(a.sessions.all); n != 1 {
		t.Errorf("%d sessions are kept, want 1", n)
	}
}

func TestTokensAreNotKept(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	mustJoin(t, a, "li", Clerk)
	token := mustSignIn(t, a, "li", goodPassword, "")
	if len(token) != 43 { // 256 bits
		t.Errorf("token %q has %d letters, want 43", token, len(token))
	}
	p, _ := a.Session(token)
	for sum, s := range a.sessions.all {
		if string(sum[:]) == token || s.id == token || p.Session == token {
			t.Error("the token itself is kept")
		}
	}
}

// TestSessionsAreBounded: an account has so many sessions at a time, and the oldest ends for a further one.
func TestSessionsAreBounded(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := mustOpen(t, t.TempDir(), c)
	mustJoin(t, a, "li", Clerk)
	mustJoin(t, a, "wang", Clerk)
	other := mustSignIn(t, a, "wang", goodPassword, "")
	var tokens []string
	for range maxSessions + 2 {
		c.pass(time.Second)
		tokens = append(tokens, mustSignIn(t, a, "li", goodPassword, ""))
	}
	for i, token := range append(tokens, other) {
		_, err := a.Session(token)
		if ended := err != nil; ended != (i < 2) {
			t.Errorf("session %d of %d: %v", i, len(tokens), err)
		}
	}
}
