package compile

// position is a place in a template's text; both count from 1, columns in characters.
type position struct{ line, column int }

// node is a part of a sentence: text, parameter, figure, units or clause.
type node interface{ inTemplate() }

type textNode struct {
	position
	text string
}

type parameterNode struct {
	position
	name string
}

type figureNode struct {
	position
	aspect  Aspect
	toDate  bool   // of the year so far, instead of the report's period
	level   string // whose target it is about; "" is the city's
	code    word
	measure word // "" for the indicator's own
	places  int  // −1 for the declared precision of the measure
}

// unitsNode names units of which something is true.
type unitsNode struct {
	position
	selection word
	code      word
	most      int  // so many names
	measure   word // of their values; "" for the indicator's own
}

type clauseNode struct {
	position
	nodes []node
}

// word is a word of an action with its place.
type word struct {
	position
	text string
}

func (position) inTemplate() {}

// sentence is one line of text.
type sentence struct {
	position
	nodes []node
	point bool   // it begins a point: 一是, 二是
	texts string // the point is each text of the section
}

// part is a block of a template: headingPart, paragraphPart, narrativesPart, endPart, annexPart, tablePart or chartPart.
type part interface{ inTemplate() }

type headingPart struct {
	sentence
	level int
	when  *condition // nil: always
}

type paragraphPart struct {
	position
	sentences []sentence
}

type narrativesPart struct {
	position
	section string
}

// endPart ends all sections: what follows belongs to no heading.
type endPart struct{ position }

type annexPart struct{ sentence }

// companionPart begins the companion: the annexes behind it are not sent.
type companionPart struct{ position }

type tablePart struct {
	position
	name string
	most int // rows; 0 is all
}

// chartPart is a chart: its title and its figures are one sentence.
type chartPart struct {
	sentence
	kind word
}

// condition binds a section to what there is to say in it.
type condition struct {
	position
	warnings   bool   // a warning must be there
	narratives string // or a text of the section; "" asks for any figure
}

// walk calls f for every node, those inside clauses after their clause.
func walk(nodes []node, f func(node)) {
	for _, n := range nodes {
		f(n)
		if c, ok := n.(clauseNode); ok {
			walk(c.nodes, f)
		}
	}
}

// figuresOf lists the figures of a sentence in their order.
func figuresOf(nodes []node) []figureNode {
	var figures []figureNode
	walk(nodes, func(n node) {
		if f, ok := n.(figureNode); ok {
			figures = append(figures, f)
		}
	})
	return figures
}

// unitsOf lists the places of a sentence where units are named.
func unitsOf(nodes []node) []unitsNode {
	var units []unitsNode
	walk(nodes, func(n node) {
		if u, ok := n.(unitsNode); ok {
			units = append(units, u)
		}
	})
	return units
}

// sentencesOf lists the sentences of a part.
func sentencesOf(p part) []sentence {
	switch p := p.(type) {
	case headingPart:
		return []sentence{p.sentence}
	case annexPart:
		return []sentence{p.sentence}
	case chartPart:
		return []sentence{p.sentence}
	case paragraphPart:
		return p.sentences
	}
	return nil
}
