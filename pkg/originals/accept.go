package originals

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// Acceptance is what a person says who takes a damaged journal as it is.
type Acceptance struct {
	By, Reason string
	Lost       int // the number that the refusal named: the person who accepts has to know it
	// Missing tells the submissions that are known elsewhere and that the journal has not; nil knows of none.
	Missing func(has func(id string) bool) ([]reporting.LostSubmission, error)
}

// Accept takes a damaged journal as it is found, because no backup has what it lost: what does not hold is put aside, unchanged, in a
// folder beside the envelopes; an entry says what is lost, who accepted that and why; and a new head is signed. It returns the entry and
// the folder ("" where nothing was put aside).
//
// Errors: invalid where another number is lost; conflict where the journal is whole and nothing else is missing.
//
// If we crash in here before the entry, the damage is what it was, or of the same number. The entry's head is the last step.
func Accept(ctx context.Context, dir string, o Options, a Acceptance) (e reporting.Envelope, aside string, err error) {
	s := newStore(dir, o)
	if err := s.makeFolders(); err != nil {
		return e, "", durable.Error("accept the journal", err)
	}
	d, j, err := s.examine()
	if err != nil {
		return e, "", err
	}
	loss := &reporting.Loss{Entries: d.Lost}
	if a.Missing != nil {
		if loss.Submissions, err = a.Missing(j.has); err != nil {
			return e, "", err
		}
	}
	lost := d.Lost
	if lost == 0 {
		lost = len(loss.Submissions)
	}
	switch {
	case d.Kind == "" && lost == 0:
		return e, "", reporting.Errorf(reporting.Conflict, "the journal is whole: there is nothing to accept")
	case lost != a.Lost:
		return e, "", reporting.Errorf(reporting.Invalid, "the journal has lost %d entries, not %d", lost, a.Lost)
	}
	if aside, err = s.putAside(dir, d.aside); err != nil {
		return e, aside, durable.Error("accept the journal", err)
	}
	if s.journal, err = s.load(); err != nil {
		return e, aside, err
	}
	if s.head.key == nil {
		if err := s.head.makeKey(); err != nil {
			return e, aside, err
		}
	}
	e, err = s.Append(ctx, reporting.Envelope{Kind: reporting.JournalAccepted, By: a.By, Reason: a.Reason, Loss: loss})
	return e, aside, err
}

// has reports whether the journal has the entry.
func (j journal) has(id string) bool {
	_, ok := slices.BinarySearchFunc(j.records, id, func(r record, id string) int { return strings.Compare(r.envelope.ID, id) })
	return ok
}

// examine says what is wrong with the journal, and returns what of it holds. A zero Damage is none. It changes nothing.
func (s *Store) examine() (*Damage, journal, error) {
	var d *Damage
	err := s.head.openKey()
	if err == nil {
		err = s.head.read()
	}
	if err != nil && !errors.As(err, &d) {
		return nil, journal{}, err
	}
	if d != nil { // what it had counted is not known: it is made anew
		s.head.found, s.head.last = false, Head{}
	}
	s.readOnly, s.head.readOnly = true, true
	defer func() { s.readOnly, s.head.readOnly = false, false }()
	j, err := s.load()
	if err == nil && d == nil {
		err = s.head.meet(&j)
	}
	if err != nil && !errors.As(err, &d) {
		return nil, j, err
	}
	if d == nil {
		return &Damage{}, j, nil
	}
	if d.Kind == EndAltered {
		for _, r := range j.records[d.Kept:] {
			d.aside = append(d.aside, fileName(r.envelope.ID))
		}
	}
	if d.Kind == EndAltered || d.Kind == Broken {
		j.records = j.records[:d.Kept]
	}
	return d, j, nil
}

// putAside moves envelopes that do not hold into a folder of their own.
func (s *Store) putAside(dir string, names []string) (string, error) {
	if len(names) == 0 {
		return "", nil
	}
	folder := filepath.Join(dir, "envelopes-put-aside", durable.Stamp(s.now()))
	for _, name := range names {
		if err := s.disk.Aside(s.file(name), filepath.Join(folder, name)); err != nil {
			return folder, err
		}
	}
	return folder, nil
}

// Lost reports whether the submission is one that the journal was accepted without.
func (s *Store) Lost(id string) bool {
	for _, e := range s.Adopted() {
		if e.Loss == nil {
			continue
		}
		for _, lost := range e.Loss.Submissions {
			if lost.ID == id {
				return true
			}
		}
	}
	return false
}
