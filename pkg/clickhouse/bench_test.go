package clickhouse_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
)

// BenchmarkWrite is one normal sheet of 15 observations on its way: insert, read back, commit, with every fsync. Aim: p50
// under 12 ms.
func BenchmarkWrite(b *testing.B) {
	s, _ := newStore(b)
	n := 0
	sheet := func() clickhouse.Entry {
		n++
		return sheetOf(n, fmt.Sprintf("U%d", n%29), "2020-01", 15)
	}
	for _, size := range []int{1, 16} {
		b.Run(fmt.Sprintf("Batch%d", size), func(b *testing.B) {
			var took [4][]time.Duration
			for b.Loop() {
				batch := make([]clickhouse.Entry, size)
				for i := range batch {
					batch[i] = sheet()
				}
				start := time.Now()
				err := s.Insert(b.Context(), batch, domainOf)
				inserted := time.Now()
				if err == nil {
					err = s.ReadBack(b.Context(), batch)
				}
				read := time.Now()
				if err == nil {
					err = s.Commit(b.Context(), batch)
				}
				if err != nil {
					b.Fatal(err)
				}
				for i, d := range []time.Duration{time.Since(start), inserted.Sub(start), read.Sub(inserted), time.Since(read)} {
					took[i] = append(took[i], d)
				}
			}
			for i, name := range []string{"all", "insert", "readback", "commit"} {
				slices.Sort(took[i])
				b.ReportMetric(ms(took[i][len(took[i])/2]), "p50-"+name+"-ms")
			}
			b.ReportMetric(ms(took[0][len(took[0])*99/100]), "p99-all-ms")
			b.ReportMetric(float64(size*b.N)/b.Elapsed().Seconds(), "sheets/s")
		})
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func sheetOf(n int, unit, month string, observations int) clickhouse.Entry {
	e := entry(n, month)
	e.Decision.Org = unit
	for i := range observations {
		o := jobs(month, fmt.Sprint(i))
		o.Unit = unit
		e.Reading.Observations = append(e.Reading.Observations, o)
	}
	return e
}

// BenchmarkRead asks a half-year of a city: 100,000 payments with keys in six ledgers, 600 sheets beside them. Aim for one
// half-year: 60 ms.
func BenchmarkRead(b *testing.B) {
	s, _ := newStore(b)
	var sheets []clickhouse.Entry
	for m := range 6 {
		month := fmt.Sprintf("2020-%02d", m+1)
		ledger := entry(m, month)
		ledger.Decision.Form = "payments"
		for i := range 16_667 {
			ledger.Reading.Observations = append(ledger.Reading.Observations, reporting.Observation{Indicator: "insurance.persons", Unit: fmt.Sprintf("U%d", i%20),
				Period: period(month), Value: reporting.Int(1), Key: fmt.Sprintf("%064x", i%8000), Lineage: reporting.Lineage{Sheet: "台账", Cell: fmt.Sprintf("C%d", i)}})
		}
		mustWrite(b, s, ledger)
		for u := range 100 {
			sheets = append(sheets, sheetOf(100+100*m+u, fmt.Sprintf("U%d", u), month, 10))
		}
	}
	mustWrite(b, s, sheets...)
	c, half := catalogue(), period("2020H1")
	months := []reporting.Period{half, period("2020Q1"), period("2020Q2")}
	for _, m := range half.Months() {
		months = append(months, reporting.MonthPeriod(m))
	}
	for name, read := range map[string]func() error{
		"AggregatesHalfYear": func() error {
			_, err := s.Aggregates(b.Context(), []reporting.Period{half}, time.Time{}, c)
			return err
		},
		"AggregatesHalfYearOneForm": func() error {
			_, err := s.AggregatesOf(b.Context(), []string{"jobs"}, []reporting.Period{half}, time.Time{}, c)
			return err
		},
		"Mark":                  func() error { _, err := s.Mark(b.Context()); return err },
		"AggregatesNinePeriods": func() error { _, err := s.Aggregates(b.Context(), months, time.Time{}, c); return err },
		"FactsOfOneIndicator": func() error {
			_, err := s.Facts(b.Context(), clickhouse.FactFilter{Indicator: "employment.jobs", Period: half}, c)
			return err
		},
		"History":   func() error { _, _, err := s.History(b.Context(), "jobs", "U7", id(1000)); return err },
		"Outcome":   func() error { _, _, err := s.Outcome(b.Context(), id(1)); return err },
		"Standings": func() error { _, err := s.Standings(b.Context(), time.Time{}); return err },
		"SameFile":  func() error { _, err := s.SameFile(b.Context(), "U7", "jobs", half, "x", id(1000)); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
