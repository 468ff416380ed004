package main

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
	"xls/calamine/too_small.xls":               "a line of plain text is a table of one cell, whatever the file is called; no form is found in it",
	"xls/phpspreadsheet/bug1592.xls":           "the shared strings end within a string",
	"xls/sheetjs/biff5__phonetic_text.xls": "its only text has four bytes, says that it has two, and names a code page in which they are no Japanese",
	"xls/poi/50833.xls":                        "encrypted; the corpus expects the values for those who have the password",
	"xls/poi/64130.xls":                        "a preview version of Excel 5 with shorter records",

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

	"xls/poi/12843-1.xls":                                      oracle + "numbers with thousands separators are not quoted, so columns shift",
	"xls/poi/44861.xls":                                        oracle + "a formula that Excel worked out anew",
	"xls/poi/44958_1.xls":                                      oracle + "a data table that Excel worked out anew",
	"xls/poi/LookupFunctionsTestCaseData.xls":                  oracle + "it has a text in K11, for which the file has no record",
	"xls/poi/MatchFunctionTestCaseData.xls":                    oracle + "a formula that Excel worked out anew",
	"xls/poi/ex47747-sharedFormula.xls":                        oracle + "it begins at another row than the used range",
	"xls/poi/excelant.xls":                                     oracle + "a user-defined function that Excel worked out anew",
	"xls/sheetjs/LONumbers-2010.xls":                           oracle + "numbers in the digits of other scripts",
	"xls/sheetjs/LONumbers-2011.xls":                           oracle + "numbers in the digits of other scripts",
	"xls/sheetjs/LONumbers.xls":                                oracle + "numbers in the digits of other scripts",
	"xlsx-conformance/poi/56688_4.xlsx":                        oracle + "TODAY()",
	"xlsx-conformance/poi/CustomXMLMappings-complex-type.xlsx": oracle + "it begins at another row than the used range",
	"xlsx-conformance/poi/ElapsedFormatTests.xlsx":             oracle + "formulas that Excel worked out anew",
	"xlsx-conformance/poi/NumberFormatTests.xlsx":              oracle + "blank rows are missing in it",
	"xlsx-conformance/sheetjs/LONumbers-2011.xlsx":             oracle + "numbers in the digits of other scripts",
	"xlsx-conformance/sheetjs/LONumbers.xlsx":                  oracle + "numbers in the digits of other scripts",
	"xlsx-conformance/sheetjs/number_format.xlsm":              oracle + "a date format in another script of digits",

	"xlsx-conformance/calamine/issue252.xlsx":                   "the sizes in its zip headers are not those of its parts",
	"xlsx-conformance/phpspreadsheet-hostile/sec-j47r.xlsx":     "what is hostile is a formula, and formulas are not run",
	"xlsx-conformance/phpspreadsheet-hostile/urlImage.bad.xlsx": "what is hostile is a picture's address, and pictures are not read",
	"xlsx-conformance/poi/xlsx-jdbc.xlsx":                       "a sound workbook, and its values equal those of its exported CSV",

	"xlsx-conformance/calamine/number_rows_repeated.ods": "its assertions are of several ranges under one name, and contradict one another",

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
