// Command benchmark reads the same generated files with this package and with others, and prints a table in Markdown.
//
// Every reading is a process of its own, so that peak memory is the system's figure and not an estimate. Each is done three
// times and the best counts. SheetJS and exceljs take part where node is there and `npm ci` was run in this folder.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"huizong/pkg/workbook/internal/workbooktest"
)

func main() {
	child := flag.String("child", "", "read -file as this subject and print the figures (used by the command itself)")
	file := flag.String("file", "", "the file for -child")
	rows := flag.Int("rows", 200_000, "rows of ten cells each")
	scripts := flag.String("scripts", "pkg/workbook/benchmark", "folder of the node scripts")
	flag.Parse()
	var err error
	if *child != "" {
		err = runChild(*child, *file)
	} else {
		err = compare(*rows, *scripts)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// figures are what a reading reports of itself.
type figures struct {
	Cells     int     `json:"cells"`
	Seconds   float64 `json:"seconds"`
	Allocated uint64  `json:"allocated"` // bytes, 0 where the runtime does not say
	Peak      float64 `json:"peak"`      // MB resident at most, with the file where the reader wants it in memory
}

// subjects of each kind of file, in the order of the table.
var subjects = map[string][]string{
	"xlsx-shared":   {"inflate", "ours", "ours, whole sheet", "excelize", "sheetjs", "exceljs"},
	"xlsx-distinct": {"inflate", "ours", "ours, whole sheet"},
	"xlsx-inline":   {"inflate", "ours", "excelize", "sheetjs", "exceljs"},
	"csv":           {"ours", "encoding/csv", "sheetjs"},
	"csv-gb18030":   {"ours"},
	"csv-utf16":     {"ours"},
	"xls":           {"ours", "sheetjs"},
}

func compare(rows int, scripts string) error {
	dir, err := os.MkdirTemp("", "huizong-benchmark")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Printf("%d rows × 10 cells; %s, %d cores, %s\n\n", rows, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	fmt.Println("| file | MB | reader | s | million cells/s | ÷ inflate | allocated MB | peak MB |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, kind := range []string{"xlsx-shared", "xlsx-distinct", "xlsx-inline", "csv", "csv-gb18030", "csv-utf16", "xls"} {
		file := filepath.Join(dir, kind)
		data, err := generate(kind, rows)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			return err
		}
		if err := compareFile(kind, file, float64(len(data))/1e6, scripts); err != nil {
			return err
		}
	}
	return nil
}

func generate(kind string, rows int) ([]byte, error) {
	ledger := workbooktest.Ledger(rows)
	switch kind {
	case "xlsx-distinct":
		return workbooktest.XLSX(workbooktest.Shared, workbooktest.Distinct(rows*3/4)), nil // 45 MB, and close to the limit of shared strings
	case "xlsx-shared":
		return workbooktest.XLSX(workbooktest.Shared, ledger), nil
	case "xlsx-inline":
		return workbooktest.XLSX(workbooktest.Inline, ledger), nil
	case "xls":
		return workbooktest.XLS(workbooktest.Split(ledger, 50_000)...), nil // a sheet of .xls has room for 65,536 rows
	case "csv-gb18030":
		return simplifiedchinese.GB18030.NewEncoder().Bytes(workbooktest.CSV(ledger))
	case "csv-utf16":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(workbooktest.CSV(ledger))
	}
	return workbooktest.CSV(ledger), nil
}

func compareFile(kind, file string, size float64, scripts string) error {
	inflate := 0.0
	for _, subject := range subjects[kind] {
		best, err := bestOfThree(subject, file, scripts)
		if err != nil {
			fmt.Printf("| %s | %.1f | %s | not run: %v | | | | |\n", kind, size, subject, err)
			continue
		}
		if subject == "inflate" {
			inflate = best.Seconds
		}
		ratio, speed, allocated := "", "", ""
		if inflate > 0 {
			ratio = fmt.Sprintf("%.2f", best.Seconds/inflate)
		}
		if best.Cells > 0 {
			speed = fmt.Sprintf("%.2f", float64(best.Cells)/best.Seconds/1e6)
		}
		if best.Allocated > 0 {
			allocated = fmt.Sprintf("%.1f", float64(best.Allocated)/1e6)
		}
		fmt.Printf("| %s | %.1f | %s | %.2f | %s | %s | %s | %.0f |\n", kind, size, subject, best.Seconds, speed, ratio, allocated, best.Peak)
	}
	return nil
}

func bestOfThree(subject, file, scripts string) (best figures, err error) {
	for try := range 3 {
		f, err := measure(subject, file, scripts)
		if err != nil {
			return f, err
		}
		if try == 0 || f.Seconds < best.Seconds {
			best = f
		}
		if f.Seconds > 15 {
			break // slow enough to be exact
		}
	}
	return best, nil
}

// measure runs the subject in a process of its own and returns its figures.
func measure(subject, file, scripts string) (f figures, err error) {
	command, err := commandOf(subject, file, scripts)
	if err != nil {
		return f, err
	}
	var errors strings.Builder
	command.Stderr = &errors
	out, err := command.Output()
	if err != nil {
		return f, fmt.Errorf("%w: %.200s", err, errors.String())
	}
	return f, json.Unmarshal(out, &f)
}

func commandOf(subject, file, scripts string) (*exec.Cmd, error) {
	if subject != "sheetjs" && subject != "exceljs" {
		self, err := os.Executable()
		return exec.Command(self, "-child", subject, "-file", file), err
	}
	if _, err := os.Stat(filepath.Join(scripts, "node_modules")); err != nil {
		return nil, fmt.Errorf("run `npm ci` in %s", scripts)
	}
	return exec.Command("node", "--max-old-space-size=6144", filepath.Join(scripts, subject+".mjs"), file), nil
}

// runChild reads the file once and prints the figures.
func runChild(subject, file string) error {
	read, err := prepare(subject, file)
	if err != nil {
		return err
	}
	var before, m runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	cells, err := read()
	if err != nil {
		return err
	}
	f := figures{Cells: cells, Seconds: time.Since(start).Seconds()}
	runtime.ReadMemStats(&m)
	f.Allocated, f.Peak = m.TotalAlloc-before.TotalAlloc, peak()
	return json.NewEncoder(os.Stdout).Encode(f)
}

// peak is the most memory that the process has had, in MB; 0 where the system does not say. The figure that wait4 reports is
// no use: it counts the parent's memory at the time of the fork.
func peak() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	digits, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	kb, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return 0
	}
	return kb / 1024
}
