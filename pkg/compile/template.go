package compile

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"huizong/pkg/reporting"
)

// The files of a template's folder.
const (
	settingsFile = "report.yaml"
	textFile     = "report.tmpl"
)

// periods are what a report can be about.
var periods = []string{"", "month", "quarter", "half", "year"}

// abouts are whose figures a report tells.
var abouts = []string{"", aboutUnit}

const (
	aboutUnit = "unit"
	unitName  = "unit" // the parameter that says which
)

// Template is a checked report template. It is read-only and may be used by several Compiles at once.
type Template struct {
	ID         string
	Name       string
	Text       string         // id of the template whose text it has: its own, or another's
	Periods    string         // what it is about: month, quarter, half or year; "" where that is not said
	Due        *reporting.Due // when it is drafted although sheets are missing; nil: it is not drafted by itself
	About      string         // whose figures it tells: a unit's, which the parameter unit names, or the city's; one of abouts
	title      []sentence
	recipient  sentence
	issuer     sentence
	incomplete incompleteRule
	precision  map[string]int // measure → digits after the point; 0 for measures that are not in it
	narratives []string       // sections of text, each printed by one @narratives
	parameters []parameter
	parts      []part
}

// parameter is a text that whoever runs the report gives, or its default. One that has neither is marked as not filled in.
type parameter struct {
	word
	label    string
	standard sentence // the default; it may use built-in parameters and those declared before it
}

// Describe says what the template is and asks for.
func (t *Template) Describe() reporting.ReportTemplate {
	d := reporting.ReportTemplate{ID: t.ID, Name: t.Name, Periods: t.Periods, Parameters: []reporting.ReportParameter{}}
	for _, p := range t.parameters {
		d.Parameters = append(d.Parameters, reporting.ReportParameter{Name: p.text, Label: p.label, Default: len(p.standard.nodes) > 0})
	}
	for _, p := range standardParameters {
		d.Parameters = append(d.Parameters, reporting.ReportParameter{Name: p.text, Label: p.label, Shared: true, Default: true})
	}
	return d
}

// builtins are the parameters that every report has; values for them are in builtinValues.
var builtins = []string{
	"city",         // the city's name in the catalogue
	"about",        // the name of the unit that the report is about
	"period",       // 2020年上半年
	"span",         // 上半年
	"next_span",    // 下半年, or 2021年上半年
	"months",       // 1—6月
	"to_date",      // 1—6月, the months of the year so far
	"year",         // 2020
	"last_year",    // 2019
	"issue_date",   // 2020年7月1日
	"cutoff",       // 2020年7月1日8时30分
	"closing_date", // 2020年6月30日, the period's last day
}

// settings is report.yaml as it is written; nodes keep the places for messages.
type settings struct {
	ID         string
	Name       string
	Periods    string
	About      string
	Due        *dueItem
	Text       string
	Title      []yaml.Node
	Recipient  yaml.Node
	Issuer     yaml.Node
	Precision  map[string]int
	Incomplete incompleteRule
	Narratives []yaml.Node
	Parameters []struct {
		Name    yaml.Node
		Label   string
		Default yaml.Node
	}
}

// dueItem says when a report is drafted although sheets are missing, as a form says when it is due.
type dueItem struct {
	Months, Day int
	Time        string
}

// due is the item in the field's words; nil where there is none.
func (d *dueItem) due(found *problems) *reporting.Due {
	if d == nil {
		return nil
	}
	hour, minute, ok := reporting.ParseClock(d.Time)
	due := reporting.Due{Months: cmp.Or(d.Months, 1), Day: d.Day, Hour: hour, Minute: minute}
	if !ok || due.Day < 1 || due.Day > 31 || due.Months < 1 || due.Months > 12 {
		found.add(position{1, 1}, `due: want a day of the month, a time, and how many months after the period: {months: 1, day: 1, time: "09:00"}`)
	}
	return &due
}

// LoadTemplate reads the template of a folder and checks it against the catalogue. An unknown indicator, a function or a measure
// that does not fit its indicator, an unknown parameter and a section of text that would not be printed are errors; it reports all
// of them, each with file:line:column.
func LoadTemplate(fsys fs.FS, dir string, catalogue *reporting.Catalogue) (*Template, error) {
	data, err := fs.ReadFile(fsys, path.Join(dir, settingsFile))
	if err != nil {
		return nil, fmt.Errorf("load report template: %w", err)
	}
	t, err := parseSettings(data, path.Join(dir, settingsFile))
	if err != nil {
		return nil, err
	}
	file := path.Join(path.Dir(dir), t.Text, textFile)
	if t.Text == t.ID {
		file = path.Join(dir, textFile)
	}
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, fmt.Errorf("load report template: %w", err)
	}
	found := &problems{file: file}
	t.parts = parseText(string(text), found)
	checkText(t, catalogue, found)
	if err := found.err(); err != nil {
		return nil, err
	}
	return t, nil
}

func parseSettings(data []byte, file string) (*Template, error) {
	var s settings
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&s); err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "%s: %w", file, err)
	}
	found := &problems{file: file}
	t := &Template{ID: s.ID, Name: s.Name, Text: cmp.Or(s.Text, s.ID), Periods: s.Periods, About: s.About, precision: s.Precision, incomplete: s.Incomplete}
	for _, n := range s.Title {
		t.title = append(t.title, fragment(n, found))
	}
	t.recipient, t.issuer = fragment(s.Recipient, found), fragment(s.Issuer, found)
	for _, n := range s.Narratives {
		t.narratives = append(t.narratives, n.Value)
	}
	if t.About == aboutUnit {
		t.parameters = append(t.parameters, parameter{word: word{text: unitName}, label: "单位（名称或代码）"})
	}
	for _, p := range s.Parameters {
		name := word{position{p.Name.Line, p.Name.Column}, p.Name.Value}
		t.parameters = append(t.parameters, parameter{name, p.Label, fragment(p.Default, found)})
	}
	t.Due = s.Due.due(found)
	checkSettings(t, found)
	if err := found.err(); err != nil {
		return nil, err
	}
	return t, nil
}

// fragment parses a text of the settings: parameters, but no figures.
func fragment(n yaml.Node, found *problems) sentence {
	at := position{n.Line, n.Column}
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		at.column++
	}
	s := scanner{problems: found, rest: []rune(n.Value), at: at}
	parsed := sentence{position: at, nodes: s.nodes(false)}
	for _, f := range figuresOf(parsed.nodes) {
		found.add(f.position, "no figures here, only parameters")
	}
	for _, u := range unitsOf(parsed.nodes) {
		found.add(u.position, "no units here, only parameters")
	}
	return parsed
}

// Subject is the code of the unit whose figures the report tells: the city, or the unit that the parameters name. It is an error of code invalid
// where they name none.
func (t *Template) Subject(catalogue *reporting.Catalogue, parameters map[string]string) (string, error) {
	if t.About != aboutUnit {
		return catalogue.City, nil
	}
	said := strings.TrimSpace(parameters[unitName])
	for _, u := range catalogue.Units {
		if said != "" && (u.Code == said || u.Name.ZH == said) && u.Code != catalogue.City {
			return u.Code, nil
		}
	}
	if said == "" {
		return "", reporting.Errorf(reporting.Invalid, "%s is about a unit: say which in the parameter %s, by code or name", t.ID, unitName)
	}
	return "", reporting.Errorf(reporting.Invalid, "%s: parameter %s: there is no unit %q", t.ID, unitName, said)
}

// Sections lists the sections of text that the template prints. A text for any other one is an error of Compile.
func (t *Template) Sections() []string { return slices.Clone(t.narratives) }
