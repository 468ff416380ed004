package biff

import (
	"bytes"
	"slices"
	"strings"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/input"
	"huizong/pkg/workbook/internal/limits"
	"huizong/pkg/workbook/internal/shared"
)

const (
	biff5 = 0x0500
	biff8 = 0x0600

	lastKind = 0x0100 // of substream that Excel has; sheets are among those below
)

// Sheet is an entry of the workbook's list of sheets.
type Sheet struct {
	Name       string
	Hidden     bool
	VeryHidden bool
	Kind       string // "worksheet", "chartsheet", "macrosheet", "module"
	offset     int
}

// Workbook is an opened stream: its global part is read, the sheets are not.
type Workbook struct {
	Sheets   []Sheet
	Date1904 bool
	Emptied  int // cells read so far whose text is empty; they are not handed on

	stream   input.File
	lock     *lock // nil where the stream is plain
	limits   limits.Limits
	version  uint16
	codePage uint16
	formats  map[int]spelled // spelled-out formats
	struck   []fontMarks     // of each font
	xfs      []xf            // the format and font of each cell style
	styles   []style         // the same, resolved
	strings  *shared.Strings // nil where there is no table
	rich     map[int]richText
	scratch  []byte
	program  bool // the external book whose names come next is a running program
}

// Open reads the global part of a Workbook or Book stream. The workbook refers to the stream.
func Open(stream input.File, l limits.Limits) (*Workbook, error) {
	w := &Workbook{stream: stream, limits: l, codePage: 1252, formats: map[int]spelled{}, rich: map[int]richText{}}
	r := w.walk(w.window(), 0)
	if err := w.begin(r); err != nil {
		return nil, err
	}
	for {
		if err := r.next(); err != nil {
			return nil, err
		}
		if r.id == idEOF {
			break
		}
		if err := w.global(r); err != nil {
			return nil, err
		}
	}
	if err := w.resolveStyles(r); err != nil {
		return nil, err
	}
	if err := w.checkOffsets(r.in); err != nil {
		return nil, err
	}
	if len(w.Sheets) == 0 || !w.mayEnd(r.in, r.at) {
		return nil, r.errorf("the list of sheets is not complete")
	}
	return w, nil
}

func (w *Workbook) window() *input.Window { return input.NewWindow(w.stream, windowBytes) }

// walk begins to walk the records from a place of the stream.
func (w *Workbook) walk(in *input.Window, at int) *records {
	return &records{in: in, lock: w.lock, at: at, start: at}
}

// mayEnd reports whether a substream may end at the place: another listed one begins there, or one that is no sheet, or what follows up
// to the next one holds no cell, as the padding of most programs and the leftovers of some. Else an end record has come too early, or a
// sheet is missing in the list.
func (w *Workbook) mayEnd(in *input.Window, at int) bool {
	r := w.walk(in, at)
	for {
		if w.begins(r.at) || isZero(in, r.at) {
			return true
		}
		if r.next() != nil {
			return false
		}
		switch {
		case r.id == idBOF:
			return len(r.data) >= 4 && le.Uint16(r.data[2:]) > lastKind
		case isCell(r.id), r.id == idRow, r.id == idString, !known(r.id):
			return false
		}
	}
}

// leaves reports whether leftovers stand at the place, where a substream has ended: records of none.
func (w *Workbook) leaves(in *input.Window, at int) bool {
	if w.begins(at) || isZero(in, at) {
		return false
	}
	r := w.walk(in, at)
	return r.next() == nil && r.id != idBOF
}

// begins reports whether a listed sheet begins at the place.
func (w *Workbook) begins(at int) bool {
	return slices.ContainsFunc(w.Sheets, func(s Sheet) bool { return s.offset == at })
}

// isZero reports whether only zeros follow.
func isZero(in *input.Window, at int) bool {
	for at < in.Size() {
		padding := in.Bytes(at, min(windowBytes, in.Size()-at))
		if padding == nil || len(bytes.TrimLeft(padding, "\x00")) > 0 {
			return false
		}
		at += len(padding)
	}
	return true
}

// begin reads the first record, which says the version.
func (w *Workbook) begin(r *records) error {
	if err := r.next(); err != nil {
		return err
	}
	if r.id != idBOF || len(r.data) < 4 {
		return r.errorf("the stream does not begin with a workbook")
	}
	w.version = le.Uint16(r.data)
	if w.version>>8 == biff5>>8 {
		w.version = biff5 // with the number of the program in its lower half
	}
	if w.version != biff5 && w.version != biff8 {
		return r.errorf("version %#04x", w.version)
	}
	if kind := le.Uint16(r.data[2:]); kind != 0x0005 {
		return r.errorf("the stream begins with a substream of type %#04x", kind)
	}
	return nil
}

func (w *Workbook) global(r *records) error {
	switch r.id {
	case idFilePass:
		return w.unlock(r)
	case idCodePage:
		if err := r.exactly(2); err != nil {
			return err
		}
		w.codePage = le.Uint16(r.data)
	case idDate1904:
		if err := r.exactly(2); err != nil {
			return err
		}
		if le.Uint16(r.data) > 1 {
			return r.errorf("date system %d", le.Uint16(r.data))
		}
		w.Date1904 = le.Uint16(r.data) == 1
	case idBoundSheet:
		return w.boundSheet(r)
	case idFormat:
		return w.format(r)
	case idFont:
		w.font(r)
	case idXF:
		return w.cellFormat(r)
	case idSST:
		return w.sharedStrings(r)
	case idSupBook, idExternSheet:
		w.program = w.linksProgram(r)
	case idExternName:
		return w.externName(r)
	case idBOF:
		return r.errorf("a substream begins inside the global part")
	default:
		if !known(r.id) {
			return r.errorf("unknown record %#04x", r.id)
		}
	}
	return nil
}

