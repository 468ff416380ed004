package validate

import "huizong/pkg/reporting"

// Between compares the table with what stood of its sender's other forms for the same month, by the catalogue's checks between forms.
// past gives that; its error is returned. Where the other form is not accepted yet nothing is said: the check runs when it comes.
func (c *Checker) Between(t *reporting.Table, past func(form string) (History, error)) ([]reporting.Finding, error) {
	k := &check{Checker: c, table: t, form: t.Form}
	for _, b := range c.catalogue.Checks {
		for _, side := range []struct{ own, other string }{{b.Part, b.Whole}, {b.Whole, b.Part}} {
			form := c.catalogue.FormOf(side.other)
			if c.catalogue.FormOf(side.own) != c.catalogue.Form(t.Form.ID) || t.Period.Len() != 1 {
				continue
			}
			history, err := past(form.ID)
			if err != nil {
				return nil, err
			}
			k.between(b, side.own, side.other, history)
		}
	}
	return k.findings, nil
}

func (k *check) between(b reporting.Check, own, other string, history History) {
	for i := range k.table.Lines {
		line := &k.table.Lines[i]
		for column := range k.form.Columns {
			v := line.Values[column]
			if k.table.Indicator(line, column) != own || v.Presence != reporting.Given {
				continue
			}
			there, known := stood(history, other, line.Unit, k.table.Period)
			part, whole := v.Number, there
			if own == b.Whole {
				part, whole = there, v.Number
			}
			if !known || part.Cmp(whole) <= 0 {
				continue
			}
			name := k.catalogue.Indicator(other).Name
			form := k.catalogue.FormOf(other).Title
			k.find(reporting.PartExceedsWhole, reporting.SeverityWarning, v, reporting.Text{
				ZH: k.name(line, column) + "为 " + amount(v.Number, v) + "，《" + form.ZH + "》同月“" + name.ZH + "”为 " + amount(there, v) + "（" + b.Says.ZH + "），请核对两张表",
				EN: k.name(line, column) + " is " + amount(v.Number, v) + ", “" + name.EN + "” of the same month in “" + form.EN + "” is " + amount(there, v) + " (" + b.Says.EN + "): please check both sheets",
			})
		}
	}
}

// stood is the value that stood for the indicator, unit and month.
func stood(history History, indicator, unit string, period reporting.Period) (value reporting.Decimal, known bool) {
	for _, f := range history.Facts {
		if f.Indicator == indicator && f.Unit == unit && f.Period == period {
			value, known = value.Add(f.Value), true
		}
	}
	return value, known
}
