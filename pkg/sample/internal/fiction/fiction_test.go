package fiction

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestCheckDigits compares with numbers whose check digits are published with the standards.
func TestCheckDigits(t *testing.T) {
	for _, id := range []string{"11010519491231002X", "440524188001010014", "34052419800101001X", "513101198201130014"} {
		if got := idCheck(id[:17]); got != id[17] {
			t.Errorf("idCheck(%q) = %c, want %c", id[:17], got, id[17])
		}
	}
	// GB 32100 gives 91350100M000100Y43 as its example; GB 11714 gives D2143569-X.
	if got := creditCheck("91350100M000100Y4"); got != '3' {
		t.Errorf("creditCheck = %c, want 3", got)
	}
	if got := organisationCheck("D2143569"); got != 'X' {
		t.Errorf("organisationCheck = %c, want X", got)
	}
}

func TestInvented(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		id := IDNumber(rng, 1950, 2002)
		if len(id) != 18 || !strings.HasPrefix(id, Division) || idCheck(id[:17]) != id[17] {
			t.Fatalf("IDNumber = %q", id)
		}
		code := CreditCode(rng)
		if len(code) != 18 || code[2:8] != Division || creditCheck(code[:17]) != code[17] || organisationCheck(code[8:16]) != code[16] {
			t.Fatalf("CreditCode = %q", code)
		}
	}
	if firms := Firms(rng, "示例市", 200); len(firms) != 200 {
		t.Errorf("Firms gave %d", len(firms))
	}
}
