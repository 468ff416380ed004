package numfmt

import (
	"testing"

	"huizong/pkg/reporting"
)

func TestIsDate(t *testing.T) {
	for code, want := range map[string]bool{
		"General":                    false,
		"":                           false,
		"0.00":                       false,
		"0.00E+00":                   false,
		"#,##0;[Red]-#,##0":          false,
		`"d"0`:                       false,
		`0\d`:                        false,
		`0_d`:                        false,
		`[DBNum2]General`:            false,
		`[$¥-804]#,##0.00`:           false,
		`0;"m"`:                      false,
		`0;yyyy`:                     false,
		"yyyy-mm-dd":                 true,
		`yyyy"年"m"月"d"日"`:            true,
		`[$-804]yyyy"年"m"月"`:         true,
		`[DBNum1][$-804]yyyy"年"m"月"`: true,
		`e"年"`:                       true,
		"[h]:mm":                     true,
		"[ss].00":                    true,
		"aaaa":                       true,
		"[$-F800]dddd, mmmm dd":      true,
		"h AM/PM":                    true,
		"@":                          false,
		`"unclosed`:                  false,
	} {
		if got := Parse(code, false).Date; got != want {
			t.Errorf("IsDate(%q) = %v, want %v", code, got, want)
		}
	}
}

func TestIsBuiltinDate(t *testing.T) {
	for id, want := range map[int]bool{0: false, 13: false, 14: true, 22: true, 23: false, 27: true, 31: true, 37: false, 45: true, 49: false, 57: true, 58: true, 59: false} {
		if got := Builtin(id, false).Date; got != want {
			t.Errorf("IsBuiltinDate(%d) = %v, want %v", id, got, want)
		}
	}
}

// TestShow compares with what Excel shows.
func TestShow(t *testing.T) {
	for _, tt := range []struct {
		code, number, want string
		scale              int
		exact              bool
	}{
		{`0!.0000`, "942000", "94.2000", -4, true},
		{`0!.0000`, "42", "0.0042", -4, true},
		{`0\.0,`, "2645000", "264.5", -4, true},
		{`0\.0,`, "2645400.4", "264.5", -4, true},
		{`#!.0000`, "305120000", "30512.0000", -4, true},
		{`#\.0000`, "305120000", "30512.0000", -4, true},
		{`0!.0,万元`, "1073000", "107.3万元", -4, true},
		{`#,##0!.0000`, "305120000", "30512.0000", -4, true},
		{`0"."0000`, "942000", "94.2000", -4, true},
		{`[>=10000]0\.0000"万元";0"元"`, "1957000", "195.7000万元", -4, true},
		{`[>=10000]0\.0000"万元";0"元"`, "957", "957元", 0, true},
		{`[<10000]0;[<100000000]0!.0,"万";0!.00,,"亿"`, "250000000", "2.50亿", -8, true},
		{`[<10000]0;[<100000000]0!.0,"万";0!.00,,"亿"`, "25000", "2.5万", -4, true},
		{`0.00"万元"`, "59.9", "59.90万元", 0, true},
		{`#,##0"元"`, "1655000", "1,655,000元", 0, true},
		{`#,##0.00"元";-#,##0.00"元"`, "-1655", "-1,655.00元", 0, true},
		{`0.0,"千元"`, "2645000", "2645.0千元", -3, true},
		{`0.00,,`, "2645000", "2.65", -6, true},
		{`#,##0.00,,"百万"`, "2645000000", "2,645.00百万", -6, true},
		{`0.0%`, "0.953", "95.3%", 2, true},
		{`G/通用格式"元"`, "1203000", "1203000元", 0, true},
		{`General"人"`, "-3", "-3人", 0, true},
		{`"示劳监〔2017〕"0"号"`, "1", "示劳监〔2017〕1号", 0, true},
		{`"JY-"0000`, "12", "JY-0012", 0, true},
		{`000000`, "123", "000123", 0, true},
		{`;;;`, "123", "", 0, false},
		{`0"人";;"无"`, "0", "无", 0, false},
		{`0"-"00`, "202406", "2024-06", 0, false},
		{`0000"-"00`, "202406", "2024-06", 0, false},
		{`[DBNum1]0`, "2020", "二千〇二十", 0, true},
		{`[DBNum2][$-804]G/通用格式"元整"`, "10305", "壹万零叁佰零伍元整", 0, true},
		{`yyyy"年"m"月"d"日"`, "43987", "2020年6月5日", 0, false},
		{`m"月"d"日"`, "43983", "6月1日", 0, false},
		{`yyyy-mm-dd hh:mm`, "43987.5", "2020-06-05 12:00", 0, false},
		{`yyyy/m/d`, "42794.999999999993", "2017/3/1", 0, false},
		{`[DBNum1][$-804]yyyy"年"m"月"`, "43987", "二〇二〇年六月", 0, false},
		{`#.##`, "0.5", ".5", 0, true},
		{`"约"0`, "37", "约37", 0, true},
		{`0,.0`, "36000", "36.0", -3, true}, // a comma right before the point divides
		{`#,##0,,.00`, "2645000000", "2,645.00", -6, true},
		{`0.0,,,"十亿"`, "2645000000", "2645000000", 0, false}, // nfp loses a comma: not known
		{`"0."00`, "36", "0.36", 0, true},
		{`"1"0`, "36", "136", 0, true},
		{`0"-"00`, "12", "0-12", 0, false},
		{`#-##`, "1234", "12-34", 0, false},
		{`#" "##0`, "12345", "12 345", 0, true},
		{`0" "00`, "12345", "123 45", 0, false},
		{`[Color 5]0`, "36", "36", 0, true},
		{`[红色]0`, "36", "36", 0, true},
	} {
		look := Parse(tt.code, false).Look
		if look == nil {
			look = &reporting.Look{Format: &format{sections: sections(spell(tt.code))}}
		}
		got := look.Format.Show(tt.number)
		if got.Text != tt.want || got.Exact != tt.exact || got.Exact && got.Scale != tt.scale {
			t.Errorf("%s of %s shows %+v, want %+v", tt.code, tt.number, got, tt)
		}
	}
}

// TestPlain: formats that show the number itself cost nothing.
func TestPlain(t *testing.T) {
	for code, want := range map[string]bool{
		"General": true, "": true, "0": true, "0.00": true, "#,##0.00": true, "@": true, "0.00E+00": true, "#,##0.00_);[Red]\\(#,##0.00\\)": true,
		`_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ `: true, `[$￥-804]#,##0.00`: true, `"¥"#,##0`: true, `0;-0;;@`: true, "0_ ": true, "# ?/?": true,
		"0.00_ ;[Red]-0.00 ": true, `[Red]0.00`: true,
		`[Color 5]0`: true, `-0`: false, `(0)`: false, `0"+"`: false, `"."0`: false, `#-##`: false, `0,.0`: false,
		`;;;`: false, `0"万元"`: false, `0,`: false, `0!.0`: false, "0%": false, "000": false, "yyyy": false, `[>1]0;0`: false, "[DBNum1]0": false, `"a"`: false,
	} {
		if got := Parse(code, false).Look == nil; got != want {
			t.Errorf("%q is plain: %v", code, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, code := range []string{`0!.0000`, `[>=1]0\.0;"x"`, `[DBNum1]yyyy`, `#,##0.00,,"亿"`, `[$-804]`, `"`, `[`, `0/0`, `G/通用格式`} {
		f.Add(code, "12345.678")
	}
	f.Fuzz(func(t *testing.T, code, number string) {
		if look := Parse(code, false).Look; look != nil && len(number) < 40 {
			look.Format.Show(number)
		}
	})
}
