// Package xmlscan reads XML strictly and fast.
//
// It is what spreadsheets need of XML and no more: one pass, no tree, no DOCTYPE (refused), no entities but the five of XML
// itself, UTF-8 (UTF-16 is transcoded). Everything that is not well-formed is an error with its byte, because a reader that
// carries on after broken XML returns fewer rows than the file holds. Memory is one buffer, whatever the length.
//
// What a Scanner returns points into its buffer and is valid until its next call.
package xmlscan

import (
	"bytes"
	"io"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fault"
)

// Kind says what Next found.
type Kind uint8

// The kinds. An empty element is a Start followed by an End.
const (
	EOF Kind = iota
	Start
	End
	Text // a piece of text; long text comes in several
)

const (
	startSize = 64 << 10
	// maxToken bounds one tag, comment or CDATA section. Text has no bound here: it comes in pieces.
	maxToken = 4 << 20
	// MaxText bounds the text of one element that is asked for: eight times what a cell of any spreadsheet can hold.
	MaxText  = 256 << 10
	maxDepth = 200
	maxAttrs = 200
)

// Attr is an attribute; Value is as written, still with its entities.
type Attr struct{ Name, Value []byte }

// Scanner reads one part.
type Scanner struct {
	src    io.Reader
	part   string
	spaces []string // the namespaces, any of which is the main one

	buf      []byte
	pos, end int   // the unread bytes of buf
	checked  int   // buf[:checked] is known to be valid UTF-8 without control characters
	base     int64 // offset of buf[0] in the part
	started  bool
	atEOF    bool

	open    []byte  // names of the open elements, one after another
	starts  []int32 // where each begins in open
	seen    bool    // the root element has begun
	closing bool    // an empty element's End is due

	name    []byte
	attrs   []Attr
	text    []byte
	literal bool // text is from CDATA
	escaped bool // text holds an entity or a carriage return
	scratch []byte

	prefix  []byte // of the main namespace, with its colon; empty when it is the default one
	foreign int    // depth from which the prefix means something else, 0 = nowhere
}

// New reads the part from src. Elements of one of the namespaces have a Local name.
func New(src io.Reader, part string, namespaces ...string) *Scanner {
	return &Scanner{src: src, part: part, spaces: namespaces, buf: make([]byte, startSize)}
}

// Next returns the next start, end or piece of text; EOF comes after the root element has ended.
func (s *Scanner) Next() (Kind, error) {
	if s.closing {
		s.closing = false
		s.pop()
		return End, nil
	}
	for {
		if s.pos == s.end {
			more, err := s.more()
			if err != nil {
				return EOF, err
			}
			if !more {
				return EOF, s.finish()
			}
		}
		if s.buf[s.pos] != '<' {
			found, err := s.readText()
			if err != nil || found {
				return Text, err
			}
			continue
		}
		kind, err := s.markup()
		if err != nil || kind != EOF {
			return kind, err
		}
	}
}

// finish judges the end of the part.
func (s *Scanner) finish() error {
	if !s.seen {
		return s.errorf("no root element")
	}
	if len(s.starts) > 0 {
		return s.errorf("cut short inside <%s>", s.open[s.starts[len(s.starts)-1]:])
	}
	return nil
}

// readText takes text up to the next markup, or as much as the buffer holds. Outside the root it must be white space,
// which is not reported.
func (s *Scanner) readText() (bool, error) {
	n := bytes.IndexByte(s.buf[s.pos:s.end], '<')
	for n < 0 && s.end-s.pos < len(s.buf)/2 {
		more, err := s.more()
		if err != nil {
			return false, err
		}
		n = bytes.IndexByte(s.buf[s.pos:s.end], '<')
		if !more {
			break
		}
	}
	if n < 0 {
		n = s.end - s.pos
		if !s.atEOF {
			n = wholeText(s.buf[s.pos:s.end])
		}
	}
	s.text, s.literal = s.buf[s.pos:s.pos+n], false
	s.escaped = bytes.IndexByte(s.text, '&') >= 0 || bytes.IndexByte(s.text, '\r') >= 0
	if len(s.starts) == 0 {
		if len(bytes.TrimLeft(s.text, " \t\r\n")) > 0 {
			return false, s.errorf("text outside the root element")
		}
		s.pos += n
		return false, nil
	}
	s.pos += n
	return true, nil
}

// wholeText is the length of the text that can be handed out before more is read: neither an entity nor a CR LF is cut.
func wholeText(text []byte) int {
	const longestEntity = 12
	tail := max(0, len(text)-longestEntity)
	if i := bytes.LastIndexByte(text[tail:], '&'); i >= 0 && bytes.IndexByte(text[tail+i:], ';') < 0 && tail+i > 0 {
		return tail + i
	}
	if n := len(text); n > 1 && text[n-1] == '\r' {
		return n - 1
	}
	return len(text)
}

