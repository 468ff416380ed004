package main

import "strings"

// Reasons that several files share.
const (
	tooOld  = "Excel 2 to 4, before BIFF5: named for what it is, with how to save it"
	xml2003 = "SpreadsheetML: named for what it is, with how to save it"
	xlsb    = "Excel's binary workbook: named for what it is, with how to save it"
	oracle  = "the exported CSV does not say what the file holds: "
)

// exceptions are the files that we read differently from what the corpus expects, and why.
var exceptions = map[string]string{
	"csv/csv-spectrum/location_coordinates.csv": "its JSON has another telephone number than its CSV",

	"xls/calamine/issue_643_biff5_formula.xls": "a cell stands behind the records that end the cells, which is how a cell looks whose record has become another; opened and saved again it is sound",
	"xls/sheetjs/biff5__phonetic_text.xls":     "its only text has four bytes, says that it has two, and names a code page in which they are no Japanese",
	"xls/poi/64130.xls":                        "a chart of a preview version of Excel 5, whose only sheet has no name and no cells",

	"xls/poi/testEXCEL_3.xls":                 tooOld,
	"xls/poi/testEXCEL_4.xls":                 tooOld,
	"xls/sheetjs/crlf__CRLFR9_4.XLS":          tooOld,
	"xls/sheetjs/crlf__CRLFX5_2.XLS":          tooOld,
	"xls/sheetjs/crlf__CRLFX5_3.XLS":          tooOld,
	"xls/xlrd/biff4_no_format_no_window2.xls": tooOld,

	"xls/sheetjs/crlf__crlf.xml":           xml2003,
	"xls/sheetjs/merge_cells.xls.xml":      xml2003,
	"xls/sheetjs/rich_text_stress.xls.xml": xml2003,
	"xls/sheetjs/text_and_numbers.xml":     xml2003,

	"xls/poi/12843-1.xls":                                      oracle + "numbers with thousands separators are not quoted in it, so that columns shift from the first on",
	"xls/poi/LookupFunctionsTestCaseData.xls":                  oracle + "it has a text in VL-basic!K11, where the stream has records for J11 and L11 only",
	"xlsx-conformance/poi/CustomXMLMappings-complex-type.xlsx": oracle + "it lacks the column D of Foglio2, whose D5 is \"Unmapped Column\" in the XML",
	"xlsx-conformance/poi/NumberFormatTests.xlsx":              oracle + "it lacks row 105 of Tests, which the XML has, so that all rows behind it are one further up",

	"xlsx-conformance/calamine/issue252.xlsx":             "the sizes in its zip headers are not those of its parts",
	"xlsx-conformance/phpspreadsheet/fakewebservice.xlsx": "a formula fetches its value from the web: refused with the cell, and with how to send the value itself",
	"xlsx-conformance/poi/xlsx-jdbc.xlsx":                 "the manifest takes it for another container under this name, but it is a zip with a sound workbook, of the values of its exported CSV",

	"xlsx-conformance/calamine/any_sheets.xlsb": xlsb,
	"xlsx-conformance/calamine/issue127.xlsb":   xlsb,
	"xlsx-conformance/calamine/issue_186.xlsb":  xlsb,
	"xlsx-conformance/calamine/issue_419.xlsb":  xlsb,
	"xlsx-conformance/poi/51519.xlsb":           xlsb,
	"xlsx-conformance/poi/62815.xlsb":           xlsb,
	"xlsx-conformance/poi/Simple.xlsb":          xlsb,
	"xlsx-conformance/poi/WithTextBox.xlsb":     xlsb,
	"xlsx-conformance/poi/date.xlsb":            xlsb,
	"xlsx-conformance/poi/hyperlink.xlsb":       xlsb,
	"xlsx-conformance/poi/testVarious.xlsb":     xlsb,
}

// recalculation names the cells whose value Excel worked out anew when it exported the CSV. Each of the 70 was looked up in the bytes of
// the file, apart from this reader: it is a formula, and the result in its record, or in its <v>, is the value that we read.
type recalculation struct{ sheet, cells, why string }

var recalculated = map[string]recalculation{
	"xls/poi/44861.xls": {
		"reporting", "A1 L5 L6 L7 L8 L9 L10 L11 L12 L13 L14 L18 L19 L20 L21 L22 L23 L24 L25 L26 L27 " +
			"B32 C32 D32 E32 F32 G32 H32 I32 J32 K32 L32 M32 N32 N34 N35",
		"the formulas were written by a program with 0 and an empty name as their results",
	},
	"xls/poi/44958_1.xls":                   {"OneVariable Table Completed", "E4", "a data table with the result 356.105…"},
	"xls/poi/MatchFunctionTestCaseData.xls": {"Match", "B23 B26 B31 B34 B41 B42 B44 B49 B50 B52 B53", "MATCH, with results of another program"},
	"xls/poi/excelant.xls":                  {"MortageCalculatorFunction", "B4", "a user-defined function with the result #VALUE!"},
	"xlsx-conformance/poi/56688_4.xlsx":     {"Sheet1", "B2", "EDATE of TODAY(), in 2014 and in 2017"},
	"xlsx-conformance/poi/ElapsedFormatTests.xlsx": {
		"Tests", "A8 A9 A18 A19 A28 A29 A38 A39 A48 A49", "TEXT with elapsed time, which versions of Excel count differently",
	},
	"xlsx-conformance/sheetjs/number_format.xlsm": {
		"ImpliedNegative", "D3 D4 D5 D6 D7 D8 D9 D10 D11 D28", "a function of its macros, with an empty text as the result",
	},
}

// unseen lists the cells, none of which has come by yet.
func (r recalculation) unseen() map[string]bool {
	cells := map[string]bool{}
	for _, cell := range strings.Fields(r.cells) {
		cells[r.sheet+"!"+cell] = false
	}
	return cells
}
