package schemas

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// formFile is a form as its YAML file has it. docs/adding-a-form.md explains the keys.
type formFile struct {
	ID       string         `yaml:"id"`
	Number   int            `yaml:"number"`
	Title    reporting.Text `yaml:"title"`
	Aliases  []string       `yaml:"aliases"`
	Shape    string         `yaml:"shape"`
	Coverage string         `yaml:"coverage"`
	Duty     string         `yaml:"duty"`
	Periods  string         `yaml:"periods"`
	Due      dueItem        `yaml:"due"`
	SentBy   struct {
		Levels []string `yaml:"levels"`
		Units  []string `yaml:"units"`
	} `yaml:"sent_by"`
	Money     string       `yaml:"money"`
	Table     string       `yaml:"table"`
	ColumnsOf string       `yaml:"columns_of"` // a file under forms/columns whose columns come first
	Groups    []groupItem  `yaml:"groups"`
	Columns   []columnItem `yaml:"columns"`
	Rows      []rowItem    `yaml:"rows"`
	RowUnits  bool         `yaml:"row_units"`
	Total     []string     `yaml:"total"`
	Key       []string     `yaml:"key"`
	Loads     []loadItem   `yaml:"loads"`
	Rules     []ruleItem   `yaml:"rules"`

	// Indicators that only this form feeds may stand in its own file.
	Domain     string          `yaml:"domain"`
	Indicators []indicatorItem `yaml:"indicators"`
}

// dueItem says until when a form is to be in; what it leaves out is as in reporting.DefaultDue.
type dueItem struct {
	Months *int   `yaml:"months"`
	Day    *int   `yaml:"day"`
	Time   string `yaml:"time"`
}

type groupItem struct {
	ID     string   `yaml:"id"`
	Header string   `yaml:"header"`
	Labels []string `yaml:"aliases"`
}

type columnItem struct {
	ID         string       `yaml:"id"`
	Header     string       `yaml:"header"`
	Aliases    []string     `yaml:"aliases"`
	Patterns   []string     `yaml:"patterns"`
	Group      string       `yaml:"group"`
	Type       string       `yaml:"type"`
	Required   *bool        `yaml:"required"`
	Blank      bool         `yaml:"blank"`
	BlankIf    string       `yaml:"blank_if"`
	Negative   bool         `yaml:"negative"`
	Cumulative bool         `yaml:"cumulative"`
	Loads      string       `yaml:"loads"`
	Level      string       `yaml:"level"`
	SumOf      string       `yaml:"sum_of"`
	PartOf     string       `yaml:"part_of"`
	Totalled   bool         `yaml:"totalled"`
	Field      string       `yaml:"field"`
	Masked     bool         `yaml:"masked"`
	Choices    []choiceItem `yaml:"choices"`
	Mergeable  bool         `yaml:"mergeable"`
	Bounds     string       `yaml:"bounds"`
	Plausible  []int64      `yaml:"plausible"`
}

type choiceItem struct {
	Name    string   `yaml:"name"`
	Aliases []string `yaml:"aliases"`
}

type rowItem struct {
	Code      string   `yaml:"code"`
	Label     string   `yaml:"label"`
	Aliases   []string `yaml:"aliases"`
	Measure   string   `yaml:"measure"`
	Indicator string   `yaml:"indicator"`
	PartOf    string   `yaml:"part_of"`
	Plausible []int64  `yaml:"plausible"`
}

type loadItem struct {
	Indicator string              `yaml:"indicator"`
	Value     string              `yaml:"value"`
	On        string              `yaml:"on"`
	Opened    string              `yaml:"opened"`
	Closed    string              `yaml:"closed"`
	Distinct  string              `yaml:"distinct"`
	Unit      string              `yaml:"unit"`
	Once      reporting.Once      `yaml:"once"`
	Where     map[string][]string `yaml:"where"`
	WhereNot  map[string][]string `yaml:"where_not"`
}

