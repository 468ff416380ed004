// Package huizongtest is for tests that run the product as a process.
package huizongtest

import (
	"bytes"
	"regexp"
	"sync"
	"testing"
	"time"
)

// Patience is how long a busy machine may take; nothing is measured by it.
const Patience = 3 * time.Minute

// Output is what a process prints, to be read while it runs. The zero value is ready.
type Output struct {
	mu    sync.Mutex
	text  bytes.Buffer
	grown chan struct{} // closed by the next write; nil while nobody waits
}

func (o *Output) Write(data []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.grown != nil {
		close(o.grown)
		o.grown = nil
	}
	return o.text.Write(data)
}

func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// Await waits until the pattern is found in what was printed, and returns its groups. A process's words reach the test a moment after it acts, so a
// test never looks for them once only. The test ends if the process does.
func (o *Output) Await(tb testing.TB, ended <-chan struct{}, pattern string) []string {
	tb.Helper()
	line := regexp.MustCompile(pattern)
	patience := time.NewTimer(Patience)
	defer patience.Stop()
	for {
		text, grown := o.read()
		if found := line.FindStringSubmatch(text); found != nil {
			return found
		}
		select {
		case <-grown:
		case <-ended:
			tb.Fatalf("the process ended without printing %s:\n%s", pattern, o)
		case <-patience.C:
			tb.Fatalf("the process did not print %s:\n%s", pattern, text)
		}
	}
}

func (o *Output) read() (string, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.grown == nil {
		o.grown = make(chan struct{})
	}
	return o.text.String(), o.grown
}
