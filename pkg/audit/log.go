// Package audit keeps what people did: sign-ins, accounts, releases, periods, replays, exports, and what was refused. It is a log of
// events, each one line of JSON, and a line carries the hash of the one before it:
//
//	DIR/audit/2020.jsonl   the events of a year, in order
//	DIR/audit/head         number and hash of the last event
//
// The log keeps three promises:
//
//   - What Append has returned without an error is on disk, fsynced.
//   - Nothing is changed or deleted. A change to any byte, a line that is missing in the middle and one that is missing at the end show
//     when the log is opened, and to Verify.
//   - It holds no password, no token and no person's ID number.
//
// Nor does it grow without bounds by what was refused: see Note.
//
// It is not proof against who may write to the directory: that one can make the chain anew from any line on. Who needs that proof notes
// Head elsewhere from time to time, or exports. A directory belongs to one process.
package audit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// Log is an open log. Its methods may be called concurrently. It holds no file open; Close writes what Note has counted.
type Log struct {
	folder string
	now    func() time.Time
	disk   durable.Disk

	repeats repeats

	// queueMu guards queue, the Appends that wait for the next write.
	queueMu sync.Mutex
	queue   []*appending

	// writeMu is held across a write, from the first byte to the index, so that the log has one order. It also guards dirty: true
	// while a file may hold more than the index, which has to be cut off before anything is written behind it.
	writeMu sync.Mutex
	dirty   bool

	// mu guards index. Only the holder of writeMu changes it, by adding to its end.
	mu    sync.RWMutex
	index index
}

// appending is an Append that waits for its write. The holder of writeMu owns it once it is out of the queue.
type appending struct {
	event Event
	done  bool
	err   error
}

// Open opens the log in the data directory and verifies the whole of it. A log that does not hold together is an error of code internal
// that names file and line, and is left as it is. The end of a line that a crash has cut off is moved into an event of its own, which
// says so: none of it was acknowledged.
func Open(dir string, now func() time.Time) (*Log, error) {
	l := &Log{folder: filepath.Join(dir, "audit"), now: now, disk: durable.Real}
	if err := l.makeFolder(); err != nil {
		return nil, durable.Error("open audit log "+l.folder, err)
	}
	if err := l.recover(); err != nil {
		return nil, fmt.Errorf("open audit log: %w", err)
	}
	return l, nil
}

// Check reads the log in the data directory and verifies the whole of it. It changes nothing, so that it can be done beside the process
// whose log it is: a line that is cut off at the end may be one that is being written. It returns how many events there are. Errors: those of
// Open, and not_found where there is no log.
func Check(ctx context.Context, dir string) (int, error) {
	l := &Log{folder: filepath.Join(dir, "audit")}
	if _, err := os.Stat(l.folder); errors.Is(err, os.ErrNotExist) {
		return 0, reporting.Errorf(reporting.NotFound, "there is no audit log %s", l.folder)
	}
	head, err := l.readHead()
	if err != nil {
		return 0, err
	}
	found, err := l.read(ctx, head)
	if err != nil {
		return 0, err
	}
	return len(found.index.entries), nil
}

// makeFolder makes the folder private: the log says who did what from where.
func (l *Log) makeFolder() error {
	err := os.Mkdir(l.folder, 0o700)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return l.disk.SyncPath(filepath.Dir(l.folder))
}

// recover reads the log and repairs what a crash has left at its end.
func (l *Log) recover() error {
	head, err := l.readHead()
	if err != nil {
		return err
	}
	found, err := l.read(context.Background(), head)
	if err != nil {
		return err
	}
	l.index = found.index
	switch {
	case found.unended:
		return l.end()
	case len(found.torn) > 0:
		l.dirty = true // the first write cuts the fragment off
		_, err = l.Append(context.Background(), Event{
			Who: "system", Action: Repaired, Object: l.index.last.file, Outcome: OK,
			Detail: map[string]string{"bytes": fmt.Sprint(len(found.torn)), "fragment": string(found.torn)},
		})
		return err
	}
	return l.writeHead()
}

