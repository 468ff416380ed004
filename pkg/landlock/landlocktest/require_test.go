package landlocktest

import (
	"fmt"
	"runtime"
	"testing"
)

// told keeps what Require would have done to a test.
type told struct {
	testing.TB
	as string
}

func (*told) Helper() {}

func (t *told) Skipf(format string, args ...any) {
	t.as = "skip: " + fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (t *told) Fatalf(format string, args ...any) {
	t.as = "fail: " + fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func TestRequire(t *testing.T) {
	for _, test := range []struct {
		variable string
		can      bool
		want     string
	}{
		{"", true, ""},
		{Accepted, true, ""},
		{"", false, "fail: this kernel cannot confine: version 1 of 2. HUIZONG_NO_LANDLOCK=accepted leaves it untested"},
		{"1", false, "fail: this kernel cannot confine: version 1 of 2. HUIZONG_NO_LANDLOCK=accepted leaves it untested"},
		{Accepted, false, "skip: not tested, as HUIZONG_NO_LANDLOCK accepts: version 1 of 2"},
	} {
		t.Setenv(Variable, test.variable)
		got, done := &told{TB: t}, make(chan bool)
		go func() {
			defer close(done)
			Require(got, test.can, "version 1 of 2")
		}()
		<-done
		if got.as != test.want {
			t.Errorf("%s=%q, can %t: %q, want %q", Variable, test.variable, test.can, got.as, test.want)
		}
	}
}
