package endpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

// maxTagged is the longest answer that gets an ETag: it is held in memory until it is whole.
const maxTagged = 8 << 20

// tagged runs the handler. What it answers to a GET as JSON gets the ETag of its content, and who has it already is told so with 304
// instead.
func tagged(w http.ResponseWriter, r *http.Request, e Endpoint) error {
	if r.Method != http.MethodGet || e.Answer == nil || e.Page {
		return e.Handle(w, r)
	}
	held := &heldAnswer{ResponseWriter: w, status: http.StatusOK}
	if err := e.Handle(held, r); err != nil {
		return err // also where a part has gone out: then the connection is broken off
	}
	if held.through {
		return nil
	}
	if held.status == http.StatusOK {
		sum := sha256.Sum256(held.body.Bytes())
		tag := `"` + hex.EncodeToString(sum[:16]) + `"`
		w.Header().Set("ETag", tag)
		w.Header().Set("Cache-Control", "private, no-cache")
		if strings.Contains(r.Header.Get("If-None-Match"), tag) {
			w.Header().Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	w.WriteHeader(held.status)
	held.body.WriteTo(w) // fails where the caller has gone: there is no one to answer
	return nil
}

// heldAnswer holds an answer back until it is whole or too long.
type heldAnswer struct {
	http.ResponseWriter
	status  int
	body    bytes.Buffer
	through bool // it was too long and goes straight on
}

func (h *heldAnswer) WriteHeader(status int) { h.status = status }

func (h *heldAnswer) Write(data []byte) (int, error) {
	if !h.through && h.body.Len()+len(data) <= maxTagged {
		return h.body.Write(data)
	}
	if !h.through {
		h.through = true
		h.ResponseWriter.WriteHeader(h.status)
		if _, err := h.body.WriteTo(h.ResponseWriter); err != nil {
			return 0, err
		}
	}
	return h.ResponseWriter.Write(data)
}