type ruleItem struct {
	Code     string         `yaml:"code"`
	Severity string         `yaml:"severity"`
	At       string         `yaml:"at"`
	Expect   string         `yaml:"expect"`
	Holds    string         `yaml:"holds"`
	Says     reporting.Text `yaml:"says"`
}

func loadForms(fsys fs.FS, c *reporting.Catalogue) error {
	paths, err := documents(fsys, "forms")
	if err != nil {
		return err
	}
	byID, byNumber, byIndicator := map[string]string{}, map[int]string{}, map[string]string{}
	for _, p := range paths {
		f, err := loadForm(fsys, p, c)
		if err != nil {
			return err
		}
		if first := byID[f.ID]; first != "" {
			return reporting.Errorf(reporting.Invalid, "%s:1: form %s stands in %s already", p, f.ID, first)
		}
		if first := byNumber[f.Number]; first != "" {
			return reporting.Errorf(reporting.Invalid, "%s:1: form %s has the number %d of %s", p, f.ID, f.Number, first)
		}
		for _, code := range f.Indicators() {
			// Of which units a figure holds the sheets could not be said if two forms fed it.
			if first := byIndicator[code]; first != "" {
				return reporting.Errorf(reporting.Invalid, "%s:1: form %s loads %s, which %s loads already", p, f.ID, code, first)
			}
			byIndicator[code] = p
		}
		byID[f.ID], byNumber[f.Number] = p, p
		c.Forms = append(c.Forms, f)
	}
	slices.SortFunc(c.Forms, func(a, b *reporting.Form) int { return a.Number - b.Number })
	return nil
}

// formLoader turns one file into a form; its methods add what they read and return the first thing that is wrong.
type formLoader struct {
	*document
	file formFile
	form *reporting.Form
	c    *reporting.Catalogue
}

func loadForm(fsys fs.FS, p string, c *reporting.Catalogue) (*reporting.Form, error) {
	l := &formLoader{c: c}
	doc, err := readDocument(fsys, p, &l.file)
	if err != nil {
		return nil, err
	}
	l.document = doc
	if of := l.file.ColumnsOf; of != "" {
		var shared struct {
			Columns []columnItem `yaml:"columns"`
		}
		columns, err := readDocument(fsys, path.Join(path.Dir(p), "columns", of+".yaml"), &shared)
		if err != nil {
			return nil, err
		}
		if len(l.file.Columns) > 0 {
			return nil, l.errorf(at("columns"), "a form has columns_of or columns, not both")
		}
		l.file.Columns = shared.Columns
		if err := l.head(); err != nil {
			return nil, err
		}
		form := *l
		form.document = columns
		if err := form.columns(); err != nil {
			return nil, err
		}
		return l.form, l.steps(l.rows, l.toDate, l.loads, l.rules)
	}
	return l.form, l.steps(l.head, l.columns, l.rows, l.toDate, l.loads, l.rules)
}

