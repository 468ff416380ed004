package portal

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// TestErrorPageWords: a page in Chinese tells an error in Chinese; the words of the program stand apart, and what says itself what to do comes alone.
func TestErrorPageWords(t *testing.T) {
	p, err := NewShell(Shell{Catalogue: &reporting.Catalogue{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, lang string
		err        error
		want, not  string
	}{
		{"for the administrator", "zh", reporting.Errorf(reporting.Forbidden, "this needs figures:read"), "<summary>给系统管理员看的</summary>", `<p class="muted">this`},
		{"in English", "en", reporting.Errorf(reporting.Forbidden, "this needs figures:read"), `<p class="muted">this needs`, "<summary>"},
		{"said in both", "zh", reporting.Errorf(reporting.TooMany, "今天已达上限，请明天再报 / send tomorrow"), "今天已达上限，请明天再报。", "稍等片刻"},
		{"our own fault", "zh", errors.New("secret"), "错误已记录", "secret"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			status := http.StatusForbidden
			if reporting.CodeOf(tt.err) == reporting.Internal {
				status = http.StatusInternalServerError
			}
			p.ErrorPage(w, httptest.NewRequest("GET", "/x?lang="+tt.lang, nil), status, tt.err)
			if body := w.Body.String(); !strings.Contains(body, tt.want) || strings.Contains(body, tt.not) {
				t.Errorf("want %q and not %q in\n%s", tt.want, tt.not, body)
			}
		})
	}
}
