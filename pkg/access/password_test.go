package access

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

func TestPasswordRules(t *testing.T) {
	t.Parallel()
	acc := &account{Name: "zhaolingyun", Display: "赵凌云", Role: Clerk, Unit: "QSZ03"}
	for _, tt := range []struct {
		password string
		want     error
	}{
		{"", ErrShort},
		{"x7#Kq!m2Zp4", ErrShort}, // eleven
		{"x7#Kq!m2Zp4w", nil},
		{"correct horse battery staple", nil},
		{"每天早上骑车经过三座石桥", nil}, // twelve, no kinds of characters asked for
		{"kvzmwpqhtbrd", nil},
		{strings.Repeat("kv zmw pqh", 6) + "tbrd", nil}, // sixty-four
		{strings.Repeat("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳", 16), nil},
		{strings.Repeat("x7#Kq!m2Zp4w", 22), ErrLong},
		{"x7#Kq!m2Zp4w\xff", nil}, // decided below: not text

		{"password1234", ErrCommon},
		{"Password2024!", ErrCommon},
		{"P@ssw0rd12345", ErrCommon},
		{"passwordpassword", ErrCommon},
		{"ｐａｓｓｗｏｒｄ１２３４", ErrCommon},
		{"123456789012", ErrCommon},
		{"qwertyuiop[]", ErrCommon},
		{"1qaz2wsx3edc", ErrCommon},
		{"1q2w3e4r5t6y", ErrCommon},
		{"aaaaaaaaaaaaaaa", ErrCommon},
		{"abcabcabcabcabc", ErrCommon},
		{"x9Kfx9Kfx9Kfx9Kf", ErrCommon}, // once x9Kf
		{"iloveyou1314520", ErrCommon},
		{"woaini5201314", ErrCommon},
		{"woaini1314520!", ErrCommon},
		{"我爱你我爱你一生一世1314", ErrCommon},
		{"zhangwei19880808", ErrCommon},
		{"wangwei13800138000", ErrCommon},
		{"110101199003077758", ErrCommon}, // an ID number
		{"11010119900307775x", ErrCommon},
		{"rensheju2024!!", ErrCommon},
		{"Huizong@2026.", ErrCommon},
		{"admin123456789", ErrCommon},
		{"Changsha2024", ErrCommon}, // a place and a year
		{"Gongshu@hrss1", ErrCommon},
		{"hangzhou@2025!", ErrCommon},
		{"Yuhang#Renshe2024", ErrCommon},
		{"xihuqu_hrss_01", ErrCommon},
		{"Shebao123!@#", ErrCommon},
		{"长沙市人社局2024!!!!", ErrCommon},
		{"1qaz@WSX3edc", ErrCommon},
		{"sunshine1990s!", ErrCommon}, // an English word is as easy
		{"Elizabeth2023!", ErrCommon},
		{"Qingmuxia2024", ErrOwn}, // a unit of the bureau
		{"青木峡街道2024!!!!", ErrCommon},
		{"a1b2c3d4a1b2c3d4", ErrCommon},

		{"zhaolingyun88", ErrOwn},
		{"ZhaoLingYun2024", ErrOwn},
		{"赵凌云赵凌云的密码12345", ErrOwn},
		{"qsz03-QSZ03-a1", ErrOwn},
		{"zhaolingyun rides three bridges", nil}, // enough is left
	} {
		err := checkPassword(acc, tt.password, nil, "Qingmuxia Subdistrict", "青木峡街道", "青木峡")
		if tt.password == "x7#Kq!m2Zp4w\xff" {
			if err == nil {
				t.Error("a password that is no text is accepted")
			}
			continue
		}
		if err != tt.want {
			t.Errorf("checkPassword(%q) = %v, want %v", tt.password, err, tt.want)
		}
	}
}

// TestCommonPasswords: what people make of a common word to come to twelve characters.
func TestCommonPasswords(t *testing.T) {
	t.Parallel()
	tried := 0
	for line := range strings.Lines(commonText) {
		word := strings.TrimSpace(line)
		if word == "" || strings.HasPrefix(word, "#") {
			continue
		}
		for _, made := range []string{
			word + "123456789012", word + word + word + word + word + word, strings.ToUpper(word) + "!@#1234567890", word + "5201314" + word + "1314520",
			"1234567890" + word, word + "@2024" + word + "@2024", word + "19900101" + "888", "qwertyuiop" + word,
		} {
			if len([]rune(made)) < minPassword {
				continue
			}
			tried++
			if !isWeak(made) {
				t.Errorf("%q is accepted", made)
			}
		}
	}
	if tried < 3000 {
		t.Errorf("%d common passwords were tried, want 3,000", tried)
	}
}

