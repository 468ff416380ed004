package sample

import (
	"slices"

	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
)

// cover is one branch of insurance by the number of persons in it.
type cover struct {
	code, name string
	insured    int64 // in the city, at the year's beginning
	joining    int64 // in a month
}

var covers = []cover{
	{"pension_employee", "城镇职工养老保险", 71800, 460},
	{"unemployment", "失业保险", 38400, 190},
	{"work_injury", "工伤保险", 51600, 280},
	{"pension_resident", "城乡居民养老保险", 184200, 330},
	{"pension_institution", "机关事业单位养老保险", 13900, 25},
}

// Form 7: the insured of each township and of the employers directly under the city.
var enrolmentMonthly = form{
	id: "enrolment_monthly", title: "社会保险参保人数月报表", group: "参保情况",
	shape: reporting.Matrix, coverage: reporting.CoversPeriod, duty: reporting.MonthlyDuty,
	senders: []unit{insuranceCentre}, columns: enrolmentColumns(), indicators: enrolmentIndicators(), open: openEnrolment,
}

func enrolmentColumns() []clerk.Column {
	columns := []clerk.Column{{ID: "unit", Header: "乡镇（街道）", Aliases: []string{"乡镇", "乡镇名称"}, Type: reporting.RowLabel}}
	for _, cv := range covers {
		group := []string{cv.name}
		columns = append(columns,
			clerk.Column{ID: cv.code + ".insured", Header: "期末参保人数", Aliases: []string{"参保人数", "期末人数"}, Group: group, Type: reporting.Integer},
			clerk.Column{ID: cv.code + ".joined", Header: "本月新增", Aliases: []string{"当月新增", "本月新增人数"}, Group: group, Type: reporting.Integer})
	}
	return columns
}

func enrolmentIndicators() []indicator {
	var out []indicator
	for _, cv := range covers {
		out = append(out, indicator{"insurance." + cv.code + ".insured", reporting.RollupLast}, indicator{"insurance." + cv.code + ".newly_insured", reporting.RollupSum})
	}
	return out
}

func openEnrolment(c *city) books {
	rows := append(slices.Clone(townships), cityDirect)
	return func(_ unit, p reporting.Period) (page, bool) {
		pg := page{}
		for _, u := range rows {
			line := clerk.Line{clerk.Office(u.name)}
			for _, cv := range covers {
				insured, joined := cv.at(c, u, rows, p.Last)
				line = append(line, clerk.Number(insured), clerk.Number(joined))
				pg.facts = append(pg.facts,
					observe("insurance."+cv.code+".insured", u, p.Last, reporting.Int(insured)),
					observe("insurance."+cv.code+".newly_insured", u, p.Last, reporting.Int(joined)))
			}
			pg.lines = append(pg.lines, line)
		}
		pg.total = sumLines(pg.lines)
		return pg, true
	}
}

// at is how many are insured at the month's end, and how many joined in it. Some leave, so the first need not grow by the second.
func (cv cover) at(c *city, u unit, units []unit, m reporting.Month) (insured, joined int64) {
	rng := c.chance("enrolment_monthly", cv.code, u.code)
	insured = share(rng, cv.insured, u, units)
	for range m.Number() {
		joined = share(rng, cv.joining, u, units)
		insured += joined - rng.Int64N(joined+2)
	}
	return insured, joined
}
