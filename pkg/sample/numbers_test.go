package sample

import (
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// TestNumbersAreValid checks every ID number and credit code of a year by the weights that the standards print.
func TestNumbersAreValid(t *testing.T) {
	t.Parallel()
	c := newCity(Config{Seed: 9, Year: 2020, Months: 12})
	valid := map[reporting.ValueType]func(string) bool{reporting.IDNumber: validID, reporting.CreditCode: validCredit}
	checked := map[reporting.ValueType]int{}
	for i := range forms {
		f := &forms[i]
		book := f.open(c)
		for _, p := range f.periods(c) {
			for _, u := range f.senders {
				pg, _ := book(u, p)
				for at, column := range f.columns {
					check := valid[column.Type]
					for _, line := range pg.lines {
						if check != nil && !check(line[at].Text) {
							t.Errorf("%s of %s: %q", f.id, p, line[at].Text)
						}
					}
					checked[column.Type] += len(pg.lines)
				}
			}
		}
	}
	if checked[reporting.IDNumber] < 1000 || checked[reporting.CreditCode] < 500 {
		t.Errorf("only %v checked", checked)
	}
}

func validID(s string) bool {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	if len(s) != 18 || !strings.HasPrefix(s, cityCode) {
		return false
	}
	sum := 0
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	return "10X98765432"[sum%11] == s[17]
}

func validCredit(s string) bool {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	weights := [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	if len(s) != 18 || s[2:8] != cityCode {
		return false
	}
	sum := 0
	for i, w := range weights {
		sum += w * strings.IndexByte(alphabet, s[i])
	}
	return alphabet[(31-sum%31)%31] == s[17]
}

// TestPagesFitTheirColumns: a line has a value for each column.
func TestPagesFitTheirColumns(t *testing.T) {
	t.Parallel()
	c := newCity(Config{Seed: 9, Year: 2020, Months: 6})
	for i := range forms {
		f := &forms[i]
		book := f.open(c)
		for _, p := range f.periods(c) {
			pg, _ := book(f.senders[0], p)
			for n, line := range pg.lines {
				if len(line) != len(f.columns) {
					t.Fatalf("%s, line %d: %d values for %d columns", f.id, n, len(line), len(f.columns))
				}
			}
		}
	}
}
