package worker

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"huizong/pkg/answers"
	"huizong/pkg/clickhouse"
	"huizong/pkg/judge/judgetest"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// TestClosedFiguresNeverMove: random histories of ledgers, corrections, years to date, targets, last year's figures, visits, returned sheets,
// confirmed names, mergers, closings and openings. After each step all figures of closed months, and of runs of them, are what they were
// before it, in every column; and a rebuild comes to the same. HUIZONG_CLOSED_RUNS=N histories, HUIZONG_CLOSED_SEED the first.
func TestClosedFiguresNeverMove(t *testing.T) {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return otherwise
	}
	runs, first := number("HUIZONG_CLOSED_RUNS", 2), number("HUIZONG_CLOSED_SEED", 1)
	var refused, accepted int
	for seed := first; seed < first+runs; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			h := newChronicle(t, uint64(seed))
			h.run(t)
			refused, accepted = refused+h.refused, accepted+h.accepted
		})
	}
	t.Logf("%d histories: beside closed months %d sheets were accepted and %d refused for them", runs, accepted, refused)
	if refused == 0 || accepted == 0 {
		t.Error("the histories try nothing")
	}
}

// chronicle is a random history, and what its author knows.
type chronicle struct {
	*stage
	w        *Worker
	rng      *rand.Rand
	cases    []dispute
	events   int
	merged   bool
	log      []string
	last     map[string]sample.File
	refused  int // because of closed months that are not all of the sheet's period
	accepted int // while some months were closed
}

const historySteps = 18

func newChronicle(t *testing.T, seed uint64) *chronicle {
	s := newClosedStage(t)
	h := &chronicle{stage: s, rng: rand.New(rand.NewPCG(seed, 13)), last: map[string]sample.File{}}
	h.w = s.newDecider(t)
	return h
}

func (h *chronicle) closed() reporting.Closed { return reporting.ClosedBy(h.Store.PeriodEvents()) }

