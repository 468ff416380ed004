package confined

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"huizong/pkg/reporting"
)

// The first argument of a child: before it is confined, with its limits behind, and after.
const (
	outerArg = "reader-child"
	innerArg = "reader"
)

// The descriptor of the child's end of the socket.
const socket = 3

// File is what a child is handed: it has no path and no other bytes.
type File struct {
	*io.SectionReader
}

// Work is one piece of work in the child.
type Work struct {
	Name    string // what is to be done
	Request []byte
	File    File
	// Ask puts a question to the parent and waits for the answer. Its error ends the work.
	Ask func(question []byte) ([]byte, error)
}

// Handler does work in the child. What it panics with is an error of code internal.
type Handler func(Work) ([]byte, error)

// RunIfChild serves a parent and exits, if this process was started for that; else it does nothing. Every main whose program calls [Start]
// calls it first, before it reads flags or starts anything, and so does TestMain. open makes the handler of what the parent has sent at the
// start; it runs confined already.
func RunIfChild(open func(setup []byte) (Handler, error)) {
	if len(os.Args) != 3 {
		return
	}
	switch os.Args[1] {
	case outerArg:
		die(confineAndRunAgain(os.Args[2]))
	case innerArg:
		die(serve(os.Args[2], open))
	}
}

func die(err error) {
	if err == nil {
		os.Exit(0)
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// confineAndRunAgain confines this thread and becomes this program again: Go has threads by now that no rule of Landlock reaches, and of
// the new process all threads begin at this one.
func confineAndRunAgain(memory string) error {
	runtime.LockOSThread()
	bytes, err := strconv.ParseInt(memory, 10, 64)
	if err != nil {
		return fmt.Errorf("reader: %w", err)
	}
	if err := confine(bytes); err != nil {
		return err
	}
	return fmt.Errorf("reader: run again: %w", syscall.Exec(self, []string{os.Args[0], innerArg, memory}, nil))
}

// collected is the part of the memory beyond which garbage is collected without delay.
const collected = 0.7

// enough is how much memory a child may keep after its work: one that has read something large is replaced.
const enough = 64 << 20

// serve works until the parent closes the socket, which it does also by dying.
func serve(memory string, open func([]byte) (Handler, error)) error {
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP) // sent to the whole service: the parent ends us
	bytes, err := strconv.ParseInt(memory, 10, 64)
	if err != nil {
		return fmt.Errorf("reader: %w", err)
	}
	debug.SetMemoryLimit(int64(float64(bytes) * collected))
	how, err := filterCalls()
	if err != nil {
		return err
	}
	k, body, _, err := receive()
	if err != nil || k != setup {
		return fmt.Errorf("reader: no setup: %v", err)
	}
	handle, err := open(body)
	if err != nil {
		return fmt.Errorf("reader: %w", err)
	}
	body = nil
	hello, err := codec.Encode(nil, how)
	if err != nil {
		return err
	}
	if err := send(ready, hello); err != nil {
		return err
	}
	for {
		k, body, file, err := receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil || k != work || file < 0 {
			return fmt.Errorf("reader: frame %d with file %d: %v", k, file, err)
		}
		if err := workOn(handle, body, file); err != nil {
			return err
		}
	}
}

// job is what the parent sends with a file.
type job struct {
	Name    string
	Request []byte
	Size    int64
}

func workOn(handle Handler, body []byte, descriptor int) error {
	file := os.NewFile(uintptr(descriptor), "sheet")
	defer file.Close()
	var j job
	if err := codec.Decode(body, &j, maxToChild); err != nil {
		return err
	}
	b, err := safely(handle, Work{Name: j.Name, Request: j.Request, File: File{io.NewSectionReader(file, 0, j.Size)}, Ask: ask})
	switch {
	case err == nil && len(b) > maxResult:
		return send(failure, encodeError(tooMuch()))
	case err != nil:
		return send(failure, encodeError(err))
	}
	var stats runtime.MemStats
	if runtime.ReadMemStats(&stats); stats.HeapSys-stats.HeapReleased > enough {
		return send(tired, b)
	}
	return send(result, b)
}

func safely(handle Handler, w Work) (b []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = reporting.Errorf(reporting.Internal, "panic in the reader: %v\n%s", p, debug.Stack())
		}
	}()
	return handle(w)
}

func ask(q []byte) ([]byte, error) {
	if err := send(question, q); err != nil {
		return nil, err
	}
	k, body, _, err := receive()
	if err != nil {
		return nil, err
	}
	if k != answer {
		return nil, reporting.Errorf(reporting.Unavailable, "the reader's question was not answered")
	}
	return body, nil
}

func send(k kind, body []byte) error {
	for _, b := range [][]byte{head(k, len(body)), body} {
		for len(b) > 0 {
			n, err := unix.Write(socket, b)
			if err != nil && !errors.Is(err, unix.EINTR) {
				return fmt.Errorf("reader: write: %w", err)
			}
			b = b[max(n, 0):]
		}
	}
	return nil
}

// receive reads a frame, and the file that came with it, or −1.
func receive() (k kind, body []byte, file int, err error) {
	b := make([]byte, headLen)
	if file, err = receiveFull(b); err != nil {
		return 0, nil, file, err
	}
	n := binary.LittleEndian.Uint32(b[1:])
	if n > maxToChild {
		return 0, nil, file, errForeign
	}
	body = make([]byte, n)
	_, err = receiveFull(body)
	return kind(b[0]), body, file, err
}

func receiveFull(b []byte) (file int, err error) {
	file = -1
	rights := make([]byte, unix.CmsgSpace(4))
	for len(b) > 0 {
		n, more, _, _, err := unix.Recvmsg(socket, b, rights, closeOnExec)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return file, err
		}
		if n == 0 {
			return file, io.EOF
		}
		if more > 0 {
			if file, err = descriptor(rights[:more]); err != nil {
				return file, err
			}
		}
		b = b[n:]
	}
	return file, nil
}

func descriptor(rights []byte) (int, error) {
	messages, err := unix.ParseSocketControlMessage(rights)
	if err != nil || len(messages) != 1 {
		return -1, fmt.Errorf("reader: %d messages with files: %v", len(messages), err)
	}
	files, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(files) != 1 {
		return -1, fmt.Errorf("reader: %d files: %v", len(files), err)
	}
	return files[0], nil
}

// tooMuch refuses a file of which more comes than anybody can use.
func tooMuch() error {
	return &reporting.FileError{Code: reporting.TooLarge, Offset: -1, Reason: reporting.Text{
		ZH: "表格的内容过多，超出系统能处理的范围。请删去多余的行、列和工作表，或分成几个文件后重新报送。",
		EN: "The sheet holds more than can be processed. Delete rows, columns and worksheets that are not needed, or split it into several files, and send it again.",
	}}
}
