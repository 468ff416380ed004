package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"

	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/services/intake"
)

func demoCommand() *cobra.Command {
	var dir, sheets string
	cmd := &cobra.Command{
		Use:   "demo --sheets DIR [--dir DIR]",
		Short: "Send the sheets of the fictional city (make demo makes them) to a fresh server, and show what comes out",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return demo(cmd, dir, sheets)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "demo", "folder for data and report; it is made anew")
	cmd.Flags().StringVar(&sheets, "sheets", "", "folder of the sheets, with submissions.csv and to-send.csv")
	_ = cmd.MarkFlagRequired("sheets")
	return cmd
}

// demoPeriod is the half-year of the fictional city.
const demoPeriod = "2020H1"

// demo runs the whole way once. The server that it starts goes on in the background when it ends; `huizong stop` ends that.
func demo(cmd *cobra.Command, dir, inbox string) error {
	out := cmd.OutOrStdout()
	sheets, err := readManifest(filepath.Join(inbox, "submissions.csv"))
	if err != nil {
		return err
	}
	left, err := readManifest(filepath.Join(inbox, "to-send.csv"))
	if err != nil {
		return err
	}
	if len(left) == 0 {
		return fmt.Errorf("%s: nothing is left to send", inbox)
	}
	fmt.Fprintf(out, "示例城市的半年报表：%d 份，见 %s\n", len(sheets), inbox)
	if err := clearDemo(cmd.Context(), dir); err != nil {
		return err
	}
	c, err := startServer(cmd.Context(), dir)
	if err != nil {
		return err
	}
	var status exitStatus
	if err := submitAll(cmd, c, sheets, false); err != nil && !errors.As(err, &status) {
		return err // rejected sheets are a part of the story
	}
	if err := printFigures(cmd, c, demoPeriod); err != nil {
		return err
	}
	report, err := c.get(cmd.Context(), "/api/v1/reports/half-year", url.Values{"period": {demoPeriod}, "format": {"docx"}})
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "half-year-"+demoPeriod+".docx")
	if err := os.WriteFile(path, report, 0o644); err != nil {
		return err
	}
	if err := openDemoDeadlines(cmd, c, sheets); err != nil {
		return err
	}
	if err := makeDemoAccounts(cmd, c, left[0].org); err != nil {
		return err
	}
	fmt.Fprintf(out, "试一试：用 zhoumin 登录门户，把 %s 里的表拖进去（第一张有错）\n", filepath.Dir(left[0].path))
	fmt.Fprintf(out, "\n半年报告：%s\n门户地址：%s  （服务在后台运行，用 %s 结束）\n", path, c.server, stopHint(dir))
	return nil
}

// openDemoDeadlines sets the deadlines of the kit's months to a day that is still to come: or everything in the demo would be late.
func openDemoDeadlines(cmd *cobra.Command, c client, sheets []sheet) error {
	day := time.Now().AddDate(0, 0, 3).Format(time.DateOnly)
	set := map[string]bool{}
	for _, s := range sheets {
		if period, err := reporting.ParsePeriod(s.period); err != nil || period.Len() != 1 || set[s.period] {
			continue
		}
		set[s.period] = true
		order := intake.DeadlineOrder{Date: day, Reason: "演示：这些月份现在才报送"}
		order.Period, _ = reporting.ParsePeriod(s.period)
		if _, err := c.post(cmd.Context(), "/api/v1/deadlines", order); err != nil {
			return err
		}
	}
	return nil
}

// stopHint is the command that ends the demo's server.
func stopHint(dir string) string {
	if dir == "demo" {
		return "make stop"
	}
	return "huizong stop --data " + filepath.Join(dir, "data")
}

// demoMark stands in a folder that demo made: no other folder is ever removed.
const demoMark = ".huizong-demo"

// clearDemo ends the server of an earlier demo and removes its folder.
func clearDemo(ctx context.Context, dir string) error {
	if _, err := os.Stat(dir); err == nil {
		if _, err := os.Stat(filepath.Join(dir, demoMark)); err != nil {
			return fmt.Errorf("%s is not a folder of an earlier demo: remove it yourself, or give --dir another one", dir)
		}
		if err := stopServer(ctx, filepath.Join(dir, "data")); err != nil {
			return err
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, demoMark), nil, 0o644)
}

// startTimeout bounds the start of a server: the first load of the engine's library reads half a gigabyte.
const startTimeout = 2 * time.Minute

