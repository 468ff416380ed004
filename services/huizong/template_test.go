package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/label"
	"huizong/pkg/normalize"
	"huizong/pkg/reporting"
	"huizong/schemas"
)

// TestTemplates takes each form from a server as a workbook, fills it as its sender would, and sends it back to the same server: it
// is accepted, and nothing is wrong. Monthly forms are sent for two months, so that what is known of the first stands in the second.
func TestTemplates(t *testing.T) {
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	server := startProcess(t, t.TempDir())
	dir := t.TempDir()
	for _, form := range catalogue.Forms {
		t.Run(form.ID, func(t *testing.T) {
			unit := catalogue.Units[slices.IndexFunc(catalogue.Units, form.SentBy)]
			for _, period := range map[reporting.PeriodKind][]string{"month": {"2020-01", "2020-02"}, "half": {"2020H1"}, "year": {"2020"}}[form.Periods] {
				checkFilled(t, server, catalogue, form, unit, period, dir)
			}
		})
	}
}

func checkFilled(t *testing.T, server *process, c *reporting.Catalogue, form *reporting.Form, unit reporting.OrgUnit, period, dir string) {
	t.Helper()
	file, err := server.get(t.Context(), "/api/v1/forms/"+form.ID+"/template", query("org", unit.Code, "period", period))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, fmt.Sprintf("%s-%s.xlsx", form.ID, period))
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	filled := newFiller(t, c, form, period, path)
	filled.fill(12)
	// The form is not named: the workbook says what it is.
	out, _ := server.run(t, "submit", "--org", unit.Code, "--period", period, "--json", path)
	got := lines(t, out)[0]
	if got.Outcome != reporting.Accepted || got.Form != form.ID {
		t.Errorf("%s: %s as %q", period, got.Outcome, got.Form)
	}
	for _, f := range got.Findings {
		if unavoidable(f, period) {
			continue
		}
		t.Errorf("%s: %s %s at %s!%s %q: %s", period, f.Severity, f.Code, f.Sheet, f.Cell, f.Value, f.Message)
	}
	if body, _ := server.run(t, "facts", "--period", period); filled.typed == 0 || form.Shape != reporting.NarrativeForm && form.Periods == "month" && strings.Count(body, "\n") < 2 {
		t.Errorf("%s: %d cells were filled, and the facts are\n%s", period, filled.typed, body)
	}
}

// unavoidable reports whether the finding only says that a check had to wait: for the month before the first one, or for another form of
// the unit, which is sent after this one and checks the pair when it comes. No cell of the form could change that.
func unavoidable(f reporting.Finding, period string) bool {
	if f.Code != reporting.CheckNotRun || f.Severity != reporting.SeverityNote {
		return false
	}
	return strings.Contains(f.Message, "尚未受理") || period == "2020-01" && strings.Contains(f.Message, "2019年12月还没有已受理的数据")
}

// filler fills a form in a workbook, by what stands in it: the header says what a column is, the cell's style whether it may be typed into,
// its drop-down list what may be.
type filler struct {
	t         *testing.T
	catalogue *reporting.Catalogue
	form      *reporting.Form
	period    reporting.Period
	path      string
	book      *excelize.File
	sheet     string
	first     int // row of the table's body
	typed     int // cells
}

func newFiller(t *testing.T, c *reporting.Catalogue, form *reporting.Form, period, path string) *filler {
	t.Helper()
	k := &filler{t: t, catalogue: c, form: form, path: path}
	var err error
	if k.period, err = reporting.ParsePeriod(period); err != nil {
		t.Fatal(err)
	}
	if k.book, err = excelize.OpenFile(path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.book.Close() })
	k.sheet = k.book.GetSheetList()[0]
	k.first = k.headerEnd() + 1
	return k
}

func (k *filler) name(row, column int) string { return reporting.CellName(int32(row-1), int32(column)) }

func (k *filler) text(row, column int) string {
	text, _ := k.book.GetCellValue(k.sheet, k.name(row, column))
	return text
}

// headerEnd is the last row of the header: that of the first column's, which reaches down to it.
func (k *filler) headerEnd() int {
	row := 1
	for k.text(row, 0) != k.form.Columns[0].Header {
		if row++; row > 10 {
			k.t.Fatalf("no header %q in column A", k.form.Columns[0].Header)
		}
	}
	merges, _ := k.book.GetMergeCells(k.sheet)
	for _, m := range merges {
		if m.GetStartAxis() == k.name(row, 0) {
			_, row, _ = excelize.CellNameToCoordinates(m.GetEndAxis())
		}
	}
	return row
}

