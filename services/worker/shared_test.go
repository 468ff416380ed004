package worker

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"strings"
	"testing"
	"time"

	"huizong/pkg/judge/judgetest"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// newSharedStage is a stage with the form of docs/examples in which a person is to be reported by one unit a year.
func newSharedStage(t *testing.T) *stage {
	t.Helper()
	example, err := os.ReadFile("../../docs/examples/once_form.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t)
	s.Judge, s.Catalogue = judgetest.Open(t, judgetest.WithFile(t, "forms/job_subsidies.yaml", example), s.Store.Mappings)
	return s
}

// citizen is the ID number of the n-th invented person.
func citizen(n int) string {
	digits := fmt.Sprintf("34998119900101%03d", n)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[i]-'0') * weight
	}
	return digits + string("10X98765432"[sum%11])
}

// subsidies is a sheet of the form with these persons; form "" leaves it to be recognised.
func subsidies(org, form string, month int, persons ...int) sample.File {
	var b strings.Builder
	b.WriteString("一次性求职补贴发放台账\n序号,姓名,身份证号码,发放日期,补贴金额（元）\n")
	for i, n := range persons {
		fmt.Fprintf(&b, "%d,张三,%s,2020-%02d-10,1500\n", i+1, citizen(n), month)
	}
	p := reporting.MonthPeriod(reporting.NewMonth(2020, month))
	return sample.File{Path: fmt.Sprintf("%s-%02d.csv", org, month), Org: org, Form: form, Period: p, Bytes: []byte(b.String())}
}

// TestReportedByOneUnitOnly: the second unit that reports a person in a year is told so, with the other's name and receipt, and never more of
// the person than the masked number. What is rejected, replaced, the unit's own or another year's is no other report.
func TestReportedByOneUnitOnly(t *testing.T) {
	s := newSharedStage(t)
	const east, west, port = "349981001", "349981002", "349981100"
	bad := subsidies(port, "job_subsidies", 1, 7)
	bad.Bytes = []byte(strings.Replace(string(bad.Bytes), "1500", "很多", 1))
	s.receive(t, &sample.Kit{Files: []sample.File{
		subsidies(east, "job_subsidies", 1, 1, 2, 3),
		bad,
		subsidies(west, "", 2, 3, 4, 7), // 3 was paid by the first; the sheet with 7 was rejected
		subsidies(east, "job_subsidies", 2, 1, 2),
		subsidies(east, "job_subsidies", 1, 1), // 2 and 3 are taken back for January
		subsidies(port, "", 3, 2, 3, 5),        // 2 by the first in February, 3 by the second
		subsidies(port, "job_subsidies", 4, 6),
	}})
	if _, err := New(s.Config).Replay(t.Context(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"", "", "C3 城东街道 0", "", "", "C3 城东街道 3; C4 城西街道 2", ""} {
		d, _, err := s.Facts.Outcome(t.Context(), s.submissions[i].ID)
		if err != nil || (d.Outcome == reporting.Accepted) == (i == 1) {
			t.Fatalf("sheet %d is %s: %v, %v", i, d.Outcome, d.Findings, err)
		}
		var got []string
		for _, f := range d.Findings {
			if f.Code != reporting.DuplicatePerson {
				continue
			}
			for n, e := range s.submissions {
				if strings.Contains(f.Message, e.ID) && strings.Contains(f.MessageEN, e.ID) && strings.Contains(f.Message, e.Period.Label()) {
					got = append(got, fmt.Sprint(f.Cell, " ", s.Catalogue.Unit(e.Org).Name.ZH, " ", n))
				}
			}
			if f.Severity != reporting.SeverityWarning || !strings.Contains(f.Value, "********") || strings.Contains(f.Message+f.MessageEN+f.Value, citizen(3)[6:14]) {
				t.Errorf("sheet %d: %+v", i, f)
			}
		}
		if text := strings.Join(got, "; "); text != want {
			t.Errorf("sheet %d: %q, want %q", i, text, want)
		}
	}
}

// TestUnitsThatShareAreDecidedInOrder: sheets that are compared with one another come twice, in any order, with workers that are stopped in
// between, some without their form's name. Every finding is that of a replay in order.
func TestUnitsThatShareAreDecidedInOrder(t *testing.T) {
	s := newSharedStage(t)
	random := rand.New(rand.NewSource(4))
	kit, err := sample.Generate(sample.Config{Seed: 9, Months: 1, Forms: []string{"employment_monthly"}})
	if err != nil {
		t.Fatal(err)
	}
	for range 36 {
		persons := random.Perm(30)[:5]
		org := fmt.Sprintf("34998100%d", 1+random.Intn(6))
		kit.Files = append(kit.Files, subsidies(org, []string{"job_subsidies", ""}[random.Intn(2)], 1+random.Intn(3), persons...))
	}
	random.Shuffle(len(kit.Files), func(i, j int) { kit.Files[i], kit.Files[j] = kit.Files[j], kit.Files[i] })
	s.receive(t, kit)
	inOrder := *s
	inOrder.Facts = newFacts(t)
	if _, err := New(inOrder.Config).Replay(t.Context(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	want := inOrder.answers(t)
	if strings.Count(want, "duplicate_person") < 30 {
		t.Fatalf("only %d persons are reported twice", strings.Count(want, "duplicate_person"))
	}
	s.connect(t)
	for round := range 2 {
		for _, i := range random.Perm(len(s.submissions)) {
			s.announce(t, s.submissions[i], fmt.Sprint(s.submissions[i].ID, round))
		}
	}
	for n := 15; n < len(s.submissions); n += 25 {
		s.runUntilDecided(t, n) // and is stopped with others in its hands
	}
	s.runUntilDecided(t, len(s.submissions))
	if got := s.answers(t); got != want {
		t.Errorf("out of order:\n%.3000s\nin order:\n%.3000s", got, want)
	}
}

func overwrite(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// await looks until it is so.
func (s *stage) await(t *testing.T, ctx context.Context, so func() bool) {
	t.Helper()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for !so() {
		select {
		case <-ctx.Done():
			t.Fatal("not in time")
		case <-ticker.C:
		}
	}
}
