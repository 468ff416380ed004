package access

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"huizong/pkg/reporting"
)

func codeAt(tb testing.TB, secret string, at time.Time) string {
	tb.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		tb.Fatal(err)
	}
	return code
}

// mustEnrol gives wang an authenticator and lets its code of then pass.
func mustEnrol(tb testing.TB, a *Accounts, c *clock) (secret string, recovery []string) {
	tb.Helper()
	_, secret, err := a.BeginTOTP("wang")
	if err != nil {
		tb.Fatal(err)
	}
	recovery, err = a.ConfirmTOTP("wang", codeAt(tb, secret, c.now()))
	if err != nil {
		tb.Fatal(err)
	}
	c.pass(2 * totpPeriod)
	return secret, recovery
}

func TestTOTP(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	a := mustOpen(t, dir, c)
	mustJoin(t, a, "wang", Reviewer)
	secret, recovery := mustEnrol(t, a, c)
	if acc, _ := a.Find("wang"); !acc.TOTP || acc.RecoveryCodes != len(recovery) || len(recovery) != recoveryCodes {
		t.Fatalf("after enrolment: %+v, %d recovery codes", acc, len(recovery))
	}

	t.Run("CodeNeeded", func(t *testing.T) {
		wantIs(t, signIn(a, "wang", goodPassword, ""), ErrCodeNeeded)
		wantIs(t, signIn(a, "wang", "wrong", ""), ErrCredentials) // without the password one does not learn of it
	})
	t.Run("Skew", func(t *testing.T) {
		for _, d := range []time.Duration{-2 * totpPeriod, 2 * totpPeriod} {
			wantIs(t, signIn(a, "wang", goodPassword, codeAt(t, secret, c.now().Add(d))), ErrCredentials)
		}
		for _, d := range []time.Duration{-totpPeriod, 0, totpPeriod} { // rising: a used step ends those before it
			mustSignIn(t, a, "wang", goodPassword, codeAt(t, secret, c.now().Add(d)))
		}
	})
	t.Run("NoReplay", func(t *testing.T) {
		c.pass(5 * totpPeriod)
		code := codeAt(t, secret, c.now())
		mustSignIn(t, a, "wang", goodPassword, code[:3]+" "+code[3:])
		wantIs(t, signIn(a, "wang", goodPassword, code), ErrCredentials)
		wantIs(t, signIn(a, "wang", goodPassword, codeAt(t, secret, c.now().Add(-totpPeriod))), ErrCredentials) // one before
		wantIs(t, signIn(mustOpen(t, dir, c), "wang", goodPassword, code), ErrCredentials)                      // nor after a restart
		c.pass(totpPeriod)
		mustSignIn(t, a, "wang", goodPassword, codeAt(t, secret, c.now()))
	})
	t.Run("ReplayAtOnce", func(t *testing.T) {
		c.pass(5 * totpPeriod)
		a.Unlock("wang")
		code := codeAt(t, secret, c.now())
		var all sync.WaitGroup
		var in atomic.Int64
		for range 20 {
			all.Go(func() {
				if signIn(a, "wang", goodPassword, code) == nil {
					in.Add(1)
				}
			})
		}
		all.Wait()
		if in.Load() != 1 {
			t.Errorf("one code at once has opened %d sessions, want 1", in.Load())
		}
	})
	t.Run("RecoveryCode", func(t *testing.T) {
		a.Unlock("wang")
		mustSignIn(t, a, "wang", goodPassword, " "+strings.ToUpper(strings.ReplaceAll(recovery[3], "-", " ")))
		wantIs(t, signIn(a, "wang", goodPassword, recovery[3]), ErrCredentials)
		again := mustOpen(t, dir, c)
		wantIs(t, signIn(again, "wang", goodPassword, recovery[3]), ErrCredentials)
		if acc, _ := again.Find("wang"); acc.RecoveryCodes != recoveryCodes-1 {
			t.Errorf("%d recovery codes are left, want %d", acc.RecoveryCodes, recoveryCodes-1)
		}
		data, err := os.ReadFile(filepath.Join(dir, "accounts.json"))
		if err != nil || strings.Contains(string(data), strings.ReplaceAll(recovery[4], "-", "")) || strings.Contains(string(data), recovery[4]) {
			t.Errorf("accounts.json holds a recovery code, or %v", err)
		}
	})
	t.Run("GuessingIsDelayed", func(t *testing.T) {
		a.Unlock("wang")
		for range failuresOfName {
			wantIs(t, signIn(a, "wang", goodPassword, "000000x"), ErrCredentials)
		}
		wantCode(t, signIn(a, "wang", goodPassword, ""), reporting.TooMany)
		a.Unlock("wang")
	})
	t.Run("RightPasswordForgivesNothing", func(t *testing.T) { // without the code it is half a sign-in
		for range failuresOfName {
			wantIs(t, signIn(a, "wang", goodPassword, ""), ErrCodeNeeded)
			wantIs(t, signIn(a, "wang", goodPassword, "1"), ErrCredentials)
		}
		wantCode(t, signIn(a, "wang", goodPassword, ""), reporting.TooMany)
		a.Unlock("wang")
	})
	t.Run("ErrTwice", func(t *testing.T) {
		_, _, err := a.BeginTOTP("wang")
		wantCode(t, err, reporting.Conflict)
	})
	t.Run("Remove", func(t *testing.T) {
		wantIs(t, a.RemoveTOTP("wang", "000000", address), ErrCredentials)
		wantIs(t, signIn(a, "wang", goodPassword, ""), ErrCodeNeeded)
		if err := a.RemoveTOTP("wang", recovery[5], address); err != nil {
			t.Fatal(err)
		}
		mustSignIn(t, a, "wang", goodPassword, "")
		wantCode(t, a.RemoveTOTP("wang", recovery[6], address), reporting.Conflict)
	})
}

