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
	foreign     = regexp.MustCompile(`(?:美|港|欧|日|韩|澳|加|新|台|外)元|(?:外|港|台|日|韩|澳)币|美金|英镑|日圆|(?i:USD|HKD|EUR|JPY|GBP)|[$€£]`)
	plainW      = regexp.MustCompile(`^[wW]$`)
)

// Money lists the units of money that a text names, each once, in the order in which they come, as 元 or a multiple of it, or as 角 or 分
// where they stand alone or in brackets. A unit of another currency is among them under its own name, which no table can be in.
func Money(s string) []string {
	s = narrow(s)
	if m := partOfYuan.FindStringSubmatch(s); m != nil {
		return []string{partUnit(m[1] + m[2])}
	}
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

// narrow is a text in narrow letters and without space and quotes, also when it is written down a column, with the usual spelling of units.
func narrow(s string) string {
	s = moneySpells.Replace(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Cc) || strings.ContainsRune("“”‘’「」\"'", r) {
			return -1
		}
		return r
	}, renminbi(Clean(s))))
	return multipleBefore.ReplaceAllStringFunc(s, func(m string) string { return latinMultiples[m[0]|0x20] + "元" })
}

// latinMultiples are letters that stand for a multiple before 元: W元, k元.
var (
	multipleBefore = regexp.MustCompile(`[WwKk]元`)
	latinMultiples = map[byte]string{'w': "万", 'k': "千"}
	partOfYuan     = regexp.MustCompile(`^(?:单位:?)?(?:人民币)?(角|分|块)$|[(\[【<](?:单位:?)?(?:人民币)?(角|分|块)[)\]】>]$`)
)

func partUnit(s string) string {
	if s == "块" {
		return "元"
	}
	return s
}

// The currency by its other names, and how much of it.
var (
	currency = regexp.MustCompile(`(?i)(?:(` + scales + `)(?:\s+of)?\s*)?(?:(?:RMB|CNY|Renminbi|yuan|¥)[\s(:]*)+(?:(` + scales + `))?`)
	scaleOf  = []struct {
		words    *regexp.Regexp
		multiple string
	}{
		{regexp.MustCompile(`(?i)^(?:100,?000,?000|hundred\s+millions?|亿)$`), "亿"}, {regexp.MustCompile(`(?i)^(?:1,?000,?000|millions?|mn|百万)$`), "百万"},
		{regexp.MustCompile(`(?i)^(?:10,?000|10\s?k|ten\s+thousands?|[W万])$`), "万"}, {regexp.MustCompile(`(?i)^(?:1,?000|'000|000s?|thousands?|k|千)$`), "千"},
		{regexp.MustCompile(`^千万$`), "千万"}, {regexp.MustCompile(`^十万$`), "十万"}, {regexp.MustCompile(`^百$`), "百"},
	}
)

const scales = `100,?000,?000|hundred\s+millions?|1,?000,?000|millions?|mn|10,?000|10\s?k|ten\s+thousands?|1,?000|'000|000s?|thousands?|\bk|W|百万|千万|十万|[百千万亿]`

// renminbi writes the unit 元 for the other names of the currency, RMB, CNY, yuan and ¥, unless the text names it anyway: （RMB）, 10,000 yuan,
// 元（RMB）.
func renminbi(s string) string {
	if isPlain(s) && !strings.ContainsAny(s, "RrCcYy") { // most texts
		return s
	}
	named := strings.ContainsAny(s, "元圆圓")
	return replaceWords(s, currency, func(m []string) string {
		if named {
			return m[1] + m[2]
		}
		for _, scale := range scaleOf {
			if scale.words.MatchString(m[1]) || m[1] == "" && scale.words.MatchString(m[2]) {
				return scale.multiple + "元"
			}
		}
		return "元"
	})
}

// replaceWords replaces what the pattern finds and is no part of a longer word in Latin letters.
func replaceWords(s string, pattern *regexp.Regexp, replace func([]string) string) string {
	var b strings.Builder
	end := 0
	for _, at := range pattern.FindAllStringSubmatchIndex(s, -1) {
		if at[0] > 0 && isLatin(s[at[0]-1]) || at[1] < len(s) && isLatin(s[at[1]]) {
			continue
		}
		m := make([]string, len(at)/2)
		for i := range m {
			if at[2*i] >= 0 {
				m[i] = s[at[2*i]:at[2*i+1]]
			}
		}
		b.WriteString(s[end:at[0]])
		b.WriteString(replace(m))
		end = at[1]
	}
	return b.String() + s[end:]
}

func isLatin(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

var (
	unitStated   = regexp.MustCompile(`(?:单位(?:名称)?[:(\[【为是,、均统一律]*|(?i:\bunits?)(?:of)?:?)(.{0,16})`)
	moneyStated  = regexp.MustCompile(`(?:(?:金额|货币|币种|币别)(?:均|统一|一律)?[:为是]+|(?i:\bcurrency):?)(.{0,16})`)
	unitMeant    = regexp.MustCompile(`(?:以|按|用|均为|单位为|均系|采用)(?:人民币)?((?:千万|百万|十万|万|千|百|亿)?元)(?:为|作|计|填|列|表|反|统|核|上报|报|保留|$|[,.;。,、)）])`)
	unitEnds     = regexp.MustCompile(`^(?:人民币|RMB|CNY)?[(\[【]?((?:[^,.;。()\[\]【】]{0,10}?[、,/;和及])?(?:千万|百万|十万|万|千|百|亿)?元(?:[、,/;和及][^,.;。]{0,8})?)(?:[()\[\]【】,.;。:]|人民币|计|为|填|,|整|$)`)
	foreignFirst = regexp.MustCompile(`^(?:千万|百万|十万|万|千|百|亿)?(?:` + foreign.String() + `)`)
	partFirst    = regexp.MustCompile(`^(?:人民币)?(角|分|块)(?:$|[)\]】,.;。])`)
	notAUnit     = regexp.MustCompile(`(?:填报|报送|施工|用人|上报|编制|填表|主管|建设|所属|工作)单位`)
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

// MayNameMoney reports whether there is any need to look closer at the text: most are no money.
func MayNameMoney(s string) bool { return strings.ContainsAny(s, "元圆圓块塊角分¥￥RrCcYy") }

func stated(text string) []string {
	if alone := strings.TrimPrefix(strings.Trim(text, "()[]【】<>:,.;。"), "人民币"); moneyWord.FindString(alone) == alone && alone != "" {
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
	for _, at := range slices.Concat(unitStated.FindAllStringSubmatchIndex(text, -1), moneyStated.FindAllStringSubmatchIndex(text, -1)) {
		if notAUnit.MatchString(text[max(0, at[0]-6):min(len(text), at[0]+6)]) {
			continue
		}
		rest := text[at[2]:at[3]]
		if f := foreignFirst.FindString(rest); f != "" {
			add(f)
		} else if p := partFirst.FindStringSubmatch(rest); p != nil {
			units = append(units, partUnit(p[1]))
		} else if m := unitEnds.FindStringSubmatch(strings.TrimPrefix(rest, "人民币")); m != nil {
			add(m[1])
		}
	}
	for _, m := range unitMeant.FindAllStringSubmatch(text, -1) {
		add(m[1])
	}
	return units
}
