package sample

import (
	"fmt"
	"math/rand/v2"

	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
	"huizong/pkg/sample/internal/fiction"
)

// course is a kind of training.
type course struct {
	name, indicator string
	short           string // in the number of a class
	subsidy         int64  // yuan a person
	certificates    []string
	classes         int // in a month, at most
}

var courses = []course{
	{"创业培训", "training.entrepreneurship_trained", "CY", 1000, []string{"无"}, 1},
	{"岗前技能培训", "training.new_hire_pre_job", "GQ", 800, []string{"无", "无", "无", "初级工"}, 4},
	{"岗位技能提升培训", "training.enterprise_post_upgrading", "TS", 1600, []string{"无", "中级工", "中级工", "高级工", "高级工", "技师", "高级技师"}, 4},
	{"就业技能培训", "training.employment_skills", "JY", 1200, []string{"无", "初级工", "初级工", "中级工"}, 4},
}

const (
	noCertificate = "无"
	quietMonth    = 2 // over the New Year nobody finishes a course, and the ledger has no rows
)

var highSkills = map[string]bool{"高级工": true, "技师": true, "高级技师": true}

// Form 5: the persons who finished a training in the month.
var trainingLedger = form{
	id: "training_ledger", title: "职业技能培训台账",
	shape: reporting.Ledger, coverage: reporting.CoversPeriod, duty: reporting.MonthlyDuty, money: reporting.Yuan,
	senders: []unit{trainingSection},
	columns: []clerk.Column{
		{ID: "seq", Header: "序号", Aliases: []string{"编号"}, Type: reporting.Sequence, Loose: true},
		{ID: "name", Header: "姓名", Type: reporting.TextValue},
		{ID: "id", Header: "身份证号码", Aliases: []string{"身份证号", "公民身份号码"}, Type: reporting.IDNumber},
		{ID: "course", Header: "培训类别", Aliases: []string{"培训类型"}, Type: reporting.Category},
		{ID: "class", Header: "班期编号", Aliases: []string{"班期", "班次"}, Type: reporting.TextValue, Mergeable: true},
		{ID: "began", Header: "开班日期", Aliases: []string{"开班时间"}, Type: reporting.DateValue},
		{ID: "ended", Header: "结业日期", Aliases: []string{"结业时间"}, Type: reporting.DateValue},
		{ID: "certificate", Header: "证书等级", Aliases: []string{"技能等级"}, Type: reporting.Category},
		{ID: "appraised", Header: "是否鉴定", Aliases: []string{"是否参加鉴定"}, Type: reporting.Category},
		{ID: "employer", Header: "所在单位", Aliases: []string{"工作单位"}, Type: reporting.TextValue},
		{ID: "subsidy", Header: "补贴金额", Aliases: []string{"补贴标准"}, Type: reporting.MoneyValue},
	},
	indicators: []indicator{
		{courses[0].indicator, reporting.RollupSum}, {courses[1].indicator, reporting.RollupSum},
		{courses[2].indicator, reporting.RollupSum}, {courses[3].indicator, reporting.RollupSum},
		{"training.skill_appraisals", reporting.RollupSum}, {"talent.skilled_workers_new", reporting.RollupSum},
		{"talent.highly_skilled_workers_new", reporting.RollupSum},
	},
	open: func(c *city) books {
		return func(u unit, p reporting.Period) (page, bool) {
			pg, class := page{}, 1
			if p.Last.Number() == quietMonth {
				return pg, true
			}
			for _, k := range courses {
				rng := c.chance("training_ledger", k.short, p.String())
				for range 1 + rng.IntN(k.classes) {
					pg.addClass(c, k, class, u, p.Last, rng)
					class++
				}
			}
			return pg, true
		}
	},
}

// addClass writes down the persons of one class.
func (pg *page) addClass(c *city, k course, n int, u unit, m reporting.Month, rng *rand.Rand) {
	number := fmt.Sprintf("%s%d%02d-%02d", k.short, m.Year(), m.Number(), n)
	ended := weekday(rng, m.Start().AddDays(5), m.End())
	began := ended.AddDays(-7 - rng.IntN(14))
	firm := c.firm(rng)
	for range 12 + rng.IntN(22) {
		certificate, appraised := pick(rng, k.certificates), "否"
		if certificate != noCertificate || rng.IntN(3) == 0 {
			appraised = "是"
		}
		pg.lines = append(pg.lines, clerk.Line{
			{}, clerk.Text(fiction.Name(rng)), clerk.Text(fiction.IDNumber(rng, m.Year()-55, m.Year()-19)), clerk.Text(k.name), clerk.Text(number),
			clerk.On(began), clerk.On(ended), clerk.Text(certificate), clerk.Text(appraised), clerk.Text(firm.Name), clerk.Yuan(reporting.Int(k.subsidy)),
		})
		pg.addTrained(k, certificate, appraised == "是", u, m)
	}
}

func (pg *page) addTrained(k course, certificate string, appraised bool, u unit, m reporting.Month) {
	codes := []string{k.indicator}
	if appraised {
		codes = append(codes, "training.skill_appraisals")
	}
	if certificate != noCertificate {
		codes = append(codes, "talent.skilled_workers_new")
	}
	if highSkills[certificate] {
		codes = append(codes, "talent.highly_skilled_workers_new")
	}
	for _, code := range codes {
		pg.facts = append(pg.facts, observe(code, u, m, reporting.Int(1)))
	}
}
