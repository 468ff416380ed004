package clerk

import (
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// TestRefusedFile: what is too large is told in words that say what to do, not in those of a program.
func TestRefusedFile(t *testing.T) {
	words := refusedFile(reporting.Errorf(reporting.Invalid, "%s: the file is larger than 64 MB", reporting.TooLarge))
	if strings.Contains(words.ZH+words.EN, string(reporting.TooLarge)) || !strings.Contains(words.ZH, "请") || !strings.Contains(words.EN, "save") {
		t.Errorf("%+v", words)
	}
	over := refusedFile(reporting.Errorf(reporting.TooMany, "今天已达上限，请明天再报 / today's quota is used up: send tomorrow"))
	if want := (reporting.Text{ZH: "今天已达上限，请明天再报。", EN: "today's quota is used up: send tomorrow."}); over != want {
		t.Errorf("%+v, want %+v", over, want)
	}
}
