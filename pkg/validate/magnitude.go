package validate

import (
	"slices"

	"huizong/pkg/reporting"
)

// checkMagnitude looks at the amounts of every line: whether they have the size that the same amounts had before, or, where nothing is known
// of those, one that can be meant. All findings are warnings.
func (k *check) checkMagnitude() {
	for i, column := range k.form.Columns {
		loads := k.moneyLoads(column)
		before := k.rowsBefore(loads)
		for l := range k.table.Lines {
			line := &k.table.Lines[l]
			v := line.Values[i]
			if v.Measure == "" || v.Presence != reporting.Given {
				k.checkCount(line, i)
				continue
			}
			switch indicator := k.table.Indicator(line, i); {
			case len(before) >= minMonths:
				if k.isOtherUnit(v.Number, before) {
					k.suspect(v, k.name(line, i), median(before), "每一笔", "each row")
				}
			case indicator != "" && len(k.others(indicator, line.Unit)) > 0, k.form.Shape == reporting.Ledger && len(before) > 0:
				// compared with other months, or with too few rows to say
			case !k.plausible(line, column).Holds(v.Number):
				k.find(reporting.UnitSuspect, reporting.SeverityWarning, v, reporting.Textf(
					"%s为 %s，不像是这一项会有的数，请核对金额单位是元还是万元；如果属实可以不改", "%s is %s, which is hardly meant: check whether the unit is 元 or 万元; leave it if it is true",
					k.name(line, i), amount(v.Number, v)))
			}
		}
		k.checkLedgerSum(i, loads)
	}
}

// greatestCount is more than what a city counts of anything: persons written under 万人 come to more.
const greatestCount = 5_000_000

// checkCount questions a count of which nothing else is known, when no city has so many.
func (k *check) checkCount(line *reporting.Line, at int) {
	column, v := k.form.Columns[at], line.Values[at]
	indicator := k.catalogue.Indicator(k.table.Indicator(line, at))
	switch {
	case v.Presence != reporting.Given, v.Measure != "", column.Type != reporting.Integer && column.Type != reporting.Amount:
	case indicator != nil && (indicator.Kind == reporting.Ratio || len(k.others(indicator.Code, line.Unit)) > 0):
	case v.Number.Abs().Cmp(reporting.Int(greatestCount)) > 0:
		k.find(reporting.UnitSuspect, reporting.SeverityWarning, v, reporting.Textf(
			"%s为 %s，不像是这一项会有的数，请核对是否多写了数字，单位是否应为万；如果属实可以不改", "%s is %s, which is hardly meant: look for a digit too many, or a unit such as 万人; leave it if it is true",
			k.name(line, at), amount(v.Number, v)))
	}
}

// plausible is what is declared for the column, or for the row of an indicator form; of targets and last year's figures, what is declared for
// their indicator in the form that it comes from.
func (k *check) plausible(line *reporting.Line, column reporting.Column) reporting.Plausible {
	for _, r := range k.form.Rows {
		if r.Code == line.Code && r.Plausible.To.Sign() > 0 {
			return r.Plausible
		}
	}
	if k.form.Shape != reporting.TargetForm && k.form.Shape != reporting.BaselineForm {
		return column.Plausible
	}
	p := k.declared(line.Code)
	return reporting.Plausible{From: p.From, To: p.To.Mul(reporting.Int(int64(k.table.Period.Len())))}
}

// declared is what is plausible for a month of the indicator.
func (k *check) declared(indicator string) reporting.Plausible {
	for _, form := range k.catalogue.Forms {
		for _, r := range form.Rows {
			if r.Indicator == indicator {
				return r.Plausible
			}
			for _, c := range form.Columns {
				if c.Loads != "" && reporting.LoadedIndicator(c.Loads, r.Code) == indicator {
					return c.Plausible
				}
			}
		}
	}
	return reporting.Plausible{}
}

// moneyLoads are the indicators that the amounts of a ledger's column add up to.
func (k *check) moneyLoads(column reporting.Column) []string {
	var codes []string
	for _, load := range k.form.Loads {
		if load.Value == column.ID && load.Value != "" {
			codes = append(codes, load.Indicator)
		}
	}
	return codes
}

// rowsBefore are the amounts of single rows that stood before.
func (k *check) rowsBefore(indicators []string) []reporting.Decimal {
	var values []reporting.Decimal
	for _, f := range k.facts {
		if slices.Contains(indicators, f.Indicator) && f.Value.Sign() != 0 {
			values = append(values, f.Value.Abs())
		}
	}
	return values
}

// isOtherUnit reports whether the amount is ten thousand times as large as most were, or as small, and far outside of all but a few: the rows
// of a ledger differ much among themselves.
func (k *check) isOtherUnit(amount reporting.Decimal, before []reporting.Decimal) bool {
	amount = amount.Abs()
	if !tenThousandTimes(amount, median(before)) {
		return false
	}
	far, times := 0, reporting.Int(20)
	for _, b := range before {
		if amount.Cmp(b.Mul(times)) > 0 || b.Cmp(amount.Mul(times)) > 0 {
			far++
		}
	}
	return 10*far >= 9*len(before)
}

func (k *check) suspect(v reporting.Value, name string, usual reporting.Decimal, whatZH, whatEN string) {
	k.find(reporting.UnitSuspect, reporting.SeverityWarning, v, reporting.Textf(
		"%[1]s为 %[2]s，约为以往%[4]s（%[3]s 左右）的一万倍或万分之一，请核对是否混用了元和万元", "%[1]s is %[2]s, about 10,000 times or one 10,000th of what %[5]s was before (about %[3]s): check 元 against 万元",
		name, amount(v.Number, v), amount(usual, v), whatZH, whatEN))
}

// checkLedgerSum compares the sum of a ledger's column with those of the months before.
func (k *check) checkLedgerSum(at int, indicators []string) {
	if len(indicators) == 0 {
		return
	}
	sums := map[reporting.Month]reporting.Decimal{}
	for _, f := range k.facts {
		if f.Indicator == indicators[0] && f.Period.Len() == 1 && f.Period != k.table.Period {
			sums[f.Period.Last] = sums[f.Period.Last].Add(f.Value)
		}
	}
	var first reporting.Value
	var sum reporting.Decimal
	for l := range k.table.Lines {
		if v := k.table.Lines[l].Values[at]; v.Presence == reporting.Given {
			if sum = sum.Add(v.Number); first.Cell == "" {
				first = v
			}
		}
	}
	if k.form.Coverage == reporting.CoversYear || len(sums) == 0 || first.Measure == "" {
		return
	}
	var months []reporting.Decimal
	for _, m := range sums {
		months = append(months, m)
	}
	if mostlyTenThousandTimes(sum, months) {
		first.Number = sum
		k.suspect(first, "“"+k.form.Columns[at].Header+"”的合计", median(months), "各月合计", "the sum of a month")
	}
}

// mostlyTenThousandTimes reports whether the value is so far from more than half of the months. One wrong month among them then does not make
// a right one look wrong.
func mostlyTenThousandTimes(value reporting.Decimal, months []reporting.Decimal) bool {
	far := 0
	for _, m := range months {
		if tenThousandTimes(value, m) {
			far++
		}
	}
	return 2*far > len(months)
}
