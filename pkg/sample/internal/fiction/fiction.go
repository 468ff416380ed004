// Package fiction invents persons and enterprises. Nobody in it exists: every number carries the division code 349981, which no
// place has, and every check digit is right, so that a reader has no reason to refuse it.
package fiction

import (
	"fmt"
	"math/rand/v2"

	"huizong/pkg/reporting"
)

// Division is the fictional code that all numbers carry.
const Division = "349981"

var (
	surnames = []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹喻苏潘葛范彭鲁韦马苗方任袁柳鲍史唐薛雷贺倪汤")
	given    = []rune("安柏昌辰岱恩帆广海衡嘉建景凯岚乐民宁培勤清仁若善泰桐文熙晓欣彦扬一宜颖永雨元源云泽昭哲之芷志竹子")

	firmWords  = []rune("安百昌辰德丰广海恒辉锦景康隆明宁鹏乾荣瑞盛顺泰通旺祥欣兴亿永裕源远泽正中")
	firmTrades = []string{"机械制造", "电子科技", "纺织服装", "食品加工", "竹木制品", "新型建材", "物流运输", "商贸", "农业开发", "环保设备", "塑胶制品", "汽车配件", "印刷包装", "家具"}
	firmKinds  = []string{"有限公司", "有限公司", "有限责任公司", "股份有限公司", "厂"}
)

// Firm is an invented enterprise.
type Firm struct {
	Name       string
	CreditCode string
}

// Name invents a person's name of two or three characters.
func Name(rng *rand.Rand) string {
	name := string(pick(rng, surnames)) + string(pick(rng, given))
	if rng.IntN(4) > 0 {
		name += string(pick(rng, given))
	}
	return name
}

// Firms invents n enterprises of the city, no two with the same name or code.
func Firms(rng *rand.Rand, city string, n int) []Firm {
	firms, taken := make([]Firm, 0, n), map[string]bool{}
	for len(firms) < n {
		f := Firm{Name: firmName(rng, city), CreditCode: CreditCode(rng)}
		if taken[f.Name] || taken[f.CreditCode] {
			continue
		}
		taken[f.Name], taken[f.CreditCode] = true, true
		firms = append(firms, f)
	}
	return firms
}

func firmName(rng *rand.Rand, city string) string {
	return city + string(pick(rng, firmWords)) + string(pick(rng, firmWords)) + pick(rng, firmTrades) + pick(rng, firmKinds)
}

// IDNumber invents a citizen's number (GB 11643) for somebody born in one of the years first to last.
func IDNumber(rng *rand.Rand, first, last int) string {
	start, _ := reporting.NewDate(first, 1, 1)
	end, _ := reporting.NewDate(last, 12, 31)
	born := start.AddDays(rng.IntN(int(end-start) + 1)).Time().Format("20060102")
	body := fmt.Sprintf("%s%s%03d", Division, born, 1+rng.IntN(999))
	return body + string(idCheck(body))
}

// idCheck is ISO 7064 MOD 11-2: the weight of a digit is 2 to the power of its distance from the end.
func idCheck(body string) byte {
	sum := 0
	for _, c := range []byte(body) {
		sum = (sum + int(c-'0')) * 2 % 11
	}
	return "0123456789X"[(12-sum)%11]
}

// creditAlphabet has no I, O, S, V and Z; the place of a character is its value.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CreditCode invents a unified social credit code (GB 32100) of an enterprise, its organisation code (GB 11714) included.
func CreditCode(rng *rand.Rand) string {
	organisation := "MA"
	for len(organisation) < 8 {
		organisation += string(creditAlphabet[rng.IntN(len(creditAlphabet))])
	}
	body := "91" + Division + organisation + string(organisationCheck(organisation))
	return body + string(creditCheck(body))
}

// organisationCheck counts A as 10 to Z as 35.
func organisationCheck(body string) byte {
	weights, sum := [8]int{3, 7, 9, 10, 5, 8, 4, 2}, 0
	for i, c := range []byte(body) {
		value := int(c - '0')
		if c >= 'A' {
			value = int(c-'A') + 10
		}
		sum += weights[i] * value
	}
	return "0123456789X0"[11-sum%11]
}

func creditCheck(body string) byte {
	weight, sum := 1, 0
	for _, c := range []byte(body) {
		sum += weight * creditValue(c)
		weight = weight * 3 % 31
	}
	return creditAlphabet[(31-sum%31)%31]
}

func creditValue(c byte) int {
	for i := range len(creditAlphabet) {
		if creditAlphabet[i] == c {
			return i
		}
	}
	return -1
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }
