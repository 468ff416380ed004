package width_test

import (
	"testing"

	"huizong/pkg/compile/internal/width"
)

func TestHalf(t *testing.T) {
	for text, want := range map[string]int{"": 0, "12.5%": 5, "城镇": 4, "2020年6月": 9, "（人）": 6, "é": 1, "𠀋": 2, "\xff": 1 + 1} {
		if got := width.Half(text); got != want {
			t.Errorf("Half(%q) = %d, want %d", text, got, want)
		}
	}
}
