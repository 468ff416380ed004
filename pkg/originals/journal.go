package originals

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// record is an envelope and the hash of its file, which the next one carries.
type record struct {
	envelope reporting.Envelope
	sum      string
}

// journal is the memory index of the envelopes: all of them in order, and what is asked of them for every submission or page. The
// zero value is the empty journal.
type journal struct {
	records   []record
	last      map[string]string               // org → id of its last entry to be decided
	first     map[string]string               // hash of an original → id of the first submission of it
	received  map[reporting.Period][]int      // what it was sent for → places of the submissions, in order
	periods   []reporting.Envelope            // closings and openings, in order
	mapped    map[string][]reporting.Envelope // org → what was confirmed for it, in order
	reviews   map[string][]reporting.Envelope // submission → its returns and approvals, in order
	deadlines []reporting.Envelope            // in order
	undecided map[string]reporting.Envelope   // entry that could not be decided → the one that says so, the first
	replays   []reporting.Envelope            // in order
	adopted   []reporting.Envelope            // adoptions of definitions and keys, and acceptances, in order
	keepsHead bool                            // a program that keeps a head has written in it
}

// head is the last record; zero in an empty journal.
func (j *journal) head() record {
	if len(j.records) == 0 {
		return record{}
	}
	return j.records[len(j.records)-1]
}

var errChain = errors.New("the chain is broken")

// add appends a record that follows from the head, or says why it does not.
func (j *journal) add(r record) error {
	head, e := j.head(), r.envelope
	switch {
	case e.ID <= head.envelope.ID:
		return fmt.Errorf("its id is not greater than %s before it", head.envelope.ID)
	case e.Previous != head.sum:
		return fmt.Errorf("%w: it follows an envelope of hash %q, but the one before it hashes to %q", errChain, e.Previous, head.sum)
	}
	j.records = append(j.records, r)
	j.index(e)
	return nil
}

// index files the last record under what it will be asked for by. An entry of a kind that a later program has written is in the
// journal, and in no index.
func (j *journal) index(e reporting.Envelope) {
	switch e.Kind {
	case reporting.SubmissionReceived:
		if j.last == nil {
			j.last, j.first, j.received = map[string]string{}, map[string]string{}, map[reporting.Period][]int{}
		}
		j.last[e.Org] = e.ID
		if j.first[e.SHA256] == "" {
			j.first[e.SHA256] = e.ID
		}
		j.received[e.Period] = append(j.received[e.Period], len(j.records)-1)
	case reporting.PeriodClosed, reporting.PeriodOpened:
		j.periods = append(j.periods, e)
	case reporting.MappingConfirmed:
		if j.mapped == nil {
			j.mapped = map[string][]reporting.Envelope{}
		}
		j.mapped[e.Org] = append(j.mapped[e.Org], e)
	case reporting.SubmissionReturned, reporting.SubmissionApproved:
		if j.reviews == nil {
			j.reviews = map[string][]reporting.Envelope{}
		}
		j.reviews[e.Subject] = append(j.reviews[e.Subject], e)
	case reporting.DeadlineSet:
		j.deadlines = append(j.deadlines, e)
	case reporting.SubmissionUndecided:
		if j.undecided == nil {
			j.undecided = map[string]reporting.Envelope{}
		}
		if _, known := j.undecided[e.Subject]; !known {
			j.undecided[e.Subject] = e
		}
	case reporting.SubmissionReplayed:
		if j.last != nil { // it is, but in a journal that our program has not written
			j.last[e.Org] = e.ID
		}
		j.replays = append(j.replays, e)
	case reporting.DefinitionsAdopted, reporting.PersonKeyMade, reporting.JournalAccepted:
		j.adopted = append(j.adopted, e)
		j.keepsHead = true
	}
}

// encode is the envelope's file: JSON a person can read, and the bytes that the next envelope's hash covers.
func encode(e reporting.Envelope) ([]byte, error) {
	data, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(data, '\n'), nil
}

