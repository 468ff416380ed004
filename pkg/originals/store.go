// Package originals is the store of what was sent: the files as they came, and the journal of envelopes that says who sent
// which file for what. It is the truth of the system; NATS and ClickHouse can be rebuilt from it and are not needed by it.
//
//	DIR/originals/<first two hex digits>/<sha256>   a file, named by its content
//	DIR/originals/.new-<random>                     a file that comes in, or waits until its sender confirms it; gone after a restart
//	DIR/envelopes/<ulid>.json                       an entry of the journal, chained to the one before it
//	DIR/journal.head                                how far the journal has come, signed; may be kept elsewhere
//	DIR/journal.key                                 what it is signed with; may be kept elsewhere
//
// The store keeps four promises:
//
//   - What Put or Append has returned without an error is on disk, fsynced, under its name.
//   - An envelope of a submission is never there without its original.
//   - Ids rise strictly in the order of the journal, whatever the clock does, and no two share a millisecond, so that a
//     moment ("as it stood on 1 July") cuts the journal at one place.
//   - Nothing is changed or deleted. Each envelope carries the hash of the one before it, and the head that of the last one, so that a
//     change or a loss shows, also at the end.
//
// It is not an archive with rights: who may read an original is decided above. A directory belongs to one process, see Lock.
package originals

