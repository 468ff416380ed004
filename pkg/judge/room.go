package judge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"

	"huizong/pkg/annotate"
	"huizong/pkg/confined"
	"huizong/pkg/reporting"
	"huizong/pkg/validate"
	"huizong/pkg/wire"
	"huizong/pkg/workbook"
)

// Room reads the files of strangers where they can harm nobody: in children of this program that have no reach, see package confined. A
// file that takes more than it may is refused with a finding, as one that is too large. It is safe for concurrent use.
type Room struct {
	pool      *confined.Pool
	catalogue *reporting.Catalogue
	mappings  func(org string) []reporting.Envelope
}

// File is one on the disk.
type File = interface{ Disk() *os.File }

// definitions are what a child needs for its life.
type definitions struct {
	Catalogue *reporting.Catalogue
	PersonKey []byte
	Limits    workbook.Limits
}

// Config of a Room. Mappings gives what persons have confirmed for the sheets of a unit, in order; nil is nothing.
type Config struct {
	Catalogue *reporting.Catalogue
	PersonKey []byte
	Mappings  func(org string) []reporting.Envelope
	Reading   workbook.Limits
	Confined  confined.Limits
}

// Open starts the children. main and TestMain must have called [RunIfChild].
func Open(c Config) (*Room, error) {
	if _, err := New(c.Catalogue, c.PersonKey, c.Reading); err != nil {
		return nil, err // here it can be told with its place; a child would only not start
	}
	toSetUp, err := codec.Encode(nil, definitions{c.Catalogue, c.PersonKey, c.Reading})
	if err != nil {
		return nil, err
	}
	pool, err := confined.Start(toSetUp, c.Confined)
	if err != nil {
		return nil, err
	}
	if c.Mappings == nil {
		c.Mappings = func(string) []reporting.Envelope { return nil }
	}
	return &Room{pool, c.Catalogue, c.Mappings}, nil
}

// Close ends the children.
func (r *Room) Close() { r.pool.Close() }

// Confinement is how the children are kept to themselves.
func (r *Room) Confinement() confined.Confinement { return r.pool.Confinement() }

// codec knows what the cell of a ledger's row may hold.
var codec = wire.Codec{Any: []reflect.Type{reflect.TypeFor[string](), reflect.TypeFor[reporting.Decimal](), reflect.TypeFor[reporting.Date](), reflect.TypeFor[reporting.Period]()}}

// maxDecoded bounds what becomes of an answer in the server's memory.
const maxDecoded = 128 << 20

// What a child is asked to do.
const (
	toDecide    = "decide"
	toRecognise = "recognise"
	toAsk       = "ask"
	toUnpack    = "unpack"
	toTabulate  = "table"
	toAnnotate  = "annotate"
	toView      = "view "
)

// sent is a file with what it was sent as.
type sent struct {
	Envelope  reporting.Envelope
	Confirmed []reporting.Envelope
}

func (r *Room) sent(e reporting.Envelope) sent { return sent{e, r.mappings(e.Org)} }

// decided is a verdict without its table.
type decided struct {
	Form     string
	Reading  reporting.Reading
	Findings []reporting.Finding
}

// asked is a question of a child: for what stood of a form, or for what others have reported.
type asked struct {
	Form   string
	Wanted *validate.Wanted
}

// Decide does what Judge.Decide does. The verdict has no table.
func (r *Room) Decide(ctx context.Context, file File, e reporting.Envelope, h History) (Verdict, error) {
	var d decided
	err := r.do(ctx, work{who: "unit " + e.Org, name: toDecide, file: file, request: r.sent(e), answer: h.answer}, &d)
	if finding, ok := reporting.FindingOf(err); ok {
		return Verdict{Form: e.Form, Findings: []reporting.Finding{finding}}, nil
	}
	if err != nil {
		return Verdict{}, fmt.Errorf("submission %s: %w", e.ID, err)
	}
	if d.Form != e.Form && r.catalogue.Form(d.Form) == nil || len(d.Findings) > reporting.MaxFindings+1 ||
		reporting.HasErrors(d.Findings) && !reflect.ValueOf(d.Reading).IsZero() {
		return Verdict{}, reporting.Errorf(reporting.Internal, "submission %s: the reader gave a verdict that is none", e.ID)
	}
	return Verdict{Form: d.Form, Reading: d.Reading, Findings: d.Findings}, nil
}

// answer looks up what a child asks for.
func (h History) answer(question []byte) ([]byte, error) {
	var q asked
	if err := codec.Decode(question, &q, maxDecoded); err != nil {
		return nil, reporting.Errorf(reporting.Internal, "question of a reader: %w", err)
	}
	if q.Wanted != nil {
		facts, err := h.Elsewhere(*q.Wanted)
		if err != nil {
			return nil, err
		}
		return codec.Encode(nil, facts)
	}
	past, err := h.Before(q.Form)
	if err != nil {
		return nil, err
	}
	return codec.Encode(nil, past)
}

// recognised is what Recognise needs.
type recognised struct {
	Org       string
	Confirmed []reporting.Envelope
	Hint      reporting.Hint
}

