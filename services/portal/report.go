package portal

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/nats"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// maxUnpacked bounds what a packed file of the compiler may become.
const maxUnpacked = 256 << 20

// The headers of a report that the compiler gives: as of when it was compiled (asking for another format as of then gives the same
// report), and what a page may do.
const (
	cutoffHeader = "Huizong-Cutoff"
	policyHeader = "Content-Security-Policy"
)

// frozenPolicy is for pages of releases, which an earlier program may have written: each carries its own policy, which is stricter.
const frozenPolicy = "default-src 'none'; style-src 'unsafe-inline'"

// askFile asks the compiler for a file. One that the bus would not carry comes packed, and so does any other answer.
func (p *Portal) askFile(ctx context.Context, verb string, q reporting.Question) (data []byte, headers map[string]string, err error) {
	subject, err := nats.CompilerSubject(verb)
	if err != nil {
		return nil, nil, err
	}
	payload, err := json.Marshal(q)
	if err != nil {
		return nil, nil, err
	}
	reply, err := p.Bus.Request(ctx, subject, payload, nil)
	if err != nil {
		return nil, nil, err
	}
	if data = reply.Data; reply.Headers["Content-Encoding"] == "gzip" {
		unpacker, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, nil, reporting.Errorf(reporting.Internal, "answer to %s: %w", verb, err)
		}
		if data, err = io.ReadAll(io.LimitReader(unpacker, maxUnpacked)); err != nil {
			return nil, nil, reporting.Errorf(reporting.Internal, "answer to %s: %w", verb, err)
		}
	}
	return data, reply.Headers, nil
}

// report compiles a report in a format. Parameters of its template are param.NAME=TEXT.
func (p *Portal) report(w http.ResponseWriter, r *http.Request) error {
	question, err := p.reportQuestion(r)
	if err != nil {
		return err
	}
	data, headers, err := p.askFile(r.Context(), "report", question)
	if err != nil {
		return err
	}
	w.Header().Set(cutoffHeader, headers[cutoffHeader])
	return sendFile(w, r, fmt.Sprintf("%s-%s.%s", r.PathValue("report"), question.Periods[0], question.Format), headers[policyHeader], data)
}

func (p *Portal) reportQuestion(r *http.Request) (reporting.Question, error) {
	question, err := p.question(r)
	if err != nil {
		return question, err
	}
	question.Report = strings.ReplaceAll(r.PathValue("report"), "-", "_")
	if question.Format = r.URL.Query().Get("format"); question.Format == "" {
		question.Format = "docx"
	}
	for key, values := range r.URL.Query() {
		if name, ok := strings.CutPrefix(key, "param."); ok {
			if question.Parameters == nil {
				question.Parameters = map[string]string{}
			}
			question.Parameters[name] = values[0]
		}
	}
	return question, nil
}

// sendFile sends a file to be kept, or, with ?show=1, a page or a .pdf to be looked at in the browser. A page of ours may load and run
// nothing.
func sendFile(w http.ResponseWriter, r *http.Request, name, policy string, data []byte) error {
	format := strings.TrimPrefix(path.Ext(name), ".")
	download(w, name, format)
	if policy != "" {
		w.Header().Set(policyHeader, policy+"; sandbox") // a page of its own: not of our origin, even if it could run something
	}
	if r.URL.Query().Get("show") != "" && (format == "html" || format == "pdf") {
		w.Header().Set("Content-Disposition", disposition("inline", name))
	}
	_, err := w.Write(data)
	return err
}

// answered asks the compiler and passes its answer on.
func answered[T any](p *Portal, w http.ResponseWriter, r *http.Request, verb string, q reporting.Question) error {
	var value T
	if _, err := p.ask(r.Context(), verb, q, &value); err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, value)
}

func (p *Portal) warnings(w http.ResponseWriter, r *http.Request) error {
	question, err := p.question(r)
	if err != nil {
		return err
	}
	return answered[[]reporting.Warning](p, w, r, "warnings", question)
}