func (h *chronicle) run(t *testing.T) {
	before, closed := h.figures(t, h.Facts), h.closed()
	for range historySteps {
		h.step(t)
		after, still := h.figures(t, h.Facts), h.closed()
		for _, p := range slices.SortedFunc(maps.Keys(before), func(a, b reporting.Period) int { return int(a.First - b.First) }) {
			if closed.Holds(p) && still.Holds(p) {
				h.same(t, p, before[p], after[p])
			}
		}
		if t.Failed() {
			t.Fatalf("history:\n%s", strings.Join(h.log, "\n"))
		}
		before, closed = after, still
	}
	rebuilt := *h.stage
	rebuilt.Facts = newFacts(t)
	if _, err := New(rebuilt.Config).Replay(t.Context(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	for p, again := range h.figures(t, rebuilt.Facts) {
		h.same(t, p, before[p], again)
	}
	if got, want := rebuilt.answers(t), h.answers(t); got != want {
		t.Errorf("rebuilt:\n%s\nbefore:\n%s", got, want)
	}
}

// same compares all columns of a period's figures but the one that says that something was restated.
func (h *chronicle) same(t *testing.T, p reporting.Period, before, after []string) {
	t.Helper()
	for i := range max(len(before), len(after)) {
		if i >= len(before) || i >= len(after) || before[i] != after[i] {
			t.Errorf("%s was and is\n%s\n%s", p, before[min(i, len(before)-1)], after[min(i, len(after)-1)])
			return
		}
	}
}

// figures are those of the closed runs of months, as lines of JSON, by period.
func (h *chronicle) figures(t *testing.T, facts *clickhouse.Store) map[reporting.Period][]string {
	t.Helper()
	closed := h.closed()
	var periods []reporting.Period
	for _, year := range []int{2019, 2020} {
		for first := reporting.NewMonth(year, 1); first <= reporting.NewMonth(year, 6); first++ {
			for last := first; last <= reporting.NewMonth(year, 6); last++ {
				if p := (reporting.Period{First: first, Last: last}); closed.Holds(p) {
					periods = append(periods, p)
				}
			}
		}
	}
	byPeriod := map[reporting.Period][]string{}
	if len(periods) == 0 {
		return byPeriod
	}
	a, err := answers.New(answers.Config{Facts: facts, Catalogue: h.Catalogue})
	if err != nil {
		t.Fatal(err)
	}
	figures, err := a.Figures(t.Context(), answers.Selection{Periods: periods, Units: []string{"349981001", "349981002", "349981100"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		f.Restated = false
		for i := range f.Targets {
			f.Targets[i].Revision = 0
		}
		line, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		byPeriod[f.Period] = append(byPeriod[f.Period], string(line))
	}
	return byPeriod
}

// step does one random thing.
func (h *chronicle) step(t *testing.T) {
	month := 1 + h.rng.IntN(6)
	switch n := h.rng.IntN(20); {
	case n < 6:
		h.changeCases(month)
		h.try(t, disputes(month, h.cases...))
	case n < 9:
		org := []string{"349981001", "349981002"}[h.rng.IntN(2)]
		value := func() string { return fmt.Sprint(month*20 + h.rng.IntN(15)) }
		h.try(t, progress(org, fmt.Sprintf("%02d", month), value(), value(), value(), value()))
	case n < 11:
		h.try(t, h.visits(month))
	case n < 12:
		h.try(t, plan("targets_annual", "2020", fmt.Sprint(1000+h.rng.IntN(2)*100)))
	case n < 13:
		h.try(t, plan("baseline_figures", "2019H1", fmt.Sprint(100+h.rng.IntN(2)*10)))
	case n < 14 && len(h.last) > 0:
		h.try(t, h.last[slices.Sorted(maps.Keys(h.last))[h.rng.IntN(len(h.last))]]) // A, B, A
	case n < 15:
		h.giveBack(t)
	case n < 16:
		h.merge(t)
	default:
		h.closeOrOpen(t, month)
	}
}

// changeCases adds, changes or drops a case of the ledger that the office keeps.
func (h *chronicle) changeCases(month int) {
	day := func(m int) string { return fmt.Sprintf("2020-%02d-%02d", m, 1+h.rng.IntN(28)) }
	for range 1 + h.rng.IntN(2) {
		switch n := h.rng.IntN(10); {
		case n < 5 || len(h.cases) == 0:
			h.events++
			filed := 1 + h.rng.IntN(month)
			if h.rng.IntN(3) > 0 {
				filed = month
			}
			h.cases = append(h.cases, dispute{no: fmt.Sprintf("〔2020〕%d号", h.events), filed: day(filed)})
		case n < 8:
			c := &h.cases[h.rng.IntN(len(h.cases))]
			if c.closed == "" && c.filed <= fmt.Sprintf("2020-%02d-32", month) {
				c.closed = max(c.filed, day(month))
			} else {
				c.closed = ""
			}
		case n < 9:
			c := &h.cases[h.rng.IntN(len(h.cases))]
			c.persons = 2 + h.rng.IntN(5) // which feeds no figure
		default:
			i := h.rng.IntN(len(h.cases))
			h.cases = slices.Delete(h.cases, i, i+1)
		}
	}
}

// visits is a ledger of the month that counts enterprises once over the city.
func (h *chronicle) visits(month int) sample.File {
	org := []string{"349981001", "349981002"}[h.rng.IntN(2)]
	var b strings.Builder
	b.WriteString("走访企业台账\n序号,走访日期,企业名称,统一社会信用代码,走访人员,企业诉求\n")
	for i := range 1 + h.rng.IntN(4) {
		fmt.Fprintf(&b, "%d,2020-%02d-%02d,甲公司,%s,张三,\n", i+1, month, 1+h.rng.IntN(28), company(h.rng.IntN(4)))
	}
	return sample.File{Path: "走访.csv", Org: org, Form: "enterprise_visits", Period: monthOf(month), Bytes: []byte(b.String())}
}

// company is the credit code of the n-th invented enterprise.
func company(n int) string {
	const characters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	body := fmt.Sprintf("91349981MA%07d", n)
	sum, weight := 0, 1
	for k := range body {
		sum += strings.IndexByte(characters, body[k]) * weight
		weight = weight * 3 % 31
	}
	return body + string(characters[(31-sum%31)%31])
}

// try sends a file, of a unit that is still there.
func (h *chronicle) try(t *testing.T, f sample.File) {
	if h.merged && f.Org == "349981001" && f.Period.Last > reporting.NewMonth(2020, 6) {
		return
	}
	closed := h.closed()
	d := h.send(t, h.w, f)
	h.last[f.Form+f.Org] = f
	h.log = append(h.log, fmt.Sprintf("%s %s %s %s: %s %s", f.Form, f.Org, f.Period, d.Submission, d.Outcome, codes(d)))
	switch locked := len(said(d, reporting.PeriodLocked)) > 0; {
	case locked && !closed.Holds(f.Period):
		h.refused++
	case d.Outcome == reporting.Accepted && len(closed) > 0:
		h.accepted++
	case d.Outcome == reporting.Rejected && !locked && !strings.Contains(codes(d), string(reporting.DateOutOfPeriod)) && !strings.Contains(codes(d), string(reporting.ClosedBeforeAccepted)):
		t.Errorf("%s of %s was refused: %v\n%s", f.Form, f.Period, d.Findings, f.Bytes)
	}
}

func codes(d reporting.Decision) string {
	var all []string
	for _, f := range d.Findings {
		all = append(all, string(f.Code))
	}
	return strings.Join(all, " ")
}

// giveBack returns an accepted sheet to its sender, or confirms a name, which counts for later sheets.
func (h *chronicle) giveBack(t *testing.T) {
	if len(h.submissions) == 0 {
		return
	}
	e := h.submissions[h.rng.IntN(len(h.submissions))]
	next := reporting.Envelope{Kind: reporting.SubmissionReturned, Org: e.Org, Form: e.Form, Period: e.Period, Subject: e.ID, Reason: "请核对", By: "审核"}
	if h.rng.IntN(2) == 0 {
		next = reporting.Envelope{Kind: reporting.MappingConfirmed, Org: "349981ZC", By: "仲裁院", Mapping: &reporting.Mapping{Text: "港口", Unit: "349981100"}}
	}
	_, err := h.Store.Append(t.Context(), next)
	h.log = append(h.log, fmt.Sprint(next.Kind, err))
}

// merge has a township go into its neighbour after June, in the units that the program is started with from then on.
func (h *chronicle) merge(t *testing.T) {
	if h.merged || h.closed().Touches(reporting.Period{First: reporting.NewMonth(2020, 7), Last: reporting.NewMonth(2020, 12)}) {
		return
	}
	h.merged = true
	c := *h.Catalogue
	c.Units = slices.Clone(c.Units)
	for i := range c.Units {
		if c.Units[i].Code == "349981001" {
			c.Units[i].To, c.Units[i].Successors = reporting.NewMonth(2020, 6).End(), []string{"349981002"}
		}
	}
	h.Catalogue, h.Judge = &c, judgetest.OpenBy(t, &c, h.Store.Mappings)
	h.w = h.newDecider(t)
	h.log = append(h.log, "merger")
}

func (h *chronicle) closeOrOpen(t *testing.T, month int) {
	kind, first := reporting.PeriodClosed, reporting.NewMonth(2020, month)
	if h.rng.IntN(5) == 0 {
		first -= 12
	}
	if h.rng.IntN(4) == 0 {
		kind = reporting.PeriodOpened
	}
	p := reporting.Period{First: first, Last: min(first+reporting.Month(h.rng.IntN(4)), reporting.NewMonth(first.Year(), 6))}
	h.period(t, kind, p.String())
	h.log = append(h.log, fmt.Sprint(kind, " ", p))
}
