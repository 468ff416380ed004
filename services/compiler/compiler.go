// Package compiler produces the rolled-up figures, the warnings, the reports and their releases. It answers requests on the bus. What
// stands in ClickHouse now, or stood at a given time, is all that an answer is made of; of its own it keeps the releases, which are
// never changed, and drafts, which can be made again.
package compiler

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/clickhouse"
	"huizong/pkg/compile"
	"huizong/pkg/compile/pdf"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/release"
	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
	"huizong/pkg/warn"
)

// The verbs that the compiler answers, on nats.CompilerSubject. The portal knows them by the same names.
const (
	Figures     = "figures"
	Trace       = "trace"
	Report      = "report"
	Reports     = "reports" // those that can be compiled
	Warnings    = "warnings"
	Publish     = "publish"      // makes a release
	Releases    = "releases"     // lists them
	Release     = "release"      // one of them
	ReleaseFile = "release_file" // a file of one
	Rebuilt     = "rebuilt"      // a file of one, compiled again
	Diff        = "release_diff"
	Verify      = "release_verify"
	Drafts      = "drafts"     // lists them
	DraftFile   = "draft_file" // a file of one
)

// Config of the service. All fields are needed, but those that say what their zero value does.
type Config struct {
	Facts     *clickhouse.Store
	Bus       *nats.Bus
	Journal   *originals.Store
	Releases  *release.Store
	Catalogue *reporting.Catalogue
	Templates map[string]*compile.Template // by id
	Schemas   fs.FS                        // what catalogue and templates are read from; releases freeze it
	Load      func(fs.FS) (*reporting.Catalogue, error)
	Fonts     func() (*pdf.Fonts, error) // asked for when a .pdf is
	Program   string                     // version
	Log       *zap.Logger
	Now       func() time.Time          // the cut-off of a report that is asked for as of now, in the bureau's zone
	Timer     func(time.Duration) Timer // nil: of the clock
	Drafts    DraftConfig               // the zero value makes none
}

// Compiler is the service.
type Compiler struct {
	Config
	rules      []warn.Rule
	recent     documents
	memory     memory
	published  published
	publish    sync.Mutex     // held while a release is made: the next one is numbered and chained after it
	boundaries reporting.Date // the day on whose boundaries of units it answers; zero: each unit as it was
	touched    chan reporting.Period
	looked     func(reporting.Period) // called when it has been looked whether a draft is due, and it is made if so; for tests
}

// New returns the service. A catalogue whose arithmetic is refused is an error, and so is a rule of warnings that does not fit it.
func New(c Config) (*Compiler, error) {
	if err := rollup.Check(c.Catalogue); err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	if err := c.Drafts.check(c.Templates); err != nil {
		return nil, err
	}
	rules, err := warn.Load(c.Schemas, warningsFile, c.Catalogue)
	if err != nil {
		return nil, err
	}
	if c.Timer == nil {
		c.Timer = realTimer
	}
	return &Compiler{Config: c, rules: rules, touched: make(chan reporting.Period, 64), looked: func(reporting.Period) {}}, nil
}

// Run answers, and makes drafts when they are due, until ctx ends.
func (c *Compiler) Run(ctx context.Context) error {
	sub, err := c.Bus.Serve(ctx, nats.ServeConfig{Subject: nats.AllCompiler, Queue: "compiler"}, c.serve)
	if err != nil {
		return fmt.Errorf("compiler: %w", err)
	}
	if c.Drafts.Dir != "" {
		if err := c.runDrafts(ctx); err != nil {
			return fmt.Errorf("compiler: %w", err)
		}
	}
	sub.Wait()
	return nil
}

func (c *Compiler) serve(ctx context.Context, r nats.Request) (nats.Reply, error) {
	var q reporting.Question
	if err := json.Unmarshal(r.Data, &q); err != nil {
		return nats.Reply{}, reporting.Errorf(reporting.Invalid, "question: %w", err)
	}
	verb := nats.LastToken(r.Subject)
	if err := check(verb, q); err != nil {
		return nats.Reply{}, err
	}
	switch verb {
	case Figures:
		return answer(c.Figures(ctx, q))
	case Trace:
		return answer(c.Trace(ctx, q))
	case Reports:
		return answer(c.reports(), nil)
	case Warnings:
		return answer(c.Warnings(ctx, q))
	case Report:
		return carried(c.Report(ctx, q))
	case Publish:
		return answer(c.Publish(ctx, q))
	case Releases:
		return answer(c.released(), nil)
	case Release:
		return answer(c.Releases.Find(q.Releases[0]))
	case ReleaseFile:
		data, err := c.Releases.File(q.Releases[0], q.File)
		return carried(File{Data: data}, err)
	case Rebuilt:
		data, err := c.Rebuild(ctx, q.Releases[0], q.File)
		return carried(File{Data: data}, err)
	case Diff:
		return answer(c.Diff(ctx, q.Releases[0], q.Releases[1]))
	case Verify:
		return answer(c.Verify(ctx, q.Releases[0]))
	case Drafts:
		return answer(c.drafts())
	case DraftFile:
		return carried(c.draftFile(q.Report, q.Periods[0], q.File))
	default:
		return nats.Reply{}, reporting.Errorf(reporting.NotFound, "the compiler has no verb %q", verb)
	}
}

// check refuses a question that lacks what its verb reads.
func check(verb string, q reporting.Question) error {
	switch verb {
	case Releases, Reports, Drafts:
		return nil
	case Release, ReleaseFile, Rebuilt, Verify:
		if len(q.Releases) != 1 {
			return reporting.Errorf(reporting.Invalid, "the number of a release is needed")
		}
		return nil
	case Diff:
		if len(q.Releases) != 2 {
			return reporting.Errorf(reporting.Invalid, "the numbers of two releases are needed")
		}
		return nil
	}
	if len(q.Periods) == 0 {
		return reporting.Errorf(reporting.Invalid, "a period is needed")
	}
	return nil
}

func answer[T any](value T, err error) (nats.Reply, error) {
	if err != nil {
		return nats.Reply{}, err
	}
	data, err := json.Marshal(value)
	return carried(File{Data: data}, err) // the trace of a ledger of 20,000 rows has a line for each
}

// The headers of an answer that is a file.
const (
	CutoffHeader   = "Huizong-Cutoff"          // the moment as of which it was compiled
	PolicyHeader   = "Content-Security-Policy" // of a page
	EncodingHeader = "Content-Encoding"        // gzip: it is packed
)

// carried answers with a file. One that the bus would not carry is packed; the portal unpacks it.
func carried(f File, err error) (nats.Reply, error) {
	if err != nil {
		return nats.Reply{}, err
	}
	reply := nats.Reply{Data: f.Data, Headers: map[string]string{}}
	if !f.Cutoff.IsZero() {
		reply.Headers[CutoffHeader] = f.Cutoff.Format(time.RFC3339Nano)
	}
	if f.Policy != "" {
		reply.Headers[PolicyHeader] = f.Policy
	}
	if len(f.Data) <= nats.MaxPayload {
		return reply, nil
	}
	if reply.Data, err = packed(f.Data); err != nil {
		return nats.Reply{}, err
	}
	if len(reply.Data) > nats.MaxPayload {
		return nats.Reply{}, reporting.Errorf(reporting.Invalid, "the answer has %d MB, packed %d: the bus carries %d; ask for another format, or for a shorter period",
			len(f.Data)>>20, len(reply.Data)>>20, nats.MaxPayload>>20)
	}
	reply.Headers[EncodingHeader] = "gzip"
	return reply, nil
}
