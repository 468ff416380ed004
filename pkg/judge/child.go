package judge

import (
	"bytes"
	"io"
	"maps"
	"strings"

	"huizong/pkg/annotate"
	"huizong/pkg/confined"
	"huizong/pkg/reporting"
	"huizong/pkg/validate"
	"huizong/pkg/workbook"
)

// View looks at a file where it is read, so that a large one need not be brought to the server to show a page of it.
type View func(o Opened, request []byte) ([]byte, error)

// Opened is a submission's file.
type Opened struct {
	judge *Judge
	file  workbook.File
	sent  sent
}

// Sheets reads all worksheets, also the hidden ones. A file that is none is an error with a finding.
func (o Opened) Sheets() ([]*reporting.Sheet, error) { return o.judge.Sheets(o.file) }

// Table reads the table that was sent. A file without one is an error of code invalid.
func (o Opened) Table() (*reporting.Table, error) {
	return o.judge.Table(o.file, o.sent.Envelope, o.sent.Confirmed)
}

// ViewOf makes a View of a function over plain values.
func ViewOf[Request, Seen any](look func(Opened, Request) (Seen, error)) View {
	return func(o Opened, request []byte) ([]byte, error) {
		var q Request
		if err := codec.Decode(request, &q, maxDecoded); err != nil {
			return nil, err
		}
		seen, err := look(o, q)
		if err != nil {
			return nil, err
		}
		return codec.Encode(nil, seen)
	}
}

// RunIfChild serves as a child of a Room and exits, if this process was started for that; else it does nothing. views are what Look may ask
// for.
func RunIfChild(views map[string]View) {
	confined.RunIfChild(func(toSetUp []byte) (confined.Handler, error) {
		var d definitions
		if err := codec.Decode(toSetUp, &d, maxDecoded); err != nil {
			return nil, err
		}
		d.Catalogue.Index()
		j, err := New(d.Catalogue, d.PersonKey, d.Limits)
		if err != nil {
			return nil, err
		}
		c := child{j, maps.Clone(views)}
		return c.handle, nil
	})
}

type child struct {
	judge *Judge
	views map[string]View
}

func (c child) handle(w confined.Work) ([]byte, error) {
	switch w.Name {
	case toDecide:
		return do(w, func(s sent) (decided, error) {
			v, err := c.judge.Decide(w.File, s.Envelope, s.Confirmed, History{
				Before: func(form string) (h validate.History, err error) {
					err = ask(w, asked{Form: form}, &h)
					return h, err
				},
				Elsewhere: func(q validate.Wanted) (facts []reporting.Fact, err error) {
					err = ask(w, asked{Wanted: &q}, &facts)
					return facts, err
				},
			})
			return decided{v.Form, v.Reading, v.Findings}, err
		})
	case toRecognise:
		return do(w, func(r recognised) (reporting.Recognition, error) {
			return c.judge.Recognise(w.File, r.Org, r.Confirmed, r.Hint)
		})
	case toAsk:
		return do(w, func(a asks) (reporting.Asked, error) {
			return c.judge.Ask(w.File, a.Sent.Envelope, a.Sent.Confirmed, a.Answers)
		})
	case toUnpack:
		return do(w, func(string) ([]reporting.Packed, error) { return workbook.Unpack(w.File, c.judge.limits) })
	case toTabulate:
		return do(w, func(s sent) (*reporting.Table, error) { return c.judge.Table(w.File, s.Envelope, s.Confirmed) })
	case toAnnotate:
		return do(w, func(a annotated) (Annotated, error) { return c.annotate(w.File, a) })
	}
	name, _ := strings.CutPrefix(w.Name, toView)
	view, known := c.views[name]
	if !known {
		return nil, reporting.Errorf(reporting.Internal, "no view %q", w.Name)
	}
	return do(w, func(l looked) (raw, error) {
		return view(Opened{c.judge, w.File, l.Sent}, l.Request)
	})
}

// raw is encoded already.
type raw []byte

func do[Request, Result any](w confined.Work, work func(Request) (Result, error)) ([]byte, error) {
	var r Request
	if err := codec.Decode(w.Request, &r, maxDecoded); err != nil {
		return nil, err
	}
	result, err := work(r)
	if err != nil {
		return nil, err
	}
	if b, done := any(result).(raw); done {
		return b, nil
	}
	return codec.Encode(nil, result)
}

func ask(w confined.Work, q asked, answer any) error {
	b, err := codec.Encode(nil, q)
	if err != nil {
		return err
	}
	if b, err = w.Ask(b); err != nil {
		return err
	}
	return codec.Decode(b, answer, maxAnswer)
}

// maxAnswer bounds what a child takes of history. The server is trusted; its own limit ends a child before.
const maxAnswer = 1 << 30

// annotate reads the file and writes it again.
func (c child) annotate(file confined.File, a annotated) (written Annotated, err error) {
	if a.Sheets, err = c.judge.Sheets(file); err != nil {
		if _, damaged := reporting.FindingOf(err); !damaged { // of a damaged file the findings are all that there is
			return written, err
		}
	}
	if cellsOf(a.Sheets) > a.MaxCells {
		a.Sheets = nil
	} else if a.File, err = io.ReadAll(file); err != nil {
		return written, reporting.Errorf(reporting.Unavailable, "read the original: %w", err)
	}
	var book bytes.Buffer
	written.Removed, err = annotate.Write(&book, a.Input)
	written.Book = book.Bytes()
	return written, err
}

func cellsOf(sheets []*reporting.Sheet) (n int) {
	for _, s := range sheets {
		for _, row := range s.Rows {
			n += len(row.Cells)
		}
	}
	return n
}
