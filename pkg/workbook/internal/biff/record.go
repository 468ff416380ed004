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
)

var le = binary.LittleEndian

// Ids of the records that are read. Names are those of the format's description.
const (
	idDimensions2  = 0x0000
	idFormula      = 0x0006
	idEOF          = 0x000A
	idDate1904     = 0x0022
	idLeftMargin   = 0x0026
	idBottomMargin = 0x0029
	idFilePass     = 0x002F
	idContinue     = 0x003C
	idCodePage     = 0x0042
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

// records walks the records of a stream.
type records struct {
	stream []byte
	at     int // of the next record
	start  int // of the present record
	id     uint16
	before uint16 // the id of the record before it
	length int    // of the data of the record before it
	data   []byte
}

// next moves to the next record.
func (r *records) next() error {
	if len(r.stream)-r.at < 4 {
		return r.errorf("cut short, the end record is missing")
	}
	r.start = r.at
	r.before, r.length, r.id = r.id, len(r.data), le.Uint16(r.stream[r.at:])
	size := int(le.Uint16(r.stream[r.at+2:]))
	body := r.stream[r.at+4:]
	if len(body) < size {
		return r.errorf("record %#04x is cut short", r.id)
	}
	r.data = body[:size:size]
	r.at += 4 + size
	return nil
}

// peek is the id of the record after this one, 0xFFFF at the end.
func (r *records) peek() uint16 {
	if len(r.stream)-r.at < 4 {
		return 0xFFFF
	}
	return le.Uint16(r.stream[r.at:])
}

// segments are the data of this record and of those that continue it.
func (r *records) segments() ([][]byte, error) {
	list := [][]byte{r.data}
	for r.peek() == idContinue {
		if err := r.next(); err != nil {
			return nil, err
		}
		list = append(list, r.data)
	}
	return list, nil
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

func (r *records) errorf(cause string, args ...any) error {
	return fault.Damaged(streamName, int64(r.start), cause, args...)
}

// streamName is the part in messages.
const streamName = "Workbook"
