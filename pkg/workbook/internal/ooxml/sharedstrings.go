package ooxml

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"huizong/pkg/reporting"
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
			return w.keepRich(list, b, &text)
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

// maxRich bounds the texts with fonts of their own that are kept beside the others, and half of those with struck or raised runs.
const maxRich = 100_000

// richString is what a shared string shows beside its text.
type richString struct {
	marks reporting.Marks
	own   bool // all of its runs have a font of their own: the cell's does not matter
	look  *reporting.Look
}

// keepRich adds the text, and what it shows beside its letters.
func (w *Workbook) keepRich(list *shared.Strings, b []byte, text *richText) error {
	own := text.runs.own > 0 && text.runs.own >= text.runs.all
	switch {
	case text.marks == 0 && (!own || len(w.rich) >= maxRich):
	case len(w.rich) >= 2*maxRich:
		return fault.TooLarge("", fault.Bomb())
	default:
		w.rich[list.Len()] = richString{text.marks, own, text.look()}
	}
	return list.Add(b)
}

// richText reads the content of <si> and <is>: the text, or the texts of the runs; readings (phonetic runs) are left out.
type richText struct {
	buf   []byte
	kept  []byte          // buf without the runs that are struck through or raised
	marks reporting.Marks // Struck where all runs are, PartStruck and Raised where some are
	run   reporting.Marks // of the run being read
	runs  runs
}

// runs counts runs with text, those of them with a font of their own, and those that are struck through.
type runs struct{ all, own, struck int }

// look is what the cell shows beside the text; nil for plain text, which most is.
func (t *richText) look() *reporting.Look {
	if t.marks&(reporting.PartStruck|reporting.Raised) == 0 {
		return nil
	}
	return &reporting.Look{Kept: string(t.kept)}
}

// read takes the element whose Start was just returned. The bytes are valid until the next call.
func (t *richText) read(s *xmlscan.Scanner) ([]byte, error) {
	t.buf, t.kept, t.marks, t.run, t.runs = t.buf[:0], t.kept[:0], 0, 0, runs{}
	depth := s.Depth()
	for {
		kind, err := s.Next()
		if err != nil {
			return nil, err
		}
		switch kind {
		case xmlscan.End:
			if s.Depth() < depth {
				t.judge()
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

// judge says what the runs come to: struck through as a whole, or in part.
func (t *richText) judge() {
	switch {
	case t.marks == 0:
	case t.runs.struck == t.runs.all:
		t.marks = reporting.Struck
	case len(t.kept) == 0:
		t.marks, t.kept = 0, append(t.kept, t.buf...) // raised as a whole: there is nothing that it could be a note to
	}
}

func (t *richText) element(s *xmlscan.Scanner) error {
	switch string(s.Local()) {
	case "t":
		b, err := s.Content()
		if err != nil {
			return err
		}
		return t.text(b)
	case "r":
		t.run = 0
		return nil
	case "rPr":
		font, err := readFont(s)
		t.run = font
		t.runs.own++
		return err
	case "rPh", "phoneticPr", "extLst":
		return s.Skip()
	}
	return s.Errorf("unknown element <%s> in a text", s.Name())
}

func (t *richText) text(b []byte) error {
	start := len(t.buf)
	t.buf = appendUnescaped(t.buf, b)
	if len(t.buf) > xmlscan.MaxText {
		return fault.TooLarge("", fault.Bomb())
	}
	added := t.buf[start:]
	if len(bytes.TrimSpace(added)) > 0 {
		t.runs.all++
	}
	switch {
	case t.run&reporting.Struck != 0 && len(bytes.TrimSpace(added)) > 0:
		t.runs.struck++
		t.marks |= reporting.PartStruck
	case t.run&reporting.Raised != 0 && len(bytes.TrimSpace(added)) > 0:
		t.marks |= reporting.Raised
	default:
		t.kept = append(t.kept, added...)
	}
	return nil
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
