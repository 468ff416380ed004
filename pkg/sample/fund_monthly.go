package sample

import (
	"math/rand/v2"

	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
)

// scheme is one insurance fund.
type scheme struct {
	code, name   string
	opening      int64 // balance at the year's beginning, in 万元
	income       int64 // of a month, in 万元
	expenditure  int64 // of a month, in 万元
	remits       bool  // pays a part up to the province
	knows        bool  // the province takes part in it at all: else the cell is —
	toTheHundred bool  // its book-keeping rounds to a hundred yuan
}

var schemes = []scheme{
	{"pension_employee", "企业职工基本养老保险", 28640, 4310, 4205, true, true, false},
	{"unemployment", "失业保险", 8120, 168, 196, false, true, false},
	{"work_injury", "工伤保险", 1835, 104, 112, false, true, true},
	{"pension_resident", "城乡居民基本养老保险", 22470, 965, 780, false, false, true},
	{"pension_institution", "机关事业单位基本养老保险", 3920, 1705, 1668, false, false, true},
}

const fenInTenKilo = 1_000_000

// fundMonth is what one fund did in one month, in fen.
type fundMonth struct {
	opening, income, expenditure, remitted, closing int64
	incomeYear, expenditureYear                     int64
}

// Form 6: the funds' income, expenditure and balance.
var fundMonthly = form{
	id: "fund_monthly", title: "社会保险基金收支情况月报表", group: "基金收支情况",
	shape: reporting.Matrix, coverage: reporting.CoversPeriod, duty: reporting.MonthlyDuty, money: reporting.TenKilo,
	senders: []unit{insuranceCentre},
	columns: []clerk.Column{
		{ID: "scheme", Header: "险种", Aliases: []string{"险种名称", "项目"}, Type: reporting.RowLabel},
		{ID: "opening", Header: "期初结余", Type: reporting.MoneyValue},
		{ID: "income", Header: "本月", Aliases: []string{"本月数"}, Group: []string{"收入"}, Type: reporting.MoneyValue},
		{ID: "income_year", Header: "本年累计", Aliases: []string{"累计"}, Group: []string{"收入"}, Type: reporting.MoneyValue, SumOf: "income"},
		{ID: "expenditure", Header: "本月", Aliases: []string{"本月数"}, Group: []string{"支出"}, Type: reporting.MoneyValue},
		{ID: "remitted", Header: "其中：上解省级", Group: []string{"支出"}, Type: reporting.MoneyValue},
		{ID: "expenditure_year", Header: "本年累计", Aliases: []string{"累计"}, Group: []string{"支出"}, Type: reporting.MoneyValue, SumOf: "expenditure"},
		{ID: "closing", Header: "期末滚存结余", Aliases: []string{"期末结余"}, Type: reporting.MoneyValue},
	},
	indicators: fundIndicators(),
	open:       openFunds,
}

func fundIndicators() []indicator {
	var out []indicator
	for _, s := range schemes {
		prefix := "insurance." + s.code
		out = append(out,
			indicator{prefix + ".income", reporting.RollupSum}, indicator{prefix + ".expenditure", reporting.RollupSum},
			indicator{prefix + ".remitted_up", reporting.RollupSum}, indicator{prefix + ".balance", reporting.RollupLast})
	}
	return out
}

func openFunds(c *city) books {
	year := make([][]fundMonth, len(schemes))
	for i, s := range schemes {
		year[i] = s.year(c)
	}
	return func(u unit, p reporting.Period) (page, bool) {
		pg := page{}
		for i, s := range schemes {
			month := year[i][p.Last.Number()-1]
			pg.lines = append(pg.lines, s.line(month))
			pg.facts = append(pg.facts, s.facts(u, p.Last, month)...)
		}
		pg.total = sumLines(pg.lines)
		return pg, true
	}
}

// year keeps the fund's books from January to December: each month opens with what the one before left.
func (s scheme) year(c *city) []fundMonth {
	rng := c.chance("fund_monthly", s.code)
	months, balance := make([]fundMonth, 12), s.amount(rng, s.opening)
	incomeYear, expenditureYear := int64(0), int64(0)
	for i := range months {
		m := fundMonth{opening: balance, income: s.amount(rng, s.income), expenditure: s.amount(rng, s.expenditure)}
		if s.remits {
			m.remitted = m.expenditure * (15 + rng.Int64N(11)) / 100
		}
		balance += m.income - m.expenditure
		incomeYear, expenditureYear = incomeYear+m.income, expenditureYear+m.expenditure
		m.closing, m.incomeYear, m.expenditureYear = balance, incomeYear, expenditureYear
		months[i] = m
	}
	return months
}

// amount is about so many 万元, within an eighth, in fen.
func (s scheme) amount(rng *rand.Rand, tenKilo int64) int64 {
	n := tenKilo*fenInTenKilo*7/8 + rng.Int64N(tenKilo*fenInTenKilo/4)
	if s.toTheHundred {
		n -= n % 10_000
	}
	return n
}

func (s scheme) line(m fundMonth) clerk.Line {
	remitted := clerk.Nothing()
	if s.knows {
		remitted = clerk.Yuan(fen(m.remitted))
	}
	return clerk.Line{
		clerk.Text(s.name), clerk.Yuan(fen(m.opening)), clerk.Yuan(fen(m.income)), clerk.Yuan(fen(m.incomeYear)),
		clerk.Yuan(fen(m.expenditure)), remitted, clerk.Yuan(fen(m.expenditureYear)), clerk.Yuan(fen(m.closing)),
	}
}

func (s scheme) facts(u unit, month reporting.Month, m fundMonth) []reporting.Observation {
	prefix := "insurance." + s.code
	facts := []reporting.Observation{
		observe(prefix+".income", u, month, fen(m.income)),
		observe(prefix+".expenditure", u, month, fen(m.expenditure)),
		observe(prefix+".balance", u, month, fen(m.closing)),
	}
	if s.knows {
		facts = append(facts, observe(prefix+".remitted_up", u, month, fen(m.remitted)))
	}
	return facts
}

// sumLines is the total of all columns after the first.
func sumLines(lines []clerk.Line) *clerk.Line {
	total := make(clerk.Line, len(lines[0]))
	total[0] = clerk.Text("合计")
	for _, line := range lines {
		for i, v := range line[1:] {
			if v.Kind == clerk.NotApplicable {
				continue
			}
			total[i+1].Kind = v.Kind
			total[i+1].Number = total[i+1].Number.Add(v.Number)
		}
	}
	return &total
}
