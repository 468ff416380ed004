package rolluptest

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// cityCode is the code of every script's city.
const cityCode = "CITY"

// Parse reads a script. An error names the file and the line.
func Parse(name string, r io.Reader) (*Script, error) {
	p := &parser{script: &Script{Name: name}, catalogue: &reporting.Catalogue{City: cityCode}, sheets: make(map[slot]*sheet)}
	p.catalogue.Units = []reporting.OrgUnit{{Code: cityCode, Level: reporting.LevelCity}}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		p.line++
		if err := p.read(lines.Text()); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, p.line, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p.endStage()
	if len(p.script.Stages) == 0 {
		p.declared()
		p.script.Stages = []Stage{p.stage()}
	}
	return p.script, nil
}

type parser struct {
	script    *Script
	line      int
	catalogue *reporting.Catalogue
	closed    bool                   // the declarations are over
	block     func(w []string) error // reads the indented lines of the statement above; nil: it has none
	sheets    map[slot]*sheet
	sent      int
	targets   []reporting.Target
	baselines []reporting.Baseline
	evals     []Eval // since the last sheet
}

func (p *parser) read(text string) error {
	text, _, _ = strings.Cut(text, "#")
	words := strings.Fields(text)
	switch {
	case len(words) == 0:
		return nil
	case text[0] != ' ' && text[0] != '\t':
		p.block = nil
		return p.statement(words[0], words[1:])
	case p.block == nil:
		return fmt.Errorf("%q belongs to no statement above", words[0])
	}
	return p.block(words)
}

func (p *parser) statement(word string, w []string) error {
	read, known := map[string]func([]string) error{
		"unit": p.unit, "form": p.form, "indicator": p.indicator, "submit": p.submit, "load": p.load,
		"target": p.target, "baseline": p.baseline, "eval": p.eval, "refused": p.refused,
	}[word]
	switch {
	case !known:
		return fmt.Errorf("unknown statement %q", word)
	case word == "unit" || word == "form" || word == "indicator":
		if p.closed {
			return fmt.Errorf("%q after the first sheet or eval", word)
		}
	case word != "refused":
		p.declared()
	}
	if word == "submit" || word == "load" || word == "target" || word == "baseline" {
		p.endStage()
	}
	return read(w)
}

// declared ends the declarations.
func (p *parser) declared() {
	if !p.closed {
		p.closed = true
		p.catalogue.Index()
	}
}

// endStage closes the stage whose evals have been read, if there are any.
func (p *parser) endStage() {
	if len(p.evals) > 0 {
		p.script.Stages = append(p.script.Stages, p.stage())
		p.evals = nil
	}
}

func (p *parser) stage() Stage {
	s := Stage{Catalogue: p.catalogue, Targets: slices.Clone(p.targets), Baselines: slices.Clone(p.baselines), Evals: p.evals}
	for _, key := range slices.SortedFunc(maps.Keys(p.sheets), compareSlots) {
		sheet := p.sheets[key]
		s.Standings = append(s.Standings, sheet.standing)
		s.Facts = append(s.Facts, sheet.facts...)
	}
	return s
}

func (p *parser) eval(w []string) error {
	if len(w) != 4 || w[1] != "at" {
		return usage("eval INDICATOR at UNIT|city PERIOD")
	}
	e := Eval{Line: p.line, Indicator: w[0], Unit: cityCode}
	if err := p.knows(w[0]); err != nil {
		return err
	}
	if w[2] != "city" {
		if e.Unit = w[2]; p.catalogue.Unit(e.Unit) == nil {
			return fmt.Errorf("unknown unit %q", e.Unit)
		}
	}
	var err error
	e.Period, err = reporting.ParsePeriod(w[3])
	p.evals = append(p.evals, e)
	p.block = p.expect
	return err
}

func (p *parser) expect(w []string) error {
	if len(w) < 2 || w[0] != "expect" {
		return usage("expect WORD …")
	}
	e, err := parseExpectation(w[1], w[2:])
	e.Line = p.line
	last := &p.evals[len(p.evals)-1]
	last.Expects = append(last.Expects, e)
	return err
}

func (p *parser) refused(w []string) error {
	p.script.Refused = append(p.script.Refused, Refusal{Line: p.line, Text: strings.Join(w, " ")})
	return nil
}

// knows returns an error for an indicator that was not declared.
func (p *parser) knows(indicator string) error {
	if p.catalogue.Indicator(indicator) == nil {
		return fmt.Errorf("unknown indicator %q", indicator)
	}
	return nil
}

func usage(form string) error { return fmt.Errorf("want: %s", form) }
