package reporting

import (
	"math/big"
	"testing"
)

// Owed and not sent, not owed, and nothing over nothing are three things, and none of them is zero.
func TestAbsence(t *testing.T) {
	for _, tt := range []struct {
		name string
		f    Figure
		want Text
	}{
		{"Late", Figure{Reported: 19, Expected: 20}, AbsentUnreported},
		{"All have sent", Figure{Reported: 20, Expected: 20}, AbsentNotOwed},
		{"Nobody owes it", Figure{}, AbsentNotOwed},
		{"Nothing over nothing", Figure{Reported: 1, Expected: 1, Numerator: new(big.Rat), Denominator: new(big.Rat)}, AbsentNoBasis},
		{"Nothing over nothing, and late", Figure{Reported: 0, Expected: 1, Denominator: new(big.Rat)}, AbsentUnreported},
	} {
		if got := tt.f.Absence(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.ZH, tt.want.ZH)
		}
	}
}
