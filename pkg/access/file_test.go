package access

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"huizong/pkg/durable"
	"huizong/pkg/durable/durabletest"
	"huizong/pkg/reporting"
)

// mustFill makes a store that has something of everything.
func mustFill(tb testing.TB, dir string, c *clock) *Accounts {
	tb.Helper()
	a := mustOpen(tb, dir, c)
	mustJoin(tb, a, "wang", Administrator)
	mustAdd(tb, a, "li", Clerk)
	mustEnrol(tb, a, c)
	if _, _, err := a.NewToken("li", "nightly", []Permission{SendSubmissions}, c.now().Add(time.Hour)); err != nil {
		tb.Fatal(err)
	}
	return a
}

func TestFile(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	a := mustFill(t, dir, c)
	path := filepath.Join(dir, "accounts.json")

	t.Run("Private", func(t *testing.T) {
		if err := os.Chmod(path, 0o644); err != nil { // as a backup gives it back
			t.Fatal(err)
		}
		mustOpen(t, dir, c)
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("accounts.json is %v, %v; want 0600", info.Mode().Perm(), err)
		}
	})
	t.Run("RoundTrip", func(t *testing.T) {
		again := mustOpen(t, dir, c)
		if got, want := again.List(), a.List(); !reflect.DeepEqual(got, want) {
			t.Errorf("List = %+v, want %+v", got, want)
		}
		if got, want := again.Tokens(), a.Tokens(); !reflect.DeepEqual(got, want) {
			t.Errorf("Tokens = %+v, want %+v", got, want)
		}
	})
	t.Run("NoSecretInViews", func(t *testing.T) {
		data, err := json.Marshal([]any{a.List(), a.Tokens(), a.Sessions("wang")})
		if err != nil {
			t.Fatal(err)
		}
		acc := a.state.Load().accounts["wang"]
		for _, secret := range []string{acc.Password, acc.TOTP.Secret, "argon2id", "sha256"} {
			if strings.Contains(string(data), secret) {
				t.Errorf("what is shown holds %q", secret)
			}
		}
	})
}

// TestDamagedFile: there is no way from a damaged file to a store that looks new.
func TestDamagedFile(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	mustFill(t, dir, c)
	good, err := os.ReadFile(filepath.Join(dir, "accounts.json"))
	if err != nil {
		t.Fatal(err)
	}
	refused := func(t *testing.T, data []byte) {
		t.Helper()
		dir := t.TempDir()
		path := filepath.Join(dir, "accounts.json")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(dir, c.now)
		wantCode(t, err, reporting.Internal)
		if err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("the error does not name the file: %v", err)
		}
		if now, _ := os.ReadFile(path); string(now) != string(data) {
			t.Error("the damaged file was altered")
		}
	}
	t.Run("Truncated", func(t *testing.T) {
		for n := 0; n < len(good)-1; n++ { // without its last line feed it still is whole
			if _, err := decode(good[:n]); err == nil {
				t.Fatalf("the first %d of %d bytes are accepted", n, len(good))
			}
		}
		refused(t, nil)
		refused(t, good[:len(good)/2])
	})
	for name, change := range map[string][2]string{
		"Version":        {`"version": 2`, `"version": 3`},
		"UnknownField":   {`"version": 2`, `"version": 2, "backdoor": true`},
		"Null":           {`"accounts": [`, `"accounts": [null,`},
		"Role":           {`"role": "administrator"`, `"role": "operator"`},
		"ClerkOfNoUnit":  {`"unit": "A01",`, ``},
		"Name":           {`"name": "li"`, `"name": "LI"`},
		"SameName":       {`"name": "li"`, `"name": "wang"`},
		"Hash":           {`$argon2id$v=19$`, `$argon2i$v=19$`},
		"HashNoRounds":   {`,t=1,`, `,t=0,`},
		"HashNoThreads":  {`,p=1$`, `,p=0$`},
		"HashTooLarge":   {`m=64,`, `m=4000000000,`},
		"TOTPSecret":     {`"secret": "`, `"secret": "1`},
		"TokenOwner":     {`"owner": "li"`, `"owner": "zhou"`},
		"TokenScope":     {`"submissions:send"`, `"anyone"`},
		"TokenNoScope":   {`"submissions:send"`, ``},
		"TokenHash":      {`"sha256": "`, `"sha256": "00`},
		"SomethingAfter": {"\n}\n", "\n}\n{}"},
	} {
		t.Run(name, func(t *testing.T) {
			damaged := strings.Replace(string(good), change[0], change[1], 1)
			if damaged == string(good) {
				t.Fatalf("%q is not in the file:\n%s", change[0], good)
			}
			refused(t, []byte(damaged))
		})
	}
	t.Run("Unreadable", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "accounts.json"), 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, c.now); err == nil {
			t.Error("a folder in place of the file is accepted")
		}
	})
}

