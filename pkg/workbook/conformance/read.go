package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook"
)

const (
	maxTime   = 20 * time.Second
	maxMemory = 256 << 20
)

// result is what came of a file: its sheets, an error, or a fault of the reader.
type result struct {
	sheets []*reporting.Sheet
	err    error
	fault  string // a panic, a hang, too much memory
}

// read reads the whole file under a watch.
func read(name string) result {
	data, err := os.ReadFile(name)
	if err != nil {
		return result{fault: err.Error()}
	}
	runtime.GC()
	done := make(chan result, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- result{fault: fmt.Sprintf("panic: %v\n%s", r, debug.Stack())}
			}
		}()
		done <- readAll(data)
	}()
	return watch(done)
}

// watch waits for the result, and looks at the memory while it does.
func watch(done <-chan result) result {
	deadline := time.After(maxTime)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	peak := uint64(0)
	for {
		select {
		case r := <-done:
			if peak > maxMemory && r.fault == "" {
				r.fault = fmt.Sprintf("took %d MB", peak>>20)
			}
			return r
		case <-deadline:
			return result{fault: "hangs"}
		case <-tick.C:
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
	}
}

// readAll reads every sheet. The corpus has wider sheets than forms are, and stray cells on purpose.
func readAll(data []byte) (r result) {
	limits := workbook.DefaultLimits()
	limits.Cols, limits.Gap = 1<<14, 1<<20
	book, err := workbook.Open(data, limits)
	if err != nil {
		return result{err: err}
	}
	for i := range book.Sheets() {
		sheet, err := book.Read(i)
		if err != nil {
			return result{err: err}
		}
		r.sheets = append(r.sheets, sheet)
	}
	return r
}
