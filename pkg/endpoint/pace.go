package endpoint

import (
	"io"
	"net/http"
	"time"
)

// How slowly a body may come: at first not at all for a while, then with a bad line. Who sends one slower than that only keeps a
// connection busy.
const (
	slowStart = 30 * time.Second
	slowest   = 2 << 10 // bytes a second
)

// pacedBody is a body with a deadline that moves on with what has come. At its end the deadline goes: an answer may take its time.
type pacedBody struct {
	io.ReadCloser
	deadline func(time.Time) error
	until    time.Time
}

func paced(w http.ResponseWriter, r *http.Request) io.ReadCloser {
	if r.Body == nil || r.Body == http.NoBody {
		return r.Body
	}
	return &pacedBody{ReadCloser: r.Body, deadline: http.NewResponseController(w).SetReadDeadline, until: time.Now().Add(slowStart)}
}

func (b *pacedBody) Read(data []byte) (int, error) {
	_ = b.deadline(b.until) // a connection without deadlines is one of a test
	n, err := b.ReadCloser.Read(data)
	b.until = b.until.Add(time.Duration(n) * time.Second / slowest)
	if err != nil {
		_ = b.deadline(time.Time{})
	}
	return n, err
}
