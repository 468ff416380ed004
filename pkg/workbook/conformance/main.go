// Command conformance reads every file of a corpus and judges what comes out.
//
// The corpus is a folder with a MANIFEST.csv: which values are known must be equal, what must error must error, and nothing
// may crash, hang or take more memory than allowed. It prints a table by source and every failure, and exits with 1 when
// there is one. Known deviations are in exceptions.go, each with its reason; one that no longer deviates is a failure too.
package main

import (
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	corpus := flag.String("corpus", "", "folder with MANIFEST.csv")
	verbose := flag.Bool("v", false, "also list the exceptions and their reasons")
	flag.Parse()
	failed, err := run(os.Stdout, *corpus, *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if failed > 0 {
		os.Exit(1)
	}
}

// file is a line of the manifest that is not a companion of another.
type file struct{ path, expected string }

// source is a line of the table.
type source struct {
	files, known, mustError, other int // by what is expected
	equal, errored, opened         int // what came out
	excepted, failed               int
}

func run(w io.Writer, corpus string, verbose bool) (failed int, err error) {
	files, err := readManifest(filepath.Join(corpus, "MANIFEST.csv"))
	if err != nil {
		return 0, err
	}
	sources := map[string]*source{}
	var failures, excepted []string
	for _, f := range files {
		key := path.Dir(f.path)
		if sources[key] == nil {
			sources[key] = &source{}
		}
		s := sources[key]
		why := judge(corpus, f, s)
		reason, listed := exceptions[f.path]
		switch {
		case why != "" && listed:
			s.excepted++
			excepted = append(excepted, f.path+": "+reason)
		case why == "" && listed:
			why = "is listed as an exception, and is none any more"
			fallthrough
		case why != "":
			s.failed++
			failures = append(failures, f.path+": "+why)
		}
	}
	printTable(w, sources)
	if verbose {
		printList(w, "exceptions", excepted)
	}
	printList(w, "failures", failures)
	return len(failures), nil
}

func readManifest(name string) ([]file, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return nil, errors.New("the manifest is empty")
	}
	at, expected := slices.Index(records[0], "path"), slices.Index(records[0], "expected")
	if at < 0 || expected < 0 {
		return nil, errors.New("the manifest has no columns path and expected")
	}
	var files []file
	for _, r := range records[1:] {
		if !strings.HasPrefix(r[expected], "companion") {
			files = append(files, file{r[at], r[expected]})
		}
	}
	return files, nil
}

// judge reads the file and returns what is wrong, or "".
func judge(corpus string, f file, s *source) string {
	s.files++
	got := read(filepath.Join(corpus, f.path))
	if got.fault != "" {
		return got.fault
	}
	switch {
	case mustError(f.expected):
		s.mustError++
		if got.err == nil {
			return "was read, and must not be"
		}
		s.errored++
	case strings.HasPrefix(f.expected, "values known"):
		s.known++
		if got.err != nil {
			return got.err.Error()
		}
		if why := compare(corpus, f, got.sheets); why != "" {
			return why
		}
		s.equal++
	default:
		s.other++
		if got.err == nil {
			s.opened++
		} else if strings.Contains(f.expected, "open") && !strings.Contains(f.expected, "error") {
			return got.err.Error()
		}
	}
	return ""
}

// mustError reports what our reader has to refuse.
func mustError(expected string) bool { return strings.HasPrefix(expected, "must error") }

func printTable(w io.Writer, sources map[string]*source) {
	fmt.Fprintf(w, "%-40s %6s | %6s %6s | %6s %6s | %6s %6s | %6s %6s\n",
		"source", "files", "known", "equal", "error", "errors", "other", "opened", "except", "FAILED")
	var total source
	keys := make([]string, 0, len(sources))
	for k := range sources {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		printLine(w, k, *sources[k])
		total.add(*sources[k])
	}
	printLine(w, "all", total)
}

func printLine(w io.Writer, name string, s source) {
	fmt.Fprintf(w, "%-40s %6d | %6d %6d | %6d %6d | %6d %6d | %6d %6d\n",
		name, s.files, s.known, s.equal, s.mustError, s.errored, s.other, s.opened, s.excepted, s.failed)
}

func (s *source) add(o source) {
	s.files, s.known, s.mustError, s.other = s.files+o.files, s.known+o.known, s.mustError+o.mustError, s.other+o.other
	s.equal, s.errored, s.opened = s.equal+o.equal, s.errored+o.errored, s.opened+o.opened
	s.excepted, s.failed = s.excepted+o.excepted, s.failed+o.failed
}

func printList(w io.Writer, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s (%d):\n", title, len(lines))
	for _, line := range lines {
		fmt.Fprintf(w, "  %.400s\n", line)
	}
}