// Recognise does what Judge.Recognise does, for the account.
func (r *Room) Recognise(ctx context.Context, account string, file File, org string, hint reporting.Hint) (reporting.Recognition, error) {
	var rec reporting.Recognition
	err := r.do(ctx, work{who: account, name: toRecognise, file: file, request: recognised{org, r.mappings(org), hint}}, &rec)
	if finding, ok := reporting.FindingOf(err); ok {
		rec = unrecognised(org, hint)
		rec.Findings = append(rec.Findings, finding)
		return (&Judge{catalogue: r.catalogue}).named(rec), nil
	}
	return rec, err
}

// asks is what Ask needs.
type asks struct {
	Sent    sent
	Answers []reporting.Answer
}

// Ask does what Judge.Ask does, for the account.
func (r *Room) Ask(ctx context.Context, account string, file File, e reporting.Envelope, answers []reporting.Answer) (reporting.Asked, error) {
	var asked reporting.Asked
	err := r.do(ctx, work{who: account, name: toAsk, file: file, request: asks{r.sent(e), answers}}, &asked)
	if _, ok := reporting.FindingOf(err); ok {
		return reporting.Asked{}, nil // it cannot be read, and asks nothing
	}
	return asked, err
}

// Unpack returns the files of an archive, for the account; none of any other file. What is wrong with the archive is an error with a finding.
func (r *Room) Unpack(ctx context.Context, account string, file File) ([]reporting.Packed, error) {
	head := make([]byte, 2)
	if _, err := file.Disk().ReadAt(head, 0); err != nil || string(head) != "PK" {
		return nil, nil // a child need not look; and what cannot be read is told by whoever reads it
	}
	var files []reporting.Packed
	err := r.do(ctx, work{who: account, name: toUnpack, file: file, request: ""}, &files)
	return files, err
}

// Table does what Judge.Table does, for the account.
func (r *Room) Table(ctx context.Context, account string, file File, e reporting.Envelope) (*reporting.Table, error) {
	var t *reporting.Table
	s := r.sent(e)
	err := r.do(ctx, work{who: account, name: toTabulate, file: file, request: s}, &t)
	if finding, ok := reporting.FindingOf(err); ok {
		return nil, reporting.Errorf(reporting.Invalid, "submission %s holds no table that can be read: %s", e.ID, finding.MessageEN)
	}
	if err != nil {
		return nil, err
	}
	if t == nil || t.Form == nil || r.catalogue.Form(t.Form.ID) == nil || slices.ContainsFunc(t.Lines, func(l reporting.Line) bool { return len(l.Values) != len(t.Form.Columns) }) {
		return nil, reporting.Errorf(reporting.Internal, "submission %s: the reader gave a table that is none", e.ID)
	}
	return t, nil
}

// annotated is what Annotate needs.
type annotated struct {
	annotate.Input
	MaxCells int
}

// Annotated is the workbook as it was written, and what was left out of it.
type Annotated struct {
	Book    []byte
	Removed []annotate.Removed
}

// Annotate writes the workbook with what was found in it, for the account; of one with more cells than that, and of a damaged one, the
// findings alone.
func (r *Room) Annotate(ctx context.Context, account string, file File, in annotate.Input, maxCells int) (Annotated, error) {
	in.File, in.Sheets = nil, nil
	var book Annotated
	err := r.do(ctx, work{who: account, name: toAnnotate, file: file, request: annotated{in, maxCells}}, &book)
	if _, tooLarge := reporting.FindingOf(err); tooLarge { // nothing of the file is used then: the list of findings is our own
		var list bytes.Buffer
		removed, err := annotate.Write(&list, in)
		return Annotated{list.Bytes(), removed}, err
	}
	return book, err
}

// Look has a view look at the file of a submission, for the account, and decodes what it saw. A file that is none is an error with a finding.
func (r *Room) Look(ctx context.Context, account, view string, file File, e reporting.Envelope, request, seen any) error {
	b, err := codec.Encode(nil, request)
	if err != nil {
		return err
	}
	return r.do(ctx, work{who: account, name: toView + view, file: file, request: looked{r.sent(e), b}}, seen)
}

type looked struct {
	Sent    sent
	Request []byte
}

type work struct {
	who, name string
	file      File
	request   any
	answer    func([]byte) ([]byte, error)
}

func (r *Room) do(ctx context.Context, w work, result any) error {
	request, err := codec.Encode(nil, w.request)
	if err != nil {
		return err
	}
	b, err := r.pool.Do(ctx, confined.Task{Who: w.who, Name: w.name, File: w.file.Disk(), Request: request, Answer: w.answer})
	var over confined.Overrun
	if errors.As(err, &over) {
		return overrun(over)
	}
	if err != nil {
		return err
	}
	switch err := codec.Decode(b, result, maxDecoded); {
	case wire.IsTooLarge(err):
		return overrun(confined.Overrun{Of: "memory"})
	case err != nil:
		return reporting.Errorf(reporting.Internal, "result of a reader: %w", err)
	}
	return nil
}

// overrun is the finding of a file that takes more than any table.
func overrun(o confined.Overrun) error {
	return &reporting.FileError{Code: reporting.TooLarge, Offset: -1, Err: o, Reason: reporting.Text{
		ZH: "这个文件读取时占用的内存或时间过多，不像是正常的表格，因此没有采用。请把要报送的区域复制到新建的工作簿中，删去多余的行、列和工作表，另存为 .xlsx 后重新报送。",
		EN: "The file takes far more memory or time to be read than a table does, so nothing of it was used. Copy the table into a new workbook, without rows, columns and sheets that are not needed, save it as .xlsx and send it again.",
	}}
}
