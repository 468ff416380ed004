package originals

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"huizong/pkg/durable/durabletest"
	"huizong/pkg/reporting"
)

// filesUnder are all files of the store but its folders.
func filesUnder(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	for _, pattern := range []string{"originals/??/*", "originals/.*", "envelopes/*", "envelopes/.*"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		n += len(found)
	}
	return n
}

func mustHold(t *testing.T, s *Store, text string) *Held {
	t.Helper()
	h, err := s.Hold(context.Background(), strings.NewReader(text), 1<<10)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestHeld: what is held is no original until it is kept, and no file once it is given up.
func TestHeld(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	h := mustHold(t, s, "one")
	if _, err := s.Original(h.Sum); reporting.CodeOf(err) != reporting.NotFound {
		t.Errorf("held, and an original: %v", err)
	}
	if _, err := s.Append(t.Context(), reporting.Envelope{Kind: reporting.SubmissionReceived, Org: "A01", SHA256: h.Sum, Size: h.Size}); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("an envelope names what is held: %v", err)
	}
	for _, keep := range []bool{false, true} {
		if keep {
			if err := h.Keep(); err != nil {
				t.Fatal(err)
			}
		}
		f, err := h.Open()
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(f); string(data) != "one" || err != nil {
			t.Errorf("kept %t: read %q, %v", keep, data, err)
		}
		f.Close()
	}
	h.Discard()
	if err := h.Keep(); err != nil {
		t.Errorf("kept again: %v", err)
	}
	if _, err := s.Original(h.Sum); err != nil {
		t.Errorf("discarded after it was kept: %v", err)
	}
	again, other := mustHold(t, s, "one"), mustHold(t, s, "two")
	if err := again.Keep(); err != nil {
		t.Error(err)
	}
	other.Discard()
	if err := other.Keep(); reporting.CodeOf(err) != reporting.NotFound {
		t.Errorf("kept after it was given up: %v", err)
	}
	if _, err := other.Open(); reporting.CodeOf(err) != reporting.NotFound {
		t.Errorf("opened after it was given up: %v", err)
	}
	if n := filesUnder(t, dir); n != 1 {
		t.Errorf("%d files, want the one original", n)
	}
	mustHold(t, s, "three")
	checkStore(t, mustOpen(t, dir), dir)
	if n := filesUnder(t, dir); n != 1 {
		t.Errorf("%d files after a restart, want the one original", n)
	}
}

// TestHeldAltered: what was altered while it was held is not taken for what came.
func TestHeldAltered(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, t.TempDir())
	h := mustHold(t, s, "right")
	overwrite(t, h.path, "wrong")
	if _, err := h.Open(); err == nil || !strings.Contains(err.Error(), "altered") {
		t.Errorf("Open = %v", err)
	}
	if err := h.Keep(); err == nil || !strings.Contains(err.Error(), "altered") {
		t.Errorf("Keep = %v", err)
	}
}

// TestHeldFaults: whichever step of the disk fails, the next Keep finishes, and what is given up instead leaves nothing but what may be
// an original already.
func TestHeldFaults(t *testing.T) {
	t.Parallel()
	for step := 1; step <= 3; step++ {
		for _, persisted := range []bool{false, true} {
			dir := t.TempDir()
			s := mustOpen(t, dir)
			s.disk = durabletest.FailAt(step, persisted)
			h := mustHold(t, s, "x")
			if err := h.Keep(); reporting.CodeOf(err) != reporting.Unavailable {
				t.Errorf("step %d: Keep = %v, want unavailable", step, err)
			}
			if err := h.Keep(); err != nil {
				t.Errorf("step %d: the next Keep = %v", step, err)
			}
			if _, err := s.Original(h.Sum); err != nil || filesUnder(t, dir) != 1 {
				t.Errorf("step %d: %v; %d files", step, err, filesUnder(t, dir))
			}
		}
		dir := t.TempDir()
		s := mustOpen(t, dir)
		s.disk = durabletest.FailAt(step, false)
		h := mustHold(t, s, "x")
		h.Keep()
		h.Discard()
		if n, renamed := filesUnder(t, dir), step == 3; n > 0 != renamed {
			t.Errorf("step %d: %d files after it was given up", step, n)
		}
	}
}

// TestSenderSays: an error of the reader that has a code of its own keeps it.
func TestSenderSays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	enough := reporting.Errorf(reporting.TooMany, "enough for today")
	_, err := s.Hold(t.Context(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(enough)), 1<<10)
	if reporting.CodeOf(err) != reporting.TooMany || filesUnder(t, dir) != 0 {
		t.Errorf("Hold = %v; %d files remain", err, filesUnder(t, dir))
	}
}
