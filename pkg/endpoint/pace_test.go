package endpoint

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestPace: a body has so long, longer with each byte, and its answer as long as it takes.
func TestPace(t *testing.T) {
	var deadlines []time.Time
	begin := time.Now()
	b := &pacedBody{ReadCloser: io.NopCloser(strings.NewReader(strings.Repeat("x", 10*slowest))), until: begin.Add(slowStart), deadline: func(at time.Time) error {
		deadlines = append(deadlines, at)
		return nil
	}}
	if data, err := io.ReadAll(b); err != nil || len(data) != 10*slowest {
		t.Fatalf("read %d, %v", len(data), err)
	}
	if len(deadlines) < 3 || !deadlines[0].Equal(begin.Add(slowStart)) || !deadlines[len(deadlines)-1].IsZero() {
		t.Errorf("deadlines: %v", deadlines)
	}
	if want := begin.Add(slowStart + 10*time.Second); !b.until.Equal(want) {
		t.Errorf("until %v, want %v", b.until, want)
	}
}

// TestPaceEnds: over a connection, a body that stops coming is an error, and what comes after the body has no deadline.
func TestPaceEnds(t *testing.T) {
	errs := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := paced(w, r).(*pacedBody)
		body.until = time.Now().Add(20 * time.Millisecond)
		_, err := io.ReadAll(body)
		errs <- err
	}))
	defer server.Close()
	slow, stop := io.Pipe()
	go http.Post(server.URL, "text/plain", slow)
	if err := <-errs; err == nil {
		t.Error("a body without end was read to its end")
	}
	stop.Close()
}
