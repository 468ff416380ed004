package originals

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/sync/errgroup"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// syncers bounds how many files of a batch are synced side by side: the file system makes one commit of them.
const syncers = 8

// appending is an Append that waits for its batch. The holder of writeMu owns it once it is out of the queue.
type appending struct {
	envelope reporting.Envelope
	done     bool
	err      error
}

// staged is a record with its bytes, on the way to disk.
type staged struct {
	record
	data []byte
}

// Append adds an envelope to the journal and returns it as stored: ID, ReceivedAt, Prior (of a submission) and Previous are
// filled in. When it returns without an error the envelope is durable. The order of the journal is the order of the ids.
//
// Errors: invalid for an envelope of no kind, for a submission whose original is not in the store and for a review of what is no
// submission; canceled when ctx has ended before the write; unavailable when the disk fails. After unavailable the envelope may stand in the journal nevertheless, like a
// receipt that was lost on its way back: the sender sends again, and the later one wins.
func (s *Store) Append(ctx context.Context, e reporting.Envelope) (reporting.Envelope, error) {
	if s.readOnly {
		return reporting.Envelope{}, reporting.Errorf(reporting.Invalid, "append envelope: the journal is open to be read only")
	}
	if err := s.check(e); err != nil {
		return reporting.Envelope{}, err
	}
	if ctx.Err() != nil {
		return reporting.Envelope{}, reporting.Errorf(reporting.Canceled, "append envelope: %w", context.Cause(ctx))
	}
	a := &appending{envelope: e}
	s.enqueue(a)

	// From here on ctx is not asked any more: the envelope will be written, and the caller should know how that ended. Who
	// gets the lock first writes for all that wait; the others find their answer when they get it.
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	if !a.done {
		s.write(s.takeQueue())
	}
	return a.envelope, a.err
}

// check refuses an envelope that the rest of the house could not rely on.
func (s *Store) check(e reporting.Envelope) error {
	switch e.Kind {
	case "":
		return reporting.Errorf(reporting.Invalid, "append envelope: it has no kind")
	case reporting.SubmissionReceived:
		return s.checkSubmission(e)
	case reporting.PeriodClosed, reporting.PeriodOpened:
		return nil
	case reporting.MappingConfirmed:
		if e.Mapping == nil {
			return reporting.Errorf(reporting.Invalid, "append envelope: it confirms nothing")
		}
		return nil
	case reporting.SubmissionReturned, reporting.SubmissionApproved:
		return s.checkReview(e)
	case reporting.SubmissionUndecided, reporting.SubmissionReplayed:
		return s.checkRetrial(e)
	case reporting.DeadlineSet:
		if e.Deadline == nil {
			return reporting.Errorf(reporting.Invalid, "append envelope: it sets no deadline")
		}
		return e.Deadline.Check(!e.Period.IsZero())
	case reporting.DefinitionsAdopted, reporting.PersonKeyMade, reporting.JournalAccepted:
		return checkAdoption(e)
	}
	return reporting.Errorf(reporting.Invalid, "append envelope: %q is no kind of envelope", e.Kind)
}

// checkAdoption refuses one of nothing.
func checkAdoption(e reporting.Envelope) error {
	if e.Definitions == nil && e.PersonKey == "" && e.Loss == nil {
		return reporting.Errorf(reporting.Invalid, "append envelope: %s of nothing", e.Kind)
	}
	return nil
}