import (
	"cmp"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// Store is an open directory. Its methods may be called concurrently. It holds no file open, so there is nothing to close.
type Store struct {
	originals, envelopes string // folders

	now      func() time.Time
	disk     durable.Disk
	readOnly bool

	// queueMu guards queue, the Appends that wait for the next batch.
	queueMu sync.Mutex
	queue   []*appending

	// writeMu is held across a whole batch, from its first temporary file to the memory index, so that the journal has one
	// order. It also guards stale: true while the folder may hold more than the index, which then has to be read again
	// before anything is built on it.
	writeMu sync.Mutex
	stale   bool
	head    pointer // guarded by writeMu, too

	// mu guards journal. Only the holder of writeMu changes it.
	mu      sync.RWMutex
	journal journal
}

// Options say where the journal's head and its key are; "" is in the data directory.
type Options struct {
	Head, Key string
}

// Open opens the store in dir, making its folders, and reads the journal. What a crash has left half-done is finished or
// removed. A journal that does not hold together, or is shorter than its head, is an error of code internal with a *Damage in its
// chain: the store does not guess.
func Open(dir string, o Options) (*Store, error) {
	s := newStore(dir, o)
	if err := s.makeFolders(); err != nil {
		return nil, durable.Error("open store "+dir, err)
	}
	if err := s.sweepOriginals(); err != nil {
		return nil, durable.Error("open store "+dir, err)
	}
	if err := s.openHead(); err != nil {
		return nil, damaged(err)
	}
	if err := s.reload(); err != nil {
		return nil, err
	}
	return s, nil
}

// Inspect opens the store to be read and changes nothing, so that it can be done beside a server at work. Its errors are those of Open.
func Inspect(dir string, o Options) (*Store, error) {
	s := newStore(dir, o)
	s.readOnly, s.head.readOnly = true, true
	if err := s.openHead(); err != nil {
		return nil, damaged(err)
	}
	if err := s.reload(); err != nil {
		return nil, err
	}
	return s, nil
}

func newStore(dir string, o Options) *Store {
	s := &Store{
		originals: filepath.Join(dir, "originals"),
		envelopes: filepath.Join(dir, "envelopes"),
		now:       time.Now,
		disk:      durable.Real,
	}
	s.head = pointer{path: cmp.Or(o.Head, filepath.Join(dir, headFile)), keyPath: cmp.Or(o.Key, filepath.Join(dir, keyFile)), disk: &s.disk}
	return s
}

// openHead opens the key. Where there is neither a head nor a key, there never was one, or reload says that it is missing.
func (s *Store) openHead() error {
	if _, err := os.Stat(s.head.path); errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(s.head.keyPath); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	return s.head.openKey()
}

// makeFolders makes all 256 folders of originals at once: later a Put has one folder to sync, never a parent.
func (s *Store) makeFolders() error {
	const hexDigits = "0123456789abcdef"
	folders := []string{s.envelopes, s.originals}
	for _, a := range hexDigits {
		for _, b := range hexDigits {
			folders = append(folders, filepath.Join(s.originals, string(a)+string(b)))
		}
	}
	parents := map[string]bool{}
	for _, folder := range folders {
		made, err := durable.MakeFolder(folder)
		if err != nil {
			return err
		}
		for _, parent := range made {
			parents[parent] = true
		}
	}
	for parent := range parents {
		if err := s.disk.SyncPath(parent); err != nil {
			return err
		}
	}
	return nil
}

// sweepOriginals removes the files that came in, or were held, when the process ended. Nobody has a receipt for them.
func (s *Store) sweepOriginals() error {
	entries, err := os.ReadDir(s.originals)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), durable.TempPrefix) {
			continue
		}
		if err := os.Remove(filepath.Join(s.originals, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// Len is the number of envelopes.
func (s *Store) Len() int { return len(s.snapshot()) }

// Envelope returns the envelope of the id; not_found where there is none.
func (s *Store) Envelope(id string) (reporting.Envelope, error) {
	records := s.snapshot()
	i, ok := slices.BinarySearchFunc(records, id, func(r record, id string) int { return strings.Compare(r.envelope.ID, id) })
	if !ok {
		return reporting.Envelope{}, reporting.Errorf(reporting.NotFound, "envelope %q is not in the journal", id)
	}
	return records[i].envelope, nil
}

// Envelopes yields the journal in order, as it stands at the call.
func (s *Store) Envelopes() iter.Seq[reporting.Envelope] { return s.Since("") }

// Since yields the envelopes after the id in order, as the journal stands at the call. The id need not exist; "" is the beginning.
func (s *Store) Since(id string) iter.Seq[reporting.Envelope] {
	records := s.snapshot()
	first, _ := slices.BinarySearchFunc(records, id, func(r record, id string) int {
		if r.envelope.ID <= id {
			return -1
		}
		return 1
	})
	return func(yield func(reporting.Envelope) bool) {
		for _, r := range records[first:] {
			if !yield(r.envelope) {
				return
			}
		}
	}
}

// SentBefore reports whether the file was submitted before the submission of the id, by anybody.
func (s *Store) SentBefore(sum, id string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	first, sent := s.journal.first[sum]
	return sent && first < id
}

// PeriodEvents lists the closings and openings of periods, in order.
func (s *Store) PeriodEvents() []reporting.Envelope {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.journal.periods
}

// ReceivedBefore yields the submissions for the period before the id, the last one first.
func (s *Store) ReceivedBefore(p reporting.Period, id string) iter.Seq[reporting.Envelope] {
	s.mu.RLock()
	records, places := s.journal.records, s.journal.received[p]
	s.mu.RUnlock()
	n, _ := slices.BinarySearchFunc(places, id, func(i int, id string) int { return strings.Compare(records[i].envelope.ID, id) })
	return func(yield func(reporting.Envelope) bool) {
		for _, i := range slices.Backward(places[:n]) {
			if !yield(records[i].envelope) {
				return
			}
		}
	}
}

// Received lists the submissions that were sent for one of the periods, in order within each.
func (s *Store) Received(periods ...reporting.Period) []reporting.Envelope {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var received []reporting.Envelope
	for _, p := range periods {
		for _, i := range s.journal.received[p] {
			received = append(received, s.journal.records[i].envelope)
		}
	}
	return received
}

// Reviews lists the returns and approvals of a submission, in order. The last one is what holds.
func (s *Store) Reviews(submission string) []reporting.Envelope {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.journal.reviews[submission]
}

// Undecided returns the entry that says that a submission or replay could not be decided, and false where there is none.
func (s *Store) Undecided(id string) (reporting.Envelope, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, there := s.journal.undecided[id]
	return e, there
}

// Replays lists the replays of submissions that could not be decided, in order.
func (s *Store) Replays() []reporting.Envelope {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.journal.replays
}

// Deadlines lists the deadlines that were set, in order.
func (s *Store) Deadlines() []reporting.Envelope {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.journal.deadlines
}

// Adopted lists the adoptions of definitions and person keys, and the acceptances of a loss, in order.
func (s *Store) Adopted() []reporting.Envelope {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.journal.adopted
}

// Submissions is the number of submissions.
func (s *Store) Submissions() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := 0
	for _, places := range s.journal.received {
		n += len(places)
	}
	return n
}

// Name is the name of the journal: the id of its first entry, or "" while it has none. Two data directories of one name are copies.
func (s *Store) Name() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.journal.end().Journal
}

// Head is how far the journal has come: noted elsewhere, it proves later that nothing up to it was altered or lost.
func (s *Store) Head() Head {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	return s.head.last
}

// Uncounted is how many entries were found behind the head when the journal was last read: those of a batch that a crash has cut off from its
// receipts, or what somebody has put there.
func (s *Store) Uncounted() int {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	return s.head.uncounted
}

// Mappings lists what persons have confirmed for the unit, in order.
func (s *Store) Mappings(org string) []reporting.Envelope {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.journal.mapped[org]
}

// snapshot returns the records of now. The slice only ever grows at its end and its elements never change, so it may be
// read without the lock.
func (s *Store) snapshot() []record {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.journal.records
}
