package numfmt

import "testing"

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
		if got := IsDate(code); got != want {
			t.Errorf("IsDate(%q) = %v, want %v", code, got, want)
		}
	}
}

func TestIsBuiltinDate(t *testing.T) {
	for id, want := range map[int]bool{0: false, 13: false, 14: true, 22: true, 23: false, 27: true, 31: true, 37: false, 45: true, 49: false, 57: true, 58: true, 59: false} {
		if got := IsBuiltinDate(id); got != want {
			t.Errorf("IsBuiltinDate(%d) = %v, want %v", id, got, want)
		}
	}
}
