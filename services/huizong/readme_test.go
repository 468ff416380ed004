package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// TestReadme compares the README with the program: it names every command, and its table of flags is made from the flags.
func TestReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	for _, c := range root().Commands() {
		if !regexp.MustCompile(`huizong `+regexp.QuoteMeta(c.Name())+`\b`).MatchString(page) && !strings.Contains(page, "make "+c.Name()) {
			t.Errorf("README.md does not name the command %s", c.Name())
		}
	}
	const head = "| flag | meaning | default |\n|---|---|---|\n"
	before, rest, found := strings.Cut(page, head)
	old, after, _ := strings.Cut(rest, "\n\n")
	if !found {
		t.Fatal("README.md has no table of flags")
	}
	if table := strings.TrimSuffix(flagTable(), "\n"); old != table && *update {
		if err := os.WriteFile("../../README.md", []byte(before+head+table+"\n\n"+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if old != table {
		t.Errorf("README.md: the table of flags is not that of the program; go test ./services/huizong -run TestReadme -update writes it:\n%s", table)
	}
}

var update = flag.Bool("update", false, "write the table of flags into README.md")

// flagTable is the table of the server's flags, and of the one by which the other commands find it.
func flagTable() string {
	var b strings.Builder
	line := func(f *pflag.Flag) {
		value := "none"
		if f.DefValue != "" && f.DefValue != "[]" && f.DefValue != "0" {
			value = "`" + f.DefValue + "`"
		}
		meaning, said, _ := strings.Cut(f.Usage, " (default: ")
		if said != "" {
			value = strings.TrimSuffix(said, ")")
		}
		fmt.Fprintf(&b, "| `--%s` | %s | %s |\n", f.Name, meaning, value)
	}
	serve := serveCommand().Flags()
	serve.SortFlags = false
	serve.VisitAll(line)
	line(submitCommand().Flags().Lookup("server"))
	return b.String()
}
