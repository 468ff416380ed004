package access

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"huizong/pkg/reporting"
)

// TestPasswordsDoNotExpire: a password that its owner has chosen opens the account after ten years as on the first day.
func TestPasswordsDoNotExpire(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := mustOpen(t, t.TempDir(), c)
	mustJoin(t, a, "wang", Reviewer)
	c.pass(10 * 365 * 24 * time.Hour)
	token := mustSignIn(t, a, "wang", goodPassword, "")
	if p, err := a.Session(token); err != nil || p.Confined != "" {
		t.Errorf("after ten years: %+v, %v", p, err)
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	mustJoin(t, a, "wang", Reviewer)
	mustJoin(t, a, "gone", Reviewer)
	if err := a.Disable("gone"); err != nil {
		t.Fatal(err)
	}
	t.Run("OK", func(t *testing.T) {
		token := mustSignIn(t, a, " Wang", goodPassword, "ignored")
		p, err := a.Session(token)
		if err != nil || p.Role != Reviewer || p.Name != "wang" || p.Confined != "" {
			t.Errorf("Session = %+v, %v", p, err)
		}
		if again := mustSignIn(t, a, "wang", goodPassword, ""); again == token {
			t.Error("two sign-ins have one token")
		}
	})
	// Who asks learns nothing of which names there are, nor which are disabled.
	var first error
	for name, tt := range map[string][2]string{
		"ErrPassword": {"wang", "wrong"}, "ErrUnknown": {"nobody-here", goodPassword}, "ErrDisabled": {"gone", goodPassword}, "ErrEmpty": {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := signIn(a, tt[0], tt[1], "")
			wantIs(t, err, ErrCredentials)
			wantCode(t, err, reporting.Unauthenticated)
			if first == nil {
				first = err
			}
			if err.Error() != first.Error() {
				t.Errorf("answers differ: %q, %q", err, first)
			}
		})
	}
}

// TestSameWorkForUnknownNames compares not time, which is not to be relied on, but the hash that is compared with.
func TestSameWorkForUnknownNames(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	mustJoin(t, a, "wang", Reviewer)
	hash := a.state.Load().accounts["wang"].Password
	if len(a.hasher.decoy) != len(hash) || a.hasher.decoy[:28] != hash[:28] {
		t.Errorf("an unknown name is compared with %s, a known one with %s: want the same parameters", a.hasher.decoy, hash)
	}
	if ok, _ := a.hasher.matches("", a.hasher.decoy); ok {
		t.Error("the empty password matches the decoy")
	}
}

func TestLockout(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := mustOpen(t, t.TempDir(), c)
	mustJoin(t, a, "wang", Reviewer)
	for _, name := range []string{"wang", "nobody-here"} { // alike
		t.Run(name, func(t *testing.T) {
			for range failuresOfName {
				wantIs(t, signIn(a, name, "wrong", ""), ErrCredentials)
			}
			for i, want := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
				c.pass(want - time.Second)
				err := signIn(a, name, goodPassword, "") // not even the right one
				wantCode(t, err, reporting.TooMany)
				var delay *DelayError
				if !errors.As(err, &delay) || delay.Wait != time.Second {
					t.Fatalf("after %d failures: %v, want a second to wait", failuresOfName+i, err)
				}
				c.pass(time.Second)
				wantIs(t, signIn(a, name, "wrong", ""), ErrCredentials)
			}
		})
	}
	t.Run("Shown", func(t *testing.T) {
		signIn(a, "wang", "wrong", "")
		if acc, _ := a.Find("wang"); !acc.LockedUntil.After(c.now()) {
			t.Errorf("LockedUntil = %s, want a time to come", acc.LockedUntil)
		}
	})
	t.Run("Unlock", func(t *testing.T) {
		a.Unlock("WANG")
		mustSignIn(t, a, "wang", goodPassword, "")
	})
	t.Run("ResetUnlocks", func(t *testing.T) {
		a.Unlock("nobody-here") // and with it the address that all this came from
		for range failuresOfName {
			signIn(a, "wang", "wrong", "")
		}
		oneTime, err := a.ResetPassword("wang", "boss")
		if err != nil {
			t.Fatal(err)
		}
		mustSignIn(t, a, "wang", oneTime, "")
	})
	t.Run("Forgotten", func(t *testing.T) {
		for range failuresOfName - 1 {
			signIn(a, "li", "wrong", "")
		}
		c.pass(failuresForgotten + time.Second)
		wantIs(t, signIn(a, "li", "wrong", ""), ErrCredentials)
		wantIs(t, signIn(a, "li", "wrong", ""), ErrCredentials)
	})
	t.Run("SuccessForgives", func(t *testing.T) {
		mustJoin(t, a, "zhou", Reviewer)
		for range 3 * failuresOfName {
			for range failuresOfName - 1 {
				wantIs(t, signIn(a, "zhou", "wrong", ""), ErrCredentials)
			}
			mustSignIn(t, a, "zhou", goodPassword, "")
		}
	})
}