// startServer runs `huizong serve` on the folder in the background, and returns when it is ready.
func startServer(ctx context.Context, dir string) (client, error) {
	binary, err := os.Executable()
	if err != nil {
		return client{}, err
	}
	logPath := filepath.Join(dir, "server.log")
	log, err := os.Create(logPath)
	if err != nil {
		return client{}, err
	}
	defer log.Close()
	data := filepath.Join(dir, "data")
	server := exec.Command(binary, "serve", "--data", data, "--listen", freeAddress())
	server.Stdout, server.Stderr = log, log
	server.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // it outlives us, and the terminal
	if err := server.Start(); err != nil {
		return client{}, fmt.Errorf("start server: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case err := <-ended:
			tail, _ := os.ReadFile(logPath)
			return client{}, fmt.Errorf("the server ended at once (%v); its log says:\n%s", err, lastLines(string(tail), 10))
		case <-ctx.Done():
			return client{}, fmt.Errorf("the server was not ready: %w; see %s", ctx.Err(), logPath)
		case <-ticker.C:
		}
		if file, err := readServerFile(data); err == nil {
			c := client{server: file.URL}
			return c, c.waitReady(ctx)
		}
	}
}

// freeAddress is the usual address, or one with a free port where that is taken.
func freeAddress() string {
	usual := strings.TrimPrefix(defaultServer, "http://")
	l, err := net.Listen("tcp", usual)
	if err != nil {
		return "127.0.0.1:0"
	}
	l.Close()
	return usual
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

func stopCommand() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "stop --data DIR",
		Short: "End the server of a data directory",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return stopServer(cmd.Context(), data) },
	}
	cmd.Flags().StringVar(&data, "data", filepath.Join("demo", "data"), "data directory")
	return cmd
}

// stopServer ends the server that has the data directory, if there is one, and waits until the directory is free. The directory's
// lock, not the note of its process, says whether there is one: a process of that number may be somebody else's by now.
func stopServer(ctx context.Context, data string) error {
	if _, err := os.Stat(data); err != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for signaled := false; ; {
		lock, err := originals.AcquireLock(data)
		if err == nil {
			return lock.Release()
		}
		if !signaled {
			file, err := readServerFile(data)
			if err != nil {
				return fmt.Errorf("%s is in use, and its server is not known: %w", data, err)
			}
			if err := syscall.Kill(file.PID, syscall.SIGTERM); err != nil {
				return fmt.Errorf("stop process %d: %w", file.PID, err)
			}
			signaled = true
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server of %s does not end: %w", data, ctx.Err())
		case <-ticker.C:
		}
	}
}

// figureLine is a line of figures in JSON, as far as the table shows it.
type figureLine struct {
	Name       string             `json:"name"`
	Measure    string             `json:"measure"`
	Value      *reporting.Decimal `json:"value"`
	Target     *reporting.Decimal `json:"target"`
	Completion *reporting.Decimal `json:"completion"`
	Reported   int                `json:"reported_units"`
	Expected   int                `json:"expected_units"`
}

// printFigures prints the city's figures as a table, as an office writes them.
func printFigures(cmd *cobra.Command, c client, period string) error {
	body, err := c.get(cmd.Context(), "/api/v1/figures", url.Values{"period": {period}, "format": {"json"}})
	if err != nil {
		return err
	}
	var lines []figureLine
	if err := json.Unmarshal(body, &lines); err != nil {
		return fmt.Errorf("figures: %w", err)
	}
	rows := [][]string{{"指标", "数值", "单位", "全年目标", "完成率", "上报单位"}}
	for _, l := range lines {
		if l.Value == nil {
			continue
		}
		value, measure := officeNumber(l.Value, l.Measure)
		target, _ := officeNumber(l.Target, l.Measure)
		completion, percent := officeNumber(l.Completion, "")
		rows = append(rows, []string{l.Name, value, measure, target, completion + percent, fmt.Sprintf("%d/%d", l.Reported, l.Expected)})
	}
	fmt.Fprintf(cmd.OutOrStdout(), "\n全市数据 %s\n", period)
	printTable(cmd, rows, []bool{false, true, false, true, true, true})
	return nil
}

// officeNumber prints a number with separators: a fraction in percent, yuan in 万元. nil is "".
func officeNumber(value *reporting.Decimal, measure string) (text, unit string) {
	switch {
	case value == nil:
		return "", ""
	case measure == "":
		return value.Mul(reporting.Int(100)).Grouped(2), "%"
	case measure == string(reporting.Yuan):
		return value.Quo(reporting.Int(10_000), 2).Grouped(2), string(reporting.TenKilo)
	}
	return value.Grouped(0), measure
}

// printTable prints rows in columns. A Chinese character takes two places.
func printTable(cmd *cobra.Command, rows [][]string, right []bool) {
	widths := make([]int, len(right))
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], runewidth.StringWidth(text))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, text := range row {
			if right[i] {
				b.WriteString(runewidth.FillLeft(text, widths[i]))
			} else {
				b.WriteString(runewidth.FillRight(text, widths[i]))
			}
			b.WriteString("  ")
		}
		fmt.Fprintln(cmd.OutOrStdout(), strings.TrimRight(b.String(), " "))
	}
}
