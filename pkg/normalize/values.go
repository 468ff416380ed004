package normalize

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// context is what a cell's reading depends on besides its column.
type context struct {
	code     string   // of the fixed row
	measure  string   // in the row's 计量单位
	units    []string // of money, that the row names
	unitCell string
	total    bool // in the total row, where an empty cell or a text is no total
}

// value reads the cell under the form's column in the row being read.
func (s *sheetReader) value(i int, ctx context) reporting.Value {
	column := s.form.Columns[i]
	cell, _ := s.cell(i)
	if s.persons && column.Type != reporting.IDNumber {
		cell.Text = concealNumbers(cell.Text) // a number in the wrong column is as secret
	}
	v := reporting.Value{Cell: s.name(i), Written: cell.Text}
	if ctx.total && cell.Marks&reporting.Doubtful != 0 {
		return v // a total that nobody knows is none
	}
	cell, readable := s.seen(column, cell, &v)
	if !readable {
		return v
	}
	if ctx.total {
		return s.totalValue(column, cell, v, ctx)
	}
	switch column.Type {
	case reporting.Amount, reporting.Integer, reporting.MoneyValue:
		return s.number(column, cell, v, ctx)
	case reporting.Category:
		return s.category(column, cell, v) // before 不适用: — may be one of its choices
	}
	text := label.Clean(cell.Text)
	switch {
	case text == "":
		return v
	case cell.Kind == reporting.ErrorCell:
		v.Presence = reporting.Missing
		return v
	case notApplicable.MatchString(text) && column.Type != reporting.RowLabel:
		v.Presence = reporting.NotApplicable
		return v
	}
	v.Presence, v.Text = reporting.Given, text
	switch column.Type {
	case reporting.DateValue:
		return s.date(column, cell, v)
	case reporting.MonthValue:
		return s.month(column, cell, v)
	case reporting.UnitValue:
		return s.unit(column, v)
	case reporting.IDNumber:
		return s.idNumber(cell, v)
	case reporting.CreditCode:
		return s.creditCode(v)
	}
	return v
}

// totalValue reads a cell of the total row: only a number counts, and nothing is wrong with it yet.
func (s *sheetReader) totalValue(column reporting.Column, cell reporting.Cell, v reporting.Value, ctx context) reporting.Value {
	if !isNumber(column.Type) {
		return v
	}
	w := readNumber(cell)
	if w.presence == reporting.Unreadable {
		s.fail(reporting.NotANumber, v.Cell, v.Written, reporting.Textf("合计行的“%s”应填数字，表中为“%s”，请改正或留空", "the total of “%s” must be a number; it is “%s”: correct it, or leave it empty", s.columnHeader(column), v.Written))
	}
	if v.Presence = w.presence; v.Presence != reporting.Given {
		return v
	}
	v.Number = w.number.Round(9)
	if column.Type == reporting.MoneyValue {
		var known bool
		if v.Measure, known = s.moneyUnit(w.unit, ctx, column, nil); !known {
			v.Presence = reporting.Unreadable
			return v
		}
		v.Number = yuan(w.number, v.Measure)
	}
	return v
}

func (s *sheetReader) category(column reporting.Column, cell reporting.Cell, v reporting.Value) reporting.Value {
	text := label.Clean(cell.Text)
	if text == "" {
		return v
	}
	if name := s.choice(column, text); name != "" {
		v.Presence, v.Text = reporting.Given, name
		return v
	}
	v.Presence = reporting.Unreadable
	names := make([]string, len(column.Choices))
	for i, choice := range column.Choices {
		names[i] = choice.Name
	}
	s.fail(reporting.UnknownCategory, v.Cell, v.Written, reporting.Textf("“%s”不是“%s”的选项，应为：%s", "“%s” is no choice of “%s”: it is one of %s", text, s.columnHeader(column), strings.Join(names, "、")))
	return v
}

// choice is the name of the category that the text means, or "".
func (s *sheetReader) choice(column reporting.Column, text string) string {
	key := choice{s.form.Column(column.ID), text}
	if name, ok := s.known.choices[key]; ok {
		return name
	}
	name := ""
	for _, c := range column.Choices {
		for _, known := range append([]string{c.Name}, c.Aliases...) {
			if folded := label.Row(known); label.Clean(known) == text || folded != "" && folded == label.Row(text) || sameAnswer(c.Name, text) {
				name = c.Name
			}
		}
	}
	s.known.choices[key] = name
	return name
}

// sameAnswer reports whether the choice is yes or no, and the text says so in another way: √.
func sameAnswer(choice, text string) bool {
	for _, answer := range []label.Meaning{label.Yes, label.No} {
		if (choice == "是" || choice == "否") && label.Means(choice, answer) && label.Means(text, answer) {
			return true
		}
	}
	return false
}

