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

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
)

// Cell is a value of a table that goes out: a text, a number as its exact text, or nothing. A list is a list in json, and its text in the
// other formats.
type Cell struct {
	text   string
	number bool
	list   any
}

func Text(s string) Cell { return Cell{text: s} }

func Number(s string) Cell { return Cell{text: s, number: true} }

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
	if !c.number && startsFormula(c.text) {
		return "'" + c.text
	}
	return c.text
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
			case c.list != nil:
				object[t.Columns[j]] = c.list
			case c.text == "" && c.number:
				object[t.Columns[j]] = nil
			case c.number:
				object[t.Columns[j]] = json.Number(c.text)
			default:
				object[t.Columns[j]] = c.text
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
			case c.text == "":
			case c.number:
				values[j] = numeric(c.text)
			default:
				values[j] = c.text
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

var factColumns = []string{"indicator", "period", "org", "value", "name", "unit_name", "measure", "observations"}

func (p *Portal) facts(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	filter := clickhouse.FactFilter{Indicator: q.Get("indicator")}
	var err error
	if text := q.Get("period"); text != "" {
		if filter.Period, err = reporting.ParsePeriod(text); err != nil {
			return err
		}
	}
	if filter.AsOf, err = TimeOf(q.Get("as_of")); err != nil {
		return err
	}
	if filter.Indicator != "" && p.Catalogue.Indicator(filter.Indicator) == nil {
		return reporting.Errorf(reporting.NotFound, "no such indicator: %q", filter.Indicator)
	}
	facts, err := p.Facts.Facts(r.Context(), filter, p.Catalogue)
	if err != nil {
		return err
	}
	if facts, err = factsOnPage(w, r, facts); err != nil {
		return err
	}
	t := Table{Name: "facts", Columns: factColumns}
	for _, f := range facts {
		i := p.Catalogue.Indicator(f.Indicator)
		t.Rows = append(t.Rows, []Cell{
			Text(f.Indicator), Text(f.Month.String()), Text(f.Unit), Number(f.Value.Text(i.Places())),
			Text(i.Name.ZH), Text(p.unitName(f.Unit)), Text(StoredMeasure(i)), Number(fmt.Sprint(f.Observations)),
		})
	}
	return t.Write(w, r)
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

func (p *Portal) unitName(code string) string {
	if u := p.Catalogue.Unit(code); u != nil {
		return u.Name.ZH
	}
	return ""
}

var figureColumns = []string{
	"indicator", "period", "value", "numerator", "denominator", "target", "completion", "previous", "yoy", "reported_units", "expected_units",
	"unit", "unit_name", "name", "measure", "missing", "restated",
	"province_target", "province_completion", "targets",
}

func (p *Portal) figures(w http.ResponseWriter, r *http.Request) error {
	wanted, err := p.selection(r)
	if err != nil {
		return err
	}
	figures, err := p.Answers.Figures(r.Context(), wanted)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("format") == sdmxFormat {
		return p.writeSDMX(w, figures)
	}
	return p.figureTable(figures, asked(r.URL.Query().Get("period"), wanted.Periods)).Write(w, r)
}

// asked maps each period to the name under which it was asked for: 2020H1 and 2020-01..2020-06 are one period.
func asked(text string, periods []reporting.Period) map[reporting.Period]string {
	names := map[reporting.Period]string{}
	for i, name := range strings.Split(text, ",") {
		names[periods[i]] = strings.TrimSpace(name)
	}
	return names
}

func (p *Portal) figureTable(figures []reporting.Figure, names map[reporting.Period]string) Table {
	t := Table{Name: "figures", Columns: figureColumns}
	for _, f := range figures {
		i := p.Catalogue.Indicator(f.Indicator)
		places, parts := i.Places(), 0
		if i.Kind == reporting.Ratio {
			parts = p.Catalogue.Indicator(i.Numerator).Places()
		}
		province, _ := f.TargetBy(reporting.ProvinceTarget)
		t.Rows = append(t.Rows, []Cell{
			Text(f.Indicator), Text(names[f.Period]),
			Number(reporting.PlainNumber(f.Value, places)), Number(reporting.PlainNumber(f.Numerator, parts)), Number(reporting.PlainNumber(f.Denominator, parts)),
			Number(reporting.PlainNumber(f.Target, places)), Number(reporting.PlainNumber(f.Completion, 6)),
			Number(reporting.PlainNumber(f.Previous, places)), Number(reporting.PlainNumber(f.YearOnYear, 6)),
			Number(fmt.Sprint(f.Reported)), Number(fmt.Sprint(f.Expected)),
			Text(f.Unit), Text(p.unitName(f.Unit)), Text(i.Name.ZH), Text(StoredMeasure(i)), Text(strings.Join(f.Missing, " ")), Text(fmt.Sprint(f.Restated)),
			Number(reporting.PlainNumber(province.Value, places)), Number(reporting.PlainNumber(province.Completion, 6)), targets(f, places),
		})
	}
	return t
}

// target is one of a figure's targets as json has it; the others have "city r1 40000 1.270025; province …".
type target struct {
	Level      string      `json:"level"`
	Revision   int         `json:"revision"`
	Value      json.Number `json:"value"`
	Completion json.Number `json:"completion,omitempty"`
}

func targets(f reporting.Figure, places int) Cell {
	list, words := []target{}, []string{}
	for _, t := range f.Targets {
		one := target{t.Level, t.Revision, json.Number(reporting.PlainNumber(t.Value, places)), json.Number(reporting.PlainNumber(t.Completion, 6))}
		list = append(list, one)
		words = append(words, strings.TrimSpace(fmt.Sprintf("%s r%d %s %s", one.Level, one.Revision, one.Value, one.Completion)))
	}
	return Cell{text: strings.Join(words, "; "), list: list}
}
