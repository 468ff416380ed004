package validate

import "huizong/pkg/reporting"

// checkPersons: a person belongs to one unit in a month. One who stands under two is paid or counted by both, or has moved: that is a
// warning, for only the units know. The same person in two categories of one unit is none. The rows of one sheet are compared with
// one another and with nothing else, so that the finding does not hang on which of two sheets was decided first; what several
// sheets hold together is the view reported_twice.
func (k *check) checkPersons() {
	id, unit, month := k.form.ColumnOf(reporting.IDNumber), k.form.ColumnOf(reporting.UnitValue), k.form.ColumnOf(reporting.MonthValue)
	if id < 0 || unit < 0 {
		return
	}
	type person struct {
		key   string
		month reporting.Month
	}
	first := map[person]*reporting.Line{}
	for i := range k.table.Lines {
		line := &k.table.Lines[i]
		who, where := line.Values[id], line.Values[unit]
		if who.Presence != reporting.Given || where.Presence != reporting.Given {
			continue
		}
		p := person{key: who.Text}
		if month >= 0 {
			p.month = line.Values[month].Month
		}
		switch other := first[p]; {
		case other == nil:
			first[p] = line
		case other.Values[unit].Text != where.Text:
			k.find(reporting.DuplicatePerson, reporting.SeverityWarning, who, reporting.Textf(
				"此人同月已列在“%s”名下（%s），这一行列在“%s”名下，请核实是否重复",
				"this person stands under “%s” (%s) in the same month, and here under “%s”: please check whether twice",
				k.unit(other.Values[unit].Text), other.Values[id].Place(), k.unit(where.Text)))
		}
	}
}

func (k *check) unit(code string) string {
	if u := k.catalogue.Unit(code); u != nil {
		return u.Name.ZH
	}
	return code
}