func (s *sheetReader) unit(column reporting.Column, v reporting.Value) reporting.Value {
	known, ok := s.known.units[v.Text]
	if !ok {
		known.code, known.sure = s.units.find(v.Text, s.period, rowUnit)
		s.known.units[v.Text] = known
	}
	code, sure := known.code, known.sure
	if code == "" {
		v.Presence = reporting.Unreadable
		s.fail(reporting.UnknownUnit, v.Cell, v.Written, reporting.Textf("“%s”不是本市的乡镇（街道），请填写规定的全称", "“%s” is no township of this city: write the full name", v.Text))
		v.Text = ""
		return v
	}
	if !sure {
		s.find(reporting.ValueAssumed, reporting.SeverityWarning, v.Cell, v.Written, reporting.Textf(
			"“%s”按“%s”读取，请写全称", "“%s” was read as “%s”: write the full name", v.Text, s.catalogue.Unit(code).Name.ZH))
	}
	v.Text = code
	return v
}

// reading turns the table into what it loads.
func (s *sheetReader) reading() reporting.Reading {
	var r reporting.Reading
	if s.form.Shape == reporting.Ledger && s.form.Table != "" {
		r.Rows = make([]reporting.LedgerRow, 0, len(s.table.Lines))
	}
	for i := range s.table.Lines {
		line := &s.table.Lines[i]
		switch s.form.Shape {
		case reporting.Ledger:
			r.Observations = append(r.Observations, s.ledgerObservations(line)...)
			if s.form.Table != "" {
				r.Rows = append(r.Rows, s.ledgerRow(line))
			}
		case reporting.NarrativeForm:
			r.Narratives = append(r.Narratives, s.narrative(line))
		case reporting.TargetForm, reporting.BaselineForm:
			s.named(line, &r)
		default:
			r.Observations = append(r.Observations, s.rowObservations(line)...)
		}
	}
	return r
}

func (s *sheetReader) lineage(v reporting.Value) reporting.Lineage {
	return reporting.Lineage{Sheet: cmp.Or(v.Sheet, s.sheet.Name), Cell: v.Cell, Written: v.Written}
}

// rowObservations are the values of a row of an indicator form or a matrix: one for each column that loads.
func (s *sheetReader) rowObservations(line *reporting.Line) []reporting.Observation {
	var observations []reporting.Observation
	for i := range s.form.Columns {
		indicator := s.table.Indicator(line, i)
		if v := line.Values[i]; indicator != "" && v.Presence == reporting.Given {
			observations = append(observations, reporting.Observation{Indicator: indicator, Unit: line.Unit, Period: s.speaksOf(indicator, line.Unit), Value: v.Number, Lineage: s.lineage(v)})
		}
	}
	return observations
}

// speaksOf is the time that the indicator's value is of: the submission's period, or the year so far as both sender and unit have it.
func (s *sheetReader) speaksOf(indicator, unit string) reporting.Period {
	p := s.period
	if !s.catalogue.Cumulative(indicator) {
		return p
	}
	p.First = p.YearToDate().First
	for _, code := range []string{s.table.Org, unit} {
		if u := s.catalogue.Unit(code); u != nil {
			p.First = max(p.First, u.YearToDate(p.Last).First)
		}
	}
	return p
}

// ledgerObservations are what one row of a ledger feeds.
func (s *sheetReader) ledgerObservations(line *reporting.Line) []reporting.Observation {
	var observations []reporting.Observation
	for _, load := range s.form.Loads {
		if !s.holds(load, line) {
			continue
		}
		if o, ok := s.load(load, line); ok {
			observations = append(observations, o)
		}
	}
	return observations
}

func (s *sheetReader) holds(load reporting.Load, line *reporting.Line) bool {
	for id, values := range load.Where {
		if !slices.Contains(values, s.at(line, id).Text) {
			return false
		}
	}
	for id, values := range load.WhereNot {
		if v := s.at(line, id); v.Presence != reporting.Given || slices.Contains(values, v.Text) {
			return false
		}
	}
	return true
}

// at is the line's value under the column; the zero Value (missing) for a column that the sheet does not have.
func (s *sheetReader) at(line *reporting.Line, id string) reporting.Value {
	if i := s.form.Column(id); i >= 0 {
		return line.Values[i]
	}
	return reporting.Value{}
}