// checkReview refuses a review of what is no submission, or of another unit's. The submission is on disk when it is found, so the
// review follows it in the chain.
func (s *Store) checkReview(e reporting.Envelope) error {
	subject, err := s.Envelope(e.Subject)
	switch {
	case err != nil:
		return reporting.Errorf(reporting.Invalid, "append envelope: %s of %q, which is not in the journal", e.Kind, e.Subject)
	case subject.Kind != reporting.SubmissionReceived:
		return reporting.Errorf(reporting.Invalid, "append envelope: %s of %s, which is no submission", e.Kind, e.Subject)
	case e.Org != subject.Org || e.Period != subject.Period || subject.Form != "" && e.Form != subject.Form:
		return reporting.Errorf(reporting.Invalid, "append envelope: %s of %s names %s %s %s, but the submission is %s %s %s",
			e.Kind, e.Subject, e.Org, e.Form, e.Period, subject.Org, subject.Form, subject.Period)
	case e.Kind == reporting.SubmissionReturned && e.Reason == "":
		return reporting.Errorf(reporting.Invalid, "append envelope: %s is returned without a reason", e.Subject)
	}
	return nil
}

// checkRetrial refuses a word about what nobody decides, or of another unit's. Its subject is on disk when it is found, so it follows it in
// the chain.
func (s *Store) checkRetrial(e reporting.Envelope) error {
	subject, err := s.Envelope(e.Subject)
	switch {
	case err != nil || !subject.Kind.Decides() || e.Kind == reporting.SubmissionReplayed && subject.Kind != reporting.SubmissionReceived:
		return reporting.Errorf(reporting.Invalid, "append envelope: %s of %q, which is no submission", e.Kind, e.Subject)
	case e.Org != subject.Org || e.Period != subject.Period:
		return reporting.Errorf(reporting.Invalid, "append envelope: %s of %s names %s %s, but the submission is of %s %s",
			e.Kind, e.Subject, e.Org, e.Period, subject.Org, subject.Period)
	}
	return nil
}

func (s *Store) checkSubmission(e reporting.Envelope) error {
	if !validSum(e.SHA256) {
		return reporting.Errorf(reporting.Invalid, "append envelope: %q is not a sha256", e.SHA256)
	}
	info, err := os.Stat(s.path(e.SHA256))
	if err != nil {
		return reporting.Errorf(reporting.Invalid, "append envelope: original %s is not in the store", e.SHA256)
	}
	if info.Size() != e.Size {
		return reporting.Errorf(reporting.Invalid, "append envelope: original %s has %d bytes, not %d", e.SHA256, info.Size(), e.Size)
	}
	return nil
}

func (s *Store) enqueue(a *appending) {
	s.queueMu.Lock()
	defer s.queueMu.Unlock()
	s.queue = append(s.queue, a)
}

func (s *Store) takeQueue() []*appending {
	s.queueMu.Lock()
	defer s.queueMu.Unlock()
	batch := s.queue
	s.queue = nil
	return batch
}

// write stores a batch and gives each of it its answer. A batch succeeds or fails as one: its members are chained.
func (s *Store) write(batch []*appending) {
	written, err := s.commit(batch)
	for i, a := range batch {
		a.done = true
		if err != nil {
			a.envelope, a.err = reporting.Envelope{}, err
			continue
		}
		a.envelope = written[i].envelope
	}
}

