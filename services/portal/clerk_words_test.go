package portal

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// TestRejectedWords: what the page tells of a rejected sheet is true of a closed period, of a list that is cut off, and for whoever reads it.
func TestRejectedWords(t *testing.T) {
	finding := func(code reporting.FindingCode, cell string) reporting.Finding {
		return reporting.Finding{Code: code, Severity: reporting.SeverityError, Cell: cell}
	}
	wrong := []reporting.Finding{finding(reporting.NotANumber, "C4"), finding(reporting.NotANumber, "C5")}
	for _, tt := range []struct {
		name       string
		closed     bool
		own        bool
		findings   []reporting.Finding
		head, lead string
	}{
		{"two errors", false, true, wrong, "还差 2 处就能受理", "在您自己的表里改好"},
		{"read by others", false, false, wrong, "还差 2 处就能受理", "由报送单位改好"},
		{"a closed period", true, true, append(wrong, finding(reporting.PeriodLocked, "")), "时期已关闭", "改表也不能受理"},
		{"a row of a closed month", false, true, append(wrong, finding(reporting.PeriodLocked, "")), "还差 3 处", "在您自己的表里改好"},
		{"a list that is cut off", false, true, append(wrong, finding(reporting.MoreFindings, "")), "至少还差 2 处", "在您自己的表里改好"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := &submissionPage{Own: tt.own, Closed: tt.closed, Counts: map[reporting.Severity]int{reporting.SeverityError: len(tt.findings)}}
			page.Outcome = reporting.Rejected
			page.State.Findings = tt.findings
			page.say()
			var lead string
			for _, l := range page.Lead {
				lead += l.ZH
			}
			if !strings.Contains(page.Headline.ZH, tt.head) || !strings.Contains(lead, tt.lead) {
				t.Errorf("%q, %q; want %q, %q", page.Headline.ZH, lead, tt.head, tt.lead)
			}
		})
	}
}

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