func FuzzDecode(f *testing.F) {
	c, dir := newClock(), f.TempDir()
	mustFill(f, dir, c)
	good, err := os.ReadFile(filepath.Join(dir, "accounts.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := decode(data)
		if err != nil {
			return
		}
		again, err := encode(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decode(again); err != nil {
			t.Errorf("what was accepted and written is refused: %v", err)
		}
	})
}

// TestFaults cuts a change off at each step of its way to disk, done or not done, and looks at what a restart finds.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		step   int // 1 sync of the file, 2 rename, 3 sync of the folder
		does   bool
		stands bool // after a restart
	}{
		{"SyncFails", 1, false, false},
		{"SyncFailsButDid", 1, true, false},
		{"RenameFails", 2, false, false},
		{"RenameFailsButDid", 2, true, true},
		{"FolderSyncFails", 3, false, true},
		{"FolderSyncFailsButDid", 3, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, dir := newClock(), t.TempDir()
			a := mustFill(t, dir, c)
			before := a.List()
			a.disk = (&durabletest.Fault{At: tt.step, Done: tt.does, Stays: true}).Disk()
			_, err := a.Add(Account{Name: "zhou", Role: Auditor})
			wantIs(t, err, durabletest.ErrFault)
			wantCode(t, err, reporting.Unavailable)
			if got := a.List(); !reflect.DeepEqual(got, before) {
				t.Errorf("a change that failed is seen: %+v", got)
			}

			again := mustOpen(t, dir, c) // killed and started again
			_, err = again.Find("zhou")
			if stands := err == nil; stands != tt.stands {
				t.Errorf("after a restart the account stands: %t, want %t", stands, tt.stands)
			}
			if n := len(again.List()); n < len(before) {
				t.Errorf("%d accounts after a restart, want at least the %d of before", n, len(before))
			}

			a.disk = durable.Real // not killed, and the disk is back: the next change makes the file what memory says
			if err := a.SetDisplay("li", "李"); err != nil {
				t.Fatal(err)
			}
			if got, want := mustOpen(t, dir, c).List(), a.List(); !reflect.DeepEqual(got, want) {
				t.Errorf("after the next change the file has %+v, memory %+v", got, want)
			}
		})
	}
}

// TestFaultKeepsWhatWasSeen: when a token was used last is not lost by a write that fails.
func TestFaultKeepsWhatWasSeen(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	a := mustOpen(t, dir, c)
	mustJoin(t, a, "li", Clerk)
	secret, _, err := a.NewToken("li", "t", []Permission{SendSubmissions}, c.now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	c.pass(time.Minute)
	if _, err := a.Token(secret); err != nil {
		t.Fatal(err)
	}
	a.disk = durabletest.FailAt(1, false)
	wantIs(t, a.Close(), durabletest.ErrFault)
	a.disk = durable.Real
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if got := mustOpen(t, dir, c).Tokens()[0].LastUsed; !got.Equal(c.now()) {
		t.Errorf("LastUsed after a restart = %s, want %s", got, c.now())
	}
}

// TestOneFaultyChangeOfMany: changes that are written together succeed and fail each for itself.
func TestOneFaultyChangeOfMany(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	mustJoin(t, a, "wang", Administrator)
	batch := []*changing{
		{do: func(s *state) error { s.drop(&token{}); s.accounts["one"] = &account{Name: "one"}; return nil }},
		{do: func(s *state) error { s.accounts["two"] = &account{Name: "two"}; return durabletest.ErrFault }},
		{do: func(s *state) error { s.accounts["three"] = s.accounts["one"]; return nil }},
	}
	a.writeMu.Lock()
	a.write(batch)
	a.writeMu.Unlock()
	s := a.state.Load()
	if batch[0].err != nil || batch[1].err != durabletest.ErrFault || batch[2].err != nil {
		t.Errorf("errors = %v, %v, %v", batch[0].err, batch[1].err, batch[2].err)
	}
	if s.accounts["one"] == nil || s.accounts["two"] != nil || s.accounts["three"] == nil {
		t.Errorf("accounts = %v, want one and three", s.accounts)
	}
}
