package audit

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

const (
	fileSuffix = ".jsonl"
	headFile   = "head"
)

var yearFile = regexp.MustCompile(`^[0-9]{4}\.jsonl$`)

// add writes lines of one file behind its last one. The caller holds writeMu.
func (l *Log) add(lines []line) error {
	var data []byte
	for _, line := range lines {
		data = append(data, line.data...)
	}
	name := lines[0].then.file
	if err := l.disk.Append(filepath.Join(l.folder, name), data); err != nil || name == l.index.last.file {
		return err
	}
	return l.disk.SyncPath(l.folder) // the first event of the file: its name has to last as well
}

// cut makes the files as long as the index says: the last one ends with the last event, and what a new year has begun is empty.
func (l *Log) cut() error {
	names, err := l.files()
	if err != nil {
		return err
	}
	last := l.index.last
	for _, name := range names {
		switch {
		case name < last.file:
		case name == last.file:
			err = errors.Join(err, l.truncate(name, last.end))
		default:
			err = errors.Join(err, l.truncate(name, 0))
		}
	}
	return err
}

func (l *Log) truncate(name string, size int64) error {
	f, err := os.OpenFile(filepath.Join(l.folder, name), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err := f.Truncate(size); err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(l.disk.Sync(f), f.Close())
}

// files lists the files of years, in order. A file of another name is an error: it may be one of them that was renamed away.
func (l *Log) files() ([]string, error) {
	entries, err := os.ReadDir(l.folder)
	if err != nil {
		return nil, durable.Error("list audit log", err)
	}
	var names []string
	for _, entry := range entries {
		switch name := entry.Name(); {
		case yearFile.MatchString(name):
			names = append(names, name)
		case name == headFile || name[0] == '.':
		default:
			return nil, broken(filepath.Join(l.folder, name), 1, errors.New("it is no file of the log"))
		}
	}
	return names, nil
}

// end gives the last line its line feed, which a crash has cut off: the event itself is whole, and stays.
func (l *Log) end() error {
	if err := l.disk.Append(filepath.Join(l.folder, l.index.last.file), []byte{'\n'}); err != nil {
		return durable.Error("end audit log", err)
	}
	return l.writeHead()
}

// head is how far the log has come at least. The zero value says nothing.
type head struct {
	seq uint64
	sum string
}

// reading is what is found on disk.
type reading struct {
	index   index
	want    head
	torn    []byte // behind the last whole line of the last file
	unended bool   // the last event has no line feed
}

// read reads and verifies all files.
func (l *Log) read(ctx context.Context, want head) (*reading, error) {
	names, err := l.files()
	if err != nil {
		return nil, err
	}
	r := &reading{want: want}
	path := filepath.Join(l.folder, headFile)
	for _, name := range names {
		path = filepath.Join(l.folder, name)
		if len(r.torn) > 0 || r.unended {
			return nil, broken(path, 1, errors.New("the file before it ends within a line"))
		}
		if err := r.readFile(ctx, path); err != nil {
			return nil, err
		}
	}
	if last := r.index.last.seq; last < want.seq {
		return nil, broken(path, r.index.inLast(path)+1, fmt.Errorf("the log ends with event %d, and event %d has been in it", last, want.seq))
	}
	return r, nil
}

func (r *reading) readFile(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return durable.Error("read audit log", err)
	}
	defer f.Close()
	lines := bufio.NewReaderSize(f, 1<<16)
	for number := 1; ; number++ {
		if ctx.Err() != nil {
			return reporting.Errorf(reporting.Canceled, "read audit log: %w", context.Cause(ctx))
		}
		data, err := lines.ReadBytes('\n')
		if err == io.EOF {
			r.unended = r.admit(data, filepath.Base(path)) == nil
			if !r.unended {
				r.torn = data
			}
			return nil
		}
		if err != nil {
			return durable.Error("read audit log", err)
		}
		if err := r.admit(data[:len(data)-1], filepath.Base(path)); err != nil {
			return broken(path, number, err)
		}
	}
}

// admit takes a line into the index if it follows from the one before.
func (r *reading) admit(data []byte, name string) error {
	e, err := decode(data)
	if err != nil {
		return err
	}
	last := r.index.last
	next := last.next(e, data, name)
	switch {
	case e.Seq != last.seq+1:
		return fmt.Errorf("it is event %d and stands behind event %d", e.Seq, last.seq)
	case e.Previous != last.sum:
		return fmt.Errorf("the chain is broken: it follows a line of hash %q, but the line before it hashes to %q", e.Previous, last.sum)
	case e.At.Before(last.at):
		return fmt.Errorf("event %d is older than the one before it", e.Seq)
	case e.At.UTC().Format("2006")+fileSuffix != name:
		return fmt.Errorf("event %d is of another year", e.Seq)
	case e.Seq == r.want.seq && next.sum != r.want.sum:
		return fmt.Errorf("event %d hashes to %s, and has hashed to %s", e.Seq, next.sum, r.want.sum)
	}
	r.index.add(e, next)
	return nil
}

// headFormat has one length, so that a write never leaves a mixture of two.
const headFormat = "%020d %64s\n"

func (l *Log) writeHead() error {
	last := l.index.last
	if last.seq == 0 {
		return nil
	}
	f, err := os.OpenFile(filepath.Join(l.folder, headFile), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return durable.Error("write head of audit log", err)
	}
	_, err = fmt.Fprintf(f, headFormat, last.seq, last.sum)
	if err := errors.Join(err, f.Close()); err != nil {
		return durable.Error("write head of audit log", err)
	}
	return nil
}

// readHead reads the head; zero where there is none, or where the machine went down before its first bytes were on disk.
func (l *Log) readHead() (head, error) {
	path := filepath.Join(l.folder, headFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(bytes.Trim(data, "\x00")) == 0 {
		return head{}, nil
	}
	if err != nil {
		return head{}, durable.Error("read head of audit log", err)
	}
	var h head
	if _, err := fmt.Sscanf(string(data), headFormat, &h.seq, &h.sum); err != nil || fmt.Sprintf(headFormat, h.seq, h.sum) != string(data) {
		return head{}, broken(path, 1, errors.New("it is damaged; it can be removed, after a look at the end of the log"))
	}
	return h, nil
}

func broken(path string, line int, err error) error {
	return reporting.Errorf(reporting.Internal, "%s line %d: %w", path, line, err)
}
