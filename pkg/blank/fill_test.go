package blank

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
)

// typed is what the test's clerk types into a cell: something that the column may hold, different in each row.
func typed(p *plan, i, column int) any {
	c := p.Form.Columns[column]
	switch c.Type {
	case reporting.Amount, reporting.Integer, reporting.MoneyValue:
		return amount(p, i, column)
	case reporting.DateValue:
		// Columns further right are later: a case is closed after it was filed.
		return p.Period.End().AddDays(column - 20).Time()
	case reporting.MonthValue:
		return p.Period.Last.String()
	case reporting.UnitValue, reporting.Category:
		choices := strings.Split(p.cells[i][column].check.list, "\n")
		return choices[i%len(choices)]
	case reporting.IDNumber:
		return idNumber(i)
	case reporting.CreditCode:
		return creditCode(i)
	case reporting.TextValue:
		return fmt.Sprintf("%s%d", c.Header, i+1)
	}
	return nil
}

// amount is small for a part, greater for a whole, and with fen where it is money. Indicators are alike: the checks between them say that
// one is at most another.
func amount(p *plan, i, column int) float64 {
	value := float64(20 + i)
	if p.Form.Shape == reporting.IndicatorForm {
		value = 20
	}
	if p.Form.Columns[column].PartOf != "" || p.lines[i].part {
		value = 3
	}
	if money := p.money(&p.lines[i], column); money != "" {
		value += 0.25 + least(p.Form.Columns[column], money)
	}
	return value
}

// least is the smallest amount that the form takes for likely in the column, in the unit of money.
func least(c reporting.Column, money reporting.Money) float64 {
	factor, _ := money.Factor()
	from, _ := strconv.ParseFloat(c.Plausible.From.String(), 64)
	of, _ := strconv.ParseFloat(factor.String(), 64)
	return from / of
}

func idNumber(i int) string {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	body := fmt.Sprintf("34998119700101%03d", i)
	sum := 0
	for k, w := range weights {
		sum += w * int(body[k]-'0')
	}
	return body + string("10X98765432"[sum%11])
}

func creditCode(i int) string {
	const characters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	body := fmt.Sprintf("91349981MA%07d", i)
	sum, weight := 0, 1
	for k := range body {
		sum += strings.IndexByte(characters, body[k]) * weight
		weight = weight * 3 % 31
	}
	return body + string(characters[(31-sum%31)%31])
}

// fillIn opens the blank, types into all cells that are to be filled in its first rows, and works the formulas out.
func fillIn(t *testing.T, file []byte, p *plan, rows int) []byte {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet := book.GetSheetList()[0]
	for i := range min(rows, len(p.lines)) {
		for column := range p.Form.Columns {
			c := p.cells[i][column]
			if c.role != input || c.number != nil {
				continue
			}
			if v := typed(p, i, column); v != nil {
				if err := book.SetCellValue(sheet, p.cell(i, column), v); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	// Totals stand last and to the right: two rounds settle what depends on what.
	for range 2 {
		recompute(t, book, sheet, p)
	}
	b, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func recompute(t *testing.T, book *excelize.File, sheet string, p *plan) {
	t.Helper()
	for i := range p.lines {
		for column := range p.Form.Columns {
			formula := p.cells[i][column].formula
			if formula == "" {
				continue
			}
			cell := p.cell(i, column)
			result, err := book.CalcCellValue(sheet, cell, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatalf("%s = %s: %v", cell, formula, err)
			}
			if err := book.SetCellDefault(sheet, cell, result); err != nil {
				t.Fatal(err)
			}
			if err := book.SetCellFormula(sheet, cell, formula); err != nil {
				t.Fatal(err)
			}
		}
	}
}
