package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestReadme compares the README with the program: it names every command, and its table of flags has flags that there are, with the defaults
// that they have where a default is a plain value.
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
	_, table, _ := strings.Cut(page, "| flag | meaning | default |")
	table, _, _ = strings.Cut(table, "\n\n")
	rows := 0
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(line, "|\n "), "|")
		for i, name := range regexp.MustCompile("`--([a-z-]+)`").FindAllStringSubmatch(cells[0], -1) {
			rows++
			value, found := flagDefault(root(), name[1])
			if !found {
				t.Errorf("README.md has the flag --%s, which no command has", name[1])
			}
			if i == 0 && value != "" && !strings.Contains(cells[len(cells)-1], value) {
				t.Errorf("README.md: the default of --%s is %q, and not %s", name[1], value, cells[len(cells)-1])
			}
		}
	}
	if rows < 20 {
		t.Errorf("README.md: %d flags in its table", rows)
	}
}

// flagDefault is the default of a flag of the server, or else of the first command that has it; empty where it is no plain value.
func flagDefault(cmd *cobra.Command, name string) (value string, found bool) {
	for _, c := range append([]*cobra.Command{serveCommand()}, cmd.Commands()...) {
		if f := c.Flags().Lookup(name); f != nil {
			if f.DefValue == "[]" || f.DefValue == "0" {
				return "", true
			}
			return f.DefValue, true
		}
	}
	return "", false
}
