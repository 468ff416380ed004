package biff

import (
	"bytes"

	"huizong/pkg/workbook/internal/fault"
)

const (
	linkSeparator = 0x03 // between a program and its topic, and between the folders of a path
	lastPathSign  = 0x04 // names of files begin with a sign up to this one, those of programs with a letter
	flagOLELink   = 0x10 // to an object, which Excel does not fetch unasked
)

// linksProgram reports whether an external book, or a sheet of one in BIFF5, is a running program.
func (w *Workbook) linksProgram(r *records) bool {
	var name []byte
	switch {
	case r.id == idExternSheet && w.version == biff5 && len(r.data) > 1:
		name = r.data[1:]
	case r.id == idSupBook && len(r.data) > 5 && r.data[4]&flagWide == 0:
		name = r.data[5:]
	case r.id == idSupBook && len(r.data) > 5:
		name, _ = appendWide(nil, r.data[5:])
	}
	return len(name) > 0 && name[0] > lastPathSign && bytes.IndexByte(name, linkSeparator) > 0
}

// externName refuses a value that a program gives, which formulas mention only by number.
func (w *Workbook) externName(r *records) error {
	if w.program && len(r.data) > 0 && r.data[0]&flagOLELink == 0 {
		return fault.Unreadable(streamName, fault.FromOutside("DDE"))
	}
	return nil
}
