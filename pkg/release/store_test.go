package release

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huizong/pkg/durable"
	"huizong/pkg/durable/durabletest"
	"huizong/pkg/reporting"
)

func mustOpen(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// add releases a half-year whose text is given.
func add(t *testing.T, s *Store, period, text string) (reporting.Release, error) {
	t.Helper()
	p, err := reporting.ParsePeriod(period)
	if err != nil {
		t.Fatal(err)
	}
	r := reporting.Release{Report: "half_year", Period: p, Reason: text, Figures: reporting.ReleaseFile{Name: "figures.json"},
		Template: []reporting.ReleaseFile{{Name: "template/report.tmpl"}}, Files: []reporting.ReleaseFile{{Name: "half-year.docx"}}}
	return s.Add(t.Context(), r, map[string][]byte{"figures.json": []byte("[]"), "template/report.tmpl": []byte("# " + text), "half-year.docx": []byte(text)})
}

func mustAdd(t *testing.T, s *Store, period, text string) reporting.Release {
	t.Helper()
	r, err := add(t, s, period, text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAdd(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "releases")
	s := mustOpen(t, dir)
	first, other, second := mustAdd(t, s, "2020H1", "初稿"), mustAdd(t, s, "2020-06", "快报"), mustAdd(t, s, "2020H1", "更正")
	if first.Number != 1 || first.Previous != "" || other.Supersedes != 0 || second.Number != 3 || second.Supersedes != 1 {
		t.Errorf("releases = %+v, %+v, %+v", first, other, second)
	}
	for _, store := range []*Store{s, mustOpen(t, dir)} {
		if got := store.List(); len(got) != 3 || got[2].Reason != "更正" || got[2].Files[0].Size != int64(len("更正")) {
			t.Errorf("List = %+v", got)
		}
		if data, err := store.File(1, "half-year.docx"); err != nil || string(data) != "初稿" {
			t.Errorf("File = %q, %v", data, err)
		}
		if _, hash, err := store.read(2); err != nil || hash != second.Previous {
			t.Errorf("the hash of release 2 is %s, %v, want %s", hash, err, second.Previous)
		}
		for n := 1; n <= 3; n++ {
			if err := store.Verify(n); err != nil {
				t.Errorf("Verify(%d) = %v", n, err)
			}
		}
	}
	_, missing := s.Find(4)
	_, unnamed := s.File(1, "../2/half-year.docx")
	_, none := s.Add(t.Context(), reporting.Release{Figures: reporting.ReleaseFile{Name: "figures.json"}}, nil)
	for want, err := range map[reporting.Code][]error{reporting.NotFound: {missing, unnamed}, reporting.Invalid: {none}} {
		for _, e := range err {
			if reporting.CodeOf(e) != want {
				t.Errorf("%v: code %s, want %s", e, reporting.CodeOf(e), want)
			}
		}
	}
}

// TestTampering: whatever is changed, added or taken away shows.
func TestTampering(t *testing.T) {
	t.Parallel()
	write := func(name, text string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	replace := func(name, old, new string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil || !strings.Contains(string(data), old) {
				t.Fatalf("%s: %v, no %q in it", name, err, old)
			}
			write(name, strings.Replace(string(data), old, new, 1))(t, dir)
		}
	}
	remove := func(name string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, tamper := range map[string]func(*testing.T, string){
		"File":         write("2/half-year.docx", "x"),
		"FileGone":     remove("2/half-year.docx"),
		"Manifest":     replace("1/release.json", "初稿", "x"),
		"LastManifest": replace("2/release.json", "更正", "x"),
		"Gone":         remove("1"),
		"LastGone":     remove("2"),
		"Head":         write(headFile, `{"number":2,"sha256":"0"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := mustOpen(t, dir)
			mustAdd(t, s, "2020H1", "初稿")
			mustAdd(t, s, "2020H1", "更正")
			if n, err := Check(dir); n != 2 || err != nil {
				t.Errorf("Check = %d, %v", n, err)
			}
			tamper(t, dir)
			if _, err := Check(dir); err == nil {
				t.Error("Check does not see it")
			}
			again, err := Open(dir)
			if err == nil {
				err = again.Verify(2)
			}
			if code := reporting.CodeOf(err); code != reporting.Internal && code != reporting.Conflict { // an altered file is told in a sentence
				t.Errorf("error = %v, want code internal or conflict", err)
			}
			if name == "Head" {
				return // it is looked at when the store is opened
			}
			if err := s.Verify(2); err == nil || !strings.Contains(err.Error(), "号发布") {
				t.Errorf("the open store says %v, want a sentence that a clerk reads", err)
			}
		})
	}
}

// TestFaults fails each step of a release, not done and done all the same. Whatever happens, the release is there whole or not at
// all, for the running store and for one that is opened after a crash; the next one is chained to what is there.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		for at, fired := 1, true; fired; at++ {
			fault := &durabletest.Fault{At: at, Done: after}
			dir := t.TempDir()
			mustAdd(t, mustOpen(t, dir), "2020H1", "初稿")
			s := mustOpen(t, dir)
			s.disk = fault.Disk()
			_, err := add(t, s, "2020H1", "更正")
			if fired = fault.Fired(); fired && reporting.CodeOf(err) != reporting.Unavailable {
				t.Errorf("step %d: error = %v, want code unavailable", at, err)
			}
			s.disk = durable.Real
			crashed := filepath.Join(t.TempDir(), "crashed")
			if err := os.CopyFS(crashed, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			for name, store := range map[string]*Store{"running": s, "reopened": mustOpen(t, crashed)} {
				what := fmt.Sprintf("step %d, done %v, %s", at, after, name)
				before := len(store.List())
				if before != 1 && before != 2 {
					t.Errorf("%s: %d releases", what, before)
				}
				r := mustAdd(t, store, "2020H1", "定稿")
				if r.Number != before+1 || r.Supersedes != before {
					t.Errorf("%s: the next release is %d and supersedes %d, want %d", what, r.Number, r.Supersedes, before+1)
				}
				again := mustOpen(t, store.dir)
				for n := range again.List() {
					if err := again.Verify(n + 1); err != nil {
						t.Errorf("%s: Verify(%d) = %v", what, n+1, err)
					}
				}
			}
		}
	}
}
