package engine

import (
	"os"
	"regexp"
	"strings"
	"sync"

	"huizong/pkg/reporting"
)

const (
	maxLog  = 4 << 20 // a log that has grown beyond this becomes name.1, in place of the one before it
	maxTail = 16 << 10
)

// logFile is ClickHouse's log: what the child prints goes through us, so that it can be kept short, and its end be quoted.
type logFile struct {
	path string

	mu   sync.Mutex
	file *os.File
	size int64
	tail []byte // the end of what the present child wrote
	doom func() // called once, when the present child says that it is dying
}

func openLog(path string) (*logFile, error) {
	l := &logFile{path: path}
	if err := l.open(); err != nil {
		return nil, reporting.Errorf(reporting.Unavailable, "open engine log: %w", err)
	}
	return l, nil
}

func (l *logFile) open() (err error) {
	l.file, err = os.OpenFile(l.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := l.file.Stat()
	if err != nil {
		return err
	}
	l.size = info.Size()
	return nil
}

// Write never fails: a full disk must not end a child that could still answer. Lines are lost then.
func (l *logFile) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail = append(l.tail, b...)
	if over := len(l.tail) - maxTail; over > 0 {
		l.tail = append(l.tail[:0], l.tail[over:]...)
	}
	if l.doom != nil && dying.Match(b) {
		l.doom()
		l.doom = nil
	}
	if l.size > maxLog {
		l.turn()
	}
	n, _ := l.file.Write(b)
	l.size += int64(n)
	return len(b), nil
}

// turn puts the full log aside. If that does not work the old file is written on, and tried again after as much more.
func (l *logFile) turn() {
	old := l.file
	l.size = 0
	if os.Rename(l.path, l.path+".1") != nil {
		return
	}
	if l.open() != nil {
		l.file = old
		return
	}
	old.Close()
}

// dying is how a line begins that ClickHouse writes about its own death: time, thread, query, level. From the line's beginning, as an error line may
// quote any text of a query.
var dying = regexp.MustCompile(`(?m)^[\d.]+ [\d:.]+ \[ \d+ \] \{[^}]*\} <Fatal> `)

// newChild forgets the words of the child before. doom is called when the new one reports that it is dying.
func (l *logFile) newChild(doom func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail, l.doom = nil, doom
}

// stackLine is a line of a ClickHouse stack trace: nothing for the eyes of a user.
var stackLine = regexp.MustCompile(`^\d+\. |^\s*$|^Stack trace`)

// lastLines is the end of the present child's log as the end of an error text: "" if it wrote nothing.
func (l *logFile) lastLines() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var lines []string
	for line := range strings.Lines(string(l.tail)) {
		if !stackLine.MatchString(line) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return "; its log ends: " + strings.Join(lines[max(0, len(lines)-5):], " | ")
}

// Close closes the file; what a child writes after that is lost.
func (l *logFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file.Close()
}
