package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/engine"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/schemas"
)

// BenchmarkReceiptToQueryable measures, for one normal sheet at a time, how long it takes from the receipt until its outcome and
// facts can be read, against what one fsynced insert of a decision costs on this machine in the same run.
func BenchmarkReceiptToQueryable(b *testing.B) {
	_, manifest := writeKit(b, sample.Config{Seed: 2, Forms: []string{"employment_monthly"}})
	sheets, err := readManifest(manifest)
	if err != nil {
		b.Fatal(err)
	}
	server := startProcess(b, b.TempDir())
	insert := fsyncedInsert(b)
	var took []time.Duration
	b.ResetTimer()
	for range b.N {
		took = took[:0]
		for _, s := range sheets {
			receipt, err := server.client.submit(b.Context(), s)
			if err != nil {
				b.Fatal(err)
			}
			began := time.Now()
			if _, err := server.outcome(b.Context(), receipt); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	p50, p99 := took[len(took)/2], took[len(took)*99/100]
	b.ReportMetric(float64(p50.Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(p99.Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(insert.Microseconds())/1000, "insert-ms")
	b.ReportMetric(float64(p50)/float64(insert), "p50/insert")
}

// beforeVar is the path of an older program, with which this one is compared: `make bench BASE=COMMIT` builds it.
const beforeVar = "HUIZONG_BEFORE"

// BenchmarkBeside measures, for one normal sheet at a time, how long it takes from the receipt until its outcome, on this program and on the
// one of before. Both run at the same moment and get the sheets in turns, so that a busy machine is busy for both.
func BenchmarkBeside(b *testing.B) {
	path := os.Getenv(beforeVar)
	if path == "" {
		b.Skip(beforeVar + " names no program of before")
	}
	_, manifest := writeKit(b, sample.Config{Seed: 2, Forms: []string{"employment_monthly", "enterprise_visits"}})
	sheets, err := readManifest(manifest)
	if err != nil {
		b.Fatal(err)
	}
	data := b.TempDir()
	servers := map[string]*process{
		"before": startCommand(b, data, exec.Command(path, "serve", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "warn")),
		"after":  startProcess(b, b.TempDir()),
	}
	took := map[string][]time.Duration{}
	for range b.N {
		for i, s := range sheets {
			turns := []string{"before", "after"}
			if i%2 == 1 {
				slices.Reverse(turns)
			}
			for _, which := range turns {
				receipt, err := servers[which].client.submit(b.Context(), s)
				if err != nil {
					b.Fatal(err)
				}
				began := time.Now()
				if _, err := servers[which].outcome(b.Context(), receipt); err != nil {
					b.Fatal(err)
				}
				took[which] = append(took[which], time.Since(began))
			}
		}
	}
	median := map[string]time.Duration{}
	for which, all := range took {
		slices.Sort(all)
		median[which] = all[len(all)/2]
		b.ReportMetric(float64(median[which].Microseconds())/1000, which+"-p50-ms")
		b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, which+"-p99-ms")
	}
	b.ReportMetric(float64(median["after"])/float64(median["before"]), "after/before")
}

// fsyncedInsert is the median time of one insert of a decision without anything else, on an engine of its own.
func fsyncedInsert(b *testing.B) time.Duration {
	e, err := engine.Start(b.Context(), engine.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	account := e.Account(engine.Service)
	store, err := clickhouse.Open(b.Context(), clickhouse.Config{Account: account.Name, Password: account.Password,
		DialContext: func(ctx context.Context, addr string) (net.Conn, error) { return e.DialContext(ctx, addr) }})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	if err := store.Migrate(b.Context(), schemas.Sub("clickhouse")); err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for i := range 60 {
		entry := clickhouse.Entry{Attempt: clickhouse.NewAttempt(), Decision: reporting.Decision{Submission: fmt.Sprintf("%026d", i), Outcome: reporting.Rejected,
			Form: "employment_monthly", Org: "349981001", Period: reporting.YearPeriod(2020), ReceivedAt: time.Unix(int64(i), 0).UTC()}}
		began := time.Now()
		if err := store.Commit(b.Context(), []clickhouse.Entry{entry}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[len(took)/2]
}

// BenchmarkManifest sends half a year of all forms and counts sheets a second, with all fsyncs on; then it rebuilds everything from
// the originals.
func BenchmarkManifest(b *testing.B) {
	for range b.N {
		kit, manifest := writeKit(b, sample.Config{Seed: 2})
		data := b.TempDir()
		server := startProcess(b, data)
		began := time.Now()
		server.run(b, "submit", "--manifest", manifest, "--json")
		sent := time.Since(began)
		began = time.Now()
		if _, err := server.get(b.Context(), "/api/v1/figures", query("period", "2020H1")); err != nil {
			b.Fatal(err)
		}
		figures := time.Since(began)
		server.stop()
		began = time.Now()
		if out, err := command(b, "rebuild", "--data", filepath.Clean(data)).CombinedOutput(); err != nil {
			b.Fatalf("rebuild: %v\n%s", err, out)
		}
		rebuilt := time.Since(began)
		sheets := float64(len(kit.Files))
		b.ReportMetric(sheets/sent.Seconds(), "sheets/s")
		b.ReportMetric(sheets/rebuilt.Seconds(), "rebuilt-sheets/s")
		b.ReportMetric(float64(figures.Milliseconds()), "figures-ms")
		b.ReportMetric(rebuilt.Seconds(), "rebuild-s")
	}
}

// BenchmarkReport measures, over HTTP on a whole city, the half-year's figures (all of them added up anew, after one more sheet, and asked
// for again), the report in all four formats, one after the other as
// the command asks for them, and a release.
func BenchmarkReport(b *testing.B) {
	_, manifest := writeKit(b, sample.Config{Seed: 2})
	server := startProcess(b, b.TempDir())
	server.run(b, "submit", "--manifest", manifest, "--json")
	get := func(path string, pairs ...string) time.Duration {
		began := time.Now()
		if _, err := server.get(b.Context(), path, query(pairs...)); err != nil {
			b.Fatal(err)
		}
		return time.Since(began)
	}
	get("/api/v1/reports/half-year", "period", "2020H1", "format", "pdf") // the fonts are read
	b.ResetTimer()
	sheets, err := readManifest(manifest)
	if err != nil {
		b.Fatal(err)
	}
	one := sheets[slices.IndexFunc(sheets, func(s sheet) bool { return s.form == "employment_monthly" && s.period == "2020-05" })]
	accept := func() {
		receipt, err := server.client.submit(b.Context(), one)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := server.outcome(b.Context(), receipt); err != nil {
			b.Fatal(err)
		}
	}
	for range b.N {
		var anew, touched, again []time.Duration
		for day := range 9 {
			accept()
			// On the boundaries of another day nothing can be taken from what was added up before.
			anew = append(anew, get("/api/v1/figures", "period", "2020H1", "boundaries", fmt.Sprintf("2020-01-%02d", day+1)))
			accept()
			touched = append(touched, get("/api/v1/figures", "period", "2020H1"))
			again = append(again, get("/api/v1/figures", "period", "2020H1"))
		}
		for _, figures := range [][]time.Duration{anew, touched, again} {
			slices.Sort(figures)
		}
		b.ReportMetric(float64(anew[4])/float64(touched[4]), "anew/touched")
		b.ReportMetric(float64(anew[4])/float64(again[4]), "anew/again")
		b.ReportMetric(float64(anew[4].Microseconds())/1000, "figures-anew-p50-ms")
		b.ReportMetric(float64(touched[4].Microseconds())/1000, "figures-touched-p50-ms")
		b.ReportMetric(float64(again[4].Microseconds())/1000, "figures-again-p50-ms")
		began := time.Now()
		server.run(b, "report", "half-year", "--period", "2020H1", "--out", b.TempDir(), "--format", allFormats)
		reports := time.Since(began)
		began = time.Now()
		server.run(b, "report", "half-year", "--period", "2020H1", "--release", "--unfinished", "benchmark", "--reason", "benchmark")
		released := time.Since(began)
		began = time.Now()
		server.run(b, "release", "verify", "1")
		b.ReportMetric(float64(reports.Milliseconds()), "four-formats-ms")
		b.ReportMetric(float64(released.Milliseconds()), "release-ms")
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "verify-ms")
	}
}
