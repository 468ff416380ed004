// Package mapping adds to a catalogue what persons have confirmed for one unit: that a text of its sheets means a column, a row, a choice or a
// unit, or what they have answered to a question about them. It makes no guess and reads no sheet: it makes a catalogue by which the reader of the
// unit's sheets finds the text as if
// it had always been one of the names.
//
// It holds for the unit that it was confirmed for, and from then on. The catalogue that goes in is never changed.
package mapping

import (
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// Check returns an error of code invalid where the mapping names nothing of the catalogue, or would take a name that the form itself
// prints from what it stands for: that is a mistake, and not a habit of an office.
func Check(c *reporting.Catalogue, m reporting.Mapping) error {
	if m.Question != "" {
		if m.Column+m.Row+m.Unit != "" || m.Form != "" && c.Form(m.Form) == nil {
			return reporting.Errorf(reporting.Invalid, "mapping: an answer to %s names nothing but its form and a choice", m.Question)
		}
		return nil
	}
	if label.Fold(m.Text) == "" {
		return reporting.Errorf(reporting.Invalid, "mapping: the text is empty")
	}
	given := 0
	for _, target := range []string{m.Column, m.Row, m.Unit} {
		if target != "" {
			given++
		}
	}
	if given > 1 {
		return reporting.Errorf(reporting.Invalid, "mapping: “%s” can mean a column, a row, a choice or a unit, not several", m.Text)
	}
	if m.Unit != "" && m.Choice == "" {
		return checkUnit(c, m)
	}
	form := c.Form(m.Form)
	switch {
	case form == nil && (m.Form != "" || m.Column != "" || m.Row != "" || m.Choice != ""):
		return reporting.Errorf(reporting.Invalid, "mapping: no such form: %q", m.Form)
	case m.Choice != "":
		return checkChoice(form, m)
	case m.Column != "":
		return checkColumn(form, m)
	case m.Row != "":
		if form.NamesIndicators() {
			return checkNamed(c, m)
		}
		return checkRow(form, m)
	}
	return nil
}

func checkUnit(c *reporting.Catalogue, m reporting.Mapping) error {
	if c.Unit(m.Unit) == nil {
		return reporting.Errorf(reporting.Invalid, "mapping: no such unit: %q", m.Unit)
	}
	for _, u := range c.Units {
		if u.Code != m.Unit && label.Fold(u.Name.ZH) == label.Fold(m.Text) {
			return reporting.Errorf(reporting.Invalid, "mapping: “%s” is the name of %s", m.Text, u.Code)
		}
	}
	return nil
}

func checkColumn(form *reporting.Form, m reporting.Mapping) error {
	if form.Column(m.Column) < 0 {
		return reporting.Errorf(reporting.Invalid, "mapping: the form %s has no column %q", form.ID, m.Column)
	}
	text, _ := label.Header(m.Text)
	for _, column := range form.Columns {
		if column.ID != m.Column && len(column.Labels) > 0 && column.Labels[0] == text {
			return reporting.Errorf(reporting.Invalid, "mapping: “%s” is what the form itself calls the column %s", m.Text, column.ID)
		}
	}
	return nil
}

func checkChoice(form *reporting.Form, m reporting.Mapping) error {
	i := form.Column(m.Column)
	if i < 0 || form.Columns[i].Type != reporting.Category || m.Row+m.Unit != "" {
		return reporting.Errorf(reporting.Invalid, "mapping: the form %s has no column %q with choices", form.ID, m.Column)
	}
	var names []string
	for _, choice := range form.Columns[i].Choices {
		if choice.Name != m.Choice && label.Row(choice.Name) == label.Row(m.Text) {
			return reporting.Errorf(reporting.Invalid, "mapping: “%s” is itself a choice of %s", m.Text, m.Column)
		}
		names = append(names, choice.Name)
	}
	if !slices.Contains(names, m.Choice) {
		return reporting.Errorf(reporting.Invalid, "mapping: %q is no choice of %s: it is one of %s", m.Choice, m.Column, strings.Join(names, "、"))
	}
	return nil
}

func checkRow(form *reporting.Form, m reporting.Mapping) error {
	found := false
	for _, row := range form.Rows {
		found = found || row.Code == m.Row
		if row.Code != m.Row && label.Row(row.Label) == label.Row(m.Text) {
			return reporting.Errorf(reporting.Invalid, "mapping: “%s” is what the form itself calls the row %s", m.Text, row.Code)
		}
	}
	if !found {
		return reporting.Errorf(reporting.Invalid, "mapping: the form %s has no row %q", form.ID, m.Row)
	}
	return nil
}

// checkNamed is checkRow for a form whose rows name indicators: the row is an indicator's code, and what the catalogue or a form calls another
// one stays its name.
func checkNamed(c *reporting.Catalogue, m reporting.Mapping) error {
	if c.Indicator(m.Row) == nil {
		return reporting.Errorf(reporting.Invalid, "mapping: no such indicator: %q", m.Row)
	}
	text := label.Row(m.Text)
	for _, i := range c.Indicators {
		if i.Code != m.Row && label.Row(i.Name.ZH) == text {
			return reporting.Errorf(reporting.Invalid, "mapping: “%s” is the name of %s", m.Text, i.Code)
		}
	}
	for _, f := range c.Forms {
		for _, row := range f.Rows {
			if row.Indicator != "" && row.Indicator != m.Row && label.Row(row.Label) == text {
				return reporting.Errorf(reporting.Invalid, "mapping: “%s” is what the form %s calls %s", m.Text, f.ID, row.Indicator)
			}
		}
	}
	return nil
}

// Answers are what was answered to questions about the unit's sheets, by their ids: the last answer to each holds, and one without a choice takes
// the answer back.
func Answers(confirmed []reporting.Mapping) map[string]string {
	answers := map[string]string{}
	for _, m := range confirmed {
		if m.Question == "" {
			continue
		}
		if answers[m.Question] = m.Choice; m.Choice == "" {
			delete(answers, m.Question)
		}
	}
	return answers
}

// Apply returns the catalogue with the mappings of one unit, in the order in which they were confirmed: of two for the same text the
// later one holds, and one that names nothing takes the earlier one back. One that names what is no more in the catalogue is left
// out: a form may have lost a column since.
func Apply(c *reporting.Catalogue, confirmed []reporting.Mapping) *reporting.Catalogue {
	holds := slices.DeleteFunc(Standing(confirmed), func(m reporting.Mapping) bool { return Check(c, m) != nil })
	if len(holds) == 0 {
		return c
	}
	own := &reporting.Catalogue{City: c.City, Indicators: c.Indicators, Checks: c.Checks, Forms: slices.Clone(c.Forms), Units: slices.Clone(c.Units)}
	for _, m := range holds {
		if m.Unit != "" {
			addUnit(own, m)
			continue
		}
		i := slices.IndexFunc(own.Forms, func(f *reporting.Form) bool { return f.ID == m.Form })
		form := *own.Forms[i]
		form.Columns, form.Rows, form.Named = slices.Clone(form.Columns), slices.Clone(form.Rows), slices.Clone(form.Named)
		switch {
		case m.Choice != "":
			addChoice(&form, m)
		case m.Column != "":
			addColumn(&form, m)
		case form.NamesIndicators():
			form.Named = append(form.Named, reporting.FormRow{Code: m.Row, Label: m.Text, Indicator: m.Row})
		default:
			addRow(&form, m)
		}
		own.Forms[i] = &form
	}
	own.Index()
	return own
}

// Standing are the mappings that hold: the last one for each form and text, without those that were taken back. A text in the cells of a
// column may mean a choice, and the same text above a column something else.
func Standing(confirmed []reporting.Mapping) []reporting.Mapping {
	var holds []reporting.Mapping
	for _, m := range confirmed {
		if m.Question != "" {
			continue // see Answers
		}
		back := m.Column+m.Row+m.Unit == ""
		holds = slices.DeleteFunc(holds, func(other reporting.Mapping) bool {
			same := (m.Choice == "") == (other.Choice == "") && (m.Choice == "" || m.Column == other.Column)
			return (same || back) && other.Form == m.Form && label.Fold(other.Text) == label.Fold(m.Text)
		})
		if !back {
			holds = append(holds, m)
		}
	}
	return holds
}

// addColumn makes the text a label of the column, and of no other.
func addColumn(form *reporting.Form, m reporting.Mapping) {
	text, _ := label.Header(m.Text)
	for i := range form.Columns {
		column := &form.Columns[i]
		column.Labels = slices.DeleteFunc(slices.Clone(column.Labels), func(l string) bool { return l == text })
		if column.ID == m.Column {
			column.Labels = append(column.Labels, text)
		}
	}
}

func addChoice(form *reporting.Form, m reporting.Mapping) {
	column := &form.Columns[form.Column(m.Column)]
	column.Choices = slices.Clone(column.Choices)
	for i := range column.Choices {
		choice := &column.Choices[i]
		choice.Aliases = slices.DeleteFunc(slices.Clone(choice.Aliases), func(l string) bool { return label.Row(l) == label.Row(m.Text) })
		if choice.Name == m.Choice {
			choice.Aliases = append(choice.Aliases, m.Text)
		}
	}
}

func addRow(form *reporting.Form, m reporting.Mapping) {
	for i := range form.Rows {
		row := &form.Rows[i]
		row.Aliases = slices.DeleteFunc(slices.Clone(row.Aliases), func(l string) bool { return label.Row(l) == label.Row(m.Text) })
		if row.Code == m.Row {
			row.Aliases = append(row.Aliases, m.Text)
		}
	}
}

func addUnit(c *reporting.Catalogue, m reporting.Mapping) {
	for i := range c.Units {
		unit := &c.Units[i]
		unit.Aliases = slices.DeleteFunc(slices.Clone(unit.Aliases), func(l string) bool { return label.Fold(l) == label.Fold(m.Text) })
		if unit.Code == m.Unit {
			unit.Aliases = append(unit.Aliases, m.Text)
		}
	}
}
