package validate

import (
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// History is what stood for a unit and a form when a submission came: the facts of the accepted submissions, and for which periods
// there were any.
type History struct {
	Facts    []reporting.Fact
	Standing []reporting.Standing
}

type series struct {
	indicator, unit string
}

// past is the history, ready for look-ups.
type past struct {
	values   map[series]map[reporting.Month]reporting.Decimal // of the months
	written  map[series]map[reporting.Month]reporting.Decimal // as the sheets have them: the same, but for years to date
	accepted map[reporting.Month]bool
}

func index(c *reporting.Catalogue, h History) past {
	p := past{accepted: map[reporting.Month]bool{}}
	for _, s := range h.Standing {
		for _, m := range s.Period.Months() {
			p.accepted[m] = true
		}
	}
	months := func(f reporting.Fact) bool { return f.Period.Len() == 1 && f.Opened == 0 }
	p.values = bySeries(c.Differences(h.Facts), months)
	p.written = p.values
	if c.CumulativeIndicators() != nil {
		p.written = bySeries(h.Facts, func(f reporting.Fact) bool { return months(f) || c.Cumulative(f.Indicator) })
	}
	return p
}

// bySeries adds the facts wanted up by their last months.
func bySeries(facts []reporting.Fact, wanted func(reporting.Fact) bool) map[series]map[reporting.Month]reporting.Decimal {
	values := map[series]map[reporting.Month]reporting.Decimal{}
	for _, f := range facts {
		if !wanted(f) {
			continue
		}
		key := series{f.Indicator, f.Unit}
		if values[key] == nil {
			values[key] = map[reporting.Month]reporting.Decimal{}
		}
		values[key][f.Period.Last] = values[key][f.Period.Last].Add(f.Value)
	}
	return values
}

// value is the month's.
func (p past) value(indicator, unit string, m reporting.Month) (reporting.Decimal, bool) {
	v, ok := p.values[series{indicator, unit}][m]
	return v, ok
}

// wrote is what stood in the sheet of the month.
func (p past) wrote(indicator, unit string, m reporting.Month) (reporting.Decimal, bool) {
	v, ok := p.written[series{indicator, unit}][m]
	return v, ok
}

// ofMonth is what a value of this sheet says of the month: itself, or, where it is the year to date, what it has more than the sheet of the
// month before. It is false where that sheet is not there.
func (k *check) ofMonth(indicator, unit string, v reporting.Value) (reporting.Decimal, bool) {
	u := k.catalogue.Unit(k.table.Org)
	if !k.catalogue.Cumulative(indicator) || u != nil && u.YearToDate(k.table.Period.Last).Len() == 1 || k.table.Period.Last.Number() == 1 {
		return v.Number, true
	}
	before, known := k.past.wrote(indicator, unit, k.table.Period.Last-1)
	return v.Number.Sub(before), known
}

// checkToDate: a year to date does not fall, for what came in does not go away. It may have been corrected, so that is a warning; the month
// before, or after, is then to be corrected as well, or the difference is below zero.
func (k *check) checkToDate(line *reporting.Line) {
	for i := range k.form.Columns {
		v, indicator := line.Values[i], k.catalogue.Indicator(k.table.Indicator(line, i))
		if indicator == nil || !k.catalogue.Cumulative(indicator.Code) || indicator.Negative || v.Presence != reporting.Given {
			continue
		}
		this := k.table.Period.Last
		for _, step := range []reporting.Month{-1, 1} {
			for m := this + step; m.Year() == this.Year(); m += step {
				other, known := k.past.wrote(indicator.Code, line.Unit, m)
				if !known {
					continue
				}
				if less := v.Number.Cmp(other); less < 0 && step < 0 || less > 0 && step > 0 {
					month := reporting.MonthPeriod(m).Label()
					k.find(reporting.CumulativeMismatch, reporting.SeverityWarning, v, reporting.Textf(
						"%s为 %s，%s已受理的是 %s；本年累计不应逐月减少，请核对这两个月", "%s is %s, that of %s is %s: a year to date does not fall; please check both months",
						k.name(line, i), amount(v.Number, v), month, amount(other, v)))
				}
				break
			}
		}
	}
}

// checkYear: the year to date is the sum of the months. It is an error where every earlier month of the year is accepted, else a
// warning: the missing months may explain it.
func (k *check) checkYear(line *reporting.Line) {
	for i, column := range k.form.Columns {
		if column.SumOf == "" {
			continue
		}
		monthly := k.form.Column(column.SumOf)
		year, month := line.Values[i], line.Values[monthly]
		indicator := k.catalogue.Indicator(k.table.Indicator(line, monthly))
		if year.Presence != reporting.Given || month.Presence == reporting.Missing || month.Presence == reporting.Unreadable || indicator == nil || indicator.Kind != reporting.Flow {
			continue
		}
		sum, missing := k.earlier(indicator.Code, line.Unit)
		if month.Presence == reporting.Given {
			sum = sum.Add(month.Number)
		}
		if sum.Equal(year.Number) {
			continue
		}
		name := k.name(line, i)
		if len(missing) == 0 {
			k.find(reporting.CumulativeMismatch, reporting.SeverityError, year, reporting.Textf(
				"%s应为 %s（1 月至本月之和），表中为 %s", "%s must be %s (the sum of January to this month); it is %s", name, amount(sum, year), amount(year.Number, year)))
			continue
		}
		k.find(reporting.CumulativeMismatch, reporting.SeverityWarning, year, reporting.Textf(
			"%s为 %s，已受理各月与本月之和为 %s；%s尚未受理，补报后请核对", "%s is %s, the accepted months and this one come to %s; %s not accepted yet: please check once sent",
			name, amount(year.Number, year), amount(sum, year), strings.Join(missing, "、")))
	}
}

// earlier adds the months of the year before this one, and names those that are not accepted.
func (k *check) earlier(indicator, unit string) (sum reporting.Decimal, missing []string) {
	this := k.table.Period.First
	for m := reporting.NewMonth(this.Year(), 1); m < this; m++ {
		if v, ok := k.past.value(indicator, unit, m); ok {
			sum = sum.Add(v)
		}
		if !k.past.accepted[m] {
			missing = append(missing, reporting.MonthPeriod(m).Label())
		}
	}
	return sum, missing
}

// A value is told to be an outlier against at least minMonths months of the same unit's own history.
const minMonths = 3

// checkHistory compares the line's values with the unit's own months. Both findings are warnings: a true leap happens.
func (k *check) checkHistory(line *reporting.Line) {
	for i := range k.form.Columns {
		indicator := k.catalogue.Indicator(k.table.Indicator(line, i))
		v := line.Values[i]
		if indicator == nil || v.Presence != reporting.Given {
			continue
		}
		months := k.others(indicator.Code, line.Unit)
		number, known := k.ofMonth(indicator.Code, line.Unit, v)
		name := k.name(line, i)
		if k.catalogue.Cumulative(indicator.Code) {
			name += "折合本月"
		}
		switch {
		case !known:
		case indicator.IsMoney() && mostlyTenThousandTimes(number, months):
			k.find(reporting.UnitSuspect, reporting.SeverityWarning, v, reporting.Textf(
				"%s为 %s，约为以往月份（%s 左右）的一万倍或万分之一，请核对是否混用了元和万元", "%s is %s, about 10,000 times or one 10,000th of other months (about %s): check 元 against 万元",
				name, amount(number, v), amount(median(months), v)))
		case indicator.Kind != reporting.Ratio && mostlyTenThousandTimes(number, months):
			k.find(reporting.Outlier, reporting.SeverityWarning, v, reporting.Textf(
				"%s为 %s，约为以往月份（%s 左右）的一万倍或万分之一，请核对单位是否混用了万", "%s is %s, about 10,000 times or one 10,000th of other months (about %s): check the unit, such as 人 against 万人",
				name, amount(number, v), amount(median(months), v)))
		case len(months) >= minMonths && isOutlier(number, months, indicator.Kind):
			k.find(reporting.Outlier, reporting.SeverityWarning, v, reporting.Textf(
				"%s为 %s，与以往月份（%s 左右）相差很大；如果属实可以不改", "%s is %s, far from other months (about %s); leave it if it is true",
				name, amount(number, v), amount(median(months), v)))
		}
	}
}

// others are the values of the series in other months than this one, in no order that matters.
func (k *check) others(indicator, unit string) []reporting.Decimal {
	var values []reporting.Decimal
	for m, v := range k.past.values[series{indicator, unit}] {
		if m != k.table.Period.First {
			values = append(values, v)
		}
	}
	return values
}

func median(values []reporting.Decimal) reporting.Decimal {
	sorted := slices.SortedFunc(slices.Values(values), reporting.Decimal.Cmp)
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return sorted[n/2-1].Add(sorted[n/2]).Quo(reporting.Int(2), 6)
}

// tenThousandTimes: 元 taken for 万元 makes a value 10⁴ times as large, and a month may itself be up to five times another.
func tenThousandTimes(value, usual reporting.Decimal) bool {
	within := func(large, small reporting.Decimal) bool {
		return small.Sign() > 0 && large.Cmp(small.Mul(reporting.Int(2_000))) >= 0 && large.Cmp(small.Mul(reporting.Int(50_000))) <= 0
	}
	value, usual = value.Abs(), usual.Abs()
	return within(value, usual) || within(usual, value)
}

// isOutlier is a robust test for few months: the distance to the median is more than eight times the largest of the scaled median
// deviation (1.4826 × MAD, the consistent estimate of a standard deviation), the square root of the median (counts scatter so by
// chance alone) and a share of the median: 15 % for a flow, 3 % for a stock. Distances are compared squared, so nothing is rounded.
func isOutlier(value reporting.Decimal, months []reporting.Decimal, kind reporting.Kind) bool {
	middle := median(months)
	deviations := make([]reporting.Decimal, len(months))
	for i, m := range months {
		deviations[i] = m.Sub(middle).Abs()
	}
	share := reporting.MustDecimal("0.15")
	if kind == reporting.Stock {
		share = reporting.MustDecimal("0.03")
	}
	spread := middle.Abs().Add(reporting.Int(1))
	for _, scale := range []reporting.Decimal{median(deviations).Mul(reporting.MustDecimal("1.4826")), middle.Mul(share)} {
		if square := scale.Mul(scale); square.Cmp(spread) > 0 {
			spread = square
		}
	}
	distance := value.Sub(middle)
	return distance.Mul(distance).Cmp(spread.Mul(reporting.Int(64))) > 0
}
