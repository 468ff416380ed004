package compile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"huizong/pkg/reporting"
)

// sentenceState remembers what a sentence has said already, so that it says it once.
type sentenceState struct {
	flagged  map[string]bool // indicators whose incompleteness is marked
	baseless bool            // a comparison had no basis, or a parameter no value: the clause around it goes
}

func (s *sentenceState) flag(code string) bool {
	if s.flagged[code] {
		return false
	}
	if s.flagged == nil {
		s.flagged = map[string]bool{}
	}
	s.flagged[code] = true
	return true
}

// paragraph prints sentence after sentence. A run of sentences whose figures are all owed and not there becomes one mark, unless it is
// about one figure only: then the sentence itself has place for it. A sentence whose figures all do not apply says nothing, and goes.
func (c *compiler) sentences(list []sentence) []Run {
	var runs []Run
	for i := 0; i < len(list); {
		if c.idle(list[i]) {
			i++
			continue
		}
		lost, n := c.lost(list[i:])
		c.gaps.missing(lost...)
		if len(lost) > 1 {
			runs = append(runs, Run{Text: missingMark(c.names(lost)), Mark: Absent}, Run{Text: "。"})
			i += n
			continue
		}
		runs = append(runs, opened(c.nodes(list[i].nodes, &sentenceState{}))...)
		i++
	}
	return join(runs)
}

// joints part clauses and end sentences.
const joints = "，；、。"

// opened is a sentence without the joints before its first word, where the clauses before them have gone; nothing where all have.
func opened(runs []Run) []Run {
	for i, r := range runs {
		if !r.plain() {
			return runs[i:]
		}
		if text := strings.TrimLeft(r.Text, joints); text != "" {
			return append([]Run{{Text: text}}, runs[i+1:]...)
		}
	}
	return nil
}

// paragraph prints what stands before the points of a paragraph, and then the points that have something to say, numbered 一是, 二是 where
// they are several. Texts too long for a point come back.
func (c *compiler) paragraph(p paragraphPart) (runs []Run, long []reporting.Narrative) {
	at := slices.IndexFunc(p.sentences, func(s sentence) bool { return s.point })
	if at < 0 {
		return c.sentences(p.sentences), nil
	}
	runs = c.sentences(p.sentences[:at])
	var points [][]Run
	for rest := p.sentences[at:]; len(rest) > 0; {
		n := 1
		for n < len(rest) && !rest[n].point {
			n++
		}
		if section := rest[0].texts; section != "" {
			short, more := c.pointsOf(section)
			points, long = append(points, short...), append(long, more...)
		} else if point := c.sentences(rest[:n]); len(point) > 0 {
			points = append(points, point)
		}
		rest = rest[n:]
	}
	for i, point := range points {
		if len(points) > 1 {
			runs = append(runs, Run{Text: numeral(i+1) + "是"})
		}
		runs = append(runs, point...)
	}
	return join(runs), long
}

// pointsOf makes a point of each text that is one paragraph, word for word, and returns the others.
func (c *compiler) pointsOf(section string) (points [][]Run, long []reporting.Narrative) {
	for _, n := range c.texts(section) {
		lines := paragraphsOf(n.Body)
		if len(lines) != 1 {
			long = append(long, n)
			continue
		}
		text := lines[0]
		if title := strings.TrimRight(strings.TrimSpace(n.Title), "。."); title != "" {
			text = title + "。" + text
		}
		if last, _ := utf8.DecodeLastRuneInString(text); !strings.ContainsRune("。！？；…”", last) {
			text += "。"
		}
		points = append(points, []Run{{Text: text}})
	}
	return points, long
}

// idle reports whether the figures of a sentence all do not apply, and lists them if so.
func (c *compiler) idle(s sentence) bool {
	figures := figuresOf(s.nodes)
	for _, n := range figures {
		if f, known := c.known(n); f.Value != nil || c.absenceOf(f, known, c.subject) != notApplicable {
			return false
		}
	}
	for _, n := range figures {
		c.gaps.absent(n.code.text, notApplicable)
	}
	return len(figures) > 0
}

