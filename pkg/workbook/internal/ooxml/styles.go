package ooxml

import (
	"bytes"
	"strconv"

	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/numfmt"
	"huizong/pkg/workbook/internal/xmlscan"
)

// maxFormats is more cell formats than any program allows.
const maxFormats = 1 << 18

// styles says of each cell format whether it shows a date.
type styles struct {
	known bool // there is a styles part
	dates []bool
}

func (w *Workbook) readStyles(part string) (*styles, error) {
	st := &styles{}
	if part == "" {
		return st, nil
	}
	st.known = true
	custom := map[int]bool{}
	inCells := false
	err := scanPart(w.zip, part, func(s *xmlscan.Scanner) error {
		if bytes.HasSuffix(s.Name(), []byte(":AlternateContent")) || bytes.HasSuffix(s.Name(), []byte(":Fallback")) {
			return nil // of the alternatives, the one for programs that do not know the others
		}
		if bytes.HasSuffix(s.Name(), []byte(":Choice")) {
			return s.Skip()
		}
		switch string(s.Local()) {
		case "styleSheet", "numFmts":
			return nil
		case "numFmt":
			return readFormat(s, custom)
		case "cellXfs":
			inCells = true
			return nil
		case "xf":
			if inCells {
				return st.readCellFormat(s, custom)
			}
		}
		inCells = false
		return s.Skip()
	}, transitional, strict)
	return st, err
}

func readFormat(s *xmlscan.Scanner, custom map[int]bool) error {
	id, err := intAttr(s, "numFmtId")
	if err != nil {
		return err
	}
	code, _, err := s.Attr("formatCode")
	if err != nil {
		return err
	}
	if custom[id] = numfmt.IsDate(string(code)); len(custom) > maxFormats {
		return fault.TooLarge("", fault.Bomb())
	}
	return s.Skip()
}

func (st *styles) readCellFormat(s *xmlscan.Scanner, custom map[int]bool) error {
	id, err := intAttr(s, "numFmtId")
	if err != nil {
		return err
	}
	date, spelled := custom[id]
	if !spelled {
		date = numfmt.IsBuiltinDate(id)
	}
	if st.dates = append(st.dates, date); len(st.dates) > maxFormats {
		return fault.TooLarge("", fault.Bomb())
	}
	return s.Skip()
}

// date reports whether the style shows a date; false, false when there is no such style.
func (st *styles) date(i int) (date, found bool) {
	if i < len(st.dates) {
		return st.dates[i], true
	}
	return false, !st.known || i == 0
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