func (l *formLoader) steps(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (l *formLoader) head() error {
	f := l.file
	l.form = &reporting.Form{
		ID: f.ID, Number: f.Number, Title: f.Title, Aliases: f.Aliases, Shape: reporting.Shape(f.Shape), Coverage: reporting.Coverage(f.Coverage),
		Duty: reporting.Duty(f.Duty), Periods: reporting.PeriodKind(f.Periods), Senders: f.SentBy.Units, Money: reporting.Money(f.Money), Table: f.Table,
		RowUnits: f.RowUnits, Total: f.Total, Key: f.Key, Source: l.path,
	}
	if l.form.Coverage == "" {
		l.form.Coverage = reporting.CoversPeriod
	}
	if f.ID == "" || f.Title.ZH == "" || f.Title.EN == "" {
		return l.errorf(at(), "a form needs id, title.zh and title.en")
	}
	if f.Money != "" {
		if _, ok := l.form.Money.Factor(); !ok {
			return l.errorf(at("money"), "money %q is no unit of money", f.Money)
		}
	}
	for _, choice := range []struct {
		key, value string
		of         []string
	}{
		{"shape", f.Shape, []string{"indicators", "matrix", "ledger", "targets", "baselines", "narrative"}},
		{"coverage", string(l.form.Coverage), []string{"period", "year_to_date", "snapshot"}},
		{"duty", f.Duty, []string{"monthly", "yearly", "none"}},
		{"periods", f.Periods, []string{string(reporting.EachMonth), string(reporting.EachHalf), string(reporting.EachYear)}},
	} {
		if !slices.Contains(choice.of, choice.value) {
			return l.errorf(at(choice.key), "%s %q: want one of %s", choice.key, choice.value, strings.Join(choice.of, ", "))
		}
	}
	if err := l.due(); err != nil {
		return err
	}
	for i, level := range f.SentBy.Levels {
		if !slices.ContainsFunc(l.c.Units, func(u reporting.OrgUnit) bool { return string(u.Level) == level }) {
			return l.errorf(at("sent_by", "levels", i), "no unit has the level %q", level)
		}
		l.form.Levels = append(l.form.Levels, reporting.Level(level))
	}
	for i, code := range f.SentBy.Units {
		if l.c.Unit(code) == nil {
			return l.errorf(at("sent_by", "units", i), "unknown unit %q", code)
		}
	}
	return nil
}

// due reads until when the form is to be in. A month far from the period is a slip of the pen.
func (l *formLoader) due() error {
	item, due := l.file.Due, reporting.DefaultDue
	if item.Months != nil {
		due.Months = *item.Months
	}
	if item.Day != nil {
		due.Day = *item.Day
	}
	if item.Time != "" {
		var ok bool
		if due.Hour, due.Minute, ok = reporting.ParseClock(item.Time); !ok {
			return l.errorf(at("due", "time"), "due: time %q: want one like \"18:00\", in quotes", item.Time)
		}
	}
	if due.Day < 1 || due.Day > 31 {
		return l.errorf(at("due", "day"), "due: day %d: want 1 to 31", due.Day)
	}
	if due.Months < -12 || due.Months > 24 {
		return l.errorf(at("due", "months"), "due: months %d: want the month of the deadline, counted from the period's last: 1 is the next", due.Months)
	}
	l.form.Due = due
	return nil
}

// columns reads the columns and refuses a header text that two of them would claim: no sheet could be read rightly then.
func (l *formLoader) columns() error {
	claims := map[string]string{}
	for i, item := range l.file.Columns {
		column, err := l.column(item, at("columns", i))
		if err != nil {
			return err
		}
		for _, text := range column.Labels {
			if other := claims[text]; other != "" && other != column.ID {
				return l.errorf(at("columns", i), "columns %s and %s both claim the header %q", other, column.ID, text)
			}
			claims[text] = column.ID
		}
		if l.form.Column(column.ID) >= 0 {
			return l.errorf(at("columns", i, "id"), "column %q stands here a second time", column.ID)
		}
		l.form.Columns = append(l.form.Columns, column)
	}
	for i, c := range l.form.Columns {
		for key, id := range map[string]string{"sum_of": c.SumOf, "part_of": c.PartOf, "blank_if": c.BlankIf} {
			if id != "" && l.form.Column(id) < 0 {
				return l.errorf(at("columns", i, key), "unknown column %q", id)
			}
		}
	}
	for i, id := range l.file.Key {
		if l.form.Column(id) < 0 {
			return l.errorf(at("key", i), "unknown column %q", id)
		}
	}
	return nil
}

var columnTypes = []reporting.ValueType{
	reporting.RowLabel, reporting.Amount, reporting.Integer, reporting.MoneyValue, reporting.TextValue, reporting.DateValue, reporting.MonthValue,
	reporting.UnitValue, reporting.Category, reporting.IDNumber, reporting.CreditCode, reporting.Measure, reporting.Sequence, reporting.Remark,
}

func (l *formLoader) column(item columnItem, keys []any) (reporting.Column, error) {
	c := reporting.Column{
		ID: item.ID, Header: item.Header, Type: reporting.ValueType(item.Type), Blank: item.Blank, BlankIf: item.BlankIf, Negative: item.Negative,
		Loads: item.Loads, Cumulative: item.Cumulative, Level: item.Level, SumOf: item.SumOf, PartOf: item.PartOf, Totalled: item.Totalled, Field: item.Field, Masked: item.Masked,
		Mergeable: item.Mergeable, Bounds: reporting.DateBounds(item.Bounds),
	}
	if item.ID == "" || item.Header == "" {
		return c, l.errorf(keys, "a column needs id and header")
	}
	if !slices.Contains(columnTypes, c.Type) {
		return c, l.errorf(append(keys, "type"), "type %q is none of %v", item.Type, columnTypes)
	}
	if c.Bounds != "" && c.Bounds != reporting.InPeriod && c.Bounds != reporting.NotAfterEnd {
		return c, l.errorf(append(keys, "bounds"), "bounds %q: want in_period or not_after_period", item.Bounds)
	}
	if c.Level != "" && !slices.Contains(reporting.TargetLevels, c.Level) {
		return c, l.errorf(append(keys, "level"), "level %q: want one of %v", item.Level, reporting.TargetLevels)
	}
	var ok bool
	if c.Plausible, ok = plausible(item.Plausible); !ok {
		return c, l.errorf(append(keys, "plausible"), "plausible: want two amounts in yuan, the smaller one first")
	}
	c.Required = c.Type != reporting.Remark && c.Type != reporting.Sequence && c.Type != reporting.Measure
	if item.Required != nil {
		c.Required = *item.Required
	}
	c.Blank = c.Blank || !c.Required
	for _, choice := range item.Choices {
		c.Choices = append(c.Choices, reporting.Choice(choice))
	}
	if c.Loads != "" && !strings.Contains(c.Loads, "{row}") && l.c.Indicator(c.Loads) == nil {
		return c, l.errorf(append(keys, "loads"), "unknown indicator %q", c.Loads)
	}
	for i, pattern := range item.Patterns {
		re, err := regexp.Compile("^(?:" + pattern + ")$")
		if err != nil {
			return c, l.errorf(append(keys, "patterns", i), "pattern: %v", err)
		}
		c.Patterns = append(c.Patterns, re)
	}
	labels, err := l.labels(item, keys)
	c.Labels = labels
	return c, err
}

// labels are the folded header texts of a column. In a group each is the group's text with the column's own before or behind it,
// as package match joins the rows of a header (收入 over 本月, or 本月收入 in one cell); and the column's own text alone where no
// other column has it.
func plausible(bounds []int64) (p reporting.Plausible, ok bool) {
	if len(bounds) == 0 {
		return p, true
	}
	if len(bounds) != 2 || bounds[0] < 0 || bounds[1] <= bounds[0] {
		return p, false
	}
	return reporting.Plausible{From: reporting.Int(bounds[0]), To: reporting.Int(bounds[1])}, true
}

func (l *formLoader) labels(item columnItem, keys []any) ([]string, error) {
	heads, err := l.heads(item, keys)
	if err != nil {
		return nil, err
	}
	var labels []string
	add := func(text string) {
		if !slices.Contains(labels, text) {
			labels = append(labels, text)
		}
	}
	for _, text := range append([]string{item.Header}, item.Aliases...) {
		leaf, _ := label.Header(text)
		if leaf == "" {
			return nil, l.errorf(keys, "the header %q has no letter", text)
		}
		for _, head := range heads {
			add(head + leaf)
			add(leaf + head)
		}
		if item.Group != "" && l.only(item, leaf) {
			add(leaf)
		}
	}
	return labels, nil
}

// heads are the folded texts of the column's group, or "" alone where it has none.
func (l *formLoader) heads(item columnItem, keys []any) ([]string, error) {
	if item.Group == "" {
		return []string{""}, nil
	}
	i := slices.IndexFunc(l.file.Groups, func(g groupItem) bool { return g.ID == item.Group })
	if i < 0 {
		return nil, l.errorf(append(keys, "group"), "unknown group %q", item.Group)
	}
	var heads []string
	for _, text := range append([]string{l.file.Groups[i].Header}, l.file.Groups[i].Labels...) {
		head, _ := label.Header(text)
		heads = append(heads, head)
	}
	return heads, nil
}

// only reports whether no other column of the form has the text.
func (l *formLoader) only(item columnItem, leaf string) bool {
	for _, other := range l.file.Columns {
		if other.ID == item.ID {
			continue
		}
		for _, text := range append([]string{other.Header}, other.Aliases...) {
			if folded, _ := label.Header(text); folded == leaf {
				return false
			}
		}
	}
	return true
}

func (l *formLoader) rows() error {
	claims := map[string]string{}
	for i, item := range l.file.Rows {
		keys := at("rows", i)
		row := reporting.FormRow{Code: item.Code, Label: item.Label, Aliases: item.Aliases, Measure: item.Measure, Indicator: item.Indicator, PartOf: item.PartOf}
		var ok bool
		if row.Plausible, ok = plausible(item.Plausible); !ok {
			return l.errorf(append(keys, "plausible"), "plausible: want two amounts in yuan, the smaller one first")
		}
		if row.Code == "" {
			row.Code = row.Indicator
		}
		if row.Code == "" || row.Label == "" {
			return l.errorf(keys, "a row needs label, and indicator or code")
		}
		if row.Indicator != "" && l.c.Indicator(row.Indicator) == nil {
			return l.errorf(append(keys, "indicator"), "unknown indicator %q", row.Indicator)
		}
		for _, c := range l.form.Columns {
			if code := reporting.LoadedIndicator(c.Loads, row.Code); code != "" && l.c.Indicator(code) == nil {
				return l.errorf(keys, "column %s loads the unknown indicator %q for this row", c.ID, code)
			}
		}
		for _, text := range append([]string{item.Label}, item.Aliases...) {
			folded := label.Row(text)
			if other := claims[folded]; other != "" && other != row.Code {
				return l.errorf(keys, "rows %s and %s both claim the label %q", other, row.Code, text)
			}
			claims[folded] = row.Code
		}
		l.form.Rows = append(l.form.Rows, row)
	}
	for i, row := range l.form.Rows {
		if row.PartOf != "" && !slices.ContainsFunc(l.form.Rows, func(r reporting.FormRow) bool { return r.Code == row.PartOf }) {
			return l.errorf(at("rows", i, "part_of"), "unknown row %q", row.PartOf)
		}
	}
	return nil
}

// toDate refuses a year to date of which the months could not be told: of a ledger or of a form that is not monthly, of a count of
// different persons, and beside a column that loads the same indicators. There the form's own month is loaded, and the year is a sum_of.
func (l *formLoader) toDate() error {
	for i, c := range l.form.Columns {
		if !c.Cumulative {
			continue
		}
		keys := at("columns", i, "cumulative")
		switch {
		case l.form.Shape != reporting.IndicatorForm && l.form.Shape != reporting.Matrix, l.form.Periods != reporting.EachMonth, l.form.Coverage != reporting.CoversPeriod:
			return l.errorf(keys, "only a monthly form of indicators or a matrix has a cumulative column")
		case c.Type != reporting.Amount && c.Loads == "" || c.SumOf != "":
			return l.errorf(keys, "a cumulative column loads; a sum_of is a check")
		}
		for k, other := range l.form.Columns {
			if same := c.Loads == "" && other.Type == reporting.Amount && other.Loads == "" || c.Loads != "" && c.Loads == other.Loads; same && k != i && other.SumOf == "" {
				return l.errorf(keys, "column %s loads the same: make this one its sum_of", other.ID)
			}
		}
		for _, code := range l.form.Indicators() {
			if indicator := l.c.Indicator(code); l.form.Cumulative(code) && indicator.Rollup != reporting.RollupSum && (c.Loads != "" || indicator.Kind == reporting.Flow) {
				return l.errorf(keys, "%s rolls up as %q: months cannot be taken off its year to date", code, indicator.Rollup)
			}
		}
	}
	return nil
}

func (l *formLoader) loads() error {
	for i, item := range l.file.Loads {
		keys := at("loads", i)
		if l.c.Indicator(item.Indicator) == nil {
			return l.errorf(append(keys, "indicator"), "unknown indicator %q", item.Indicator)
		}
		for key, id := range map[string]string{"value": item.Value, "on": item.On, "opened": item.Opened, "closed": item.Closed, "distinct": item.Distinct, "unit": item.Unit} {
			if id != "" && l.form.Column(id) < 0 {
				return l.errorf(append(keys, key), "unknown column %q", id)
			}
		}
		for _, where := range []map[string][]string{item.Where, item.WhereNot} {
			for id, values := range where {
				if err := l.checkChoices(append(keys, "where", id), id, values); err != nil {
					return err
				}
			}
		}
		switch {
		case item.Once == "":
		case item.Once != reporting.OncePerMonth && item.Once != reporting.OncePerYear:
			return l.errorf(append(keys, "once"), "once %q: want month or year", item.Once)
		case item.Distinct == "" || l.form.Periods != reporting.EachMonth:
			return l.errorf(append(keys, "once"), "only what a monthly form counts distinct can be reported once")
		}
		l.form.Loads = append(l.form.Loads, reporting.Load(item))
	}
	return nil
}

// checkChoices refuses a condition on a value that the column can never have: it would load nothing, silently.
func (l *formLoader) checkChoices(keys []any, id string, values []string) error {
	i := l.form.Column(id)
	if i < 0 {
		return l.errorf(keys, "unknown column %q", id)
	}
	for _, value := range values {
		if !slices.ContainsFunc(l.form.Columns[i].Choices, func(c reporting.Choice) bool { return c.Name == value }) {
			return l.errorf(keys, "%q is no choice of column %s", value, id)
		}
	}
	return nil
}

func (l *formLoader) rules() error {
	for i, item := range l.file.Rules {
		keys := at("rules", i)
		rule := reporting.Rule{
			Code: reporting.FindingCode(item.Code), Severity: reporting.Severity(item.Severity), At: item.At, Expect: item.Expect, Holds: item.Holds,
			Says: item.Says, Line: l.line(keys...),
		}
		if rule.Severity == "" {
			rule.Severity = reporting.SeverityError
		}
		if l.form.Column(rule.At) < 0 {
			return l.errorf(append(keys, "at"), "unknown column %q", rule.At)
		}
		if (rule.Expect == "") == (rule.Holds == "") {
			return l.errorf(keys, "a rule has expect or holds, and not both")
		}
		if !slices.Contains(reporting.RuleCodes, rule.Code) {
			return l.errorf(append(keys, "code"), "code %q: want one of %v", item.Code, reporting.RuleCodes)
		}
		if rule.Severity != reporting.SeverityError && rule.Severity != reporting.SeverityWarning {
			return l.errorf(append(keys, "severity"), "severity %q: want error or warning", item.Severity)
		}
		if rule.Says.ZH == "" || rule.Says.EN == "" {
			return l.errorf(keys, "a rule needs says.zh and says.en")
		}
		l.form.Rules = append(l.form.Rules, rule)
	}
	return nil
}
