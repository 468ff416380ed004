package clickhouse_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
)

// TestCrash stops a submission at each point of its way and runs it again, as another worker would after the redelivery:
// under a new attempt and in another batch. It must be counted once, whatever the first run left behind.
func TestCrash(t *testing.T) {
	t.Parallel()
	first := func() clickhouse.Entry { return entry(1, "2020-01", jobs("2020-01", "10"), jobs("2020-01", "5")) }
	for name, crash := range map[string]func(*testing.T, *clickhouse.Store, clickhouse.Entry){
		"BeforeInsert": func(*testing.T, *clickhouse.Store, clickhouse.Entry) {},
		"HalfInserted": func(t *testing.T, s *clickhouse.Store, e clickhouse.Entry) {
			e.Reading.Observations = e.Reading.Observations[:1]
			mustInsert(t, s, e)
		},
		"Inserted": func(t *testing.T, s *clickhouse.Store, e clickhouse.Entry) { mustInsert(t, s, e) },
		"ReadBack": func(t *testing.T, s *clickhouse.Store, e clickhouse.Entry) {
			mustInsert(t, s, e)
			mustReadBack(t, s, e)
		},
		"Committed": func(t *testing.T, s *clickhouse.Store, e clickhouse.Entry) { mustWrite(t, s, e) },
		"InABatch": func(t *testing.T, s *clickhouse.Store, e clickhouse.Entry) {
			mustInsert(t, s, e, entry(7, "2020-02", jobs("2020-02", "1")))
		},
		"CrashTwice": func(t *testing.T, s *clickhouse.Store, e clickhouse.Entry) {
			mustInsert(t, s, e)
			mustInsert(t, s, first())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newStore(t)
			crash(t, s, first())
			if name != "Committed" {
				wantJobs(t, s, time.Time{})
			}
			mustWrite(t, s, first(), entry(2, "2020-02", jobs("2020-02", "20")))
			wantJobs(t, s, time.Time{}, "2020-01=15", "2020-02=20")
		})
	}
}

func mustInsert(t *testing.T, s *clickhouse.Store, entries ...clickhouse.Entry) {
	t.Helper()
	if err := s.Insert(t.Context(), entries, domainOf); err != nil {
		t.Fatal(err)
	}
}

