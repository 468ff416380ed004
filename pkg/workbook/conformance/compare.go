package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"huizong/pkg/reporting"
)

// compare holds the sheets against all that is known of the file, and returns the first difference.
func compare(corpus string, f file, sheets []*reporting.Sheet) string {
	for _, check := range []func(string, file, []*reporting.Sheet) string{
		compareDisplayed, compareReferences, compareAssertions, compareTwin, compareRecords, compareStatements,
	} {
		if why := check(corpus, f, sheets); why != "" {
			return why
		}
	}
	return ""
}

// companions are the files that stand beside one: name + middle + number + ".csv", by number.
func companions(corpus, name, middle string) map[int]string {
	found := map[int]string{}
	prefix := filepath.Join(corpus, name) + middle
	for n := range 100 {
		if _, err := os.Stat(prefix + strconv.Itoa(n) + ".csv"); err == nil {
			found[n] = prefix + strconv.Itoa(n) + ".csv"
		}
	}
	return found
}

var offset = regexp.MustCompile(`(\d+):(\d+),(\d+)`)

// compareDisplayed uses the CSV that Excel exported, which holds what it shows.
func compareDisplayed(corpus string, f file, sheets []*reporting.Sheet) string {
	offsets := map[string][]string{}
	if _, list, found := strings.Cut(f.expected, "offset "); found {
		for _, m := range offset.FindAllStringSubmatch(list, -1) {
			offsets[m[1]] = m[2:]
		}
	}
	other := recalculated[f.path].unseen()
	for n, name := range companions(corpus, f.path, ".expected.sheet") {
		if n >= len(sheets) {
			return fmt.Sprintf("sheet %d is missing", n)
		}
		row, col := 0, 0
		if o := offsets[strconv.Itoa(n)]; o != nil {
			row, _ = strconv.Atoi(o[0])
			col, _ = strconv.Atoi(o[1])
		}
		weak := strings.Contains(f.expected, "WEAK ORACLE") || strings.Contains(f.expected, "differ between")
		if why := compareAnywhere(name, sheets[n], row, col, other, displayed(weak)); why != "" {
			return why
		}
	}
	for cell, seen := range other {
		if !seen {
			return cell + " is listed as recalculated, and is not"
		}
	}
	return ""
}

// compareAnywhere holds a sheet against a CSV file that begins at the place given, or at any other one up to where the sheet is
// first used: the export leaves out what is empty before, and the manifest does not always say so.
func compareAnywhere(
	name string, sheet *reporting.Sheet, row, col int, other map[string]bool, same func(reporting.Cell, bool, string) bool,
) string {
	why := compareTable(name, sheet, row, col, other, same)
	if why == "" {
		return ""
	}
	lastRow, lastCol := origin(sheet)
	for row := range lastRow + 1 {
		for col := range lastCol + 1 {
			if compareTable(name, sheet, row, col, other, same) == "" {
				return ""
			}
		}
	}
	return why
}

// compareReferences uses the values that another reader found.
func compareReferences(corpus string, f file, sheets []*reporting.Sheet) string {
	for n, name := range companions(corpus, f.path, ".reference.sheet") {
		if n >= len(sheets) {
			return fmt.Sprintf("sheet %d is missing", n)
		}
		if why := compareTable(name, sheets[n], 0, 0, nil, sameValue); why != "" {
			return why
		}
	}
	return ""
}

// compareTable holds a sheet against a CSV file, cell by cell in both directions, but for other cells, which it marks as seen.
func compareTable(
	name string, sheet *reporting.Sheet, row0, col0 int, other map[string]bool, same func(reporting.Cell, bool, string) bool,
) string {
	records, err := readCSV(name)
	if err != nil {
		return err.Error()
	}
	for i, record := range records {
		for j, want := range record {
			c, found := sheet.At(int32(i+row0), int32(j+col0))
			if same(c, found, want) {
				continue
			}
			place := sheet.Name + "!" + reporting.CellName(int32(i+row0), int32(j+col0))
			if _, listed := other[place]; !listed {
				return fmt.Sprintf("%s: got %q, want %q", place, c.Text, want)
			}
			other[place] = true
		}
	}
	for _, row := range sheet.Rows {
		for _, c := range row.Cells {
			i, j := int(c.Row)-row0, int(c.Col)-col0
			if (i < 0 || i >= len(records) || j < 0 || j >= len(records[i])) && !same(c, true, "") {
				return fmt.Sprintf("%s %s: got %q, want nothing", sheet.Name, reporting.CellName(c.Row, c.Col), c.Text)
			}
		}
	}
	return ""
}

func readCSV(name string) ([][]string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(strings.NewReader(keepBlankLines(string(data))))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	return r.ReadAll()
}

// keepBlankLines makes encoding/csv count them: it drops blank lines, and Excel writes one for an empty row.
func keepBlankLines(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(text, "\n")
	quoted := false
	for i, line := range lines {
		if line == "" && !quoted && i < len(lines)-1 {
			lines[i] = `""`
		}
		if strings.Count(line, `"`)%2 == 1 {
			quoted = !quoted
		}
	}
	return strings.Join(lines, "\n")
}

// compareAssertions uses calamine's assertions about single cells.
func compareAssertions(corpus string, f file, sheets []*reporting.Sheet) string {
	name := filepath.Join(corpus, f.path) + ".expected.csv"
	if _, err := os.Stat(name); err != nil {
		return ""
	}
	records, err := readCSV(name)
	if err != nil {
		return err.Error()
	}
	for _, r := range records[1:] {
		if why := assertCell(r, sheets); why != "" {
			return why
		}
	}
	return ""
}