// decode reads an envelope's file. The id in it must be a ULID and agree with the time.
func decode(data []byte) (record, error) {
	var e reporting.Envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return record{}, err
	}
	at, err := timeOf(e.ID)
	if err != nil {
		return record{}, fmt.Errorf("id %q: %w", e.ID, err)
	}
	if !e.ReceivedAt.Equal(at) {
		return record{}, fmt.Errorf("received_at %s is not the time in its id", e.ReceivedAt.Format(time.RFC3339Nano))
	}
	return record{envelope: e, sum: sumOfBytes(data)}, nil
}

// timeOf is the moment in an id.
func timeOf(id string) (time.Time, error) {
	u, err := ulid.ParseStrict(id)
	if err != nil {
		return time.Time{}, err
	}
	if u.String() != id {
		return time.Time{}, fmt.Errorf("is not in canonical form")
	}
	return ulid.Time(u.Time()).UTC(), nil
}

// reload reads the journal from the folder, which then is the index. Open calls it, and so does the first Append after one
// whose end is unknown.
func (s *Store) reload() error {
	// The head is read first: what a server appends while another process reads makes the journal longer than that, not shorter.
	if err := s.head.read(); err != nil {
		return damaged(err)
	}
	j, err := s.load()
	if err != nil {
		return fmt.Errorf("load the journal: %w", err)
	}
	// A killed process may have renamed without syncing. Nothing may be chained to a name that can still vanish.
	if !s.readOnly {
		if err := s.disk.SyncPath(s.envelopes); err != nil {
			return durable.Error("load the journal", err)
		}
	}
	if err := s.head.meet(&j); err != nil {
		return damaged(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal = j
	s.stale = false
	return nil
}

// load reads and checks all envelopes, and finishes or removes what a crash has left of a batch.
func (s *Store) load() (journal, error) {
	names, temps, err := s.list()
	if err != nil {
		return journal{}, err
	}
	left := s.leftovers(temps)
	var j journal
	for i, name := range names {
		if err := s.follow(&j, left, name); err != nil {
			return j, s.brokenAt(&j, names[i:], err)
		}
	}
	if s.readOnly {
		return j, nil
	}
	for _, r := range left {
		delete(temps, tempName(r.envelope.ID))
		if err := os.Remove(s.file(tempName(r.envelope.ID))); err != nil {
			return journal{}, durable.Error("remove leftover", err)
		}
	}
	for name := range temps { // half-written
		if err := os.Remove(s.file(name)); err != nil && !os.IsNotExist(err) {
			return journal{}, durable.Error("remove leftover", err)
		}
	}
	return j, nil
}

// follow adds the next file to the journal, and before it what a crash has left under another name.
func (s *Store) follow(j *journal, left map[string]record, name string) error {
	r, err := s.read(name)
	if err != nil {
		return err
	}
	if err := s.bridge(j, left, r.envelope.Previous); err != nil {
		return err
	}
	if err := j.add(r); err != nil {
		return reporting.Errorf(reporting.Internal, "envelope %s: %w", s.file(name), err)
	}
	return nil
}

// brokenAt says that the journal holds up to the files of rest. Where the chain breaks, the entry before the break is not proven by the
// one behind it: either may be the one that was altered. A disk that fails is no damage.
func (s *Store) brokenAt(j *journal, rest []string, err error) error {
	if reporting.CodeOf(err) == reporting.Unavailable {
		return err
	}
	d := &Damage{Kind: Broken, Path: s.head.path, Entry: s.file(rest[0]), Kept: len(j.records), Err: err, aside: rest}
	if errors.Is(err, errChain) && d.Kept > 0 {
		d.aside = append([]string{fileName(j.head().envelope.ID)}, rest...)
		d.Kept--
	}
	d.Lost = max(len(d.aside), s.head.last.Count-d.Kept)
	return d
}

// damaged gives a damage its code; another error has its own.
func damaged(err error) error {
	var d *Damage
	if errors.As(err, &d) && d.Err == nil {
		return reporting.Errorf(reporting.Internal, "load the journal: %w", err)
	}
	return err
}

// list returns the names in the folder, in order: envelopes, and temporary files. Other hidden files are not ours (a Mac's
// Finder leaves some); any other file is an error, since it may be an envelope under a wrong name.
func (s *Store) list() (names []string, temps map[string]bool, err error) {
	entries, err := os.ReadDir(s.envelopes)           // sorted by name, and a ULID's order is its name's
	if s.readOnly && errors.Is(err, fs.ErrNotExist) { // who only reads makes no folder: the head says what is missing
		err = nil
	}
	if err != nil {
		return nil, nil, durable.Error("list envelopes", err)
	}
	temps = map[string]bool{}
	for _, entry := range entries {
		name := entry.Name()
		id, isEnvelope := strings.CutSuffix(name, ".json")
		switch {
		case strings.HasPrefix(name, durable.TempPrefix):
			temps[name] = true
		case strings.HasPrefix(name, "."):
		case isEnvelope && validID(id):
			names = append(names, name)
		default:
			return nil, nil, reporting.Errorf(reporting.Internal, "load the journal: %w", &Stray{s.file(name)})
		}
	}
	return names, temps, nil
}

// read reads and decodes an envelope's file.
func (s *Store) read(name string) (record, error) {
	data, err := os.ReadFile(s.file(name))
	if err != nil {
		return record{}, durable.Error("read envelope", err)
	}
	r, err := decode(data)
	if err != nil {
		return record{}, reporting.Errorf(reporting.Internal, "envelope %s: %w", s.file(name), err)
	}
	if fileName(r.envelope.ID) != name {
		return record{}, reporting.Errorf(reporting.Internal, "envelope %s: it holds the id %s", s.file(name), r.envelope.ID)
	}
	return r, nil
}

// leftovers reads the whole temporary files of a crash, by hash. What does not decode was cut off and stays out.
func (s *Store) leftovers(temps map[string]bool) map[string]record {
	left := map[string]record{}
	for name := range temps {
		data, err := os.ReadFile(s.file(name))
		if err != nil {
			continue
		}
		if r, err := decode(data); err == nil && tempName(r.envelope.ID) == name {
			left[r.sum] = r
		}
	}
	return left
}

// bridge closes a gap between the head and an envelope that follows the hash previous, with leftovers that fit it exactly. A
// gap of this kind is a crash among the renames of a batch on a file system that does not keep their order; no other
// missing envelope can be made up, since the hashes would not meet.
func (s *Store) bridge(j *journal, left map[string]record, previous string) error {
	var missing []record // last first
	for sum := previous; sum != j.head().sum; {
		r, ok := left[sum]
		if !ok {
			return nil // add reports the broken chain
		}
		missing = append(missing, r)
		sum = r.envelope.Previous
	}
	for i := len(missing) - 1; i >= 0; i-- {
		r := missing[i]
		id := r.envelope.ID
		if err := j.add(r); err != nil {
			return reporting.Errorf(reporting.Internal, "envelope %s: %w", s.file(tempName(id)), err)
		}
		if !s.readOnly {
			if err := s.disk.Rename(s.file(tempName(id)), s.file(fileName(id))); err != nil {
				return durable.Error("finish envelope", err)
			}
		}
		delete(left, r.sum)
	}
	return nil
}

func (s *Store) file(name string) string { return filepath.Join(s.envelopes, name) }

func fileName(id string) string { return id + ".json" }

func tempName(id string) string { return durable.TempPrefix + fileName(id) }

func validID(id string) bool { _, err := timeOf(id); return err == nil }

// newID makes an id of the first free millisecond: now, or the one after the head's where the clock has not passed it. Its other
// half is random, so that ids cannot be guessed.
func newID(now time.Time, head string) (id string, at time.Time, err error) {
	ms := now.UnixMilli()
	if head != "" {
		last, err := timeOf(head)
		if err != nil {
			return "", time.Time{}, err
		}
		ms = max(ms, last.UnixMilli()+1)
	}
	u, err := ulid.New(uint64(ms), rand.Reader)
	if err != nil {
		return "", time.Time{}, err
	}
	return u.String(), time.UnixMilli(ms).UTC(), nil
}