func mustReadBack(t *testing.T, s *clickhouse.Store, entries ...clickhouse.Entry) {
	t.Helper()
	if err := s.ReadBack(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
}

// TestRepeat: an answer that was lost is asked for again, at each step and for the batch as a whole.
func TestRepeat(t *testing.T) {
	t.Parallel()
	s, conn := newStore(t)
	e := full(1)
	batch := []clickhouse.Entry{e, entry(2, "2020-02", jobs("2020-02", "20"))}
	for range 3 {
		mustWrite(t, s, batch...)
	}
	for table, want := range map[string]uint64{"submission_outcome": 2, "fact_raw": 3, "fact_employment": 2, "fact_insurance_fund": 1,
		"target": 1, "baseline": 1, "narrative": 1, "ledger_dispute_case": 2, "finding": 2} {
		mustCount(t, conn, "SELECT count() FROM "+table, want)
	}
	wantJobs(t, s, time.Time{}, "2020-01=10.25", "2020-02=20")
}

// TestRace: two workers have the same message. Both finish, with different numbers so that we can tell them apart; the first
// commit counts, before and after the second.
func TestRace(t *testing.T) {
	t.Parallel()
	s, conn := newStore(t)
	a, b := entry(1, "2020-01", jobs("2020-01", "10")), entry(1, "2020-01", jobs("2020-01", "99"))
	b.Decision.Findings = []reporting.Finding{{Code: reporting.Outlier, Severity: reporting.SeverityWarning}}
	mustInsert(t, s, a)
	mustInsert(t, s, b)
	mustReadBack(t, s, a)
	mustReadBack(t, s, b)
	if err := s.Commit(t.Context(), []clickhouse.Entry{a}); err != nil {
		t.Fatal(err)
	}
	wantJobs(t, s, time.Time{}, "2020-01=10")
	if err := s.Commit(t.Context(), []clickhouse.Entry{b}); err != nil {
		t.Fatal(err)
	}
	wantJobs(t, s, time.Time{}, "2020-01=10")
	mustCount(t, conn, "SELECT count() FROM submission", 1)
	mustCount(t, conn, "SELECT count() FROM submission_finding", 0)
	d, _, err := s.Outcome(t.Context(), id(1))
	if err != nil || len(d.Findings) != 0 {
		t.Errorf("Outcome = %v, %v, want that of the first commit, without findings", d, err)
	}
}

// TestReadBack finds what an insert lost or doubled.
func TestReadBack(t *testing.T) {
	t.Parallel()
	s, conn := newStore(t)
	e := full(1)
	wantError(t, s.ReadBack(t.Context(), []clickhouse.Entry{e}), reporting.Internal, id(1), "holds 0 rows")
	mustInsert(t, s, e)
	mustReadBack(t, s, e)
	for _, table := range []string{"fact_employment", "target", "narrative", "ledger_dispute_case", "finding"} {
		mustExec(t, conn, fmt.Sprintf("INSERT INTO %s SELECT * FROM %s WHERE attempt = %d LIMIT 1", table, table, e.Attempt))
		wantError(t, s.ReadBack(t.Context(), []clickhouse.Entry{e}), reporting.Internal, "rows")
		e.Attempt = clickhouse.NewAttempt()
		mustInsert(t, s, e)
		mustReadBack(t, s, e)
	}
	// An attempt belongs to one batch: in another one it has another token. Who reuses it is caught here.
	mustInsert(t, s, e, entry(3, "2020-01"))
	wantError(t, s.ReadBack(t.Context(), []clickhouse.Entry{e}), reporting.Internal, "rows")

	more := entry(2, "2020-01", jobs("2020-01", "10"))
	mustInsert(t, s, more)
	more.Reading.Observations[0].Value = reporting.MustDecimal("10.01")
	wantError(t, s.ReadBack(t.Context(), []clickhouse.Entry{more}), reporting.Internal, "fact_raw", "sum 10,", "10.01")
}

// full is an accepted submission with something of everything.
func full(n int) clickhouse.Entry {
	l := reporting.Lineage{Sheet: "表", Cell: "C3", Written: "１０．２５"}
	e := entry(n, "2020-01", jobs("2020-01", "10.25"), reporting.Observation{Indicator: "insurance.persons", Unit: "B", Period: period("2020-01"),
		Value: reporting.Int(1), Key: "k1", Lineage: l})
	e.Reading.Targets = []reporting.Target{{Indicator: "employment.jobs", Year: 2020, Level: "city", Value: reporting.MustDecimal("0.0375"), Lineage: l}}
	e.Reading.Baselines = []reporting.Baseline{{Indicator: "employment.jobs", Period: period("2019H1"), Value: reporting.MustDecimal("0.123456"), Lineage: l}}
	e.Reading.Narratives = []reporting.Narrative{{Section: "就业", Title: "题'目", Body: "正文\n\\第二行\t;", Lineage: l}}
	e.Reading.Rows = []reporting.LedgerRow{
		{Table: "ledger_dispute_case", Sheet: "台账", Row: 4, Fields: []reporting.Field{{Name: "case_no", Value: "示劳仲〔2020〕1号"}, {Name: "filed_on", Value: date("2020-01-03")},
			{Name: "closed_on", Value: nil}, {Name: "persons", Value: reporting.Int(3)}, {Name: "amount", Value: reporting.MustDecimal("1234.56")}}},
		{Table: "ledger_dispute_case", Sheet: "台账", Row: 5, Fields: []reporting.Field{{Name: "case_no", Value: "示劳仲〔2020〕2号"}}},
	}
	e.Decision.Findings = []reporting.Finding{
		{Code: reporting.ValueAssumed, Severity: reporting.SeverityWarning, Sheet: "表", Cell: "C3", Value: "10人", Message: "单位", MessageEN: "unit"},
		{Code: reporting.Outlier, Severity: reporting.SeverityWarning, Sheet: "表", Cell: "C4", Value: "9", Message: "异常", MessageEN: "odd"},
	}
	return e
}

func TestRejected(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	mustWrite(t, s, entry(1, "2020-01", jobs("2020-01", "10")))
	bad := entry(2, "2020-01")
	bad.Decision.Outcome, bad.Slot = reporting.Rejected, ""
	bad.Decision.Findings = full(2).Decision.Findings
	mustWrite(t, s, bad)
	wantJobs(t, s, time.Time{}, "2020-01=10") // what stood before stays

	got, ok, err := s.Outcome(t.Context(), id(2))
	if err != nil || !ok || !reflect.DeepEqual(got, bad.Decision) {
		t.Errorf("Outcome = %+v, %v, %v\nwant %+v", got, ok, err, bad.Decision)
	}
}

// TestExactValues: numbers, dates and texts come back as they were given, to the ends of what fits.
func TestExactValues(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	e := entry(1, "2020-01")
	for _, value := range []string{"0", "-0.0001", "0.1", "4123.45", "-99999999999999999999.9999", "99999999999999999999.9999", "100"} {
		o := jobs("2020-01", value)
		o.Written, o.Key = " '\\\t"+value, "k'"+value
		e.Reading.Observations = append(e.Reading.Observations, o)
	}
	// The sum of all is the outcome's checksum, which has to fit too: the two large ones cancel out.
	docket := jobs("2020-01", "1")
	docket.Opened, docket.Closed = date("1900-01-01"), date("2200-12-31")
	open := docket
	open.Closed = 0
	e.Reading.Observations = append(e.Reading.Observations, docket, open)
	mustWrite(t, s, e)
	facts, err := s.Observations(t.Context(), "employment.jobs", "", reporting.Period{}, time.Time{})
	if err != nil || len(facts) != len(e.Reading.Observations) {
		t.Fatalf("Observations = %d, %v, want %d", len(facts), err, len(e.Reading.Observations))
	}
	for i, f := range facts {
		want := e.Reading.Observations[i]
		if !f.Value.Equal(want.Value) || f.Value.String() != want.Value.String() {
			t.Errorf("value %d = %s, want %s", i, f.Value, want.Value)
		}
		f.Value, want.Value = reporting.Decimal{}, reporting.Decimal{}
		if !reflect.DeepEqual(f, reporting.Fact{Submission: id(1), Form: "jobs", Sender: "A", Observation: want}) {
			t.Errorf("fact %d = %+v, want %+v", i, f, want)
		}
	}
}

// TestUnfit: what a column cannot hold exactly is an error that names it, and nothing of the batch is written.
func TestUnfit(t *testing.T) {
	t.Parallel()
	s, conn := newStore(t)
	ledger := func(table string, fields ...reporting.Field) func(*clickhouse.Entry) {
		return func(e *clickhouse.Entry) {
			e.Reading.Rows = []reporting.LedgerRow{{Table: table, Sheet: "台账", Row: 9, Fields: fields}}
		}
	}
	tooGreat := map[string]string{"Scale": "报表!D5", "Range": "报表!D5", "TargetScale": "!", "Negative": "台账!A9", "Fraction": "台账!A9", "TooMany": "台账!A9"}
	for name, test := range map[string]struct {
		spoil func(*clickhouse.Entry)
		says  []string
	}{
		"Scale":  {func(e *clickhouse.Entry) { e.Reading.Observations[0].Value = reporting.MustDecimal("1.23456") }, []string{"employment.jobs", "报表!D5", "1.23456"}},
		"Range":  {func(e *clickhouse.Entry) { e.Reading.Observations[0].Value = reporting.MustDecimal("-1E20") }, []string{"employment.jobs", "D5"}},
		"Domain": {func(e *clickhouse.Entry) { e.Reading.Observations[0].Indicator = "what.is_it" }, []string{"what.is_it"}},
		"TargetScale": {func(e *clickhouse.Entry) {
			e.Reading.Targets = []reporting.Target{{Indicator: "t", Year: 2020, Value: reporting.MustDecimal("1E-11")}}
		}, []string{"target of t"}},
		"UnknownTable": {ledger("ledger_nothing"), []string{"ledger_nothing"}},
		"OtherTable":   {ledger("submission_outcome", reporting.Field{Name: "outcome", Value: "accepted"}), []string{"submission_outcome"}},
		"UnknownField": {ledger("ledger_dispute_case", reporting.Field{Name: "colour", Value: "red"}), []string{"ledger_dispute_case", "colour", "台账!9"}},
		"Lineage":      {ledger("ledger_dispute_case", reporting.Field{Name: "attempt", Value: reporting.Int(1)}), []string{"attempt"}},
		"TwiceField":   {ledger("ledger_dispute_case", reporting.Field{Name: "unit", Value: "A"}, reporting.Field{Name: "unit", Value: "B"}), []string{"unit", "twice"}},
		"Negative":     {ledger("ledger_dispute_case", reporting.Field{Name: "persons", Value: reporting.Int(-1)}), []string{"persons", "-1", "UInt32"}},
		"Fraction":     {ledger("ledger_dispute_case", reporting.Field{Name: "persons", Value: reporting.MustDecimal("0.5")}), []string{"persons"}},
		"TooMany":      {ledger("ledger_dispute_case", reporting.Field{Name: "persons", Value: reporting.Int(1 << 32)}), []string{"persons"}},
		"WrongType":    {ledger("ledger_dispute_case", reporting.Field{Name: "filed_on", Value: "2020-01-01"}), []string{"filed_on", "string", "Date32"}},
		"NotAMonth":    {ledger("ledger_benefit_payment", reporting.Field{Name: "month", Value: period("2020H1")}), []string{"month"}},
		"NoAttempt":    {func(e *clickhouse.Entry) { e.Attempt = 0 }, []string{id(1), "attempt"}},
		"NoPeriod":     {func(e *clickhouse.Entry) { e.Decision.Period = reporting.Period{} }, []string{"period"}},
		"NoReceipt":    {func(e *clickhouse.Entry) { e.Decision.ReceivedAt = time.Time{} }, []string{"receipt"}},
		"NoSlot":       {func(e *clickhouse.Entry) { e.Slot = "" }, []string{"slot"}},
		"NoOutcome":    {func(e *clickhouse.Entry) { e.Decision.Outcome = "" }, []string{"outcome"}},
		"RejectedFull": {func(e *clickhouse.Entry) { e.Decision.Outcome = reporting.Rejected }, []string{"rejected", "reading"}},
	} {
		t.Run(name, func(t *testing.T) {
			e := entry(1, "2020-01", jobs("2020-01", "1"))
			test.spoil(&e)
			err := s.Insert(t.Context(), []clickhouse.Entry{entry(2, "2020-02", jobs("2020-02", "1")), e}, domainOf)
			wantError(t, err, reporting.Internal, test.says...)
			finding, found := reporting.FindingOf(err)
			if want := tooGreat[name]; found != (want != "") || found && (finding.Code != reporting.OutOfBounds || finding.Sheet+"!"+finding.Cell != want) {
				t.Errorf("finding %+v, want one at %q", finding, want)
			}
			mustCount(t, conn, "SELECT count() FROM fact_raw", 0)
		})
	}
	e := entry(1, "2020-01")
	wantError(t, s.Insert(t.Context(), []clickhouse.Entry{e, e}, domainOf), reporting.Internal, "twice")
	wantError(t, s.Commit(t.Context(), []clickhouse.Entry{e, e}), reporting.Internal, "twice")
}

// TestLedger: the typed rows, every type of field, visible only while their submission stands.
func TestLedger(t *testing.T) {
	t.Parallel()
	s, conn := newStore(t)
	e := entry(1, "2020-01")
	e.Reading.Rows = []reporting.LedgerRow{
		{Table: "ledger_benefit_payment", Sheet: "台账", Row: 4, Fields: []reporting.Field{
			{Name: "name", Value: "张*"}, {Name: "month", Value: period("2020-01")}, {Name: "amount", Value: reporting.MustDecimal("105.5")}, {Name: "unit", Value: nil}}},
		{Table: "ledger_dispute_case", Sheet: "台账", Row: 4, Fields: []reporting.Field{
			{Name: "persons", Value: reporting.Int(1<<32 - 1)}, {Name: "filed_on", Value: date("2019-12-31")}, {Name: "closed_on", Value: reporting.Date(0)}}},
	}
	mustWrite(t, s, e)
	const paid = "SELECT count() FROM standing_benefit_payment WHERE name = '张*' AND month = '2020-01-01' AND amount = 105.5 AND unit IS NULL AND row = 4 AND sender = 'A'"
	mustCount(t, conn, paid, 1)
	mustCount(t, conn, "SELECT count() FROM standing_dispute_case WHERE persons = 4294967295 AND filed_on = '2019-12-31' AND closed_on IS NULL AND case_no IS NULL", 1)
	mustWrite(t, s, entry(2, "2020-01"))
	mustCount(t, conn, paid, 0)
}
