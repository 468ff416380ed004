package ods

import (
	"strconv"
	"strings"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/numfmt"
	"huizong/pkg/workbook/internal/xmlscan"
)

const stylesPart = "styles.xml"

// styles are the styles of cells and of pieces of text, by name. Those of content.xml and of styles.xml share no names.
type styles struct {
	cells  map[string]*cellStyle
	texts  map[string]reporting.Marks // Struck and Raised
	data   map[string]*dataStyle
	hidden map[string]bool // styles of tables that are not shown, and, behind columnOf, of columns without a width
	looks  map[string]*look
}

// columnOf keeps the styles of columns apart from those of tables: both have names of their own.
const columnOf = "column "

// cellStyle is a style of cells as it is written; what it does not say, its parent may.
type cellStyle struct {
	parent, data string
	struck, says bool
}

// dataStyle is a number format, as the text that other spreadsheets have for it.
type dataStyle struct {
	code string
	text bool // for texts: what numbers look like stands in the styles that its conditions lead to
	maps []condition
}

type condition struct{ when, style string }

// look is what a style comes to.
type look struct {
	numfmt.Style
	marks reporting.Marks
}

func newStyles() *styles {
	return &styles{map[string]*cellStyle{}, map[string]reporting.Marks{}, map[string]*dataStyle{}, map[string]bool{}, map[string]*look{}}
}

// maxStyles is more than any program writes.
const maxStyles = 1 << 18

// element reads a style, and reports whether the element is one of the styles.
func (st *styles) element(s *xmlscan.Scanner) (bool, error) {
	if len(st.cells)+len(st.texts)+len(st.data) > maxStyles {
		return true, fault.TooLarge(content, fault.Bomb())
	}
	switch string(s.Name()) {
	case "style:style":
		return true, st.style(s)
	case "number:number-style", "number:currency-style", "number:percentage-style", "number:date-style", "number:time-style", "number:text-style":
		return true, st.dataStyle(s)
	}
	return false, nil
}

func attrs(s *xmlscan.Scanner, names ...string) ([]string, error) {
	values := make([]string, len(names))
	for i, name := range names {
		v, _, err := s.Attr(name)
		if err != nil {
			return nil, err
		}
		values[i] = string(v)
	}
	return values, nil
}

// each calls visit for the elements inside the one whose start was just returned, at any depth.
func each(s *xmlscan.Scanner, visit func() error, text func([]byte)) error {
	for depth := s.Depth(); ; {
		kind, err := s.Next()
		if err != nil {
			return err
		}
		switch kind {
		case xmlscan.End:
			if s.Depth() < depth {
				return nil
			}
		case xmlscan.Text:
			var b []byte
			if b, err = s.Text(); err == nil && text != nil {
				text(b)
			}
		case xmlscan.Start:
			err = visit()
		}
		if err != nil {
			return err
		}
	}
}

func (st *styles) style(s *xmlscan.Scanner) error {
	a, err := attrs(s, "style:name", "style:family", "style:parent-style-name", "style:data-style-name")
	if err != nil {
		return err
	}
	name, family := a[0], a[1]
	cell := &cellStyle{parent: a[2], data: a[3]}
	var marks reporting.Marks
	err = each(s, func() error {
		switch string(s.Name()) {
		case "style:text-properties":
			line, err := attrs(s, "style:text-line-through-style", "style:text-line-through-type", "style:text-position")
			if err != nil {
				return err
			}
			cell.says = line[0]+line[1] != ""
			cell.struck = cell.says && line[0] != "none" && line[1] != "none"
			if cell.struck {
				marks |= reporting.Struck
			}
			if position := line[2]; position != "" && !strings.HasPrefix(position, "0%") {
				marks |= reporting.Raised
			}
		case "style:table-properties":
			display, err := attrs(s, "table:display")
			if err == nil && display[0] == "false" {
				st.hidden[name] = true
			}
			return err
		case "style:table-column-properties":
			width, err := attrs(s, "style:column-width")
			if err == nil && width[0] != "" && strings.Trim(width[0], "0.cmintp") == "" {
				st.hidden[columnOf+name] = true
			}
			return err
		}
		return nil
	}, nil)
	switch family {
	case "table-cell":
		st.cells[name] = cell
	case "text":
		st.texts[name] = marks
	}
	return err
}

// dataStyle puts a number format into the text that other spreadsheets have for it: 0.00"万元".
func (st *styles) dataStyle(s *xmlscan.Scanner) error {
	a, err := attrs(s, "style:name")
	if err != nil {
		return err
	}
	style := &dataStyle{text: string(s.Name()) == "number:text-style"}
	percent := string(s.Name()) == "number:percentage-style"
	st.data[a[0]] = style
	var number *numberCode
	literal := false // what comes next is printed
	var code strings.Builder
	err = each(s, func() error {
		if number != nil && string(s.Name()) != "number:embedded-text" {
			code.WriteString(number.String())
			number = nil
		}
		literal = false
		switch name := string(s.Name()); name {
		case "number:number":
			number, err = readNumber(s)
			return err
		case "number:embedded-text":
			position, err := attrs(s, "number:position")
			if err != nil || number == nil {
				return err
			}
			at, _ := strconv.Atoi(position[0])
			b, err := s.Content()
			number.embedded = append(number.embedded, embedded{at, string(b)})
			return err
		case "number:text", "number:currency-symbol":
			literal = true
		case "style:map":
			m, err := attrs(s, "style:condition", "style:apply-style-name")
			if err == nil {
				style.maps = append(style.maps, condition{strings.TrimPrefix(strings.ReplaceAll(m[0], " ", ""), "value()"), m[1]})
			}
			return err
		default:
			part, err := datePart(s, name)
			code.WriteString(part)
			return err
		}
		return nil
	}, func(b []byte) {
		if literal && len(b) > 0 {
			if number != nil {
				code.WriteString(number.String())
				number = nil
			}
			code.WriteString(printed(string(b), percent))
		}
	})
	if number != nil {
		code.WriteString(number.String())
	}
	style.code = code.String()
	return err
}