// TestRecoveryCodes: each has 120 random bits, five of them a letter, and none comes twice.
func TestRecoveryCodes(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		codes, hashes := newRecoveryCodes()
		letters := map[rune]bool{}
		for _, code := range codes {
			for _, r := range strings.ReplaceAll(code, "-", "") {
				letters[r] = true
			}
			if len(strings.ReplaceAll(code, "-", ""))*5 < 120 || seen[code] {
				t.Fatalf("recovery code %s", code)
			}
			seen[code] = true
		}
		if len(hashes) != len(codes) || len(letters) < 25 {
			t.Fatalf("%d codes of %d letters", len(codes), len(letters))
		}
	}
}

func TestEnrolment(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := mustOpen(t, t.TempDir(), c)
	mustJoin(t, a, "wang", Reviewer)

	t.Run("ErrNotBegun", func(t *testing.T) {
		_, err := a.ConfirmTOTP("wang", "000000")
		wantCode(t, err, reporting.Conflict)
	})
	t.Run("ErrCodeThenOK", func(t *testing.T) {
		uri, secret, err := a.BeginTOTP("wang")
		if err != nil || !strings.HasPrefix(uri, "otpauth://totp/Huizong:wang?") || !strings.Contains(uri, secret) {
			t.Fatalf("BeginTOTP = %q, %v", uri, err)
		}
		mustSignIn(t, a, "wang", goodPassword, "") // not asked for before it is confirmed
		_, err = a.ConfirmTOTP("wang", "x")
		wantIs(t, err, ErrCredentials)
		wantCode(t, err, reporting.Invalid)
		code := codeAt(t, secret, c.now())
		if _, err := a.ConfirmTOTP("wang", code); err != nil {
			t.Fatal(err)
		}
		wantIs(t, signIn(a, "wang", goodPassword, code), ErrCredentials) // it was used
		if err := a.ForgetTOTP("wang", "another"); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("ErrLate", func(t *testing.T) {
		_, secret, err := a.BeginTOTP("wang")
		if err != nil {
			t.Fatal(err)
		}
		c.pass(enrolmentLife)
		_, err = a.ConfirmTOTP("wang", codeAt(t, secret, c.now()))
		wantCode(t, err, reporting.Conflict)
	})
	t.Run("ErrPasswordResetMeanwhile", func(t *testing.T) {
		_, secret, err := a.BeginTOTP("wang")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.ResetPassword("wang", "boss"); err != nil {
			t.Fatal(err)
		}
		_, err = a.ConfirmTOTP("wang", codeAt(t, secret, c.now()))
		wantCode(t, err, reporting.Conflict)
	})
}

func TestTOTPImage(t *testing.T) {
	t.Parallel()
	data, err := TOTPImage("otpauth://totp/Huizong:wang?secret=JBSWY3DPEHPK3PXP&issuer=Huizong", 200)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil || picture.Bounds().Dx() != 200 {
		t.Errorf("picture of %v, %v", picture, err)
	}
	_, err = TOTPImage("otpauth://totp/Huizong:wang?secret=JBSWY3DPEHPK3PXP", 1)
	wantCode(t, err, reporting.Invalid)
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := mustOpen(t, t.TempDir(), c)
	mustJoin(t, a, "wang", Reviewer)
	mustEnrol(t, a, c)
	ctx := context.Background()
	if err := a.CheckPassword(ctx, "wang", goodPassword, address); err != nil {
		t.Error(err)
	}
	for range failuresOfName {
		wantIs(t, a.CheckPassword(ctx, "wang", "wrong", address), ErrCredentials)
	}
	wantCode(t, a.CheckPassword(ctx, "wang", goodPassword, address), reporting.TooMany)
}
