package biff

import "strings"

// Records with texts outside of the cells.
const (
	idHeader  = 0x0014
	idFooter  = 0x0015
	idTextBox = 0x01B6
)

// maxBeside bounds the texts outside of the cells that are kept.
const maxBeside = 200

func (r *sheetReader) beside(text []byte) {
	if text := strings.TrimSpace(string(text)); text != "" && len(r.head.Beside) < maxBeside {
		r.head.Beside = append(r.head.Beside, text)
	}
}

// pageText keeps a header or footer of the printed page. What is wrong with one refuses nothing.
func (r *sheetReader) pageText() {
	if r.book.version != biff8 || len(r.data) < 4 {
		return
	}
	s := segmented{now: r.data[2:]}
	if text, ok := s.text(nil, int(le.Uint16(r.data))); ok {
		for _, part := range strings.FieldsFunc(string(text), func(c rune) bool { return c == '&' }) {
			r.beside([]byte(strings.TrimLeft(part, "LCR")))
		}
	}
}

// textBox keeps the text of a box, which stands in the record behind this one.
func (r *sheetReader) textBox() error {
	if r.book.version != biff8 || len(r.data) < 12 || le.Uint16(r.data[10:]) == 0 || r.peek() != idContinue {
		return nil
	}
	n := int(le.Uint16(r.data[10:]))
	if err := r.next(); err != nil {
		return err
	}
	if len(r.data) < 1 {
		return nil
	}
	s := segmented{now: r.data[1:]}
	if text, ok := s.chars(nil, min(n, len(r.data)), r.data[0]); ok {
		r.beside(text)
	}
	return nil
}
