package reportingtest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// Case is one sheet of a script, what stood before it, and what is expected of it.
//
// A script is a list of cases, one statement a line; lines that are indented belong to the sheet above them; # starts a comment.
//
//	table fund_monthly 349981SB 2020-06      a sheet that the cases below begin with: form, sender, period
//	  险种 | 期初结余 | …
//	case a total that does not add up
//	  set B9 12 | clear C4 | drop row 5 | drop column F | insert 4: 小计 | 1 | 2
//	  @ merge A2:A4                           as in Sheet
//	  sent 349981003 2020-05                  for another unit or month
//	  stood 2020-05 insurance.work_injury.balance 349981SB 12300    a fact of an accepted month; without indicator: a month without facts
//	  find error total_mismatch B9            a finding that must be there, with its cell, and in quotes what its message says
//	  fact insurance.work_injury.income 349981SB 2020-06 1234.56    an observation that must be there
//	  no fact insurance.work_injury.income
//	  clean                                   neither error nor warning
//
// Errors and warnings that a case does not expect are failures; notes may be there.
type Case struct {
	Name     string
	Form     string
	Org      string
	Period   reporting.Period
	Sheet    *reporting.Sheet
	Facts    []reporting.Fact
	Standing []reporting.Standing

	lines []string
	wants []want
	facts []string
	none  []string
	where string
}

type want struct {
	severity, code, cell, says string
}

// Judge reads a case's sheet.
type Judge func(c Case) ([]reporting.Finding, reporting.Reading)

// RunScripts runs the scripts *.test of the folder.
func RunScripts(t *testing.T, folder string, judge Judge) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.test"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts in %s: %v", folder, err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".test"), func(t *testing.T) {
			for _, c := range parse(t, path, string(data)) {
				t.Run(c.Name, func(t *testing.T) { c.check(t, judge) })
			}
		})
	}
}

func parse(t testing.TB, path, text string) []*Case {
	t.Helper()
	var cases []*Case
	var table, c *Case
	for n, line := range strings.Split(text, "\n") {
		where := fmt.Sprintf("%s:%d", path, n+1)
		trimmed := strings.TrimSpace(line)
		words := strings.Fields(trimmed)
		switch {
		case strings.HasPrefix(trimmed, "# ") || trimmed == "#":
		case len(words) == 4 && words[0] == "table":
			p, err := reporting.ParsePeriod(words[3])
			if err != nil {
				t.Fatalf("%s: %v", where, err)
			}
			table, c = &Case{Form: words[1], Org: words[2], Period: p}, nil
		case len(words) > 1 && words[0] == "case" && table != nil && line[0] != ' ':
			c = &Case{Name: strings.Join(words[1:], " "), Form: table.Form, Org: table.Org, Period: table.Period, lines: slices.Clone(table.lines), where: where}
			cases = append(cases, c)
		case c == nil && table != nil && strings.HasPrefix(line, "  "):
			table.lines = append(table.lines, trimmed)
		case trimmed == "":
		case c == nil:
			t.Fatalf("%s: %q", where, line)
		default:
			if err := c.statement(trimmed, words); err != nil {
				t.Fatalf("%s: %q: %v", where, trimmed, err)
			}
		}
	}
	return cases
}

