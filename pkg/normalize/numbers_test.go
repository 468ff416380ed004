package normalize

import (
	"testing"

	"huizong/pkg/reporting"
)

func TestReadNumber(t *testing.T) {
	for in, want := range map[string]struct {
		number string // "" where there is none
		unit   string
		as     reporting.Presence
	}{
		"1234": {"1234", "", reporting.Given}, "1,234": {"1234", "", reporting.Given}, "１２３４": {"1234", "", reporting.Given}, "1，234.50": {"1234.5", "", reporting.Given},
		" 1234\u3000": {"1234", "", reporting.Given}, "1234人": {"1234", "人", reporting.Given}, "3.5万元": {"35000", "元", reporting.Given}, "3.5 万元整": {"35000", "元", reporting.Given},
		"(12.50)": {"-12.5", "", reporting.Given}, "（12.50）": {"-12.5", "", reporting.Given}, "-12.5": {"-12.5", "", reporting.Given}, "−3": {"-3", "", reporting.Given},
		"负3": {"-3", "", reporting.Given}, "￥1,234.50": {"1234.5", "", reporting.Given}, "¥12": {"12", "", reporting.Given}, "98.5%": {"98.5", "%", reporting.Given}, "1.2万": {"12000", "万", reporting.Given},
		"1.2万人": {"12000", "人", reporting.Given}, "12元整": {"12", "元", reporting.Given}, "+5": {"5", "", reporting.Given}, ".5": {"0.5", "", reporting.Given}, "0": {"0", "", reporting.Given}, "-0": {"0", "", reporting.Given}, "5.": {"5", "", reporting.Given},
		"无": {"0", "", reporting.Given}, "０": {"0", "", reporting.Given}, "": {as: reporting.Missing}, " \t\u00a0": {as: reporting.Missing},
		"—": {as: reporting.NotApplicable}, "-": {as: reporting.NotApplicable}, "/": {as: reporting.NotApplicable}, "…": {as: reporting.NotApplicable}, "——": {as: reporting.NotApplicable}, "不适用": {as: reporting.NotApplicable},
		"12,34": {as: reporting.Unreadable}, "1.2.3": {as: reporting.Unreadable}, "十二": {"12", "", reporting.Given}, "约12": {as: reporting.Unreadable}, "12-15": {as: reporting.Unreadable}, "(-5)": {as: reporting.Unreadable},
		"1e400": {as: reporting.Unreadable}, "无数据": {as: reporting.Unreadable}, "暂无": {as: reporting.Unreadable}, "--5": {as: reporting.Unreadable}, "2020-06-15": {as: reporting.Unreadable},
	} {
		w := readNumber(reporting.Cell{Kind: reporting.TextCell, Text: in})
		if w.presence != want.as || want.as == reporting.Given && (w.number.String() != want.number || w.unit != want.unit) {
			t.Errorf("readNumber(%q) = %v %s %q, want %v %s %q", in, w.presence, w.number, w.unit, want.as, want.number, want.unit)
		}
	}
}

func FuzzReadNumber(f *testing.F) {
	for _, s := range []string{"1,234.50", "（3.5）万元", "-0", "1.2万", "负12人次", "９８.５％", "...", "1E5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w := readNumber(reporting.Cell{Kind: reporting.TextCell, Text: s})
		if d, err := reporting.ParseDecimal(s); err == nil && w.presence == reporting.Given && w.unit == "" && !w.number.Equal(d) {
			t.Errorf("readNumber(%q) = %s", s, w.number)
		}
		if w.presence != reporting.Given {
			return
		}
		if again := readNumber(reporting.Cell{Kind: reporting.TextCell, Text: w.number.String()}); again.presence != reporting.Given || !again.number.Equal(w.number) {
			t.Errorf("readNumber(%q) = %s, which reads as %s", s, w.number, again.number)
		}
	})
}

func TestCheckDigits(t *testing.T) {
	for s, want := range map[string]bool{
		"349981198001010017": true, "34998119800202009X": true, "34998119800202009x": false, "349981198001010018": false, "349981198013010017": false, "34998119800101001": false, "": false, "34998119800101001７": false,
	} {
		if ValidIDNumber(s) != want {
			t.Errorf("ValidIDNumber(%q) = %v", s, !want)
		}
	}
	for s, want := range map[string]bool{"91349981MA0000001N": true, "91349981MA0000001C": false, "91349981MA000000IN": false, "91349981MA0000001": false, "91349981ma0000001n": false} {
		if ValidCreditCode(s) != want {
			t.Errorf("ValidCreditCode(%q) = %v", s, !want)
		}
	}
}
