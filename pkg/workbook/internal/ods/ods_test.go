package ods_test

import (
	"errors"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/limits"
	"huizong/pkg/workbook/internal/ods"
	"huizong/pkg/workbook/internal/unzip"
	"huizong/pkg/workbook/internal/workbooktest"
)

func open(data []byte) (*ods.Workbook, error) {
	zip, err := unzip.Open(workbooktest.Input(data), limits.Default())
	if err != nil {
		return nil, err
	}
	return ods.Open(zip, limits.Default())
}

func readAll(data []byte) ([]*reporting.Sheet, error) {
	book, err := open(data)
	if err != nil {
		return nil, err
	}
	return workbooktest.ReadAll(book, len(book.Sheets))
}

func TestReads(t *testing.T) {
	data := workbooktest.ODS(
		`<style:style style:name="h"><style:table-properties table:display="false"/></style:style>`+
			`<style:style style:name="w" style:family="table-column"><style:table-column-properties style:column-width="0cm"/></style:style>`,
		`<table:table table:name="月报"><table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/><table:table-column table:style-name="w"/>`+
			`<table:table-row><table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>甲<text:s text:c="2"/><text:span>乙</text:span></text:p><text:p>丙</text:p></table:table-cell><table:covered-table-cell/><table:table-cell office:value-type="float" office:value="1.50"><text:p>1.5</text:p></table:table-cell></table:table-row>`+
			`<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`+
			`<table:table-row table:number-rows-repeated="2" table:visibility="filter"><table:table-cell office:value-type="date" office:date-value="2020-06-15"/><table:table-cell office:value-type="boolean" office:boolean-value="true" table:number-columns-repeated="2"/></table:table-row>`+
			`<table:table-row><table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/><table:table-cell calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell><table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation></table:table-cell></table:table-row>`+
			`<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>`+
			`<table:table table:name="旧" table:style-name="h"/>`)
	book, err := open(data)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := workbooktest.Read(book, 0)
	if err != nil {
		t.Fatal(err)
	}
	const want = `"月报" hidden=false 1904=false
1 | A "甲  乙\n丙" | C 1.50
5 hidden | A d43997 | B TRUE | C TRUE
6 hidden | A d43997 | B TRUE | C TRUE
7 | A =2 | B #REF!
merged A1:B1
hidden B:C
hidden D:D
`
	if got := workbooktest.Print(sheet); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if infos := book.Sheets; len(infos) != 2 || !infos[1].Hidden {
		t.Errorf("%+v", infos)
	}
}

// TestTextStyle: a format that has a section for texts, too, is written as a style of texts, whose conditions lead to those of numbers.
func TestTextStyle(t *testing.T) {
	part := func(name, sign, unit string) string {
		return `<number:number-style xmlns:number="n" style:name="` + name + `"><number:text>` + sign + `</number:text><number:number number:decimal-places="2" number:min-integer-digits="1"/><number:text>` + unit + `</number:text></number:number-style>`
	}
	data := workbooktest.ODS(part("P0", "", "万元")+part("P1", "-", "万元")+part("P2", "", "元")+
		`<number:text-style xmlns:number="n" style:name="N"><number:text-content/><style:map style:condition="value()&gt;0" style:apply-style-name="P0"/>`+
		`<style:map style:condition="value()&lt;0" style:apply-style-name="P1"/><style:map style:condition="value()=0" style:apply-style-name="P2"/></number:text-style>`+
		`<style:style style:name="c" style:family="table-cell" style:data-style-name="N"/>`+
		`<number:number-style xmlns:number="n" style:name="L"><number:number number:min-integer-digits="1"/><number:text>%</number:text></number:number-style>`+
		`<number:percentage-style xmlns:number="n" style:name="P"><number:number number:decimal-places="0" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>`+
		`<style:style style:name="l" style:family="table-cell" style:data-style-name="L"/><style:style style:name="p" style:family="table-cell" style:data-style-name="P"/>`,
		`<table:table table:name="S"><table:table-row><table:table-cell table:style-name="c" office:value-type="float" office:value="3.5"/><table:table-cell table:style-name="c" office:value-type="float" office:value="-2"/>`+
			`<table:table-cell office:value-type="string"><text:p>共<text:sheet-name>6月</text:sheet-name></text:p></table:table-cell>`+
			`<table:table-cell table:style-name="l" office:value-type="float" office:value="98.5"/><table:table-cell table:style-name="p" office:value-type="percentage" office:value="0.98"/></table:table-row></table:table>`)
	sheets, err := readAll(data)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"3.50万元", "-2.00万元", "共6月", "98.5%", "98%"} {
		if got := sheets[0].Rows[0].Cells[i].Shown(); got != want {
			t.Errorf("cell %d shows %q, want %q", i, got, want)
		}
	}
}

func TestRefuses(t *testing.T) {
	cell := func(text string) string {
		return `<table:table table:name="S"><table:table-row>` + text + `</table:table-row></table:table>`
	}
	for name, test := range map[string]struct {
		tables string
		code   reporting.FindingCode
	}{
		"number":          {cell(`<table:table-cell office:value-type="float" office:value="x"/>`), reporting.UnreadableFile},
		"date":            {cell(`<table:table-cell office:value-type="date" office:date-value="2020-13-01"/>`), reporting.UnreadableFile},
		"type":            {cell(`<table:table-cell office:value-type="money"/>`), reporting.UnreadableFile},
		"unknown in row":  {cell(`<table:cell/>`), reporting.UnreadableFile},
		"repetition":      {cell(`<table:table-cell table:number-columns-repeated="-1"/>`), reporting.UnreadableFile},
		"cut short":       {`<table:table table:name="S"><table:table-row>`, reporting.UnreadableFile},
		"repeated widely": {cell(`<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="999999999"/>`), reporting.TooLarge},
		"repeated deeply": {`<table:table><table:table-row table:number-rows-repeated="999999999"><table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>`, reporting.TooLarge},
	} {
		_, err := readAll(workbooktest.ODS("", test.tables))
		var e *reporting.FileError
		if !errors.As(err, &e) || e.Code != test.code || strings.TrimSpace(e.Reason.ZH) == "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