// markup reads what begins with '<'. It returns EOF for what is skipped: comments, processing instructions.
func (s *Scanner) markup() (Kind, error) {
	if err := s.need(2); err != nil {
		return EOF, err
	}
	switch s.buf[s.pos+1] {
	case '/':
		return End, s.endTag()
	case '?':
		return EOF, s.instruction()
	case '!':
		return s.declaration()
	}
	return Start, s.startTag()
}

// need makes n unread bytes available.
func (s *Scanner) need(n int) error {
	for s.end-s.pos < n {
		more, err := s.more()
		if err != nil {
			return err
		}
		if !more {
			return s.errorf("cut short inside a tag")
		}
	}
	return nil
}

// until makes the text up to and with the mark available, from the position on, and returns its length.
func (s *Scanner) until(mark string) (int, error) {
	from := 0
	for {
		if i := bytes.Index(s.buf[s.pos+from:s.end], []byte(mark)); i >= 0 {
			return from + i + len(mark), nil
		}
		from = max(0, s.end-s.pos-len(mark))
		more, err := s.more()
		if err != nil {
			return 0, err
		}
		if !more {
			return 0, s.errorf("cut short, %q is missing", mark)
		}
	}
}

func (s *Scanner) endTag() error {
	if len(s.starts) == 0 {
		return s.errorf("an end tag without a start")
	}
	name := s.open[s.starts[len(s.starts)-1]:]
	if err := s.need(len(name) + 3); err != nil {
		return err
	}
	rest := s.buf[s.pos+2 : s.end]
	if !bytes.HasPrefix(rest, name) {
		return s.errorf("<%s> is closed by another tag", name)
	}
	if rest[len(name)] == '>' {
		s.pos += len(name) + 3
		s.pop()
		return nil
	}
	n, err := s.until(">")
	if err != nil {
		return err
	}
	if len(bytes.TrimLeft(s.buf[s.pos+2+len(name):s.pos+n-1], " \t\r\n")) > 0 {
		return s.errorf("<%s> is closed by another tag", name)
	}
	s.pos += n
	s.pop()
	return nil
}

func (s *Scanner) pop() {
	start := s.starts[len(s.starts)-1]
	s.name = s.open[start:]
	s.open = s.open[:start]
	if len(s.starts) == s.foreign {
		s.foreign = 0
	}
	s.starts = s.starts[:len(s.starts)-1]
}

func (s *Scanner) instruction() error {
	n, err := s.until("?>")
	if err != nil {
		return err
	}
	pi := s.buf[s.pos : s.pos+n]
	if bytes.HasPrefix(pi, []byte("<?xml")) && isSpace(pi[5]) {
		if s.seen || s.Offset() > 3 { // the mark of UTF-8 may stand before it
			return s.errorf("an XML declaration inside the document")
		}
		if err := s.encoding(pi); err != nil {
			return err
		}
	}
	s.pos += n
	return nil
}

// encoding refuses a declared encoding that is not the one we read.
func (s *Scanner) encoding(declaration []byte) error {
	_, rest, found := bytes.Cut(declaration, []byte("encoding"))
	if !found {
		return nil
	}
	rest = bytes.TrimLeft(rest, " \t\r\n=\"'")
	n := bytes.IndexAny(rest, "\"' ?")
	if n < 0 {
		return s.errorf("a malformed XML declaration")
	}
	switch string(bytes.ToLower(rest[:n])) {
	case "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be":
		return nil
	}
	return s.errorf("encoding %q", rest[:n])
}

func (s *Scanner) declaration() (Kind, error) {
	if err := s.need(9); err != nil {
		return EOF, err
	}
	rest := s.buf[s.pos:s.end]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return EOF, s.comment()
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return Text, s.cdata()
	case bytes.HasPrefix(rest, []byte("<!DOCTYPE")):
		return EOF, s.errorf("a DOCTYPE, which no spreadsheet has and which can hide an attack")
	}
	return EOF, s.errorf("unknown markup")
}

func (s *Scanner) comment() error {
	s.pos += 4
	n, err := s.until("-->")
	if err != nil {
		return err
	}
	if bytes.Contains(s.buf[s.pos:s.pos+n-3], []byte("--")) {
		return s.errorf("-- inside a comment")
	}
	s.pos += n
	return nil
}

func (s *Scanner) cdata() error {
	if len(s.starts) == 0 {
		return s.errorf("text outside the root element")
	}
	n, err := s.until("]]>")
	if err != nil {
		return err
	}
	s.text = s.buf[s.pos+9 : s.pos+n-3]
	s.literal, s.escaped = true, bytes.IndexByte(s.text, '\r') >= 0
	s.pos += n
	return nil
}