// Append adds an event and returns it as kept, with Seq, At and Previous. When it returns without an error the event is on disk. Events
// that come at once are written and synced together.
//
// Errors: invalid for an event without an action or an outcome; canceled when ctx has ended before the write; unavailable when the disk
// fails, after which the event may stand nevertheless if the process is killed before the next.
func (l *Log) Append(ctx context.Context, e Event) (Event, error) {
	if err := check(e); err != nil {
		return Event{}, err
	}
	if ctx.Err() != nil {
		return Event{}, reporting.Errorf(reporting.Canceled, "append audit event %s: %w", e.Action, context.Cause(ctx))
	}
	a := &appending{event: clean(e)}
	l.queueMu.Lock()
	l.queue = append(l.queue, a)
	l.queueMu.Unlock()

	// From here on ctx is not asked any more. Who gets the lock first writes for all that wait.
	l.writeMu.Lock()
	defer l.writeMu.Unlock()
	if !a.done {
		l.write(l.takeQueue())
	}
	return a.event, a.err
}

func (l *Log) takeQueue() []*appending {
	l.queueMu.Lock()
	defer l.queueMu.Unlock()
	batch := l.queue
	l.queue = nil
	return batch
}

// write stores a batch and gives each of it its answer. A batch succeeds or fails as one: its members are chained. The caller holds
// writeMu.
func (l *Log) write(batch []*appending) {
	lines, err := l.link(batch)
	if err == nil {
		err = l.commit(lines)
	}
	for i, a := range batch {
		a.done, a.err = true, err
		if err == nil {
			a.event = lines[i].event
		} else {
			a.event = Event{}
		}
	}
}

// line is an event with its bytes, the line feed included, and what is last once it stands.
type line struct {
	event Event
	data  []byte
	then  place
}

// link chains a batch in memory. A clock that was set back does not turn the order around.
func (l *Log) link(batch []*appending) ([]line, error) {
	last, now := l.index.last, l.now().UTC().Round(0)
	if now.Before(last.at) {
		now = last.at
	}
	file := now.Format("2006") + fileSuffix
	lines := make([]line, 0, len(batch))
	for _, a := range batch {
		e := a.event
		e.Seq, e.At, e.Previous = last.seq+1, now, last.sum
		data, err := encode(e)
		if err == nil {
			e, err = decode(data) // what a restart will read
		}
		if err != nil {
			return nil, reporting.Errorf(reporting.Internal, "append audit event %s: %w", a.event.Action, err)
		}
		last = last.next(e, data, file)
		lines = append(lines, line{e, append(data, '\n'), last})
	}
	return lines, nil
}

// commit is the way of a batch to disk.
func (l *Log) commit(lines []line) error {
	// 1. Cut off what a write that failed, or a crash, has left behind the last event.
	if l.dirty {
		if err := l.cut(); err != nil {
			return durable.Error("append audit event", err)
		}
		l.dirty = false
	}

	// 2. Write the lines behind the last one and sync. If we crash in here, some of the lines are in the log, whole, and perhaps a
	// piece of one, which Open finds. None was acknowledged.
	l.dirty = true
	if err := l.add(lines); err != nil {
		return durable.Error("append audit event", err)
	}
	l.dirty = false

	// 3. Only now do readers see them.
	l.publish(lines)

	// 4. The head follows. It is not synced: it says how far the log has come at least, and is never ahead of it. That it cannot be
	// written is told by the next write of the log itself.
	_ = l.writeHead()
	return nil
}

func (l *Log) publish(lines []line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range lines {
		l.index.add(line.event, line.then)
	}
}

// Len is the number of events.
func (l *Log) Len() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.index.entries)
}

// Head is the number and the hash of the last event: noted on paper or on another machine, it proves later that nothing before it was
// altered. It is zero and "" in an empty log.
func (l *Log) Head() (seq uint64, sum string) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.index.last.seq, l.index.last.sum
}

// Verify reads the whole log again and compares it with what this process knows. Error: internal, with file and line.
func (l *Log) Verify(ctx context.Context) error {
	seq, sum := l.Head()
	if _, err := l.read(ctx, head{seq, sum}); err != nil {
		return fmt.Errorf("verify audit log: %w", err)
	}
	return nil
}
