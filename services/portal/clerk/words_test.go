package clerk

import (
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
			page.describe()
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