// fill types into the first rows of a ledger, or all rows of another table, works the formulas out and saves the workbook.
func (k *filler) fill(rows int) {
	k.t.Helper()
	fixed := k.form.Shape != reporting.Ledger && k.form.Shape != reporting.NarrativeForm
	var formulas []string
	for i := 0; i < rows || fixed && k.text(k.first+i, 1) != ""; i++ {
		for column := range k.form.Columns {
			cell := k.name(k.first+i, column)
			if formula, _ := k.book.GetCellFormula(k.sheet, cell); formula != "" {
				formulas = append(formulas, cell)
			} else if v := k.value(i, column); v != nil && k.open(cell) {
				k.do(k.book.SetCellValue(k.sheet, cell, v))
				k.typed++
			}
		}
	}
	for range 2 { // totals stand last
		for _, cell := range formulas {
			k.calculate(cell)
		}
	}
	k.do(k.book.Save())
}

func (k *filler) do(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

// open reports whether the cell is empty and may be typed into.
func (k *filler) open(cell string) bool {
	id, err := k.book.GetCellStyle(k.sheet, cell)
	k.do(err)
	style, err := k.book.GetStyle(id)
	k.do(err)
	text, err := k.book.GetCellValue(k.sheet, cell)
	k.do(err)
	return text == "" && style.Protection != nil && !style.Protection.Locked
}

func (k *filler) calculate(cell string) {
	formula, err := k.book.GetCellFormula(k.sheet, cell)
	k.do(err)
	result, err := k.book.CalcCellValue(k.sheet, cell, excelize.Options{RawCellValue: true})
	k.do(err)
	k.do(k.book.SetCellDefault(k.sheet, cell, result))
	k.do(k.book.SetCellFormula(k.sheet, cell, formula))
}

// value is what the clerk has for a row and column; nil for nothing.
func (k *filler) value(i, column int) any {
	switch c := k.form.Columns[column]; c.Type {
	case reporting.Amount, reporting.Integer, reporting.MoneyValue:
		return k.amount(i, column)
	case reporting.DateValue: // further right is later: a case is closed after it was filed
		return k.period.End().AddDays(column - 20).Time()
	case reporting.MonthValue:
		return k.period.Last.String()
	case reporting.UnitValue:
		return []string{"城东街道", "港口镇", "云梯畲族乡"}[i%3]
	case reporting.Category:
		return c.Choices[i%len(c.Choices)].Name
	case reporting.IDNumber:
		return checked(fmt.Sprintf("34998119700101%03d", i), "0123456789X", normalize.ValidIDNumber)
	case reporting.CreditCode:
		return checked(fmt.Sprintf("91349981MA%07d", i), "0123456789ABCDEFGHJKLMNPQRTUWXY", normalize.ValidCreditCode)
	case reporting.TextValue:
		return fmt.Sprintf("%s%d", c.Header, i+1)
	}
	return nil
}

// amount is small for a part of another and greater for all else. Money has fen.
func (k *filler) amount(i, column int) float64 {
	c, money := k.form.Columns[column], k.form.Columns[column].Type == reporting.MoneyValue
	value := 20.0 // the same in all rows: none is more than another that holds it
	if c.PartOf != "" {
		value = 3
	}
	if at := k.form.ColumnOf(reporting.RowLabel); c.Type == reporting.Amount && at >= 0 {
		text := k.text(k.first+i, at)
		for _, r := range k.form.Rows {
			if label.Row(r.Label) == label.Row(text) && r.PartOf != "" {
				value = 3
			}
		}
		if at := k.form.ColumnOf(reporting.Measure); at >= 0 {
			_, money = reporting.Money(k.text(k.first+i, at)).Factor()
		}
	}
	if money {
		value += 0.25
	}
	if c.Type == reporting.MoneyValue { // of ledgers in yuan: the smallest amount that is likely
		from, err := strconv.ParseFloat(c.Plausible.From.String(), 64)
		k.do(err)
		value += from
	}
	return value
}

// checked is the number with the check character that makes it valid.
func checked(body, characters string, valid func(string) bool) string {
	for _, c := range characters {
		if valid(body + string(c)) {
			return body + string(c)
		}
	}
	panic("no check character for " + body)
}