func (c *Case) statement(text string, words []string) error {
	switch {
	case words[0] == "find" && len(words) >= 3:
		w := want{severity: words[1], code: words[2]}
		rest, says, _ := strings.Cut(strings.TrimSpace(strings.SplitN(text, words[2], 2)[1]), "\"")
		w.cell, w.says = strings.TrimSpace(rest), strings.TrimSuffix(says, "\"")
		c.wants = append(c.wants, w)
	case words[0] == "fact":
		c.facts = append(c.facts, strings.Join(words[1:], " "))
	case words[0] == "no" && words[1] == "fact":
		c.none = append(c.none, words[2])
	case words[0] == "clean": // what is not expected is a failure anyway
	case words[0] == "sent":
		p, err := reporting.ParsePeriod(words[2])
		c.Org, c.Period = words[1], p
		return err
	case words[0] == "stood":
		return c.stood(words[1:])
	case words[0] == "@":
		c.lines = append([]string{text}, c.lines...)
	default:
		for _, edit := range strings.Split(text, " ; ") {
			if err := c.edit(strings.TrimSpace(edit)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Case) stood(words []string) error {
	p, err := reporting.ParsePeriod(words[0])
	if err != nil {
		return err
	}
	c.Standing = append(c.Standing, reporting.Standing{Submission: words[0], Form: c.Form, Org: c.Org, Period: p})
	if len(words) == 4 {
		value, err := reporting.ParseDecimal(words[3])
		c.Facts = append(c.Facts, reporting.Fact{Submission: words[0], Form: c.Form, Sender: c.Org,
			Observation: reporting.Observation{Indicator: words[1], Unit: words[2], Period: p, Value: value}})
		return err
	}
	return nil
}

// grid is the index among the lines of the grid's rows, without those that begin with @.
func (c *Case) grid(row int) int {
	n := 0
	for i, line := range c.lines {
		if strings.HasPrefix(line, "@") {
			continue
		}
		if n++; n == row {
			return i
		}
	}
	return -1
}

func (c *Case) edit(text string) error {
	words := strings.Fields(text)
	switch {
	case words[0] == "set" || words[0] == "clear":
		r, err := Range(words[1])
		if err != nil {
			return err
		}
		value := ""
		if words[0] == "set" {
			value = strings.TrimSpace(strings.SplitN(text, words[1], 2)[1])
		}
		at := c.grid(int(r.FirstRow) + 1)
		for at < 0 {
			c.lines = append(c.lines, "")
			at = c.grid(int(r.FirstRow) + 1)
		}
		cells := strings.Split(c.lines[at], "|")
		for len(cells) <= int(r.FirstCol) {
			cells = append(cells, "")
		}
		cells[r.FirstCol] = value
		c.lines[at] = strings.Join(cells, "|")
	case words[0] == "drop" && words[1] == "row":
		r, err := Range("A" + words[2])
		if err != nil {
			return err
		}
		at := c.grid(int(r.FirstRow) + 1)
		c.lines = slices.Delete(c.lines, at, at+1)
	case words[0] == "drop" && words[1] == "column":
		for i, line := range c.lines {
			if cells := strings.Split(line, "|"); !strings.HasPrefix(line, "@") && int(column(words[2])) < len(cells) {
				c.lines[i] = strings.Join(slices.Delete(cells, int(column(words[2])), int(column(words[2]))+1), "|")
			}
		}
	case words[0] == "insert":
		number, row, ok := strings.Cut(strings.TrimPrefix(text, "insert "), ":")
		r, err := Range("A" + strings.TrimSpace(number))
		if !ok || err != nil {
			return fmt.Errorf("want insert 4: cells")
		}
		at := c.grid(int(r.FirstRow) + 1)
		if at < 0 {
			at = len(c.lines)
		}
		c.lines = slices.Insert(c.lines, at, strings.TrimSpace(row))
	default:
		return fmt.Errorf("unknown statement")
	}
	return nil
}

func (c *Case) check(t *testing.T, judge Judge) {
	c.Sheet = Sheet(t, strings.Join(c.lines, "\n"))
	findings, reading := judge(*c)
	left := slices.DeleteFunc(slices.Clone(findings), func(f reporting.Finding) bool { return f.Severity == reporting.SeverityNote })
	for _, w := range c.wants {
		i := slices.IndexFunc(findings, w.is)
		if i < 0 {
			t.Errorf("%s: no %s %s %s %q in\n%s", c.where, w.severity, w.code, w.cell, w.says, list(findings))
		}
		left = slices.DeleteFunc(left, w.is)
	}
	if len(left) > 0 {
		t.Errorf("%s: not expected:\n%s", c.where, list(left))
	}
	var have []string
	for _, o := range reading.Observations {
		have = append(have, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", o.Indicator, o.Unit, o.Period, o.Value)))
	}
	for _, target := range reading.Targets {
		have = append(have, strings.TrimSuffix(fmt.Sprintf("%s target %d %s %s", target.Indicator, target.Year, target.Value, target.Level), " "+reporting.CityTarget))
	}
	for _, b := range reading.Baselines {
		have = append(have, fmt.Sprintf("%s baseline %s %s", b.Indicator, b.Period, b.Value))
	}
	for _, n := range reading.Narratives {
		have = append(have, fmt.Sprintf("text %s %s %s", n.Section, n.Title, n.Body))
	}
	for _, f := range c.facts {
		if !slices.Contains(have, f) {
			t.Errorf("%s: no fact %s in\n  %s", c.where, f, strings.Join(have, "\n  "))
		}
	}
	for _, indicator := range c.none {
		if slices.ContainsFunc(have, func(f string) bool { return strings.HasPrefix(f, indicator+" ") }) {
			t.Errorf("%s: a fact of %s", c.where, indicator)
		}
	}
}

func (w want) is(f reporting.Finding) bool {
	return string(f.Severity) == w.severity && string(f.Code) == w.code && (w.cell == "" || f.Cell == w.cell) && strings.Contains(f.Message+f.MessageEN, w.says)
}

func list(findings []reporting.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "  %s %s %s %q %s\n", f.Severity, f.Code, f.Cell, f.Value, f.Message)
	}
	return b.String()
}
