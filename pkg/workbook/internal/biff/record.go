// Package biff reads the workbooks of Excel 5 to 2003 (.xls) and of WPS (.et): BIFF5 and BIFF8.
//
// The format has no checksums, so all strictness is in its structure: lengths of records are exact where they are fixed, ids
// that no version has are refused, indices must point to something, offsets of sheets must lead to sheets, rows and columns
// go forward or all go anyhow, cells lie where their rows' records say, reserved bits are zero, characters exist, and every
// substream ends with its end record. What this cannot see is a changed bit that makes another number, another character that
// exists, another style, or a row hidden; and in a sheet without records of rows, a cell that has moved to a free place.
package biff

import (
	"bytes"
	"encoding/binary"

	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/input"
)

var le = binary.LittleEndian

// Ids of the records that are read. Names are those of the format's description.
const (
	idDimensions2  = 0x0000
	idFormula      = 0x0006
	idEOF          = 0x000A
	idExternSheet  = 0x0017
	idDate1904     = 0x0022
	idExternName   = 0x0023
	idLeftMargin   = 0x0026
	idBottomMargin = 0x0029
	idFilePass     = 0x002F
	idFont         = 0x0031
	idContinue     = 0x003C
	idCodePage     = 0x0042
	idUncalculated = 0x005E
	idColInfo      = 0x007D
	idBoundSheet   = 0x0085
	idMulRK        = 0x00BD
	idMulBlank     = 0x00BE
	idDBCell       = 0x00D7
	idFormula3     = 0x0206
	idFormula4     = 0x0406
	idRString      = 0x00D6
	idXF           = 0x00E0
	idMergeCells   = 0x00E5
	idSST          = 0x00FC
	idLabelSST     = 0x00FD
	idSupBook      = 0x01AE
	idLink         = 0x01B8
	idDimensions   = 0x0200
	idBlank        = 0x0201
	idNumber       = 0x0203
	idLabel        = 0x0204
	idBoolErr      = 0x0205
	idString       = 0x0207
	idRow          = 0x0208
	idArray        = 0x0221
	idTable        = 0x0236
	idRK           = 0x027E
	idFormat       = 0x041E
	idShared       = 0x04BC
	idBOF          = 0x0809
)

const (
	// windowBytes of the stream are read at once: more than the longest record.
	windowBytes = 128 << 10
	headSize    = 4
)

// records walks the records of a stream. What it finds in one is valid until it moves on.
type records struct {
	in     *input.Window
	lock   *lock // nil where the stream is plain
	at     int   // of the next record
	start  int   // of the present record
	id     uint16
	before uint16 // the id of the record before it
	length int    // of the data of the record before it
	data   []byte
}

// next moves to the next record.
func (r *records) next() error {
	head := r.in.Bytes(r.at, headSize)
	if head == nil {
		return r.errorf("cut short, the end record is missing")
	}
	r.start = r.at
	r.before, r.length, r.id = r.id, len(r.data), le.Uint16(head)
	n := headSize + int(le.Uint16(head[2:]))
	whole := r.in.Bytes(r.at, n+headSize) // for peek
	if whole == nil {
		whole = r.in.Bytes(r.at, n) // the last one
	}
	if whole == nil {
		return r.errorf("record %#04x is cut short", r.id)
	}
	r.data = whole[headSize:n:n]
	if r.lock != nil {
		r.data = r.lock.open(r.id, r.start+headSize, r.data)
	}
	r.at += n
	return nil
}

// peek is the id of the record after this one, 0xFFFF at the end.
func (r *records) peek() uint16 {
	head := r.in.Bytes(r.at, headSize)
	if head == nil {
		return 0xFFFF
	}
	return le.Uint16(head)
}

// skipNested passes over a substream inside this one (a chart on the sheet), whose BOF was just read.
func (r *records) skipNested() error {
	for depth := 1; depth > 0; {
		if err := r.next(); err != nil {
			return err
		}
		switch r.id {
		case idBOF:
			depth++
		case idEOF:
			depth--
		}
	}
	return nil
}

// need refuses a record that is shorter than n bytes.
func (r *records) need(n int) error {
	if len(r.data) < n {
		return r.errorf("record %#04x has %d bytes instead of %d", r.id, len(r.data), n)
	}
	return nil
}

// exactly refuses a record that has not n bytes.
func (r *records) exactly(n int) error {
	if len(r.data) != n {
		return r.errorf("record %#04x has %d bytes instead of %d", r.id, len(r.data), n)
	}
	return nil
}

// padded refuses a record that has not n bytes, but for zeros behind them. No record that it had swallowed would be zeros.
func (r *records) padded(n int) error {
	if len(r.data) < n || len(bytes.TrimLeft(r.data[n:], "\x00")) > 0 {
		return r.exactly(n)
	}
	return nil
}

// errorf says what is wrong with the stream; but where the disk has failed, that is what is wrong.
func (r *records) errorf(cause string, args ...any) error {
	if err := r.in.Err(); err != nil {
		return err
	}
	return fault.Damaged(streamName, int64(r.start), cause, args...)
}

// streamName is the part in messages.
const streamName = "Workbook"
