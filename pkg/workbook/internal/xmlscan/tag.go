package xmlscan

import (
	"bytes"
	"slices"
)

// nameEnd marks the bytes that end a name. nameBad marks those that may not stand in one.
var nameEnd, nameBad = nameTables()

func nameTables() (end, bad [256]bool) {
	for _, c := range " \t\r\n=/>" {
		end[c] = true
	}
	for c := range 0x80 {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		bad[c] = !letter && !end[c] && c != '_' && c != ':' && c != '-' && c != '.'
	}
	return end, bad
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// startTag reads a start tag. Where the buffer ends inside it, more is read and the tag begun again, so that nothing has to
// be remembered in the middle of one.
func (s *Scanner) startTag() error {
	for {
		n, empty, err := s.parseTag(s.buf[s.pos+1 : s.end])
		if err != nil {
			return err
		}
		if n > 0 {
			s.pos += 1 + n
			return s.push(empty)
		}
		more, err := s.more()
		if err != nil {
			return err
		}
		if !more {
			return s.errorf("cut short inside a tag")
		}
	}
}

// parseTag parses the tag after its '<' and returns its length, or 0 when b ends inside it.
func (s *Scanner) parseTag(b []byte) (n int, empty bool, err error) {
	i, err := s.parseName(b)
	if err != nil || i < 0 {
		return 0, false, err
	}
	s.name, s.attrs = b[:i], s.attrs[:0]
	for {
		spaced := false
		for i < len(b) && isSpace(b[i]) {
			i, spaced = i+1, true
		}
		if i == len(b) {
			return 0, false, nil
		}
		switch b[i] {
		case '>':
			return i + 1, false, nil
		case '/':
			if i+1 == len(b) {
				return 0, false, nil
			}
			if b[i+1] != '>' {
				return 0, false, s.errorf("a stray / in <%s>", s.name)
			}
			return i + 2, true, nil
		}
		if !spaced {
			return 0, false, s.errorf("attributes of <%s> run together", s.name)
		}
		size, err := s.parseAttr(b[i:])
		if err != nil || size == 0 {
			return 0, false, err
		}
		i += size
	}
}

// parseName returns the length of the name at the start of b, or −1 when b ends first.
func (s *Scanner) parseName(b []byte) (int, error) {
	for i, c := range b {
		if nameEnd[c] {
			if i == 0 || b[0] == '-' || b[0] == '.' || '0' <= b[0] && b[0] <= '9' {
				return 0, s.errorf("a tag or attribute without a name")
			}
			return i, nil
		}
		if nameBad[c] {
			return 0, s.errorf("character %q in a name", c)
		}
	}
	return -1, nil
}

// parseAttr parses name="value" and returns its length, or 0 when b ends inside it.
func (s *Scanner) parseAttr(b []byte) (int, error) {
	i, err := s.parseName(b)
	if err != nil || i < 0 {
		return 0, err
	}
	name := b[:i]
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) {
		return 0, nil
	}
	if b[i] != '=' {
		return 0, s.errorf("attribute %s has no value", name)
	}
	i++
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) {
		return 0, nil
	}
	quote := b[i]
	if quote != '"' && quote != '\'' {
		return 0, s.errorf("attribute %s is not quoted", name)
	}
	i++
	size, err := s.valueLength(b[i:], quote)
	if err != nil || size < 0 {
		return 0, err
	}
	return i + size + 1, s.addAttr(Attr{name, b[i : i+size]})
}

// valueLength finds the closing quote, or returns −1 when b ends first.
func (s *Scanner) valueLength(b []byte, quote byte) (int, error) {
	for i, c := range b {
		if c == quote {
			return i, nil
		}
		if c == '<' {
			return 0, s.errorf("< inside an attribute")
		}
	}
	return -1, nil
}

func (s *Scanner) addAttr(a Attr) error {
	if len(s.attrs) == maxAttrs {
		return s.errorf("too many attributes")
	}
	for i := range s.attrs {
		if bytes.Equal(s.attrs[i].Name, a.Name) {
			return s.errorf("attribute %s stands twice", a.Name)
		}
	}
	if bytes.IndexByte(a.Value, '&') >= 0 {
		if _, err := s.unescape(a.Value, false); err != nil {
			return err
		}
	}
	s.attrs = append(s.attrs, a)
	return nil
}

// push opens the element that was just parsed.
func (s *Scanner) push(empty bool) error {
	if len(s.starts) == 0 {
		if s.seen {
			return s.errorf("a second root element")
		}
		s.seen = true
		s.bindRoot()
	} else if len(s.starts) == maxDepth {
		return s.errorf("elements nested too deeply")
	}
	s.starts = append(s.starts, int32(len(s.open)))
	s.open = append(s.open, s.name...)
	s.closing = empty
	if s.foreign == 0 && len(s.starts) > 1 && s.rebinds() {
		s.foreign = len(s.starts)
	}
	return nil
}

// bindRoot finds the prefix of the main namespace: the root's own where that means it, as every element of the part then
// has it; else the first that does. Without any declaration the names are taken as they stand.
func (s *Scanner) bindRoot() {
	prefix, _, found := bytes.Cut(s.name, []byte(":"))
	if !found {
		prefix = nil
	}
	other, declared := []byte(nil), false
	for _, a := range s.attrs {
		name, ok := bytes.CutPrefix(a.Name, []byte("xmlns"))
		if !ok {
			continue
		}
		name = bytes.TrimPrefix(name, []byte(":"))
		if bytes.Equal(name, prefix) {
			declared = true
		}
		if s.isMain(a.Value) {
			if bytes.Equal(name, prefix) {
				s.bind(prefix)
				return
			}
			other = append([]byte{}, name...)
		}
	}
	switch {
	case other != nil:
		s.bind(other)
	case declared:
		s.foreign = 1
	default:
		s.bind(prefix)
	}
}

func (s *Scanner) bind(prefix []byte) {
	if len(prefix) > 0 {
		s.prefix = append(slices.Clone(prefix), ':')
	}
}

func (s *Scanner) isMain(uri []byte) bool {
	return len(s.spaces) == 0 || slices.Contains(s.spaces, string(uri))
}

// rebinds reports whether the element gives the main prefix another meaning for itself and what is in it.
func (s *Scanner) rebinds() bool {
	for _, a := range s.attrs {
		if len(a.Name) < 5 || string(a.Name[:5]) != "xmlns" {
			continue
		}
		bound := a.Name[5:]
		same := len(bound) == 0 && len(s.prefix) == 0 ||
			len(bound) > 1 && len(s.prefix) > 0 && bytes.Equal(bound[1:], s.prefix[:len(s.prefix)-1])
		if same && !s.isMain(a.Value) {
			return true
		}
	}
	return false
}