// lost returns the indicators of the sentences at the beginning of which all figures are owed and none is there, and their number.
func (c *compiler) lost(sentences []sentence) (codes []string, n int) {
	for _, s := range sentences {
		figures := figuresOf(s.nodes)
		for _, f := range figures {
			if of, known := c.known(f); of.Value != nil || c.absenceOf(of, known, c.subject) != unreported {
				return codes, n
			}
		}
		if len(figures) == 0 {
			break
		}
		for _, f := range figures {
			codes = appendNew(codes, f.code.text)
		}
		n++
	}
	return codes, n
}

func (c *compiler) nodes(nodes []node, s *sentenceState) []Run {
	var runs []Run
	for _, n := range nodes {
		switch n := n.(type) {
		case textNode:
			runs = append(runs, Run{Text: n.text})
		case parameterNode:
			r := c.parameter(n)
			s.baseless = s.baseless || r.Mark == Absent
			runs = append(runs, r)
		case figureNode:
			runs = append(runs, c.number(n, s)...)
		case unitsNode:
			runs = append(runs, c.among(n, s)...)
		case sayNode:
			runs = append(runs, c.say(n, s)...)
		case goalsNode:
			runs = append(runs, c.goals(n, s)...)
		case clauseNode:
			runs = append(runs, c.clause(n, s)...)
		}
	}
	return runs
}

// clause prints its nodes, or nothing where a comparison in it cannot be made; the list at the front then says why.
func (c *compiler) clause(n clauseNode, s *sentenceState) []Run {
	inner := &sentenceState{flagged: s.flagged}
	runs := c.nodes(n.nodes, inner)
	if inner.baseless {
		return nil
	}
	s.flagged = inner.flagged
	return runs
}

// number prints one function of a figure: a value missing leaves a mark, and so does a comparison outside a clause.
func (c *compiler) number(n figureNode, s *sentenceState) []Run {
	code := n.code.text
	f, known := c.known(n)
	if f.Value == nil {
		return c.without(n, c.absenceOf(f, known, c.subject), s)
	}
	p, lack := c.evaluate(n, f)
	if lack != "" {
		c.gaps.baseless(code, lack)
		s.baseless = true
		return []Run{{Text: "【" + string(lack) + "：" + nameOf(c.Catalogue, code) + "】", Mark: Absent}}
	}
	runs := []Run{{Text: p.before}}
	if p.exact != nil {
		id := FigureID{code, f.Unit, f.Period}
		runs = append(runs, c.binder.bind(id, cmp.Or(p.aspect, n.aspect.by(n.level)), p.exact, p.measure, p.places), Run{Text: p.measure + p.after})
	}
	if !f.Complete() {
		c.gaps.incomplete(f)
		if n.aspect != Only && s.flag(code) {
			runs = append(runs, Run{Text: fmt.Sprintf("（%d个单位已报齐%d个）", f.Expected, f.Reported), Mark: Partial})
		}
	}
	return runs
}

// without prints the word for a figure that has no value. Only one that is owed is a gap with a mark.
func (c *compiler) without(n figureNode, why absence, s *sentenceState) []Run {
	code := n.code.text
	c.gaps.absent(code, why)
	if why == unreported {
		s.baseless = s.baseless || n.aspect != Value
		return []Run{{Text: missingMark(c.names([]string{code})), Mark: Absent}}
	}
	s.baseless = true
	return []Run{{Text: string(why)}}
}

func (c *compiler) names(codes []string) []string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = nameOf(c.Catalogue, code)
	}
	return names
}

// missingMark names what is missing; of many it names two and their number, for the list at the front has them all.
func missingMark(names []string) string {
	if len(names) > 3 {
		return fmt.Sprintf("【未报：%s等%d项】", strings.Join(names[:2], "、"), len(names))
	}
	return "【未报：" + strings.Join(names, "、") + "】"
}

// join puts neighbouring runs of plain text together and drops empty ones.
func join(runs []Run) []Run {
	var joined []Run
	for _, r := range runs {
		last := len(joined) - 1
		switch {
		case r.Text == "":
		case last >= 0 && r.plain() && joined[last].plain():
			joined[last].Text += r.Text
		default:
			joined = append(joined, r)
		}
	}
	return joined
}

// appendNew appends what is not in the list yet.
func appendNew(list []string, items ...string) []string {
	for _, i := range items {
		if !slices.Contains(list, i) {
			list = append(list, i)
		}
	}
	return list
}
