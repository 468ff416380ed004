package normalize

import (
	"regexp"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// units finds a unit by its name as people write it.
type units struct {
	list  []reporting.OrgUnit
	names map[string][]int // office name → indexes into list
	stems map[string][]int // name without level, too
	city  *regexp.Regexp
}

var (
	codeHead   = regexp.MustCompile(`^[(\[]?(\d{6,12}[A-Z]{0,2}|\d{1,3})[)\]]?[\s、.:_-]*(\D.*)$`)
	codeTail   = regexp.MustCompile(`^(.*[^\d\s、.:_(\[-])[\s、.:_(\[-]*(\d{6,12}[A-Z]{0,2})[)\]]?$`)
	fullCode   = regexp.MustCompile(`^\d{12}$`)
	officeTail = regexp.MustCompile(`(人民政府|党工委|党委|办事处|街道办|人社所|人社分局|社保所|社会保障所|劳动保障所|人力资源和社会保障所|便民服务中心|公共服务中心|社会事务办|社会事务办公室|党群服务中心|劳动保障事务所|劳动保障服务所|政府|\(盖章\)|\(公章\))+$`)
	levelTail  = regexp.MustCompile(`(蒙古族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|傣族|黎族|傈僳族|佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|土族|羌族|仡佬族|锡伯族|毛南族|仫佬族)?(街道|镇|乡|街)$`)
	township   = regexp.MustCompile(`(街道|街道办|办事处|镇|乡|镇人民政府|乡人民政府|镇政府|乡政府)$`)
)

func newUnits(c *reporting.Catalogue) *units {
	u := &units{list: c.Units, names: map[string][]int{}, stems: map[string][]int{}}
	city := c.Unit(c.City).Name.ZH
	u.city = regexp.MustCompile(`^(?:[一-龥]{2,8}(?:省|市))?(?:` + regexp.QuoteMeta(city) + `|` + regexp.QuoteMeta(strings.TrimSuffix(city, "市")) + `|本?市)(?:人力资源和社会保障局|人社局)?`)
	for i, unit := range c.Units {
		for _, name := range append([]string{unit.Name.ZH, unit.Code}, unit.Aliases...) {
			u.names[u.office(name)] = append(u.names[u.office(name)], i)
			if stem := u.stem(name); stem != "" {
				u.stems[stem] = append(u.stems[stem], i)
			}
		}
	}
	return u
}

// office is the name without the city before it and the words for its office behind it. The city itself keeps its name.
func (u *units) office(name string) string {
	text := strings.ReplaceAll(label.Clean(name), " ", "")
	if rest := u.city.ReplaceAllString(text, ""); len([]rune(rest)) >= 2 {
		text = rest
	}
	if strings.HasSuffix(text, "街道办事处") || strings.HasSuffix(text, "街道办") {
		text = text[:strings.LastIndex(text, "街道")] + "街道"
	}
	if rest := officeTail.ReplaceAllString(text, ""); len([]rune(rest)) >= 2 {
		text = rest
	}
	return label.Fold(text)
}

// stem is the office name without its level: 云梯 of 云梯畲族乡.
func (u *units) stem(name string) string {
	office := u.office(name)
	stem := levelTail.ReplaceAllString(office, "")
	if len([]rune(stem)) < 2 {
		return ""
	}
	return stem
}

func anyUnit(reporting.OrgUnit) bool { return true }

// rowUnit: the units that the rows of a sheet are about.
func rowUnit(u reporting.OrgUnit) bool {
	return u.Level == reporting.LevelTownship || u.Level == reporting.LevelDirect
}

// Unit returns the code of the unit that a sheet's name of its sender means in the period, "" when it is none or more than one.
func (r *Reader) Unit(name string, period reporting.Period) string {
	code, _ := r.units.find(name, period, anyUnit)
	return code
}

// find returns the code of the unit that the name means at the time, "" when it is none or more than one. It is sure when the name is
// the unit's own, full or official; not when it is shortened.
func (u *units) find(name string, period reporting.Period, wanted func(reporting.OrgUnit) bool) (code string, sure bool) {
	coded, name := "", division(name)
	if m := codeHead.FindStringSubmatch(name); m != nil {
		if coded, name = m[1], m[2]; len(coded) < 6 {
			coded = "" // a running number
		}
	} else if m := codeTail.FindStringSubmatch(name); m != nil {
		name, coded = m[1], m[2]
	}
	coded = division(coded)
	code, sure = u.named(name, period, wanted)
	if own := u.only(u.names[label.Fold(coded)], period, anyUnit); coded != "" && own != "" && own != code {
		return "", false // the code is of another unit than the name
	}
	return code, sure
}

// division is the code of a division without the zeros behind it: 349981001 of 349981001000.
func division(code string) string {
	code = label.Clean(code)
	if !fullCode.MatchString(code) {
		return code
	}
	for strings.HasSuffix(code, "000") && len(code) > 6 {
		code = code[:len(code)-3]
	}
	return code
}

func (u *units) named(name string, period reporting.Period, wanted func(reporting.OrgUnit) bool) (code string, sure bool) {
	if code := u.only(u.names[u.office(name)], period, wanted); code != "" {
		return code, true
	}
	stem := u.stem(name)
	if code := u.only(u.stems[stem], period, wanted); stem != "" && code != "" {
		return code, false
	}
	return "", false
}

func (u *units) only(indexes []int, period reporting.Period, wanted func(reporting.OrgUnit) bool) string {
	code := ""
	for _, i := range indexes {
		if unit := u.list[i]; wanted(unit) && unit.Valid(period) && unit.Code != code {
			if code != "" {
				return ""
			}
			code = unit.Code
		}
	}
	return code
}

// resembles reports whether a name that is no unit's may be a loose one of this unit: one holds the other.
func (u *units) resembles(name string, unit *reporting.OrgUnit) bool {
	office := u.office(name)
	for _, own := range append([]string{unit.Name.ZH}, unit.Aliases...) {
		if folded := u.office(own); strings.Contains(office, folded) || len([]rune(office)) >= 2 && strings.Contains(folded, office) {
			return true
		}
	}
	return false
}

func looksLikeTownship(name string) bool { return township.MatchString(label.Clean(name)) }
