package confined

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// TestFramesOfAChild: a child that a file has taken over may send anything; what is too long, cut or out of turn is refused before it is held.
func TestFramesOfAChild(t *testing.T) {
	whole := append(head(result, 5), "bytes"...)
	if k, body, err := readFrame(bytes.NewReader(whole)); k != result || string(body) != "bytes" || err != nil {
		t.Errorf("a result: %d %q, %v", k, body, err)
	}
	for n := range whole {
		if _, _, err := readFrame(bytes.NewReader(whole[:n])); !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cut after %d bytes: %v", n, err)
		}
	}
	for k, longest := range map[kind]uint32{ready: 64 << 10, failure: 64 << 10, question: maxQuestion, result: maxResult, tired: maxResult, setup: 0, work: 0, answer: 0, 0: 0, 99: 0} {
		frame := binary.LittleEndian.AppendUint32([]byte{byte(k)}, longest+1)
		if _, body, err := readFrame(bytes.NewReader(frame)); err != errForeign || body != nil {
			t.Errorf("kind %d of %d bytes: %v", k, longest+1, err)
		}
	}
}

// TestErrorsOfAChild: an error comes back as what it was, and as no more than a page, whatever the file has in it.
func TestErrorsOfAChild(t *testing.T) {
	back := func(err error) error { return decodeError(encodeError(err)) }
	if err := back(reporting.Errorf(reporting.Unavailable, "the disk is away")); reporting.CodeOf(err) != reporting.Unavailable || err.Error() != "the disk is away" {
		t.Errorf("%v", err)
	}
	long := strings.Repeat("长", maxWords)
	sent := &reporting.FileError{Code: reporting.TooLarge, Sheet: long, Cell: "B2", Part: "xl/a.xml", Offset: 7, Reason: reporting.Text{ZH: long, EN: "too large"}, Err: errors.New(long)}
	var got *reporting.FileError
	if err := back(sent); !errors.As(err, &got) {
		t.Fatalf("%v", err)
	}
	if got.Code != sent.Code || got.Cell != "B2" || got.Part != "xl/a.xml" || got.Offset != 7 || got.Reason.EN != "too large" || len(got.Sheet) != maxWords || len(got.Reason.ZH) != maxWords || len(got.Err.Error()) != maxWords {
		t.Errorf("%d letters of sheet, %d of reason, cell %s", len(got.Sheet), len(got.Reason.ZH), got.Cell)
	}
	encoded := encodeError(sent)
	for _, b := range [][]byte{nil, {0xff}, encoded[:len(encoded)/2], []byte(strings.Repeat("\xff", 100))} {
		if err := decodeError(b); err != errForeign {
			t.Errorf("what is no error of ours: %v", err)
		}
	}
}

// TestWhole: a child has no reach where all three hold it.
func TestWhole(t *testing.T) {
	for _, c := range []Confinement{{}, {Landlock: 6, Calls: true}, {Landlock: 6, Limits: true}, {Calls: true, Limits: true}} {
		if c.Whole() {
			t.Errorf("%s is whole", c)
		}
	}
	if c := (Confinement{Landlock: 1, Calls: true, Limits: true}); !c.Whole() || c.String() != "landlock 1, filter of calls true, limits true" {
		t.Errorf("%s", c)
	}
}

// TestPanics: what a handler panics with is an error of ours, and the child lives on.
func TestPanics(t *testing.T) {
	b, err := safely(func(Work) ([]byte, error) { panic("a strange sheet") }, Work{})
	if b != nil || reporting.CodeOf(err) != reporting.Internal || !strings.Contains(err.Error(), "a strange sheet") {
		t.Errorf("%q, %v", b, err)
	}
	if b, err := safely(func(w Work) ([]byte, error) { return w.Request, nil }, Work{Request: []byte("x")}); string(b) != "x" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if finding, ok := reporting.FindingOf(tooMuch()); !ok || finding.Code != reporting.TooLarge || finding.Message == "" || finding.MessageEN == "" {
		t.Errorf("too much is told as %+v", finding)
	}
}