// printed is a text in a number format. Its percent sign counts in hundredths in a style of percentages alone.
func printed(text string, percent bool) string {
	if percent && strings.Trim(text, "% ") == "" {
		return text
	}
	return quote(text)
}

func quote(text string) string {
	return `"` + strings.ReplaceAll(text, `"`, "") + `"`
}

// numberCode is the digits of a number format.
type numberCode struct {
	decimals, least, factor int
	grouping                bool
	open                    bool // as many decimals as the number has
	embedded                []embedded
}

// embedded is a text that stands before so many of the last digits.
type embedded struct {
	at   int
	text string
}

func readNumber(s *xmlscan.Scanner) (*numberCode, error) {
	a, err := attrs(s, "number:decimal-places", "number:min-integer-digits", "number:grouping", "number:display-factor")
	if err != nil {
		return nil, err
	}
	bounded := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 30 {
			return 0
		}
		return n
	}
	n := &numberCode{decimals: bounded(a[0]), least: bounded(a[1]), grouping: a[2] == "true"}
	n.open = a[0] == "" && n.least < 2 && !n.grouping
	factor := strings.TrimSuffix(a[3], ".0")
	for strings.HasSuffix(factor, "000") {
		factor = strings.TrimSuffix(factor, "000")
		n.factor++
	}
	if factor != "" && factor != "1" {
		n.factor = unknownFactor
	}
	return n, nil
}

// unknownFactor is more commas than a format has: no other program shows such a number.
const unknownFactor = 3

func (n *numberCode) String() string {
	if n.open && len(n.embedded) == 0 && n.factor == 0 {
		return "General"
	}
	digits := max(n.least, 1)
	for _, e := range n.embedded {
		digits = max(digits, min(e.at, 30)+1)
	}
	var b strings.Builder
	for left := digits; left > 0; left-- {
		for _, e := range n.embedded {
			if e.at == left {
				b.WriteString(quote(e.text))
			}
		}
		switch {
		case left > n.least && len(n.embedded) == 0:
			b.WriteByte('#')
		default:
			b.WriteByte('0')
		}
	}
	text := b.String()
	if n.grouping && len(n.embedded) == 0 {
		text = "#,##" + text
	}
	if n.decimals > 0 {
		text += "." + strings.Repeat("0", n.decimals)
	}
	return text + strings.Repeat(",", n.factor)
}

// dateCodes are the parts of dates and times, short and long.
var dateCodes = map[string][2]string{
	"number:year": {"yy", "yyyy"}, "number:month": {"m", "mm"}, "number:day": {"d", "dd"}, "number:hours": {"h", "hh"}, "number:minutes": {"m", "mm"},
	"number:seconds": {"s", "ss"}, "number:am-pm": {"AM/PM", "AM/PM"}, "number:day-of-week": {"aaa", "aaaa"}, "number:era": {"", ""},
	"number:fraction": {"# ?/?", "# ?/?"}, "number:text-content": {"@", "@"}, "number:scientific-number": {"0.00E+00", "0.00E+00"},
}

func datePart(s *xmlscan.Scanner, name string) (string, error) {
	codes, known := dateCodes[name]
	if !known {
		return "", nil
	}
	a, err := attrs(s, "number:style")
	if err == nil && a[0] == "long" {
		return codes[1], nil
	}
	return codes[0], err
}

// code is the whole text of a number format, with the sections that its conditions lead to.
func (st *styles) code(name string) string {
	d := st.data[name]
	if d == nil {
		return ""
	}
	var sections []string
	signs := ""
	for _, m := range d.maps {
		other := st.data[m.style]
		if other == nil || len(other.maps) > 0 || len(sections) > 2 {
			return d.code
		}
		signs += m.when
		sections = append(sections, other.code)
	}
	switch signs {
	case "":
		return d.code
	case ">=0", ">0<0", ">0<0=0": // sections by the sign
	default:
		for i := range sections {
			sections[i] = "[" + d.maps[i].when + "]" + sections[i]
		}
	}
	if !d.text {
		sections = append(sections, d.code)
	}
	return strings.Join(sections, ";")
}

var plainLook look

// look is what a style of cells comes to, with what it has from its parents.
func (st *styles) look(name string) *look {
	if name == "" {
		return &plainLook
	}
	if known := st.looks[name]; known != nil {
		return known
	}
	l := &look{}
	struck, says, data := false, false, ""
	for at, depth := name, 0; at != "" && depth < 20; depth++ {
		cell := st.cells[at]
		if cell == nil {
			break
		}
		if cell.says && !says {
			struck, says = cell.struck, true
		}
		if data == "" {
			data = cell.data
		}
		at = cell.parent
	}
	if struck {
		l.marks = reporting.Struck
	}
	if data != "" {
		l.Style = numfmt.Parse(st.code(data), false)
	}
	st.looks[name] = l
	return l
}
