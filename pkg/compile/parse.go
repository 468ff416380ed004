package compile

import (
	"slices"
	"strconv"
	"strings"

	"huizong/pkg/reporting"
)

// parser reads the text of a template into parts. It goes on after a mistake, to find the next one.
type parser struct {
	*problems
	parts     []part
	paragraph *paragraphPart
	when      *condition // waits for its heading
}

// parseText reads a whole report.tmpl.
func parseText(source string, found *problems) []part {
	p := &parser{problems: found}
	for i, line := range strings.Split(strings.ReplaceAll(source, "\r\n", "\n"), "\n") {
		p.line(strings.TrimRight(line, " \t"), position{i + 1, 1})
	}
	p.endParagraph()
	p.rejectWhen()
	return p.parts
}

func (p *parser) line(line string, at position) {
	switch {
	case line == "":
		p.endParagraph()
	case strings.HasPrefix(line, "//"):
	case line[0] == '#':
		p.heading(line, at)
	case line[0] == '@':
		p.directive(line, at)
	default:
		p.rejectWhen()
		if p.paragraph == nil {
			p.paragraph = &paragraphPart{position: at}
		}
		p.paragraph.sentences = append(p.paragraph.sentences, p.pointOrSentence(line, at))
	}
}

func (p *parser) endParagraph() {
	if p.paragraph != nil {
		p.parts = append(p.parts, *p.paragraph)
		p.paragraph = nil
	}
}

// rejectWhen reports a condition that no heading follows.
func (p *parser) rejectWhen() {
	if p.when != nil {
		p.add(p.when.position, "@when must stand before a heading")
		p.when = nil
	}
}

func (p *parser) heading(line string, at position) {
	p.endParagraph()
	level := len(line) - len(strings.TrimLeft(line, "#"))
	text := strings.TrimLeft(line[level:], " ")
	if level > 4 || text == "" {
		p.add(at, "a heading is one to four # and a text")
	}
	at.column += len(line) - len(text)
	p.parts = append(p.parts, headingPart{sentence: p.sentence(text, at), level: level, when: p.when})
	p.when = nil
}

func (p *parser) directive(line string, at position) {
	p.endParagraph()
	name, argument, _ := strings.Cut(line, " ")
	argument = strings.TrimSpace(argument)
	if name != "@when" {
		p.rejectWhen()
	}
	switch name {
	case "@when":
		p.condition(argument, at)
	case "@narratives":
		p.parts = append(p.parts, narrativesPart{at, argument})
	case "@table":
		p.parts = append(p.parts, p.table(argument, at))
	case "@chart":
		kind, _, _ := strings.Cut(argument, " ")
		at.column += len(name) + 1
		title := at
		title.column += len(kind) + 1
		p.parts = append(p.parts, chartPart{p.sentence(strings.TrimPrefix(strings.TrimPrefix(argument, kind), " "), title), word{at, kind}})
	case "@end":
		p.parts = append(p.parts, endPart{at})
	case "@companion":
		p.parts = append(p.parts, companionPart{at})
	case "@annex":
		at.column += len(name) + 1
		p.parts = append(p.parts, annexPart{p.sentence(argument, at)})
	default:
		p.add(at, "unknown directive %s; there are @when, @narratives, @end, @annex, @companion, @table and @chart", name)
	}
}

// table reads the name of a table and, where there is one, how many rows it may have.
func (p *parser) table(argument string, at position) part {
	name, most, limited := strings.Cut(argument, " ")
	t := tablePart{position: at, name: name}
	if limited {
		var err error
		if t.most, err = strconv.Atoi(most); err != nil || t.most < 1 {
			p.add(at, "%q is no number of rows", most)
		}
		if name != warningsTable {
			p.add(at, "only @table %s may be cut: the others are whole", warningsTable)
		}
	}
	return t
}

func (p *parser) condition(argument string, at position) {
	what, section, _ := strings.Cut(argument, " ")
	switch {
	case what == "figures" && section == "":
		p.when = &condition{position: at}
	case what == "warnings" && section == "":
		p.when = &condition{position: at, warnings: true}
	case what == "narratives" && section != "":
		p.when = &condition{position: at, narratives: section}
	default:
		p.add(at, "@when wants figures, warnings, or narratives and a section")
	}
}

// pointOrSentence reads a line of a paragraph. A dash begins a point, which may be the texts of a section.
func (p *parser) pointOrSentence(line string, at position) sentence {
	rest, point := strings.CutPrefix(line, "- ")
	if !point {
		return p.sentence(line, at)
	}
	at.column += 2
	if section, texts := strings.CutPrefix(rest, "@narratives "); texts {
		return sentence{position: at, point: true, texts: strings.TrimSpace(section)}
	}
	s := p.sentence(rest, at)
	s.point = true
	return s
}

func (p *parser) sentence(line string, at position) sentence {
	s := scanner{problems: p.problems, rest: []rune(line), at: at}
	return sentence{position: at, nodes: s.nodes(false)}
}

// scanner reads one line of text with its actions and clauses.
type scanner struct {
	*problems
	rest []rune
	at   position
}

func (s *scanner) next() rune {
	r := s.rest[0]
	s.rest = s.rest[1:]
	s.at.column++
	return r
}