func TestLockoutOfAddress(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := mustOpen(t, t.TempDir(), c)
	mustJoin(t, a, "wang", Reviewer)
	from := func(address, name, password string) error {
		_, _, err := a.SignIn(context.Background(), name, password, "", Origin{Address: address})
		return err
	}
	for i := range failuresOfAddress { // one try at each of many names
		if i%3 == 0 { // an account of one's own clears nothing
			if err := from(fmt.Sprintf("[2001:db8:1:2::%x]:99", i), "wang", goodPassword); err != nil {
				t.Fatal(err)
			}
		}
		wantIs(t, from(fmt.Sprintf("[2001:db8:1:2::%x]:99", i), fmt.Sprintf("name%d", i), "wrong"), ErrCredentials)
	}
	wantCode(t, from("[2001:db8:1:2:ffff::1]:5", "wang", goodPassword), reporting.TooMany) // the same subscriber
	if err := from("[2001:db8:1:3::1]:5", "wang", goodPassword); err != nil {
		t.Errorf("from another address: %v", err)
	}
	c.pass(firstDelay)
	if err := from("[2001:db8:1:2::1]:5", "wang", goodPassword); err != nil {
		t.Errorf("after the delay: %v", err)
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"10.0.0.1": "10.0.0.1", "10.0.0.1:80": "10.0.0.1", "::ffff:10.0.0.1": "10.0.0.1", "[::ffff:10.0.0.1]:9": "10.0.0.1",
		"2001:db8::1": "2001:db8::/64", "[fe80::1%eth0]:80": "fe80::/64", "": "", "@": "@",
	} {
		if got := network(in); got != want {
			t.Errorf("network(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestLockoutUnderConcurrency: a hundred guesses at once are not a hundred guesses before the first is counted.
func TestLockoutUnderConcurrency(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	mustJoin(t, a, "wang", Reviewer)
	var all sync.WaitGroup
	var compared atomic.Int64
	for range 100 {
		all.Go(func() {
			if errors.Is(signIn(a, "wang", "wrong", ""), ErrCredentials) {
				compared.Add(1)
			}
		})
	}
	all.Wait()
	if n, most := compared.Load(), int64(failuresOfName+cap(a.hasher.slots)-1); n > most {
		t.Errorf("%d of 100 guesses at once were compared, want at most %d", n, most)
	}
}

// TestLockoutStaysSmall: guesses at made-up names do not fill the memory, and do not wash out a name that is delayed.
func TestLockoutStaysSmall(t *testing.T) {
	t.Parallel()
	l, c := newLockout(), newClock()
	for range failuresOfName {
		l.fail("wang", place{address: "10.0.0.1"}, c.now())
	}
	for i := range maxTallies + maxTallies/4 {
		l.fail(fmt.Sprint("made up ", i), place{address: "10.0.0.2"}, c.now())
	}
	if len(l.names) > maxTallies {
		t.Errorf("%d names are remembered, want at most %d", len(l.names), maxTallies)
	}
	if l.until("wang", c.now()).IsZero() {
		t.Error("the delayed name was forgotten")
	}
}

// TestLockoutIsBounded: whatever comes in whatever order, a delay is never longer than the longest and never runs before the free tries.
func TestLockoutIsBounded(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		l, c := newLockout(), newClock()
		failures := 0
		for range 300 {
			switch r.IntN(4) {
			case 0:
				c.pass(time.Duration(r.IntN(20)) * time.Minute)
			case 1:
				l.succeed("wang", place{})
				failures = 0
			default:
				l.fail("wang", place{}, c.now())
				failures++
			}
			until := l.until("wang", c.now())
			if failures < failuresOfName && !until.IsZero() || until.Sub(c.now()) > longestDelay {
				t.Fatalf("seed %d: after %d failures the delay ends %s from now", seed, failures, until.Sub(c.now()))
			}
		}
	}
}

// TestNobodyIsShutOut: whoever guesses at a name, or from an address that an office shares, delays the owner by a minute at a browser that
// is new, and not at all at one that has signed in before.
func TestNobodyIsShutOut(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := mustOpen(t, t.TempDir(), c)
	mustJoin(t, a, "wang", Reviewer)
	from := func(o Origin, name, password string) error {
		_, _, err := a.SignIn(context.Background(), name, password, "", o)
		return err
	}
	office := Origin{Address: "10.0.0.1"}
	known := Origin{Address: office.Address, Device: a.KnownDevice("wang")}
	for i := range 3 * failuresFromAll { // at the name, from everywhere, for as long as it lets
		from(Origin{Address: fmt.Sprintf("10.9.%d.%d", i/200, i%200)}, "wang", "wrong")
		from(office, fmt.Sprint("somebody ", i), "wrong")
		from(office, "wang", "wrong")
	}
	wantCode(t, from(office, "wang", goodPassword), reporting.TooMany)
	if err := from(known, "wang", goodPassword); err != nil {
		t.Errorf("a browser that is known: %v", err)
	}
	c.pass(sharedDelay)
	if err := from(Origin{Address: "10.0.0.2"}, "wang", goodPassword); err != nil {
		t.Errorf("elsewhere after a minute: %v", err)
	}
	a.Unlock("wang")

	t.Run("KnownIsCountedToo", func(t *testing.T) {
		for range failuresOfName {
			wantIs(t, from(known, "wang", "wrong"), ErrCredentials)
		}
		wantCode(t, from(known, "wang", goodPassword), reporting.TooMany)
		a.Unlock("wang")
	})
	t.Run("OfThisAccountOnly", func(t *testing.T) {
		mustJoin(t, a, "li", Clerk)
		for range failuresOfName {
			from(Origin{Address: "10.0.0.7"}, "li", "wrong")
		}
		for _, device := range []string{known.Device, known.Device + "0", "", "..", "a.b.c"} {
			wantCode(t, from(Origin{Address: "10.0.0.7", Device: device}, "li", goodPassword), reporting.TooMany)
		}
	})
	t.Run("EndsWithThePassword", func(t *testing.T) {
		if err := a.SetPassword("wang", goodPassword, otherPassword); err != nil {
			t.Fatal(err)
		}
		if a.state.Load().accounts["wang"].knows(known.Device, c.now()) {
			t.Error("the browser is known under the new password")
		}
	})
	t.Run("EndsWithTime", func(t *testing.T) {
		device := a.KnownDevice("wang")
		c.pass(DeviceLife)
		if a.state.Load().accounts["wang"].knows(device, c.now()) {
			t.Error("the browser is known for good")
		}
	})
}
