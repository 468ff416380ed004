package workbook

import (
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/workbooktest"
)

// fuzzLimits keep a single input quick.
func fuzzLimits() Limits { return Limits{Unpacked: 16 << 20, Cells: 200_000} }

// checkRead reads a file both ways. Whatever it is: no panic, errors are FileErrors, places go forward, and both ways agree
// on the number of cells.
func checkRead(t *testing.T, data []byte) {
	book, err := Open(data, fuzzLimits())
	if err != nil {
		checkError(t, err)
		return
	}
	for i := range book.Sheets() {
		sheet, err := book.Read(i)
		cells := 0
		streamErr := book.Rows(i, func(row *reporting.Row) error { cells += len(row.Cells); return nil })
		if err != nil {
			checkError(t, err)
			continue
		}
		if streamErr != nil {
			t.Fatalf("Read succeeds, Rows does not: %v", streamErr)
		}
		if n := checkOrder(t, sheet); n != cells {
			t.Fatalf("Read gives %d cells, Rows %d", n, cells)
		}
	}
}

func checkError(t *testing.T, err error) {
	if outcome, why := judgeError(err); why != "" {
		t.Fatalf("%s: %s", outcome, why)
	}
}

// checkOrder counts the cells, and sees that they stand in order.
func checkOrder(t *testing.T, sheet *reporting.Sheet) (cells int) {
	lastRow := int32(-1)
	for _, row := range sheet.Rows {
		if row.Index <= lastRow {
			t.Fatalf("row %d after %d", row.Index, lastRow)
		}
		lastRow = row.Index
		lastCol := int32(-1)
		for _, c := range row.Cells {
			if c.Row != row.Index || c.Col <= lastCol {
				t.Fatalf("cell %d,%d in row %d after column %d", c.Row, c.Col, row.Index, lastCol)
			}
			lastCol = c.Col
			cells++
		}
	}
	return cells
}

func FuzzOpen(f *testing.F) {
	f.Add(workbooktest.XLSX(workbooktest.Shared, workbooktest.Form()))
	f.Add(workbooktest.XLSX(workbooktest.Inline, workbooktest.Form()))
	f.Add(workbooktest.XLS(workbooktest.Form()))
	f.Add(workbooktest.CSV(workbooktest.Form()))
	f.Fuzz(checkRead)
}

// FuzzSheetXML changes the XML of a sheet inside a sound zip, which the checksums keep FuzzOpen from reaching.
func FuzzSheetXML(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><f>A1+1</f></c></row>`)
	f.Add(`<row hidden="1"><c t="inlineStr"><is><r><t>x</t></r><rPh><t>y</t></rPh></is></c></row>`)
	f.Add(`<worksheet ` + workbooktest.MainNS + `><cols><col min="1" max="2" hidden="1"/></cols><sheetData/><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`)
	f.Add(`<row><c><f t="shared" si="0">SUM(B1:B9)*2%</f></c></row><row><c><f t="shared" si="0"/></c></row>`)
	f.Fuzz(func(t *testing.T, sheet string) { checkRead(t, workbooktest.Parts{Sheet: sheet}.Zip()) })
}

func FuzzSharedStrings(f *testing.F) {
	f.Add(`<sst ` + workbooktest.MainNS + `><si><t>甲_x000D_</t></si></sst>`)
	f.Add(`<sst ` + workbooktest.MainNS + `><si><r><t>a</t></r></si><!-- c --><si><t><![CDATA[x]]></t></si></sst>`)
	f.Fuzz(func(t *testing.T, strings string) {
		checkRead(t, workbooktest.Parts{Strings: strings, Sheet: `<row><c t="s"><v>0</v></c></row>`}.Zip())
	})
}

// FuzzStream changes the records of an .xls without its container.
func FuzzStream(f *testing.F) {
	f.Add(workbooktest.Stream(workbooktest.Blocks, workbooktest.Form()))
	f.Add(workbooktest.Stream(workbooktest.Plain, workbooktest.HiddenSheet()))
	f.Add(workbooktest.Stream(workbooktest.Columns, workbooktest.Form()))
	f.Add(workbooktest.Locked(workbooktest.Stream(workbooktest.Blocks, workbooktest.Form()), "VelvetSweatshop"))
	f.Fuzz(func(t *testing.T, stream []byte) { checkRead(t, workbooktest.Compound("Workbook", stream)) })
}

func FuzzText(f *testing.F) {
	f.Add([]byte("指标,本月\n\"新增\n就业\",\"1,234\"\n"))
	f.Add([]byte("a;b\r\n\r\n1;2\r"))
	f.Add([]byte("\xFF\xFEa\x00,\x00b\x00"))
	f.Add([]byte("\xD6\xB8\xB1\xEA\t1\n"))
	f.Add([]byte("sep=|\n1|2"))
	f.Fuzz(checkRead)
}

func FuzzODS(f *testing.F) {
	f.Add(`<table:table table:name="S"><table:table-row><table:table-cell office:value-type="time" office:time-value="PT1H"/></table:table-row></table:table>`)
	f.Add(`<table:table><table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row></table:table>`)
	f.Fuzz(func(t *testing.T, tables string) { checkRead(t, workbooktest.ODS("", tables)) })
}