// commit is the way of a batch to disk. The caller holds writeMu.
func (s *Store) commit(batch []*appending) ([]staged, error) {
	if s.stale {
		// A head whose disk is away is back when the disk is; until then nobody gets a receipt, as with any fault of a disk.
		if err := s.reload(); err != nil {
			return nil, durable.Error("append envelope", err)
		}
	}

	// 1. Chain the batch in memory. The index is not touched.
	entries, err := s.link(batch)
	if err != nil {
		return nil, reporting.Errorf(reporting.Internal, "append envelope: %w", err)
	}

	// 2. Write each under a temporary name and sync its bytes. If we crash here, Open removes the temporary files: no later
	// name refers to them.
	if err := s.stage(entries); err != nil {
		s.unstage(entries)
		return nil, durable.Error("append envelope", err)
	}

	// 3. Make the temporary names durable before the first rename. If we crash among the renames, some file systems keep the
	// second of them and lose the first; Open then finds the first under its temporary name and finishes it. One rename alone
	// is there or not, and needs no help.
	if len(entries) > 1 {
		if err := s.disk.SyncPath(s.envelopes); err != nil {
			s.unstage(entries)
			return nil, durable.Error("append envelope", err)
		}
	}

	// 4. Give them their names, in the order of the chain. From the first rename to the end of step 5 the folder may hold more
	// than the index; if we fail in between, the next batch reads the folder again before it chains anything to it.
	s.stale = true
	for _, e := range entries {
		if err := s.disk.Rename(s.file(tempName(e.envelope.ID)), s.file(fileName(e.envelope.ID))); err != nil {
			return nil, durable.Error("append envelope", err)
		}
	}

	// 5. The commit: the names are durable. If we crash before it, a part of the batch from its beginning is in the journal,
	// or all, or nothing, and nobody has a receipt; if after it, all is.
	if err := s.disk.SyncPath(s.envelopes); err != nil {
		return nil, durable.Error("append envelope", err)
	}

	// 6. The head counts them, outside of the folder. If we crash before it, the journal is a batch longer than its head, nobody has a
	// receipt, and Open brings the head up. If after it, the batch has to be there for ever: a journal that is shorter has lost something.
	if err := s.point(entries); err != nil {
		return nil, err
	}

	// 7. Only now does the index, and so every reader, see them.
	if err := s.publish(entries); err != nil {
		return nil, reporting.Errorf(reporting.Internal, "append envelope: %w", err)
	}
	s.stale = false
	return entries, nil
}

// link fills in what the journal decides: id and time, the unit's prior entry to be decided, the hash of the one before.
func (s *Store) link(batch []*appending) ([]staged, error) {
	head, now := s.journal.head(), s.now()
	prior := map[string]string{} // of units with a submission or replay in this batch
	entries := make([]staged, 0, len(batch))
	for _, a := range batch {
		e := a.envelope
		var err error
		if e.ID, e.ReceivedAt, err = newID(now, head.envelope.ID); err != nil {
			return nil, err
		}
		e.Previous, e.Prior = head.sum, ""
		if e.Kind.Decides() {
			var inBatch bool
			if e.Prior, inBatch = prior[e.Org]; !inBatch {
				e.Prior = s.journal.last[e.Org]
			}
			prior[e.Org] = e.ID
		}
		data, err := encode(e)
		if err != nil {
			return nil, err
		}
		// Read it back: the index holds what a restart will read, also where JSON cannot carry a file name's stray bytes.
		if head, err = decode(data); err != nil {
			return nil, err
		}
		entries = append(entries, staged{head, data})
	}
	return entries, nil
}

// stage writes the temporary files, some side by side.
func (s *Store) stage(entries []staged) error {
	if len(entries) == 1 {
		return s.disk.Create(s.file(tempName(entries[0].envelope.ID)), entries[0].data)
	}
	var side errgroup.Group
	side.SetLimit(syncers)
	for _, e := range entries {
		side.Go(func() error { return s.disk.Create(s.file(tempName(e.envelope.ID)), e.data) })
	}
	return side.Wait()
}

// unstage removes the temporary files of a batch that failed before its first rename. One that cannot be removed is harmless:
// its hash is in no chain, and Open removes it.
func (s *Store) unstage(entries []staged) {
	for _, e := range entries {
		os.Remove(s.file(tempName(e.envelope.ID)))
	}
}

// point moves the head to the last entry.
func (s *Store) point(entries []staged) error {
	first, last := s.journal.end().Journal, entries[len(entries)-1].record
	if first == "" {
		first = entries[0].envelope.ID
	}
	return s.head.write(Head{Journal: first, Count: len(s.journal.records) + len(entries), ID: last.envelope.ID, SHA256: last.sum, At: last.envelope.ReceivedAt})
}

func (s *Store) publish(entries []staged) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range entries {
		if err := s.journal.add(e.record); err != nil {
			return fmt.Errorf("envelope %s: %w", e.envelope.ID, err)
		}
	}
	return nil
}
