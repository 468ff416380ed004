package judge_test

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"huizong/pkg/judge"
	"huizong/pkg/judge/judgetest"
	"huizong/pkg/reporting"
	"huizong/schemas"
)

// TestHostileFiles: each has its finding and costs nobody else anything. As large as they come they are read with HUIZONG_HOSTILE=1.
func TestHostileFiles(t *testing.T) {
	size := 0.02
	if text := os.Getenv("HUIZONG_HOSTILE"); text != "" {
		var err error
		if size, err = strconv.ParseFloat(text, 64); err != nil {
			t.Fatal(err)
		}
	}
	room, _ := judgetest.Open(t, schemas.FS(), nil)
	june, _ := reporting.ParsePeriod("2020-06")
	for _, h := range judgetest.HostileFiles(size) {
		began := time.Now()
		e := reporting.Envelope{ID: "1", Org: "349981001", Period: june}
		v, err := room.Decide(t.Context(), onDisk(t, h.Bytes), e, judge.History{Before: nothing})
		if err != nil || len(v.Findings) == 0 || !slices.ContainsFunc(v.Findings, func(f reporting.Finding) bool { return slices.Contains(h.Want, f.Code) }) || !reporting.HasErrors(v.Findings) {
			t.Errorf("%s (%d KB): %d findings %v, %v; want %v", h.Name, len(h.Bytes)>>10, len(v.Findings), v.Findings[:min(3, len(v.Findings))], err, h.Want)
		}
		first := ""
		if len(v.Findings) > 0 {
			first = string(v.Findings[0].Code) + " " + v.Findings[0].MessageEN
		}
		t.Logf("%-40s %6d KB %8s %6d findings: %.120s", h.Name, len(h.Bytes)>>10, time.Since(began).Round(time.Millisecond), len(v.Findings), first)
	}
}