// load makes the observation, or none where the row has nothing for it: a date that is open, a month before those that the ledger
// speaks of, an amount that is not applicable.
func (s *sheetReader) load(load reporting.Load, line *reporting.Line) (reporting.Observation, bool) {
	o := reporting.Observation{Indicator: load.Indicator, Unit: line.Unit, Period: s.period, Value: reporting.Int(1)}
	if load.Unit != "" {
		o.Unit = s.at(line, load.Unit).Text
	}
	origin := s.origin(load, line)
	if load.On != "" {
		on := s.at(line, load.On)
		m := on.Month
		if on.Date != 0 {
			m = on.Date.Month()
		}
		if on.Presence != reporting.Given || !s.form.Covers(s.period).Contains(reporting.MonthPeriod(m)) {
			return o, false
		}
		o.Period = reporting.MonthPeriod(m)
	}
	if load.Opened != "" {
		opened := s.at(line, load.Opened)
		o.Opened, o.Closed = opened.Date, s.at(line, load.Closed).Date
		if opened.Presence != reporting.Given {
			return o, false
		}
	}
	if load.Value != "" {
		v := s.at(line, load.Value)
		o.Value = v.Number
		if v.Presence != reporting.Given {
			return o, false
		}
	}
	if load.Distinct != "" {
		v := s.at(line, load.Distinct)
		o.Key = s.key(s.form.Columns[s.form.Column(load.Distinct)].Type, v.Text)
		if v.Presence != reporting.Given {
			return o, false
		}
	}
	o.Lineage = s.lineage(origin)
	return o, o.Unit != ""
}

// origin is the cell that an observation of a row is traced to: its amount, the person or enterprise, the date, or the row's first.
func (s *sheetReader) origin(load reporting.Load, line *reporting.Line) reporting.Value {
	for _, id := range []string{load.Value, load.Distinct, load.On, load.Opened} {
		if v := s.at(line, id); v.Cell != "" {
			return s.concealed(id, v)
		}
	}
	for i, c := range s.form.Columns {
		if c.Required && line.Values[i].Cell != "" {
			return s.concealed(c.ID, line.Values[i])
		}
	}
	return reporting.Value{}
}

// concealed masks what is written where it is a person: full numbers and names stay in the originals.
func (s *sheetReader) concealed(id string, v reporting.Value) reporting.Value {
	switch c := s.form.Columns[s.form.Column(id)]; {
	case c.Type == reporting.IDNumber:
		v.Written = maskID(v.Text)
	case c.Masked:
		v.Written = maskName(v.Text)
	}
	return v
}

// ledgerRow is the row as analysts may see it.
func (s *sheetReader) ledgerRow(line *reporting.Line) reporting.LedgerRow {
	row := reporting.LedgerRow{Table: s.form.Table, Sheet: cmp.Or(line.Sheet, s.sheet.Name), Row: line.Row}
	for i, c := range s.form.Columns {
		if c.Field == "" {
			continue
		}
		v := line.Values[i]
		if c.Type == reporting.IDNumber {
			row.Fields = append(row.Fields,
				reporting.Field{Name: c.Field + "_key", Value: s.key(c.Type, v.Text)}, reporting.Field{Name: "id_masked", Value: maskID(v.Text)})
			continue
		}
		row.Fields = append(row.Fields, reporting.Field{Name: c.Field, Value: fieldValue(c, v)})
	}
	return row
}

func fieldValue(c reporting.Column, v reporting.Value) any {
	switch {
	case v.Presence != reporting.Given:
		return nil
	case c.Type == reporting.DateValue:
		return v.Date
	case c.Type == reporting.MonthValue:
		return reporting.MonthPeriod(v.Month)
	case c.Type == reporting.Integer && (!v.Number.IsInteger() || v.Number.Sign() < 0):
		return nil // no count: a finding says so at its cell
	case isNumber(c.Type):
		return v.Number
	case c.Masked:
		return maskName(v.Text)
	}
	return v.Text
}

func (s *sheetReader) narrative(line *reporting.Line) reporting.Narrative {
	body := s.at(line, "body")
	return reporting.Narrative{Section: s.at(line, "section").Text, Title: asWritten(s.at(line, "title")), Body: asWritten(body), Lineage: s.lineage(body)}
}

// asWritten is a text for the report, word for word: its commas stay as wide as they are.
func asWritten(v reporting.Value) string {
	if v.Text == "" {
		return ""
	}
	return strings.TrimFunc(v.Written, func(r rune) bool { return unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf) })
}

// named adds the targets, one a level that has issued some, or last year's figure that a row of form 16 or 17 gives.
func (s *sheetReader) named(line *reporting.Line, r *reporting.Reading) {
	for i, c := range s.form.Columns {
		v := line.Values[i]
		switch {
		case c.Type != reporting.Amount || v.Presence != reporting.Given:
		case s.form.Shape == reporting.TargetForm:
			r.Targets = append(r.Targets, reporting.Target{Indicator: line.Code, Year: s.period.Last.Year(), Level: cmp.Or(c.Level, reporting.CityTarget),
				Value: v.Number, Lineage: s.lineage(v)})
		default:
			r.Baselines = append(r.Baselines, reporting.Baseline{Indicator: line.Code, Period: s.period, Value: v.Number, Lineage: s.lineage(v)})
		}
	}
}