// nodes reads up to the end of the line, or of the clause that it is in.
func (s *scanner) nodes(inClause bool) []node {
	var nodes []node
	var text strings.Builder
	start := s.at
	flush := func() {
		if text.Len() > 0 {
			nodes = append(nodes, textNode{start, text.String()})
			text.Reset()
		}
	}
	for len(s.rest) > 0 {
		at := s.at
		switch r := s.next(); {
		case r == '\\' && len(s.rest) > 0 && strings.ContainsRune(`{}[]\`, s.rest[0]):
			text.WriteRune(s.next())
		case r == '{':
			flush()
			if n := s.action(at); n != nil {
				nodes = append(nodes, n)
			}
			start = s.at
		case r == '[' && !inClause:
			flush()
			nodes = append(nodes, s.clause(at))
			start = s.at
		case r == ']' && inClause:
			flush()
			return nodes
		case strings.ContainsRune(`}[]`, r):
			s.add(at, "unexpected %q", r)
		default:
			text.WriteRune(r)
		}
	}
	if inClause {
		s.add(s.at, "the clause is not closed: want ]")
	}
	flush()
	return nodes
}

func (s *scanner) clause(at position) node {
	c := clauseNode{position: at, nodes: s.nodes(true)}
	depends := false
	walk(c.nodes, func(n node) {
		f, figure := n.(figureNode)
		_, parameter := n.(parameterNode)
		_, units := n.(unitsNode)
		_, says := n.(sayNode)
		_, goals := n.(goalsNode)
		depends = depends || parameter || units || says || goals || figure && f.aspect != Value
	})
	if !depends {
		s.add(at, "a clause must hold a comparison, units or a parameter: it is left out when that is not there")
	}
	return c
}

// yearToDate before a function or an indicator asks for the year so far; the province's name before a function for its target.
const yearToDate = "year"

// action reads what stands in braces, and returns nil when it cannot.
func (s *scanner) action(at position) node {
	end := slices.Index(s.rest, '}')
	if end < 0 {
		s.add(at, "the action is not closed: want }")
		s.rest = nil
		return nil
	}
	words := s.words(end)
	s.next()
	if len(words) == 0 {
		s.add(at, "an empty action")
		return nil
	}
	first := words[0]
	if name, ok := strings.CutPrefix(first.text, "@"); ok {
		s.surplus(words[1:])
		return parameterNode{first.position, name}
	}
	switch first.text {
	case "units":
		return s.units(at, words[1:])
	case "say":
		return s.say(at, words[1:])
	case "goals":
		if len(words) != 2 || !slices.Contains(goalSelections, words[1].text) {
			s.add(at, "goals wants one of %s", listed(goalSelections))
			return nil
		}
		return goalsNode{at, words[1]}
	}
	f := figureNode{position: at, aspect: Value, places: -1}
	if first.text == yearToDate && len(words) > 1 {
		f.toDate, words = true, words[1:]
		first = words[0]
	}
	if first.text == reporting.ProvinceTarget && len(words) > 1 {
		f.level, words = first.text, words[1:]
		first = words[0]
	}
	if !strings.Contains(first.text, ".") {
		if !slices.Contains(functions, Aspect(first.text)) {
			s.add(first.position, "unknown function %q; there are %s", first.text, listed(functions))
			return nil
		}
		f.aspect, words = Aspect(first.text), words[1:]
	}
	if len(words) == 0 {
		s.add(first.position, "%s wants an indicator", first.text)
		return nil
	}
	f.code = words[0]
	s.options(&f, words[1:])
	return f
}

// units reads a selection, an indicator, how many names there may be, and the measure of the values behind them.
func (s *scanner) units(at position, words []word) node {
	if len(words) < 3 {
		s.add(at, "units wants a selection, an indicator and a number of names: {units top employment.urban_new_jobs 3}")
		return nil
	}
	most, err := strconv.Atoi(words[2].text)
	if err != nil || most < 1 || most > 20 {
		s.add(words[2].position, "%q is no number of names (1 to 20)", words[2].text)
	}
	u := unitsNode{position: at, selection: words[0], code: words[1], most: most}
	if len(words) > 3 {
		u.measure = words[3]
		s.surplus(words[4:])
	}
	return u
}

// words splits the next n characters at spaces.
func (s *scanner) words(n int) []word {
	var words []word
	open := false
	for range n {
		at := s.at
		r := s.next()
		switch {
		case r == ' ':
			open = false
		case open:
			words[len(words)-1].text += string(r)
		default:
			words, open = append(words, word{at, string(r)}), true
		}
	}
	return words
}

// options reads a measure and a number of digits, each at most once and in this order.
func (s *scanner) options(f *figureNode, words []word) {
	if len(words) > 0 && strings.Trim(words[0].text, "0123456789") != "" {
		f.measure, words = words[0], words[1:]
	}
	if len(words) > 0 {
		n, err := strconv.Atoi(words[0].text)
		if err != nil || n > 6 {
			s.add(words[0].position, "%q is no number of digits (0 to 6)", words[0].text)
		}
		f.places, words = n, words[1:]
	}
	s.surplus(words)
}

func (s *scanner) surplus(words []word) {
	if len(words) > 0 {
		s.add(words[0].position, "unexpected %q", words[0].text)
	}
}