// assertCell judges a line: sheet(#n=index), addressing, row0, col0, type, value.
func assertCell(r []string, sheets []*reporting.Sheet) string {
	var sheet *reporting.Sheet
	for i, s := range sheets {
		if s.Name == r[0] || r[0] == "#"+strconv.Itoa(i) {
			sheet = s
		}
	}
	if sheet == nil {
		return "sheet " + r[0] + " is missing"
	}
	row, _ := strconv.Atoi(r[2])
	col, _ := strconv.Atoi(r[3])
	if r[1] != "used-range" {
		return assertAt(r, sheet, row, col)
	}
	r0, c0 := origin(sheet)
	why := assertAt(r, sheet, row+r0, col+c0)
	if why != "" && assertAt(r, sheet, row, c0+col) == "" { // a test may have asked for the rows above as well
		return ""
	}
	return why
}

func assertAt(r []string, sheet *reporting.Sheet, row, col int) string {
	c, found := sheet.At(int32(row), int32(col))
	if r[4] == "formula" || r[4] == "datetime-iso" && c.Date { // formulas are not kept where they have a result
		return ""
	}
	want, _, _ := strings.Cut(r[5], " (")
	ok := sameValue(c, found, strings.TrimSuffix(want, "."))
	if strings.HasPrefix(r[4], "serial") {
		ok = ok && c.Date
	}
	if !ok {
		return fmt.Sprintf("%s %s: got %q, want %q", sheet.Name, reporting.CellName(int32(row), int32(col)), c.Text, r[5])
	}
	return ""
}

// origin is where the used range begins.
func origin(sheet *reporting.Sheet) (row, col int) {
	row, col = 1<<30, 1<<30
	for _, r := range sheet.Rows {
		for _, c := range r.Cells {
			row, col = min(row, int(c.Row)), min(col, int(c.Col))
		}
	}
	return row, col
}

// compareTwin holds an .xls against the .xlsx of the same name.
func compareTwin(corpus string, f file, sheets []*reporting.Sheet) string {
	if !strings.Contains(f.expected, "twin") || !strings.HasSuffix(f.path, ".xls") {
		return ""
	}
	name := filepath.Join(corpus, "xlsx-conformance/extrame-xls", strings.TrimSuffix(filepath.Base(f.path), ".xls")+".xlsx")
	if _, err := os.Stat(name); err != nil {
		return "" // the corpus has the twin of one of them only
	}
	twin := read(name)
	if twin.err != nil || len(twin.sheets) < len(sheets) {
		return fmt.Sprintf("its twin has %d sheets, error %v, fault %q", len(twin.sheets), twin.err, twin.fault)
	}
	for i, s := range sheets {
		for _, row := range s.Rows {
			for _, c := range row.Cells {
				other, found := twin.sheets[i].At(c.Row, c.Col)
				if !found || !sameValue(c, true, other.Text) || other.Date != c.Date {
					return fmt.Sprintf("%s %s: %q and %q differ", s.Name, reporting.CellName(c.Row, c.Col), c.Text, other.Text)
				}
			}
		}
	}
	return ""
}

// compareRecords uses the JSON of csv-spectrum: one object a record, keyed by the header.
func compareRecords(corpus string, f file, sheets []*reporting.Sheet) string {
	data, err := os.ReadFile(filepath.Join(corpus, strings.TrimSuffix(f.path, ".csv")+".expected.json"))
	if err != nil {
		return ""
	}
	var records []map[string]string
	if json.Unmarshal(data, &records) != nil {
		var one map[string]string
		if err := json.Unmarshal(data, &one); err != nil {
			return err.Error()
		}
		records = append(records, one)
	}
	sheet := sheets[0]
	if len(sheet.Rows) != len(records)+1 {
		return fmt.Sprintf("%d records, want %d", len(sheet.Rows)-1, len(records))
	}
	for i, record := range records {
		for _, head := range sheet.Rows[0].Cells {
			if c, _ := sheet.Rows[i+1].At(head.Col); c.Text != record[head.Text] {
				return fmt.Sprintf("record %d, %s: got %q, want %q", i, head.Text, c.Text, record[head.Text])
			}
		}
	}
	return ""
}

var statement = regexp.MustCompile(`\b([A-Z]+)(\d+)=([^ ;,(]+)`)

// compareStatements uses what the manifest itself says: "A1=première", or the rows of a small table.
func compareStatements(_ string, f file, sheets []*reporting.Sheet) string {
	if strings.Contains(f.expected, "id,name / 1,english / 2,中国") {
		return compareStatement(sheets[0], "B", "3", "中国")
	}
	if !strings.Contains(f.expected, "values known:") || strings.Contains(f.expected, "Excel") {
		return ""
	}
	for _, m := range statement.FindAllStringSubmatch(f.expected, -1) {
		if why := compareStatement(sheets[0], m[1], m[2], m[3]); why != "" {
			return why
		}
	}
	return ""
}

func compareStatement(sheet *reporting.Sheet, letters, digits, want string) string {
	row, _ := strconv.Atoi(digits)
	for _, r := range sheet.Rows {
		for _, c := range r.Cells {
			if int(c.Row) == row-1 && reporting.ColumnName(c.Col) == letters {
				if strings.HasPrefix(c.Text, want) {
					return ""
				}
				return fmt.Sprintf("%s%s: got %q, want %q", letters, digits, c.Text, want)
			}
		}
	}
	return fmt.Sprintf("%s%s: nothing, want %q", letters, digits, want)
}
