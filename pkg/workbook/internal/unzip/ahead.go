package unzip

import (
	"io"
	"sync"

	"huizong/pkg/workbook/internal/fault"
)

const (
	// aheadFrom is the size from which inflating on a second core pays for the hand-over.
	aheadFrom  = 512 << 10
	aheadChunk = 128 << 10
	aheadCount = 3
)

// ahead inflates on a goroutine of its own while the caller parses. At most aheadCount chunks exist.
type ahead struct {
	full  chan chunk
	empty chan []byte
	stop  chan struct{}
	done  chan struct{} // closed when the goroutine has ended
	close sync.Once
	now   chunk
}

type chunk struct {
	whole, rest []byte
	err         error
}

func readAhead(src io.Reader) io.ReadCloser {
	a := &ahead{
		full:  make(chan chunk, aheadCount),
		empty: make(chan []byte, aheadCount),
		stop:  make(chan struct{}),
		done:  make(chan struct{}),
	}
	for range aheadCount {
		a.empty <- make([]byte, aheadChunk)
	}
	go a.run(src)
	return a
}

// run ends with the first error, io.EOF included, or when the reader is closed.
func (a *ahead) run(src io.Reader) {
	defer close(a.done)
	defer func() {
		if r := recover(); r != nil {
			a.full <- chunk{err: fault.Internal(r)} // there is room: every chunk on the way holds one of aheadCount buffers
		}
	}()
	for {
		select {
		case <-a.stop:
			return
		case b := <-a.empty:
			n, err := fill(src, b)
			a.full <- chunk{whole: b, rest: b[:n], err: err}
			if err != nil {
				return
			}
		}
	}
}

// fill reads until b is full: a hand-over costs the same for a small piece as for a large one.
func fill(src io.Reader, b []byte) (int, error) {
	n := 0
	for n < len(b) {
		m, err := src.Read(b[n:])
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func (a *ahead) Read(b []byte) (int, error) {
	for len(a.now.rest) == 0 {
		if a.now.err != nil {
			return 0, a.now.err
		}
		if a.now.whole != nil {
			a.empty <- a.now.whole
		}
		a.now = <-a.full
	}
	n := copy(b, a.now.rest)
	a.now.rest = a.now.rest[n:]
	return n, nil
}

// Close ends the goroutine and waits for it, since it counts in the archive. It may be called more than once.
func (a *ahead) Close() error {
	a.close.Do(func() { close(a.stop) })
	<-a.done
	return nil
}
