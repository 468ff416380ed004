package portal

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
)

// Cell is a value of a table that goes out: a text, a number as its exact text, or nothing. A list is a list in json, and its text in the
// other formats.
type Cell struct {
	Text   string
	number bool
	List   any
}

func Text(s string) Cell { return Cell{Text: s} }

func Number(s string) Cell { return Cell{Text: s, number: true} }

// Table is what leaves as csv, json or xlsx.
type Table struct {
	Name    string
	Columns []string
	Rows    [][]Cell
}

// Write sends the table in the format that the request asks for; csv is the default.
func (t Table) Write(w http.ResponseWriter, r *http.Request) error {
	format := r.URL.Query().Get("format")
	if format == "" {
		format = "csv"
	}
	writers := map[string]func(io.Writer) error{"csv": t.csv, "json": t.json, "xlsx": t.xlsx}
	write, ok := writers[format]
	if !ok {
		return reporting.Errorf(reporting.Invalid, "format %q: want csv, json or xlsx", format)
	}
	Download(w, t.Name+"."+format, format)
	return write(w)
}

func (t Table) csv(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(t.Columns); err != nil {
		return err
	}
	record := make([]string, len(t.Columns))
	for _, row := range t.Rows {
		for i, c := range row {
			record[i] = c.plain()
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// plain is the cell for a file that a spreadsheet program may open: a text that would be taken for a formula is quoted.
func (c Cell) plain() string {
	if !c.number && startsFormula(c.Text) {
		return "'" + c.Text
	}
	return c.Text
}

// startsFormula reports whether a spreadsheet program may take a text for a formula: programs pass over what is blank before it, and
// those of East Asia take the wide signs, too.
func startsFormula(text string) bool {
	bare := strings.TrimLeftFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) })
	first, _ := utf8.DecodeRuneInString(bare)
	return bare != "" && strings.ContainsRune("=+-@＝＋－＠", first) || text != "" && strings.ContainsRune("\t\r\n", rune(text[0]))
}

func (t Table) json(w io.Writer) error {
	if _, err := io.WriteString(w, "["); err != nil {
		return err
	}
	for i, row := range t.Rows {
		object := make(map[string]any, len(row))
		for j, c := range row {
			switch {
			case c.List != nil:
				object[t.Columns[j]] = c.List
			case c.Text == "" && c.number:
				object[t.Columns[j]] = nil
			case c.number:
				object[t.Columns[j]] = json.Number(c.Text)
			default:
				object[t.Columns[j]] = c.Text
			}
		}
		line, err := json.Marshal(object)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%s", map[bool]string{true: "\n", false: ",\n"}[i == 0], line); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\n]\n")
	return err
}

func (t Table) xlsx(w io.Writer) error {
	file := excelize.NewFile()
	defer file.Close()
	out, err := file.NewStreamWriter("Sheet1")
	if err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	header := make([]any, len(t.Columns))
	for i, name := range t.Columns {
		header[i] = name
	}
	if err := out.SetRow("A1", header); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	for i, row := range t.Rows {
		values := make([]any, len(row))
		for j, c := range row {
			switch {
			case c.Text == "":
			case c.number:
				values[j] = numeric(c.Text)
			default:
				values[j] = c.Text
			}
		}
		if err := out.SetRow(reporting.CellName(int32(i)+1, 0), values); err != nil {
			return fmt.Errorf("xlsx: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return file.Write(w)
}

// numeric is the number for a format that has binary numbers only: the last step, of a value that is not computed with any more.
func numeric(text string) any {
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return text
	}
	f, _ := value.Float64()
	return f
}

// StoredMeasure is the unit of the numbers in files: money is in yuan.
func StoredMeasure(i *reporting.Indicator) string {
	switch {
	case i.IsMoney():
		return string(reporting.Yuan)
	case i.Kind == reporting.Ratio:
		return ""
	}
	return i.Measure
}
