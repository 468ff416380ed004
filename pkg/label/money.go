package label

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// moneyWord finds units of money in a text: 元, 万元, 佰万圆. What stands around one may make another word of it.
var moneyWord = regexp.MustCompile(`(千万|百万|十万|万|千|百|亿)?(?:元|圆)`)

var (
	multiple    = regexp.MustCompile(`^(?:千万|百万|十万|万|千|百|亿)$`)
	moneySpells = strings.NewReplacer("萬", "万", "億", "亿", "仟", "千", "佰", "百", "拾", "十", "圓", "元", "圆", "元", "塊", "元")
	// before and behind are letters that make another word of 元: 美元, 单元, 元旦. Behind a digit it belongs to a number: 5万元以上.
	otherBefore = "单公纪次多状全改开位复二三0123456789"
	otherBehind = "旦月件素宵首年老帅气通以"
	foreign     = regexp.MustCompile(`(?:美|港|欧|日|韩|澳|加|新|台|外)元|外币|[Uu][Ss][Dd]|英镑|日圆`)
	plainW      = regexp.MustCompile(`^[wW]$`)
)

// Money lists the units of money that a text names, each once, in the order in which they come, as 元 or a multiple of it. A unit of
// another currency is among them under its own name, which no table can be in.
func Money(s string) []string {
	s = narrow(s)
	var units []string
	add := func(unit string) {
		if !slices.Contains(units, unit) {
			units = append(units, unit)
		}
	}
	for _, m := range foreign.FindAllString(s, -1) {
		add(m)
	}
	for _, at := range moneyWord.FindAllStringIndex(s, -1) {
		before, _ := utf8.DecodeLastRuneInString(s[:at[0]])
		behind, _ := utf8.DecodeRuneInString(s[at[1]:])
		if strings.ContainsRune(otherBefore+"美港欧日韩澳加新台外", before) && at[0] > 0 || strings.ContainsRune(otherBehind, behind) && at[1] < len(s) {
			continue
		}
		add(s[at[0]:at[1]])
	}
	return units
}

var bracketed = regexp.MustCompile(`[(\[【<]([^()\[\]【】<>]*)[)\]】>]`)

// Multiple is the multiple that a text consists of, or that stands in brackets at its end without a unit: 万, 人数（万）. It is "" for others.
func Multiple(s string) string {
	s = narrow(s)
	if m := bracketed.FindAllStringSubmatch(s, -1); len(m) > 0 && strings.HasSuffix(s, m[len(m)-1][0]) {
		s = m[len(m)-1][1]
	}
	if plainW.MatchString(s) {
		return "万"
	}
	return multiple.FindString(s)
}

// narrow is a text in narrow letters and without space, also when it is written down a column, with the usual spelling of units.
func narrow(s string) string {
	return moneySpells.Replace(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Cc) {
			return -1
		}
		return r
	}, Clean(s)))
}

var (
	unitStated = regexp.MustCompile(`单位(?:名称)?[:(\[【为是,、均统一律]*(.{0,16})`)
	unitMeant  = regexp.MustCompile(`(?:以|按|用|均为|单位为|均系|采用)(?:人民币)?((?:千万|百万|十万|万|千|百|亿)?元)(?:为|作|计|填|列|表|反|统|核|上报|报|保留|$|[,.;。,、)）])`)
	unitEnds   = regexp.MustCompile(`^(?:人民币|RMB|CNY)?[(\[【]?((?:[^,.;。()\[\]【】]{0,10}?[、,/;和及])?(?:千万|百万|十万|万|千|百|亿)?元(?:[、,/;和及][^,.;。]{0,8})?)(?:[()\[\]【】,.;。:]|人民币|计|为|填|,|整|$)`)
	notAUnit   = regexp.MustCompile(`(?:填报|报送|施工|用人|上报|编制|填表|主管|建设|所属|工作)单位`)
)

// Stated lists the units of money that a text states for a table: 单位：万元, 本表金额以元为单位, （元）. Other texts state none, whatever money
// they speak of.
func Stated(s string) []string {
	if len(s) > 2*longest {
		return nil
	}
	units := stated(narrow(s))
	if len(units) == 0 { // a space may part the unit from what follows, and not only letters that are set wide
		units = stated(narrow(strings.Join(strings.Fields(Clean(s)), ",")))
	}
	return units
}

func stated(text string) []string {
	if alone := strings.TrimPrefix(strings.Trim(text, "()[]【】:,.;。"), "人民币"); moneyWord.FindString(alone) == alone && alone != "" {
		return []string{alone}
	}
	var units []string
	add := func(part string) {
		for _, unit := range Money(part) {
			if !slices.Contains(units, unit) {
				units = append(units, unit)
			}
		}
	}
	for _, at := range unitStated.FindAllStringSubmatchIndex(text, -1) {
		if notAUnit.MatchString(text[max(0, at[0]-6):min(len(text), at[0]+6)]) {
			continue
		}
		rest := text[at[2]:at[3]]
		if f := foreign.FindString(rest); f != "" && strings.HasPrefix(rest, f) {
			add(f)
		} else if m := unitEnds.FindStringSubmatch(strings.TrimPrefix(rest, "人民币")); m != nil {
			add(m[1])
		}
	}
	for _, m := range unitMeant.FindAllStringSubmatch(text, -1) {
		add(m[1])
	}
	return units
}
