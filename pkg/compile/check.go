package compile

import (
	"io/fs"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// checkSettings checks names and precisions, and that a default uses only what is known before it.
func checkSettings(t *Template, found *problems) {
	top := position{1, 1}
	if t.ID == "" || len(t.title) == 0 {
		found.add(top, "id and title are required")
	}
	if !slices.Contains(periods, t.Periods) {
		found.add(top, "periods: %q is none of %s", t.Periods, strings.Join(periods[1:], ", "))
	}
	if t.Due != nil && t.Periods == "" {
		found.add(top, "due: the report does not say what periods it is about")
	}
	if !slices.Contains(abouts, t.About) {
		found.add(top, "about: %q: want unit, or nothing for the city", t.About)
	}
	if !fs.ValidPath(t.Text) || strings.Contains(t.Text, "/") {
		found.add(top, "text: %q is no id of a report", t.Text)
	}
	for measure, places := range t.precision {
		if places < 0 || places > 6 {
			found.add(top, "precision of %s: want 0 to 6 digits", measure)
		}
	}
	t.incomplete.check(found)
	known := slices.Clone(builtins)
	for _, p := range t.parameters {
		checkParameters(p.standard.nodes, known, found)
		if p.text == "" || p.label == "" {
			found.add(p.position, "a parameter has a name and a label")
		}
		if slices.Contains(known, p.text) {
			found.add(p.position, "parameter %s is declared already", p.text)
		}
		known = append(known, p.text)
	}
	for _, s := range append(slices.Clone(t.title), t.recipient, t.issuer) {
		checkParameters(s.nodes, known, found)
	}
}

func checkParameters(nodes []node, known []string, found *problems) {
	walk(nodes, func(n node) {
		if p, ok := n.(parameterNode); ok && !slices.Contains(known, p.name) {
			found.add(p.position, "unknown parameter @%s", p.name)
		}
	})
}

// checkText checks the parts against the settings and the catalogue.
func checkText(t *Template, catalogue *reporting.Catalogue, found *problems) {
	known := slices.Clone(builtins)
	for _, p := range t.parameters {
		known = append(known, p.text)
	}
	printed := map[string]bool{}
	for i, p := range t.parts {
		for _, s := range sentencesOf(p) {
			checkParameters(s.nodes, known, found)
			for _, f := range figuresOf(s.nodes) {
				checkFigure(f, catalogue, found)
			}
			for _, u := range unitsOf(s.nodes) {
				checkUnits(u, catalogue, found)
			}
			walk(s.nodes, func(n node) {
				if say, is := n.(sayNode); is {
					checkSay(say, catalogue, found)
				}
			})
			if s.texts != "" {
				checkPrinted(s.texts, s.position, t.narratives, printed, found)
			}
		}
		switch p := p.(type) {
		case headingPart:
			checkNoFigures(p.sentence, found)
			checkCondition(p.when, t.narratives, found)
		case annexPart:
			checkNoFigures(p.sentence, found)
		case companionPart:
			_, annex := next(t.parts[i+1:]).(annexPart)
			if again := slices.ContainsFunc(t.parts[:i], func(p part) bool { _, is := p.(companionPart); return is }); again || !annex {
				found.add(p.position, "@companion stands once, before an @annex")
			}
		case chartPart:
			checkChart(p, catalogue, found)
		case narrativesPart:
			checkPrinted(p.section, p.position, t.narratives, printed, found)
		case tablePart:
			if tableMakers[p.name] == nil {
				found.add(p.position, "unknown table %q; there are %s", p.name, listed(tableNames()))
			}
			if p.name == originsTable && i < len(t.parts)-1 {
				found.add(p.position, "@table %s stands last: it lists the numbers before it", p.name)
			}
		}
	}
	// A section without a place would drop what units sent.
	for _, section := range t.narratives {
		if !printed[section] {
			found.add(position{1, 1}, "no @narratives prints the texts of %s", section)
		}
	}
}

// checkPrinted checks that a section exists and is printed for the first time.
func checkPrinted(section string, at position, sections []string, printed map[string]bool, found *problems) {
	checkSection(section, at, sections, found)
	if printed[section] {
		found.add(at, "the texts of %s are printed already", section)
	}
	printed[section] = true
}

// next is the first of the parts, nil where there is none.
func next(parts []part) part {
	if len(parts) == 0 {
		return nil
	}
	return parts[0]
}

func checkNoFigures(s sentence, found *problems) {
	for _, f := range figuresOf(s.nodes) {
		found.add(f.position, "no figures in a heading")
	}
	for _, u := range unitsOf(s.nodes) {
		found.add(u.position, "no units in a heading")
	}
}

func checkCondition(c *condition, sections []string, found *problems) {
	if c != nil && c.narratives != "" {
		checkSection(c.narratives, c.position, sections, found)
	}
}

func checkSection(section string, at position, sections []string, found *problems) {
	if !slices.Contains(sections, section) {
		found.add(at, "unknown section %q; there are %s", section, strings.Join(sections, "、"))
	}
}

// checkFigure checks that the indicator exists and that function and measure make sense for it.
func checkFigure(f figureNode, catalogue *reporting.Catalogue, found *problems) {
	i := catalogue.Indicator(f.code.text)
	if i == nil {
		found.add(f.code.position, "unknown indicator %s", f.code.text)
		return
	}
	if message := misuse(f.aspect, i); message != "" {
		found.add(f.code.position, "%s %s: %s", f.aspect, i.Code, message)
	}
	if f.level != "" && !slices.Contains([]Aspect{Target, Completion, Pace, Ceiling}, f.aspect) {
		found.add(f.position, "%s stands before target, completion, pace or ceiling", f.level)
	}
	switch {
	case f.measure.text == "":
	case f.aspect != Value && f.aspect != Target && f.aspect != Balance:
		found.add(f.measure.position, "%s has a measure of its own", f.aspect)
	case !fits(i, f.measure.text):
		found.add(f.measure.position, "%s does not fit %s, which is counted in %s", f.measure.text, i.Code, ownMeasure(i))
	}
}

// misuse says why the function means nothing for the indicator, or returns "".
func misuse(a Aspect, i *reporting.Indicator) string {
	switch {
	case a == Target && i.Target == "":
		return "the indicator has no target"
	case (a == Completion || a == Pace) && i.Target == "":
		return "the indicator has no target to complete"
	case (a == Completion || a == Pace) && i.Target == reporting.TargetCeiling:
		return "a ceiling is kept, not completed"
	case a == Ceiling && i.Target != reporting.TargetCeiling:
		return "the indicator has no ceiling"
	case a == Pace && i.Kind != reporting.Flow:
		return "only a flow grows with the calendar"
	case a == Growth:
		return ""
	case a == Balance && !(i.Kind == reporting.Stock && i.IsMoney()):
		return "only an amount that stands at the end is left over, or lacks"
	case a == Sequential && i.Kind == reporting.Ratio:
		return "a rate has no share of the months before"
	case a == Change && i.Kind == reporting.Ratio:
		return "a rate changes in percentage points: use points"
	case a == Points && i.Kind != reporting.Ratio:
		return "only a rate changes in percentage points: use change"
	}
	return ""
}