// publication is what a release is asked for with.
type publication struct {
	Report     string            `json:"report"` // half-year
	Period     reporting.Period  `json:"period"`
	AsOf       string            `json:"as_of"`
	Boundaries string            `json:"boundaries"` // a day; empty: each unit as it was
	Formats    []string          `json:"formats"`    // none is all
	Parameters map[string]string `json:"parameters"`
	Reason     string            `json:"reason"`
	By         string            `json:"by"`
}

func (p *Portal) publish(w http.ResponseWriter, r *http.Request) error {
	var asked publication
	if err := endpoint.ReadJSON(w, r, 1<<20, &asked); err != nil {
		return err
	}
	if asked.Period.IsZero() {
		return reporting.Errorf(reporting.Invalid, "release: a period is needed")
	}
	asOf, err := timeOf(asked.AsOf)
	if err != nil {
		return err
	}
	on, err := dayOf("boundaries", asked.Boundaries)
	if err != nil {
		return err
	}
	question := reporting.Question{Periods: []reporting.Period{asked.Period}, On: on, Report: strings.ReplaceAll(asked.Report, "-", "_"), AsOf: asOf,
		Parameters: asked.Parameters, Formats: asked.Formats, Reason: asked.Reason, By: access.From(r.Context()).Signs(asked.By)}
	return answered[reporting.Release](p, w, r, "publish", question)
}

func (p *Portal) releases(w http.ResponseWriter, r *http.Request) error {
	return answered[[]reporting.Release](p, w, r, "releases", reporting.Question{})
}

func (p *Portal) drafts(w http.ResponseWriter, r *http.Request) error {
	return answered[[]reporting.Draft](p, w, r, "drafts", reporting.Question{})
}

// draftFile sends a file of a draft as it stands now.
func (p *Portal) draftFile(w http.ResponseWriter, r *http.Request) error {
	period, err := reporting.ParsePeriod(r.PathValue("period"))
	if err != nil {
		return err
	}
	question := reporting.Question{Report: strings.ReplaceAll(r.PathValue("report"), "-", "_"), Periods: []reporting.Period{period}, File: r.PathValue("file")}
	data, _, err := p.askFile(r.Context(), "draft_file", question)
	if err != nil {
		return err
	}
	return sendFile(w, r, path.Base(question.File), frozenPolicy, data)
}

// numbered is a question about the releases that the path names.
func numbered(r *http.Request, keys ...string) (reporting.Question, error) {
	var q reporting.Question
	for _, key := range keys {
		n, err := strconv.Atoi(r.PathValue(key))
		if err != nil {
			return q, reporting.Errorf(reporting.NotFound, "no release %q", r.PathValue(key))
		}
		q.Releases = append(q.Releases, n)
	}
	return q, nil
}

func (p *Portal) release(w http.ResponseWriter, r *http.Request) error {
	question, err := numbered(r, "number")
	if err != nil {
		return err
	}
	return answered[reporting.Release](p, w, r, "release", question)
}

// releaseFile sends a file of a release as it was frozen, or, with ?rebuilt=1, as it compiles now.
func (p *Portal) releaseFile(w http.ResponseWriter, r *http.Request) error {
	question, err := numbered(r, "number")
	if err != nil {
		return err
	}
	question.File = r.PathValue("file")
	verb := "release_file"
	if r.URL.Query().Get("rebuilt") != "" {
		verb = "rebuilt"
	}
	data, _, err := p.askFile(r.Context(), verb, question)
	if err != nil {
		return err
	}
	return sendFile(w, r, path.Base(question.File), frozenPolicy, data)
}

func (p *Portal) releaseDiff(w http.ResponseWriter, r *http.Request) error {
	question, err := numbered(r, "number", "other")
	if err != nil {
		return err
	}
	return answered[reporting.ReleaseDiff](p, w, r, "release_diff", question)
}

func (p *Portal) releaseCheck(w http.ResponseWriter, r *http.Request) error {
	question, err := numbered(r, "number")
	if err != nil {
		return err
	}
	return answered[reporting.ReleaseCheck](p, w, r, "release_verify", question)
}
