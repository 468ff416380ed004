package truetype_test

import (
	"os"
	"testing"

	"huizong/pkg/compile/pdf/truetype"
)

func font(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("../../../../deploy/fonts/node_modules/@expo-google-fonts/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf")
	if err != nil {
		t.Fatalf("no font (run `make fonts`): %v", err)
	}
	return data
}

// A subset is small, and the same for the same glyphs.
func TestSubset(t *testing.T) {
	f, err := truetype.Parse(font(t))
	if err != nil {
		t.Fatal(err)
	}
	glyphs := []uint16{0}
	for _, r := range "汇总2020年1—6月ABCé％" {
		g := f.Glyph(r)
		if g == 0 {
			t.Errorf("no glyph for %q", r)
		}
		glyphs = append(glyphs, g)
	}
	file, err := f.Subset(glyphs)
	if err != nil {
		t.Fatal(err)
	}
	if len(file) > 100_000 {
		t.Errorf("the subset has %d bytes", len(file))
	}
	// A PDF names glyphs by number: a subset has no map of characters, and is no font to Parse.
	if _, err := truetype.Parse(file); err == nil {
		t.Error("a font without characters was accepted")
	}
	again, err := f.Subset(glyphs)
	if err != nil || string(again) != string(file) {
		t.Errorf("the same glyphs gave different bytes (%v)", err)
	}
}

// Whatever is cut off or broken is an error and no panic.
func TestParseDamaged(t *testing.T) {
	data := font(t)
	for _, n := range []int{0, 3, 12, 40, 200, 5000, len(data) / 2, len(data) - 1} {
		if _, err := truetype.Parse(data[:n]); err == nil {
			t.Errorf("Parse of the first %d bytes of %d gave no error", n, len(data))
		}
	}
	if _, err := truetype.Parse([]byte("OTTO and so on and so on")); err == nil {
		t.Error("a font of another kind was accepted")
	}
}
