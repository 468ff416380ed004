package normalize

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"huizong/pkg/reporting"
)

// The weights and check characters of GB 11643-1999: the sum of weighted digits modulo 11 gives the last character.
var idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const idChecks = "10X98765432"

// ValidIDNumber reports whether s is an 18-digit ID number with a day of birth and the right check character (GB 11643-1999).
func ValidIDNumber(s string) bool {
	if len(s) != 18 {
		return false
	}
	sum := 0
	for i := range 17 {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		sum += int(s[i]-'0') * idWeights[i]
	}
	_, born := reporting.NewDate(number(s[6:10]), number(s[10:12]), number(s[12:14]))
	return born && s[17] == idChecks[sum%11]
}

// The characters of GB 32100-2015, and the weight of each place: powers of 3 modulo 31.
const creditCharacters = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ValidCreditCode reports whether s is an 18-character unified social credit code with the right check character (GB 32100-2015).
func ValidCreditCode(s string) bool {
	if len(s) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		at := strings.IndexByte(creditCharacters, s[i])
		if at < 0 {
			return false
		}
		sum += at * weight
		weight = weight * 3 % 31
	}
	return s[17] == creditCharacters[(31-sum%31)%31]
}

var (
	identitySpace = strings.NewReplacer(" ", "", "\t", "", "-", "", "'", "", "’", "", "‘", "", "`", "", "\u200b", "")
	damagedID     = regexp.MustCompile(`^\d{15}0{3}$|^\d(\.\d+)?[eE]\+?1[5-9]$`)
)

func (s *sheetReader) idNumber(cell reporting.Cell, v reporting.Value) reporting.Value {
	v.Text = strings.ToUpper(identitySpace.Replace(v.Text))
	switch {
	case damagedID.MatchString(v.Text) && !ValidIDNumber(v.Text):
		v.Presence = reporting.Unreadable
		s.fail(reporting.BadIDNumber, v.Cell, maskID(v.Text), damaged("身份证号码", "ID number"))
	case !ValidIDNumber(v.Text):
		v.Presence = reporting.Unreadable
		reason := reporting.Textf("校验码不对", "its check digit is wrong")
		if n := len([]rune(v.Text)); n != 18 {
			reason = reporting.Textf("应为 18 位，表中为 %d 位", "it must have 18 characters and has %d", n)
		}
		s.fail(reporting.BadIDNumber, v.Cell, maskID(v.Text), reporting.Text{ZH: "身份证号码有误：" + reason.ZH + "，请对照证件改正", EN: "the ID number is wrong: " + reason.EN + "; correct it from the card"})
	}
	return v
}

// damaged says that a long number was taken for a number to calculate with, in a sheet or before it became a text file (3.49981E+17).
func damaged(zh, en string) reporting.Text {
	return reporting.Text{
		ZH: zh + "以数字格式保存，末三位已经丢失；请把这一列设为文本格式，重新录入完整号码",
		EN: "the " + en + " was stored as a number and has lost its last digits: format the column as text and type it again",
	}
}

func (s *sheetReader) creditCode(v reporting.Value) reporting.Value {
	v.Text = strings.ToUpper(identitySpace.Replace(v.Text))
	if ValidCreditCode(v.Text) {
		return v
	}
	v.Presence = reporting.Unreadable
	if damagedID.MatchString(v.Text) {
		s.fail(reporting.BadCreditCode, v.Cell, v.Written, damaged("统一社会信用代码", "credit code"))
		return v
	}
	reason := reporting.Textf("校验码不对", "its check character is wrong")
	if n := len([]rune(v.Text)); n != 18 {
		reason = reporting.Textf("应为 18 位，表中为 %d 位", "it must have 18 characters and has %d", n)
	}
	s.fail(reporting.BadCreditCode, v.Cell, v.Written, reporting.Text{ZH: "统一社会信用代码有误：" + reason.ZH + "，请对照营业执照改正", EN: "the credit code is wrong: " + reason.EN + "; correct it from the licence"})
	return v
}

// key is under what a distinct count knows a person or an enterprise. A person's is a keyed hash, so that nobody without the
// secret can find out whose it is by trying numbers.
func (s *sheetReader) key(t reporting.ValueType, text string) string {
	if t != reporting.IDNumber || text == "" {
		return text
	}
	key, ok := s.known.keys[text]
	if !ok {
		mac := hmac.New(sha256.New, s.personKey)
		mac.Write([]byte(text))
		key = hex.EncodeToString(mac.Sum(nil)[:16])
		s.known.keys[text] = key
	}
	return key
}

// maskID shows the first six and the last four characters of an ID number.
func maskID(s string) string {
	r := []rune(s)
	if len(r) <= 10 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:6]) + strings.Repeat("*", len(r)-10) + string(r[len(r)-4:])
}

// maskName shows the first character of a name.
func maskName(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return ""
	}
	return string(r[0]) + "*"
}

var fullNumber = regexp.MustCompile(`[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]`)

// concealNumbers masks the ID numbers in a text.
func concealNumbers(s string) string {
	if len(s) < 18 || !fullNumber.MatchString(s) {
		return s
	}
	return fullNumber.ReplaceAllStringFunc(s, maskID)
}

// concealPersons masks persons in the table before it leaves: the ID number becomes the key under which it is told apart, a name its first
// character.
func (s *sheetReader) concealPersons() {
	for i, column := range s.form.Columns {
		if column.Type != reporting.IDNumber && !column.Masked {
			continue
		}
		for l := range s.table.Lines {
			v := &s.table.Lines[l].Values[i]
			if column.Type == reporting.IDNumber {
				v.Written, v.Text = maskID(strings.ToUpper(identitySpace.Replace(v.Text))), s.key(column.Type, v.Text)
			} else {
				v.Written, v.Text = maskName(v.Text), maskName(v.Text)
			}
		}
	}
}
