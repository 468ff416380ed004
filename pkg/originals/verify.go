package originals

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// Verify reads the whole store again and compares it with the chain and the hashes: every envelope, and every original that one
// refers to. It returns all that is wrong as one error, of code internal, or canceled with ctx. Envelopes that are
// appended meanwhile are not looked at.
func (s *Store) Verify(ctx context.Context) error {
	records := s.snapshot()
	var wrong []error
	seen := map[string]bool{}
	for _, want := range records {
		if ctx.Err() != nil {
			return reporting.Errorf(reporting.Canceled, "verify: %w", context.Cause(ctx))
		}
		if err := s.verifyEnvelope(want); err != nil {
			wrong = append(wrong, err)
		}
		e := want.envelope
		if e.Kind != reporting.SubmissionReceived || seen[e.SHA256] {
			continue
		}
		seen[e.SHA256] = true
		if err := s.verifyOriginal(e); err != nil {
			wrong = append(wrong, err)
		}
	}
	wrong = append(wrong, s.verifyNames(records))
	if err := errors.Join(wrong...); err != nil {
		return reporting.Errorf(reporting.Internal, "verify: %w", err)
	}
	return nil
}

// verifyEnvelope compares a file with the hash that the index holds. The index is a chain, checked when it was loaded and kept
// by every Append, so a file of the same hash stands rightly in it.
func (s *Store) verifyEnvelope(want record) error {
	name := fileName(want.envelope.ID)
	data, err := os.ReadFile(s.file(name))
	if errors.Is(err, fs.ErrNotExist) {
		return reporting.Errorf(reporting.Internal, "envelope %s is missing", s.file(name))
	}
	if err != nil {
		return durable.Error("read envelope", err)
	}
	if sumOfBytes(data) != want.sum {
		return reporting.Errorf(reporting.Internal, "envelope %s was altered", s.file(name))
	}
	return nil
}

func (s *Store) verifyOriginal(e reporting.Envelope) error {
	if !validSum(e.SHA256) {
		return reporting.Errorf(reporting.Internal, "envelope %s: %q is not a sha256", e.ID, e.SHA256)
	}
	f, err := os.Open(s.path(e.SHA256))
	if errors.Is(err, fs.ErrNotExist) {
		return reporting.Errorf(reporting.Internal, "original %s of envelope %s is missing", e.SHA256, e.ID)
	}
	if err != nil {
		return durable.Error("read original", err)
	}
	defer f.Close()
	got, err := sumOf(f)
	if err != nil {
		return durable.Error("read original "+e.SHA256, err)
	}
	if got != e.SHA256 {
		return altered(e.SHA256, got)
	}
	return nil
}

// verifyNames looks for envelopes that somebody has put among the others. The last ones may be Appends of this moment.
func (s *Store) verifyNames(records []record) error {
	names, _, err := s.list()
	if err != nil {
		return err
	}
	known := map[string]bool{}
	last := ""
	for _, r := range records {
		last = fileName(r.envelope.ID)
		known[last] = true
	}
	var wrong []error
	for _, name := range names {
		if name < last && !known[name] {
			wrong = append(wrong, reporting.Errorf(reporting.Internal, "envelope %s is not in the chain", s.file(name)))
		}
	}
	return errors.Join(wrong...)
}
