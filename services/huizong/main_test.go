package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"huizong/pkg/engine"
	"huizong/pkg/judge"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/services/huizong/huizongtest"
	"huizong/services/portal/browsertest"
	"huizong/services/portal/submission"
)

// asMain makes the test binary the product: tests start, kill and query it as a process of its own.
const asMain = "HUIZONG_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	engine.RunIfChild()
	judge.RunIfChild(submission.Views())
	if os.Getenv(asMain) != "" {
		main()
		os.Exit(0)
	}
	status := m.Run()
	browsertest.Close()
	os.Exit(status)
}

// command is the product with arguments.
func command(tb testing.TB, args ...string) *exec.Cmd {
	tb.Helper()
	binary, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), asMain+"=1", "HUIZONG_CLICKHOUSE_ACCOUNT=default") // that of enginetest.Native
	return cmd
}

// process is a running server.
type process struct {
	client
	cmd     *exec.Cmd
	ended   chan struct{}
	printed *huizongtest.Output
}

// startProcess starts `huizong serve` on the directory and returns when it is ready.
func startProcess(tb testing.TB, data string, args ...string) *process {
	tb.Helper()
	return startCommand(tb, data, command(tb, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "warn"}, args...)...))
}

// startCommand starts a server that the command runs.
func startCommand(tb testing.TB, data string, cmd *exec.Cmd) *process {
	tb.Helper()
	os.Remove(filepath.Join(data, serverFileName))
	p := &process{cmd: cmd, ended: make(chan struct{}), printed: &huizongtest.Output{}}
	out := p.printed
	p.cmd.Stdout, p.cmd.Stderr = out, out
	if err := p.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	go func() { p.cmd.Wait(); close(p.ended) }()
	tb.Cleanup(func() { p.kill() })
	ctx, cancel := context.WithTimeout(tb.Context(), startTimeout)
	defer cancel()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-p.ended:
			tb.Fatalf("serve ended:\n%s", out)
		case <-ctx.Done():
			tb.Fatalf("serve was not ready:\n%s", out)
		case <-ticker.C:
		}
		if file, err := readServerFile(data); err == nil {
			p.client = client{server: file.URL}
			if err := p.waitReady(ctx); err != nil {
				tb.Fatalf("%v\n%s", err, out)
			}
			return p
		}
	}
}

// kill ends the server as a power cut would.
func (p *process) kill() {
	p.cmd.Process.Kill()
	<-p.ended
}

// awaitEnd waits until the server has ended by itself.
func (p *process) awaitEnd(t *testing.T) {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(huizongtest.Patience):
		t.Fatalf("serve did not end:\n%s", p.printed)
	}
}

// stop ends the server as an operator would, and returns its exit status.
func (p *process) stop() int {
	p.cmd.Process.Signal(syscall.SIGTERM)
	<-p.ended
	return p.cmd.ProcessState.ExitCode()
}

// run runs a command against the server and returns what it printed.
func (p *process) run(tb testing.TB, args ...string) (stdout string, status int) {
	tb.Helper()
	cmd := command(tb, args...)
	cmd.Env = append(cmd.Env, "HUIZONG_SERVER="+p.server)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() == 1 {
		tb.Fatalf("huizong %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// answers are all figures and facts of the kit's year, as text: two servers that know the same give the same text.
func (p *process) answers(tb testing.TB) string {
	tb.Helper()
	var all strings.Builder
	for _, q := range []struct {
		path  string
		query url.Values
	}{
		{"/api/v1/facts", url.Values{}},
		{"/api/v1/figures", url.Values{"period": {"2020-01,2020-03,2020-06,2020Q1,2020Q2,2020H1,2020-01..2020-05,2020"}, "unit": {"*"}}},
	} {
		body, err := p.get(tb.Context(), q.path, q.query)
		if err != nil {
			tb.Fatal(err)
		}
		all.Write(body)
	}
	return all.String()
}

// writeKit makes sample sheets and returns them with the path of their manifest.
func writeKit(tb testing.TB, cfg sample.Config) (*sample.Kit, string) {
	tb.Helper()
	kit, err := sample.Generate(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	dir := tb.TempDir()
	if err := kit.Write(dir); err != nil {
		tb.Fatal(err)
	}
	return kit, filepath.Join(dir, sample.Manifest)
}

// fourForms are one of each shape, and the targets.
var fourForms = []string{"employment_monthly", "fund_monthly", "dispute_cases", "targets_annual"}

// table reads csv into rows by column name.
func table(tb testing.TB, text string) []map[string]string {
	tb.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	var rows []map[string]string
	for _, r := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = r[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// lines reads what submit --json printed.
func lines(tb testing.TB, text string) []line {
	tb.Helper()
	var all []line
	decoder := json.NewDecoder(strings.NewReader(text))
	for decoder.More() {
		var l line
		if err := decoder.Decode(&l); err != nil {
			tb.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

func hasFinding(findings []reporting.Finding, code reporting.FindingCode) bool {
	for _, f := range findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

// factKey names a fact in a map.
func factKey(indicator, period, unit string) string {
	return fmt.Sprint(indicator, " ", period, " ", unit)
}
