// Package landlocktest says what becomes of a test of confinement where the kernel cannot confine.
package landlocktest

import (
	"os"
	"testing"
)

// Variable is how an operator says that on this machine confinement is not tested, by the value Accepted.
const (
	Variable = "HUIZONG_NO_LANDLOCK"
	Accepted = "accepted"
)

// Require fails the test where the kernel cannot confine, so that no machine passes by testing nothing. missing says what it lacks.
func Require(t testing.TB, can bool, missing string) {
	t.Helper()
	if can {
		return
	}
	if os.Getenv(Variable) == Accepted {
		t.Skipf("not tested, as %s accepts: %s", Variable, missing)
	}
	t.Fatalf("this kernel cannot confine: %s. %s=%s leaves it untested", missing, Variable, Accepted)
}
