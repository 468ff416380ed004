package audit

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"huizong/pkg/reporting"
)

// index is the log in memory: where each event stands, and what is asked for most. The zero value is an empty log.
type index struct {
	entries []entry
	words   words
	last    place
}

// entry is an event. Its number is its place in the index, plus one.
type entry struct {
	at          int64 // Unix nanoseconds
	offset      int64
	size        int32 // without the line feed
	file        int32 // these three are numbers of words
	who, action int32
}

// place is the end of the log.
type place struct {
	seq  uint64
	sum  string
	at   time.Time
	file string
	size int   // of the line, without the line feed
	end  int64 // of the file, behind the line feed
}

// next is the end of the log behind a line.
func (p place) next(e Event, data []byte, file string) place {
	end := int64(len(data)) + 1
	if file == p.file {
		end += p.end
	}
	return place{seq: e.Seq, sum: sumOf(data), at: e.At, file: file, size: len(data), end: end}
}

func (x *index) add(e Event, then place) {
	x.entries = append(x.entries, entry{
		at: e.At.UnixNano(), offset: then.end - int64(then.size) - 1, size: int32(then.size),
		file: x.words.number(then.file), who: x.words.number(e.Who), action: x.words.number(string(e.Action)),
	})
	x.last = then
}

// inLast is how many events stand in the file.
func (x *index) inLast(path string) int {
	file, n := x.words.numbers[filepath.Base(path)], 0
	for i := len(x.entries) - 1; i >= 0 && x.entries[i].file == file; i-- {
		n++
	}
	return n
}

// words keeps each text once. Its slice only ever grows.
type words struct {
	texts   []string
	numbers map[string]int32
}

func (w *words) number(text string) int32 {
	n, known := w.numbers[text]
	if known {
		return n
	}
	if w.numbers == nil {
		w.numbers = map[string]int32{}
	}
	n = int32(len(w.texts))
	w.texts = append(w.texts, text)
	w.numbers[text] = n
	return n
}

// Filter says which events. The zero value is all.
type Filter struct {
	After  uint64    // only those of a higher number
	Before uint64    // only those of a lower number; 0 is no bound
	Who    string    // "" is everybody
	Action Action    // or all of a thing: "account" is every account.…; "" is every action
	From   time.Time // this moment and later; zero is no bound
	To     time.Time // before this moment; zero is no bound
	Limit  int       // 0 is no limit
	Newest bool      // the newest first, and where Limit cuts off it is the oldest that are missing
}

// Events returns the events of the filter, as the log stands at the call. What is on disk is not verified again but for its form.
func (l *Log) Events(ctx context.Context, f Filter) ([]Event, error) {
	entries, texts := l.snapshot()
	r := &lineReader{folder: l.folder, texts: texts}
	defer r.close()
	var events []Event
	for i := range entries {
		if f.Newest {
			i = len(entries) - 1 - i
		}
		if f.Limit > 0 && len(events) == f.Limit {
			break
		}
		if !f.takes(uint64(i)+1, entries[i], texts) {
			continue
		}
		if ctx.Err() != nil {
			return nil, reporting.Errorf(reporting.Canceled, "list audit events: %w", context.Cause(ctx))
		}
		e, err := r.event(entries[i])
		if err != nil {
			return nil, reporting.Errorf(reporting.Unavailable, "read audit event %d: %w", i+1, err)
		}
		events = append(events, e)
	}
	return events, nil
}

func (f Filter) takes(seq uint64, e entry, texts []string) bool {
	at, action := time.Unix(0, e.at), texts[e.action]
	switch {
	case seq <= f.After, f.Before > 0 && seq >= f.Before:
	case f.Who != "" && f.Who != texts[e.who]:
	case f.Action != "" && action != string(f.Action) && !strings.HasPrefix(action, string(f.Action)+"."):
	case !f.From.IsZero() && at.Before(f.From), !f.To.IsZero() && !at.Before(f.To):
	default:
		return true
	}
	return false
}

// Export writes the log as it is on disk, line by line, as it stands at the call: who has an export can verify the chain, and that it
// continues an earlier one.
func (l *Log) Export(ctx context.Context, w io.Writer) error {
	entries, texts := l.snapshot()
	r := &lineReader{folder: l.folder, texts: texts}
	defer r.close()
	for i, e := range entries {
		if ctx.Err() != nil {
			return reporting.Errorf(reporting.Canceled, "export audit log: %w", context.Cause(ctx))
		}
		data, err := r.line(e, 1)
		if err != nil {
			return reporting.Errorf(reporting.Unavailable, "export audit event %d: %w", i+1, err)
		}
		if _, err := w.Write(data); err != nil {
			return reporting.Errorf(reporting.Canceled, "export audit log: %w", err)
		}
	}
	return nil
}

// snapshot is the index of now. The slices only ever grow at their ends, so they may be read without the lock.
func (l *Log) snapshot() ([]entry, []string) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.index.entries, l.index.words.texts
}

// lineReader reads lines, of which most lie in the file of the one before.
type lineReader struct {
	folder string
	texts  []string
	name   int32
	file   *os.File
}

func (r *lineReader) event(e entry) (Event, error) {
	data, err := r.line(e, 0)
	if err != nil {
		return Event{}, err
	}
	return decode(data)
}

// line reads a line and as many bytes more.
func (r *lineReader) line(e entry, more int32) ([]byte, error) {
	if r.file == nil || r.name != e.file {
		r.close()
		f, err := os.Open(filepath.Join(r.folder, r.texts[e.file]))
		if err != nil {
			return nil, err
		}
		r.file, r.name = f, e.file
	}
	data := make([]byte, e.size+more)
	_, err := r.file.ReadAt(data, e.offset)
	return data, err
}

func (r *lineReader) close() {
	if r.file != nil {
		r.file.Close()
		r.file = nil
	}
}
