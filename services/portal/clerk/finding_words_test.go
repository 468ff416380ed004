package clerk

import (
	"os"
	"regexp"
	"testing"
)

// TestEveryFindingHasWords: the help page knows every code there is, once, in both languages.
func TestEveryFindingHasWords(t *testing.T) {
	source, err := os.ReadFile("../../../pkg/reporting/finding.go")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for _, chapter := range findingChapters {
		for _, w := range chapter.Words {
			told[string(w.Code)]++
			for _, text := range []string{w.Title.ZH, w.Title.EN, w.Means.ZH, w.Means.EN, w.Remedy.ZH, w.Remedy.EN} {
				if text == "" {
					t.Errorf("%s lacks words", w.Code)
				}
			}
		}
	}
	codes := regexp.MustCompile(`FindingCode\s+= "([a-z_]+)"`).FindAllSubmatch(source, -1)
	if len(codes) < 30 {
		t.Fatalf("%d codes found in pkg/reporting", len(codes))
	}
	for _, code := range codes {
		if n := told[string(code[1])]; n != 1 {
			t.Errorf("%s is explained %d times", code[1], n)
		}
	}
}