// unlock reads on with the password that Excel tries unasked, where it is that one.
func (w *Workbook) unlock(r *records) error {
	l, ok := newLock(r.data)
	if !ok || w.lock != nil {
		return fault.Encrypted()
	}
	w.lock, r.lock = l, l
	return nil
}

func (w *Workbook) boundSheet(r *records) error {
	if err := r.need(8); err != nil {
		return err
	}
	s := Sheet{offset: int(le.Uint32(r.data)), Kind: "worksheet"}
	switch r.data[4] {
	case 0:
	case 1:
		s.Hidden = true
	case 2:
		s.Hidden, s.VeryHidden = true, true
	default:
		return r.errorf("sheet state %d", r.data[4])
	}
	switch r.data[5] {
	case 0:
	case 1:
		s.Kind = "macrosheet"
	case 2:
		s.Kind = "chartsheet"
	case 6:
		s.Kind = "module"
	default:
		return r.errorf("sheet type %d", r.data[5])
	}
	name, err := w.shortText(r, r.data[6:])
	if err != nil {
		return err
	}
	s.Name = string(name)
	if s.Name == "" || strings.ContainsAny(s.Name, `[]:*?/\`) || slices.ContainsFunc(w.Sheets, func(o Sheet) bool { return o.Name == s.Name }) {
		return r.errorf("no sheet can have the name %q", s.Name)
	}
	w.Sheets = append(w.Sheets, s)
	return nil
}

// shortText decodes a string whose length is one byte, and which fills the record.
func (w *Workbook) shortText(r *records, b []byte) ([]byte, error) {
	if w.version == biff8 {
		s := segmented{now: b[1:]}
		if text, ok := s.text(w.scratch[:0], int(b[0])); ok && len(s.now) == 0 && sound(text) {
			return text, nil
		}
	} else if len(b) == 1+int(b[0]) {
		if text, ok := appendPage(w.scratch[:0], b[1:], w.codePage); ok && sound(text) {
			return text, nil
		}
	}
	return nil, r.errorf("the text of record %#04x is broken", r.id)
}

// sharedStrings reads the table of texts. The number that it states is only used to stop.
func (w *Workbook) sharedStrings(r *records) error {
	if w.strings != nil {
		return r.errorf("two tables of shared strings")
	}
	if err := r.need(8); err != nil {
		return err
	}
	count := le.Uint32(r.data[4:])
	s := segmented{now: r.data[8:], records: r}
	w.strings = &shared.Strings{}
	for range count {
		if s.done() {
			break // some programs state more than they store; a cell that refers to one of those is an error
		}
		b, ok := s.bytes(2)
		if ok {
			w.scratch, ok = s.text(w.scratch[:0], int(le.Uint16(b)))
			w.keepRich(w.strings.Len(), s.runs)
		}
		if !ok || !sound(w.scratch) {
			return r.errorf("shared string %d of %d is broken", w.strings.Len(), count)
		}
		if w.strings.Size() > w.limits.Strings {
			return fault.TooLarge(streamName, fault.TooManyCells(w.limits.Cells))
		}
		if err := w.strings.Add(w.scratch); err != nil {
			return err
		}
	}
	if !s.done() {
		return r.errorf("more text follows the %d shared strings", count)
	}
	return w.strings.Complete()
}

// Held is the memory that the strings take.
func (w *Workbook) Held() int64 {
	if w.strings == nil {
		return 0
	}
	return w.strings.Held()
}

// checkOffsets sees that every sheet begins with its own BOF record: two entries for one sheet would count it twice.
func (w *Workbook) checkOffsets(in *input.Window) error {
	var seen []int
	for _, s := range w.Sheets {
		r := w.walk(in, s.offset)
		if s.offset <= 0 || s.offset > in.Size() {
			return r.errorf("sheet %q lies outside the stream", s.Name)
		}
		if err := r.next(); err != nil {
			return err
		}
		if r.id != idBOF || len(r.data) < 4 || !s.fits(le.Uint16(r.data[2:])) {
			return r.errorf("sheet %q does not begin where the list says", s.Name)
		}
		if slices.Contains(seen, s.offset) {
			return r.errorf("two sheets begin at the same place")
		}
		seen = append(seen, s.offset)
	}
	return nil
}

// fits compares the sheet's type with that of its substream.
func (s Sheet) fits(substream uint16) bool {
	switch s.Kind {
	case "worksheet":
		return substream == 0x0010
	case "macrosheet":
		return substream == 0x0040 || substream == 0x0010
	case "chartsheet":
		return substream == 0x0020
	}
	return true
}

// Scan reads the sheet row by row; see ooxml.Workbook.Scan.
func (w *Workbook) Scan(i int, texts *arena.Texts, visit func(*reporting.Row) error) (*reporting.Sheet, error) {
	s := w.Sheets[i]
	head := &reporting.Sheet{Name: s.Name, Hidden: s.Hidden, Date1904: w.Date1904}
	if s.Kind != "worksheet" && s.Kind != "macrosheet" {
		return head, nil
	}
	return head, w.scanSheet(s, head, texts, visit)
}