// Skip reads to the end of the element whose Start was just returned.
func (s *Scanner) Skip() error {
	for depth := 1; depth > 0; {
		kind, err := s.Next()
		if err != nil {
			return err
		}
		switch kind {
		case Start:
			depth++
		case End:
			depth--
		case Text:
			if _, err := s.Text(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Content reads to the end of the element whose Start was just returned and gives its text. An element inside is an error.
func (s *Scanner) Content() ([]byte, error) {
	if text, ok := s.shortContent(); ok {
		return text, nil
	}
	whole := s.scratch[:0]
	for {
		kind, err := s.Next()
		if err != nil {
			return nil, err
		}
		switch kind {
		case Start:
			return nil, s.errorf("<%s> inside text", s.name)
		case End:
			s.scratch = whole[:0]
			return whole, nil
		case Text:
			piece, err := s.Text()
			if err != nil {
				return nil, err
			}
			if len(whole)+len(piece) > MaxText {
				return nil, fault.TooLarge(s.part, fault.Bomb())
			}
			whole = append(whole, piece...)
		}
	}
}

// shortContent is the common case of Content: plain text and the end tag, both in the buffer.
func (s *Scanner) shortContent() ([]byte, bool) {
	if s.closing {
		return nil, false
	}
	rest := s.buf[s.pos:s.end]
	n := 0
	for ; n < len(rest); n++ {
		c := rest[n]
		if c == '<' {
			break
		}
		if c == '&' || c == '\r' || c == ']' {
			return nil, false
		}
	}
	name := s.open[s.starts[len(s.starts)-1]:]
	tail := rest[n:]
	if len(tail) < len(name)+3 || tail[1] != '/' || tail[len(name)+2] != '>' || !bytes.Equal(tail[2:2+len(name)], name) {
		return nil, false
	}
	s.pos += n + len(name) + 3
	s.pop()
	return rest[:n], true
}

// Text is the piece of text that Next found, with its entities replaced.
func (s *Scanner) Text() ([]byte, error) {
	if !s.literal && bytes.Contains(s.text, []byte("]]>")) {
		return nil, s.errorf("]]> inside text")
	}
	if !s.escaped {
		return s.text, nil
	}
	return s.unescape(s.text, s.literal)
}

// Value is the attribute's text with its entities replaced.
func (s *Scanner) Value(a Attr) ([]byte, error) {
	if bytes.IndexByte(a.Value, '&') < 0 {
		return a.Value, nil
	}
	return s.unescape(a.Value, false)
}

// Ahead are unread bytes that are known to be good characters, for a reader that knows the next elements by heart. There are
// none where names have prefixes. Advance passes over whole elements of them.
func (s *Scanner) Ahead() []byte {
	if s.closing || len(s.prefix) > 0 || s.foreign > 0 || s.checked < s.pos {
		return nil
	}
	return s.buf[s.pos:s.checked]
}

// Advance passes over n bytes of Ahead.
func (s *Scanner) Advance(n int) { s.pos += n }

// Attrs are the attributes of the Start just returned.
func (s *Scanner) Attrs() []Attr { return s.attrs }

// Attr finds an attribute of the Start just returned by the name as it is written, and returns its text.
func (s *Scanner) Attr(name string) ([]byte, bool, error) {
	for _, a := range s.attrs {
		if string(a.Name) == name {
			v, err := s.Value(a)
			return v, true, err
		}
	}
	return nil, false, nil
}

// Name is the name of the element that just started or ended, as written.
func (s *Scanner) Name() []byte { return s.name }

// Depth is the number of open elements.
func (s *Scanner) Depth() int { return len(s.starts) }

// Local is the name of the element that just started, without its prefix, or nil when the element is of another namespace.
func (s *Scanner) Local() []byte {
	if s.foreign > 0 {
		return nil
	}
	if len(s.prefix) > 0 {
		if rest, ok := bytes.CutPrefix(s.name, s.prefix); ok {
			return rest
		}
		return nil
	}
	if bytes.IndexByte(s.name, ':') >= 0 {
		return nil
	}
	return s.name
}

// Offset is the place in the part, for messages.
func (s *Scanner) Offset() int64 { return s.base + int64(s.pos) }

func (s *Scanner) errorf(cause string, args ...any) *reporting.FileError {
	return fault.Damaged(s.part, s.Offset(), cause, args...)
}

// Errorf words a fault of the content at the present place.
func (s *Scanner) Errorf(cause string, args ...any) error { return s.errorf(cause, args...) }
