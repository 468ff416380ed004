package sample

import (
	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
	"huizong/pkg/sample/internal/fiction"
)

// benefit is a payment to a group of persons.
type benefit struct {
	name, prefix string
	persons      int
	monthly      []int64 // the rates, in fen
}

var benefits = []benefit{
	{"被征地农民养老保险待遇", "insurance.land_expropriated", 64, []int64{26_000, 31_500, 44_550}},
	{"“七老”人员生活补贴", "insurance.seven_elders", 38, []int64{18_000, 22_000}},
}

// recipient is a person who is paid from one month to another.
type recipient struct {
	name, id    string
	town        unit
	rate        int64
	first, last int // months of the year
}

// Form 9: the benefits paid in the month.
var benefitPayments = form{
	id: "benefit_payments", title: "特殊人群待遇发放台账",
	shape: reporting.Ledger, coverage: reporting.CoversPeriod, duty: reporting.MonthlyDuty, money: reporting.Yuan,
	senders: []unit{insuranceCentre},
	columns: []clerk.Column{
		{ID: "seq", Header: "序号", Aliases: []string{"编号"}, Type: reporting.Sequence, Loose: true},
		{ID: "name", Header: "姓名", Type: reporting.TextValue},
		{ID: "id", Header: "身份证号码", Aliases: []string{"身份证号", "公民身份号码"}, Type: reporting.IDNumber},
		{ID: "town", Header: "所属乡镇", Aliases: []string{"乡镇", "所属乡镇（街道）"}, Type: reporting.UnitValue},
		{ID: "benefit", Header: "待遇类别", Aliases: []string{"待遇类型"}, Type: reporting.Category},
		{ID: "month", Header: "发放月份", Aliases: []string{"发放年月"}, Type: reporting.MonthValue},
		{ID: "amount", Header: "发放金额", Aliases: []string{"金额"}, Type: reporting.MoneyValue},
	},
	indicators: []indicator{
		{benefits[0].prefix + ".beneficiaries", reporting.RollupDistinct}, {benefits[0].prefix + ".paid", reporting.RollupSum},
		{benefits[1].prefix + ".beneficiaries", reporting.RollupDistinct}, {benefits[1].prefix + ".paid", reporting.RollupSum},
	},
	open: func(c *city) books {
		rolls := make([][]recipient, len(benefits))
		for i, b := range benefits {
			rolls[i] = b.roll(c)
		}
		return func(_ unit, p reporting.Period) (page, bool) {
			pg := page{}
			for i, b := range benefits {
				for _, r := range rolls[i] {
					if n := p.Last.Number(); r.first <= n && n <= r.last {
						pg.pay(b, r, p.Last)
					}
				}
			}
			return pg, true
		}
	},
}

// roll lists the benefit's recipients of the year. One in eight comes late, one in eight leaves early.
func (b benefit) roll(c *city) []recipient {
	rng := c.chance("benefit_payments", b.prefix)
	roll := make([]recipient, b.persons)
	for i := range roll {
		r := recipient{
			name: fiction.Name(rng), id: fiction.IDNumber(rng, c.year-84, c.year-61), town: township(rng),
			rate: pick(rng, b.monthly), first: 1, last: 12,
		}
		switch rng.IntN(8) {
		case 0:
			r.first += 1 + rng.IntN(6)
		case 1:
			r.last -= 1 + rng.IntN(10)
		}
		roll[i] = r
	}
	return roll
}

func (pg *page) pay(b benefit, r recipient, m reporting.Month) {
	pg.lines = append(pg.lines, clerk.Line{
		{}, clerk.Text(r.name), clerk.Text(r.id), clerk.Office(r.town.name), clerk.Text(b.name), clerk.In(m), clerk.Yuan(fen(r.rate)),
	})
	person := observe(b.prefix+".beneficiaries", r.town, m, reporting.Int(1))
	person.Key = r.id
	pg.facts = append(pg.facts, person, observe(b.prefix+".paid", r.town, m, fen(r.rate)))
}
