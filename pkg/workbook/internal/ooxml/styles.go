package ooxml

import (
	"bytes"
	"strconv"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/numfmt"
	"huizong/pkg/workbook/internal/xmlscan"
)

// maxFormats is more cell formats than any program allows.
const maxFormats = 1 << 18

// styles says of each cell format what it shows of a number, and whether it strikes through.
type styles struct {
	known bool // there is a styles part
	cells []style
}

type style struct {
	numfmt.Style
	marks reporting.Marks
}

// stylesReader reads the styles part, whose fonts and number formats come before the cell formats that name them.
type stylesReader struct {
	*styles
	date1904 bool
	struck   []bool // of each font
	custom   map[int]numfmt.Style
	group    string // the list that is being read: fonts, cellXfs
}

func (w *Workbook) readStyles(part string) (*styles, error) {
	r := stylesReader{styles: &styles{}, date1904: w.Date1904, custom: map[int]numfmt.Style{}}
	if part == "" {
		return r.styles, nil
	}
	r.known = true
	err := scanPart(w.zip, part, r.element, transitional, strict)
	return r.styles, err
}

func (r *stylesReader) element(s *xmlscan.Scanner) error {
	if bytes.HasSuffix(s.Name(), []byte(":AlternateContent")) || bytes.HasSuffix(s.Name(), []byte(":Fallback")) {
		return nil // of the alternatives, the one for programs that do not know the others
	}
	if bytes.HasSuffix(s.Name(), []byte(":Choice")) {
		return s.Skip()
	}
	switch name := string(s.Local()); name {
	case "styleSheet", "numFmts":
		return nil
	case "fonts", "cellXfs":
		r.group = name
		return nil
	case "numFmt":
		return r.format(s)
	case "font":
		if r.group == "fonts" {
			return r.font(s)
		}
	case "xf":
		if r.group == "cellXfs" {
			return r.cellFormat(s)
		}
	}
	r.group = ""
	return s.Skip()
}

func (r *stylesReader) format(s *xmlscan.Scanner) error {
	id, err := intAttr(s, "numFmtId")
	if err != nil {
		return err
	}
	code, _, err := s.Attr("formatCode")
	if err != nil {
		return err
	}
	if r.custom[id] = numfmt.Parse(string(code), r.date1904); len(r.custom) > maxFormats {
		return fault.TooLarge("", fault.Bomb())
	}
	return s.Skip()
}

func (r *stylesReader) font(s *xmlscan.Scanner) error {
	font, err := readFont(s)
	if r.struck = append(r.struck, font&reporting.Struck != 0); len(r.struck) > maxFormats {
		return fault.TooLarge("", fault.Bomb())
	}
	return err
}

// readFont reads the properties of a font, or of a run of text, to its end: Struck and Raised.
func readFont(s *xmlscan.Scanner) (marks reporting.Marks, err error) {
	for depth := s.Depth(); ; {
		kind, err := s.Next()
		if err != nil {
			return marks, err
		}
		switch kind {
		case xmlscan.End:
			if s.Depth() < depth {
				return marks, nil
			}
		case xmlscan.Text:
			_, err = s.Text()
		case xmlscan.Start:
			var mark reporting.Marks
			if mark, err = fontMark(s); err == nil {
				marks |= mark
				err = s.Skip()
			}
		}
		if err != nil {
			return marks, err
		}
	}
}

func fontMark(s *xmlscan.Scanner) (reporting.Marks, error) {
	v, found, err := s.Attr("val")
	if err != nil {
		return 0, err
	}
	switch string(s.Local()) {
	case "strike":
		if is, err := parseBool(s, v); !found || is || err != nil {
			return reporting.Struck, err
		}
	case "vertAlign":
		if v := string(v); v == "superscript" || v == "subscript" {
			return reporting.Raised, nil
		}
	}
	return 0, nil
}

func (r *stylesReader) cellFormat(s *xmlscan.Scanner) error {
	id, err := intAttr(s, "numFmtId")
	if err != nil {
		return err
	}
	font, err := intAttr(s, "fontId")
	if err != nil {
		return err
	}
	format, spelled := r.custom[id]
	if !spelled {
		format = numfmt.Builtin(id, r.date1904)
	}
	cell := style{Style: format}
	if font < len(r.struck) && r.struck[font] {
		cell.marks = reporting.Struck
	}
	if r.cells = append(r.cells, cell); len(r.cells) > maxFormats {
		return fault.TooLarge("", fault.Bomb())
	}
	return s.Skip()
}

var plainStyle style

// style is the cell format of a number; nil when there is no such format.
func (st *styles) style(i int) *style {
	switch {
	case i < len(st.cells):
		return &st.cells[i]
	case !st.known || i == 0:
		return &plainStyle
	}
	return nil
}

// intAttr is the attribute's number, 0 when it is absent.
func intAttr(s *xmlscan.Scanner, name string) (int, error) {
	v, found, err := s.Attr(name)
	if err != nil || !found {
		return 0, err
	}
	n, err := strconv.ParseUint(string(v), 10, 31)
	if err != nil {
		return 0, s.Errorf("%s=%q", name, v)
	}
	return int(n), nil
}