// TestRefusedPasswords: the operator's list of what has leaked is asked as well.
func TestRefusedPasswords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	list := "short\r\n\nTurnip lamp BRIDGE 7\r\n青山 turnip-Lampe 7 leaked\n"
	if err := os.WriteFile(filepath.Join(dir, refusedFile), []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	a := mustOpen(t, dir, newClock())
	oneTime := mustAdd(t, a, "wang", Reviewer)
	for _, password := range []string{"turnip lamp bridge 7", "TURNIP LAMP BRIDGE 7", "青山 turnip-Lampe 7 leaked"} {
		err := a.SetPassword("wang", oneTime, password)
		wantIs(t, err, ErrCommon)
		wantCode(t, err, reporting.Invalid)
	}
	if err := a.SetPassword("wang", oneTime, goodPassword); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, refusedFile), bytes.Repeat([]byte("x"), 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir, newClock().now)
	wantCode(t, err, reporting.Invalid)
}

func FuzzIsWeak(f *testing.F) {
	f.Add("password1234", "li")
	f.Add("我爱你1314", "赵凌云")
	f.Add("\xff\x00", "")
	f.Fuzz(func(t *testing.T, password, own string) {
		text := []rune(fold(password))
		if rest := commonWords.with([]string{own}).rest(text); rest < 0 || rest > len(text) {
			t.Errorf("rest(%q) = %d of %d", password, rest, len(text))
		}
		if isWeak(password) && !isWeak(password, own) {
			t.Errorf("isWeak(%q) is true, and false beside %q", password, own)
		}
	})
}

func TestSetPassword(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	mustJoin(t, a, "wang", Reviewer)
	for _, tt := range []struct {
		name, old, password string
		want                error
		code                reporting.Code
	}{
		{"ErrOld", "wrong", otherPassword, ErrCredentials, reporting.Unauthenticated},
		{"ErrShort", goodPassword, "short", ErrShort, reporting.Invalid},
		{"ErrSame", goodPassword, goodPassword, ErrSame, reporting.Invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := a.SetPassword("wang", tt.old, tt.password)
			wantIs(t, err, tt.want)
			wantCode(t, err, tt.code)
		})
	}
	t.Run("ErrGuessed", func(t *testing.T) { // who finds an open screen cannot try passwords there
		for range failuresOfName {
			wantIs(t, a.SetPassword("wang", "wrong", otherPassword), ErrCredentials)
		}
		wantCode(t, a.SetPassword("wang", goodPassword, otherPassword), reporting.TooMany)
	})
	t.Run("AsReceived", func(t *testing.T) { // neither cut nor trimmed nor folded
		a.Unlock("wang")
		long := " Kv zmw Pqh/" + strings.Repeat("ä", 60) + "turnip lamp bridge " + strings.Repeat("ö", 60) + " "
		if err := a.SetPassword("wang", goodPassword, long); err != nil {
			t.Fatal(err)
		}
		for _, other := range []string{strings.TrimSpace(long), strings.ToLower(long), long[:len(long)-1]} {
			wantIs(t, signIn(a, "wang", other, ""), ErrCredentials)
		}
		mustSignIn(t, a, "wang", long, "")
	})
}

func TestRehash(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	a := mustOpen(t, dir, c)
	mustJoin(t, a, "wang", Reviewer)
	before := a.state.Load().accounts["wang"].Password

	stronger := cheap
	stronger.Iterations = 2
	a.hasher.params = stronger
	session := mustSignIn(t, a, "wang", goodPassword, "")
	after := a.state.Load().accounts["wang"].Password
	if after == before || !strings.Contains(after, "t=2") {
		t.Errorf("the hash after a sign-in = %s, want one of the new parameters", after)
	}
	if _, err := a.Session(session); err != nil {
		t.Errorf("the session of that sign-in: %v", err)
	}
	mustSignIn(t, a, "wang", goodPassword, "")
	if again := a.state.Load().accounts["wang"].Password; again != after {
		t.Error("a hash of the parameters of today was made anew")
	}
	a = mustOpen(t, dir, c)
	mustSignIn(t, a, "wang", goodPassword, "")
}

func TestRealParameters(t *testing.T) {
	t.Parallel()
	if p := passwordParameters; p.Memory < 19*1024 || p.Iterations < 2 || p.Parallelism != 1 || p.SaltLength < 16 || p.KeyLength < 32 {
		t.Errorf("argon2id with %+v is weaker than 19 MiB, 2 iterations", p)
	}
	a, err := Open(t.TempDir(), newClock().now)
	if err != nil {
		t.Fatal(err)
	}
	oneTime, err := a.Add(Account{Name: "li", Role: Auditor})
	if err != nil {
		t.Fatal(err)
	}
	if hash := a.state.Load().accounts["li"].Password; !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash = %s", hash)
	}
	mustSignIn(t, a, "li", oneTime, "")
}

// TestHashingIsBounded: who waits for a core takes no memory, and can give up.
func TestHashingIsBounded(t *testing.T) {
	t.Parallel()
	a := mustOpen(t, t.TempDir(), newClock())
	mustJoin(t, a, "li", Clerk)
	for range cap(a.hasher.slots) {
		if err := a.hasher.acquire(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, err := a.SignIn(ctx, "li", goodPassword, "", address)
	wantCode(t, err, reporting.Canceled)
	a.hasher.release()
	mustSignIn(t, a, "li", goodPassword, "")
}
