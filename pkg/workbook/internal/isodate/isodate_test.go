package isodate_test

import (
	"testing"

	"huizong/pkg/workbook/internal/isodate"
)

func TestSerial(t *testing.T) {
	for _, test := range []struct {
		text     string
		date1904 bool
		want     string // "" where it is no date
	}{
		{"2020-06-15", false, "43997"},
		{"2020-06-15T12:00:00", false, "43997.5"},
		{"2020-06-15T06:00:00Z", false, "43997.25"},
		{"2020-06-15", true, "42535"},
		{"1904-01-01", true, "0"},
		{"1900-03-01", false, "61"}, // behind the day that Excel alone knows
		{"1900-02-28", false, "59"},
		{"1900-01-01", false, "1"},
		{"06:00:00", false, "0.25"},
		{"T18:00:00", true, "0.75"},
		{"00:00:01", false, "0.0000115741"},
		{"2020-06-31", false, ""},
		{"2020-02-30T00:00:00", false, ""},
		{"2020-6-15", false, ""},
		{"2020年6月15日", false, ""},
		{"24:00:00", false, ""},
		{"2020-06-15 ", false, ""},
		{"", false, ""},
	} {
		got, ok := isodate.Serial(test.text, test.date1904)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("Serial(%q, %t) = %q, %t, want %q", test.text, test.date1904, got, ok, test.want)
		}
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]string{
		"PT12H30M00S": "0.5208333333", "PT36H": "1.5", "PT0S": "0", "PT00H00M00.5S": "0.000005787", "-PT6H": "", "PT": "", "P1D": "", "12:00": "", "PT1H甲": "", "": "",
	} {
		got, ok := isodate.Duration(text)
		if got != want || ok != (want != "") {
			t.Errorf("Duration(%q) = %q, %t, want %q", text, got, ok, want)
		}
	}
}
