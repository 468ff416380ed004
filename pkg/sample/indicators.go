package sample

import (
	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
)

// item is one row of an indicator form.
type item struct {
	code    string
	label   string
	measure string
	stock   bool
	month   int64    // the whole city's value of a month or, of a stock, at its end; money in yuan
	whole   string   // code of the row that this one is a part of
	percent [2]int64 // … and the least and greatest part
	odds    int      // of a hundred months, how many have anything at all; 0: all
}

// indicatorColumns are those of every indicator form.
var indicatorColumns = []clerk.Column{
	{ID: "seq", Header: "序号", Aliases: []string{"编号"}, Type: reporting.Sequence, Loose: true},
	{ID: "label", Header: "指标名称", Aliases: []string{"指标", "项目", "项目名称"}, Type: reporting.RowLabel},
	{ID: "measure", Header: "计量单位", Aliases: []string{"单位"}, Type: reporting.Measure},
	{ID: "month", Header: "本月数", Aliases: []string{"本月", "当月数", "本月完成数"}, Type: reporting.Amount},
	{ID: "year", Header: "本年累计", Aliases: []string{"累计", "累计数", "本年累计数"}, Type: reporting.Amount, SumOf: "month"},
	{ID: "remark", Header: "备注", Aliases: []string{"说明"}, Type: reporting.Remark},
}

var remarks = []string{"", "", "", "", "", "", "见台账", "含网上办理", "较上月持平"}

// rollups tells how the items add up.
func rollups(items []item) []indicator {
	out := make([]indicator, len(items))
	for i, it := range items {
		out[i] = indicator{it.code, reporting.RollupSum}
		if it.stock {
			out[i].rollup = reporting.RollupLast
		}
	}
	return out
}

// indicatorBooks keeps the numbers of an indicator form that the senders share.
func indicatorBooks(id string, items []item, senders []unit) func(*city) books {
	return func(c *city) books {
		value := func(it item, u unit, m reporting.Month) reporting.Decimal {
			return it.value(c, id, items, u, senders, m)
		}
		return func(u unit, p reporting.Period) (page, bool) {
			pg, rng := page{}, c.chance(id, "remarks", u.code, p.String())
			for _, it := range items {
				now, year := value(it, u, p.Last), reporting.Decimal{}
				for _, m := range p.YearToDate().Months() {
					year = year.Add(value(it, u, m))
				}
				pg.lines = append(pg.lines, it.line(now, year, pick(rng, remarks)))
				pg.facts = append(pg.facts, observe(it.code, u, p.Last, now))
			}
			return pg, true
		}
	}
}

func (it item) line(now, year reporting.Decimal, remark string) clerk.Line {
	cell := func(d reporting.Decimal) clerk.Value {
		if it.isMoney() {
			return clerk.Yuan(d)
		}
		return clerk.Value{Kind: clerk.Count, Number: d}
	}
	sum := cell(year)
	if it.stock {
		sum = clerk.Nothing()
	}
	return clerk.Line{{}, clerk.Text(it.label), clerk.Text(it.measure), cell(now), sum, clerk.Text(remark)}
}

func (it item) isMoney() bool {
	_, ok := reporting.Money(it.measure).Factor()
	return ok
}

// value draws the item's value of one month; it is the same whenever it is asked for.
func (it item) value(c *city, id string, items []item, u unit, senders []unit, m reporting.Month) reporting.Decimal {
	rng := c.chance(id, it.code, u.code, m.String())
	switch {
	case it.odds > 0 && rng.IntN(100) >= it.odds:
		return reporting.Decimal{}
	case it.whole != "":
		for _, whole := range items {
			if whole.code == it.whole {
				part := it.percent[0] + rng.Int64N(it.percent[1]-it.percent[0]+1)
				all := whole.value(c, id, items, u, senders, m)
				return all.Mul(reporting.Int(part)).Quo(reporting.Int(100), 0)
			}
		}
	case it.isMoney():
		return reporting.Int(share(rng, it.month/100, u, senders) * 100)
	case it.stock:
		usual := share(c.chance(id, it.code, u.code), it.month, u, senders)
		return reporting.Int(usual * (980 + rng.Int64N(41)) / 1000)
	}
	return reporting.Int(share(rng, it.month, u, senders))
}
