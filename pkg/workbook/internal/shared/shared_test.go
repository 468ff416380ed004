package shared

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
)

// text is the i-th of many different texts; some are empty, some longer than a page.
func text(i int) string {
	switch i % 997 {
	case 5:
		return ""
	case 6:
		return fmt.Sprint(i, strings.Repeat("长", 5000))
	}
	return fmt.Sprint("户主", i, strings.Repeat("x", i%40))
}

func fill(t *testing.T, n int) *Strings {
	t.Helper()
	s := &Strings{}
	for i := range n {
		if err := s.Add([]byte(text(i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Complete(); err != nil {
		t.Fatal(err)
	}
	return s
}

func check(t *testing.T, s *Strings, i int) {
	t.Helper()
	got, err := s.Text(i, &read)
	defer read.Reset()
	if err != nil || got != text(i) {
		t.Fatalf("text %d = %.40q, %v, want %.40q", i, got, err, text(i))
	}
}

const many = 400_000

var read arena.Texts // reset after each text

// TestText reads texts forward, backward and anywhere, from memory and from the file.
func TestText(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s := fill(t, many)
	if s.Len() != many || s.rest == nil || s.rest.count < many/8 {
		t.Fatalf("%d texts, %d of them in memory", s.Len(), s.kept)
	}
	for i := range many {
		check(t, s, i)
	}
	for i := many - 1; i >= many-5000; i-- {
		check(t, s, i)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		check(t, s, r.IntN(many))
	}
	if most := int64(memoryBudget + 8<<20); s.Held() > most {
		t.Errorf("holds %d bytes, want at most %d", s.Held(), most)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left on the disk: %v", left)
	}
}

// TestNoDisk keeps everything in memory where there is no place for a file.
func TestNoDisk(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "missing"))
	s := fill(t, many)
	if s.rest != nil || s.Held() < s.Size() {
		t.Fatalf("%d of %d texts in memory", s.kept, s.Len())
	}
	check(t, s, many-1)
}

// TestDiskFails wants an error that lets the workbook be tried again, and not one that blames it.
func TestDiskFails(t *testing.T) {
	s := fill(t, many)
	s.rest.file.Close()
	_, err := s.Text(many-1, &arena.Texts{})
	if reporting.CodeOf(err) != reporting.Unavailable || !errors.Is(err, os.ErrClosed) {
		t.Errorf("reading gives %v", err)
	}
	for err = nil; err == nil; {
		err = s.Add([]byte(text(6)))
	}
	if reporting.CodeOf(err) != reporting.Unavailable || errors.Is(err, io.EOF) {
		t.Errorf("writing gives %v", err)
	}
}
