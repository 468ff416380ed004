package ooxml

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/shared"
	"huizong/pkg/workbook/internal/xmlscan"
)

// Held is the memory that the workbook takes beside the file.
func (w *Workbook) Held() int64 {
	if w.strings == nil {
		return 0
	}
	return w.strings.Held()
}

func (w *Workbook) readStrings(part string) (*shared.Strings, error) {
	list := &shared.Strings{}
	if part == "" {
		return list, nil
	}
	var text richText
	err := scanPart(w.zip, part, func(s *xmlscan.Scanner) error {
		switch string(s.Local()) {
		case "sst":
			return nil
		case "si":
			b, err := text.read(s)
			if err != nil {
				return err
			}
			if list.Size() > w.limits.Strings {
				return fault.TooLarge(part, fault.TooManyCells(w.limits.Cells))
			}
			return list.Add(b)
		case "extLst":
			return s.Skip()
		}
		return s.Errorf("unknown element <%s>", s.Name())
	}, transitional, strict)
	if err != nil {
		return nil, err
	}
	return list, list.Complete()
}

// richText reads the content of <si> and <is>: the text, or the texts of the runs; readings (phonetic runs) are left out.
type richText struct{ buf []byte }

// read takes the element whose Start was just returned. The bytes are valid until the next call.
func (t *richText) read(s *xmlscan.Scanner) ([]byte, error) {
	t.buf = t.buf[:0]
	depth := s.Depth()
	for {
		kind, err := s.Next()
		if err != nil {
			return nil, err
		}
		switch kind {
		case xmlscan.End:
			if s.Depth() < depth {
				return t.buf, nil
			}
		case xmlscan.Text:
			if err := onlySpace(s); err != nil {
				return nil, err
			}
		case xmlscan.Start:
			if err := t.element(s); err != nil {
				return nil, err
			}
		}
	}
}

func (t *richText) element(s *xmlscan.Scanner) error {
	switch string(s.Local()) {
	case "t":
		b, err := s.Content()
		if err != nil {
			return err
		}
		t.buf = appendUnescaped(t.buf, b)
		if len(t.buf) > xmlscan.MaxText {
			return fault.TooLarge("", fault.Bomb())
		}
		return nil
	case "r":
		return nil
	case "rPh", "rPr", "phoneticPr", "extLst":
		return s.Skip()
	}
	return s.Errorf("unknown element <%s> in a text", s.Name())
}

// onlySpace refuses text where there may be none.
func onlySpace(s *xmlscan.Scanner) error {
	b, err := s.Text()
	if err != nil {
		return err
	}
	if len(bytes.TrimLeft(b, " \t\r\n")) > 0 {
		return s.Errorf("text %.20q where none belongs", b)
	}
	return nil
}

// appendUnescaped replaces _xHHHH_, which is how Excel writes characters that XML does not allow. A real "_x0041_" is
// written "_x005F_x0041_", so one pass from the left is right.
func appendUnescaped(dst, b []byte) []byte {
	for {
		i := bytes.Index(b, []byte("_x"))
		if i < 0 {
			return append(dst, b...)
		}
		r, ok := escaped(b[i:])
		if !ok {
			dst, b = append(dst, b[:i+2]...), b[i+2:]
			continue
		}
		dst, b = utf8.AppendRune(append(dst, b[:i]...), r), b[i+7:]
	}
}

// escaped reads "_x000D_". Halves of surrogate pairs stay as they are written.
func escaped(b []byte) (rune, bool) {
	if len(b) < 7 || b[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	if err != nil || !utf8.ValidRune(rune(n)) {
		return 0, false
	}
	return rune(n), true
}
