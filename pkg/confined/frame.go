package confined

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"reflect"

	"huizong/pkg/reporting"
	"huizong/pkg/wire"
)

// kind is what a frame is.
type kind byte

const (
	setup    kind = iota + 1 // to the child, once: what it needs for all its work
	ready                    // from the child, once: how it is confined
	work                     // to the child, with a file
	question                 // from the child, in the middle of work
	answer                   // to the child
	result                   // from the child
	tired                    // from the child: a result, and it wants to be replaced
	failure                  // from the child
)

// What a frame may hold. What comes from a child is not trusted: it may have been taken over by the file that it reads.
const (
	headLen     = 5
	maxQuestion = 16 << 20
	maxResult   = 64 << 20
	maxToChild  = 256 << 20 // from us
	// maxQuestions bounds what a child asks in one piece of work: a child cannot keep the parent busy with questions.
	maxQuestions = 64
)

// most is how long a frame from a child may be.
func most(k kind) uint32 {
	switch k {
	case ready, failure:
		return 64 << 10
	case question:
		return maxQuestion
	case result, tired:
		return maxResult
	}
	return 0 // only we send the others
}

func head(k kind, n int) []byte {
	return binary.LittleEndian.AppendUint32([]byte{byte(k)}, uint32(n))
}

// errForeign is of a frame that must not come at this point, or is too long.
var errForeign = errors.New("the child speaks out of turn, or too much")

// readFrame reads a frame of a child.
func readFrame(r io.Reader) (kind, []byte, error) {
	var b [headLen]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, nil, err
	}
	k, n := kind(b[0]), binary.LittleEndian.Uint32(b[1:])
	if n > most(k) {
		return k, nil, errForeign
	}
	body := make([]byte, n)
	_, err := io.ReadFull(r, body)
	return k, body, err
}

// failed is an error on its way from the child.
type failed struct {
	Code reporting.Code
	Text string
	File *fileError
}

type fileError struct {
	Code              reporting.FindingCode
	Sheet, Cell, Part string
	Offset            int64
	Reason            reporting.Text
	Cause             string
}

// maxWords bounds the text of an error.
const maxWords = 8 << 10

func encodeError(err error) []byte {
	f := failed{Code: reporting.CodeOf(err), Text: cut(err.Error())}
	var e *reporting.FileError
	if errors.As(err, &e) {
		f.File = &fileError{Code: e.Code, Sheet: cut(e.Sheet), Cell: cut(e.Cell), Part: cut(e.Part), Offset: e.Offset, Reason: reporting.Text{ZH: cut(e.Reason.ZH), EN: cut(e.Reason.EN)}}
		if e.Err != nil {
			f.File.Cause = cut(e.Err.Error())
		}
	}
	b, err := codec.Encode(nil, f)
	if err != nil {
		panic(err) // texts and numbers can be encoded
	}
	return b
}

func cut(text string) string { return text[:min(len(text), maxWords)] }

func decodeError(b []byte) error {
	var f failed
	if err := codec.Decode(b, &f, 1<<20); err != nil {
		return errForeign
	}
	if f.File == nil {
		return reporting.Errorf(f.Code, "%s", f.Text)
	}
	e := &reporting.FileError{Code: f.File.Code, Sheet: f.File.Sheet, Cell: f.File.Cell, Part: f.File.Part, Offset: f.File.Offset, Reason: f.File.Reason}
	if f.File.Cause != "" {
		e.Err = errors.New(f.File.Cause)
	}
	return e
}

var codec = wire.Codec{Any: []reflect.Type{}}

// Confinement is how a child is kept to itself.
type Confinement struct {
	Landlock int  // version of the kernel's; 0: it has none
	Calls    bool // the calls that it may make of the kernel are filtered
	Limits   bool // its memory and time are limited by the kernel
}

// Whole reports whether a child has no reach at all.
func (c Confinement) Whole() bool { return c.Landlock > 0 && c.Calls && c.Limits }

func (c Confinement) String() string {
	return fmt.Sprintf("landlock %d, filter of calls %t, limits %t", c.Landlock, c.Calls, c.Limits)
}
