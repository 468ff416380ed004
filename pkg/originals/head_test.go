package originals

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// TestHeadAfterCrash puts the journal and its head together as a crash can leave them, and as it cannot: entries are appended and then
// their head is written, in one of two places in turn.
func TestHeadAfterCrash(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		entries int    // of 3 that are there
		head    int    // entries when the head was copied
		spoil   string // "older", "newer" place of it, "both"
		want    DamageKind
	}{
		{"Whole", 3, 3, "", ""},
		{"BeforeHead", 3, 2, "", ""},
		{"BeforeHeadOfMany", 3, 1, "", ""},
		{"WithinHead", 3, 3, "newer", ""},
		{"WithinHeadBeforeThat", 3, 2, "newer", ""},
		{"OlderPlaceSpoiled", 3, 3, "older", ""},
		{"ErrLastMissing", 2, 3, "", TooShort},
		{"ErrLastTwoMissing", 1, 3, "", TooShort},
		{"ErrAllMissing", 0, 3, "", TooShort},
		{"ErrLastMissingOlderSpoiled", 2, 3, "older", TooShort},
		{"ErrBothSpoiled", 3, 3, "both", HeadDamaged},
		{"ErrNoHead", 3, 0, "", HeadMissing},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := mustOpen(t, dir)
			var ids []string
			var head []byte
			for i := range 3 {
				e, err := s.Append(t.Context(), reporting.Envelope{Kind: reporting.PersonKeyMade, PersonKey: fmt.Sprint(i)})
				if err != nil {
					t.Fatal(err)
				}
				if ids = append(ids, e.ID); i+1 == test.head {
					if head, err = os.ReadFile(s.head.path); err != nil {
						t.Fatal(err)
					}
				}
			}
			newer := s.head.place
			if test.head%2 != 3%2 {
				newer = 1 - newer
			}
			for place := range 2 {
				if test.spoil == "both" || test.spoil == "newer" && place == newer || test.spoil == "older" && place != newer {
					copy(head[place*headPlace:], "half of it")
				}
			}
			overwrite(t, s.head.path, string(head))
			if test.head == 0 {
				os.Remove(s.head.path)
			}
			for _, id := range ids[test.entries:] {
				if err := os.Remove(s.file(fileName(id))); err != nil {
					t.Fatal(err)
				}
			}
			_, err := Inspect(dir, Options{})
			again, openErr := Open(dir, Options{})
			for what, err := range map[string]error{"Inspect": err, "Open": openErr} {
				var d *Damage
				if errors.As(err, &d); test.want == "" && err != nil || test.want != "" && (d == nil || d.Kind != test.want || reporting.CodeOf(err) != reporting.Internal) {
					t.Errorf("%s = %v, want %q", what, err, test.want)
				}
			}
			if counted := test.head; openErr == nil {
				if test.spoil == "newer" {
					counted--
				}
				if got := again.Uncounted(); got != test.entries-counted {
					t.Errorf("Uncounted = %d, want %d", got, test.entries-counted)
				}
				if got := again.Head(); got.Count != test.entries || got.ID != ids[test.entries-1] || got.Journal != ids[0] {
					t.Errorf("Head = %+v, want %d entries up to %s", got, test.entries, ids[test.entries-1])
				}
				mustSend(t, again, "A01", "next")
				checkStore(t, again, dir)
			}
		})
	}
}

// TestAccept damages a journal in each way, and follows the advice: the number that is refused is what Accept wants to hear.
func TestAccept(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		damage func(t *testing.T, s *Store, ids []string)
		want   DamageKind
		lost   int
		kept   int
	}{
		{"Removed", func(t *testing.T, s *Store, ids []string) { remove(t, s.file(fileName(ids[3]))) }, TooShort, 1, 3},
		{"Backup", func(t *testing.T, s *Store, ids []string) {
			for _, id := range ids[1:] {
				remove(t, s.file(fileName(id)))
			}
		}, TooShort, 3, 1},
		{"Emptied", func(t *testing.T, s *Store, ids []string) {
			if err := os.RemoveAll(s.envelopes); err != nil {
				t.Fatal(err)
			}
		}, TooShort, 4, 0},
		{"LastEdited", func(t *testing.T, s *Store, ids []string) { edit(t, s.file(fileName(ids[3])), `"A01"`, `"A02"`) }, EndAltered, 1, 3},
		{"LastCut", func(t *testing.T, s *Store, ids []string) {
			if err := os.Truncate(s.file(fileName(ids[3])), 20); err != nil {
				t.Fatal(err)
			}
		}, Broken, 1, 3},
		{"MiddleEdited", func(t *testing.T, s *Store, ids []string) { edit(t, s.file(fileName(ids[1])), `"A01"`, `"A02"`) }, Broken, 3, 1},
		{"MiddleRemoved", func(t *testing.T, s *Store, ids []string) { remove(t, s.file(fileName(ids[1]))) }, Broken, 4, 0},
		{"Replaced", func(t *testing.T, s *Store, ids []string) {
			other := mustOpen(t, t.TempDir())
			for i := range 4 {
				mustSend(t, other, "A01", fmt.Sprint(i))
			}
			if err := errors.Join(os.RemoveAll(s.envelopes), os.Rename(other.envelopes, s.envelopes)); err != nil {
				t.Fatal(err)
			}
		}, OtherJournal, 4, 4},
		{"HeadEdited", func(t *testing.T, s *Store, ids []string) {
			edit(t, s.head.path, `"count":3`, `"count":1`)
			edit(t, s.head.path, `"count":4`, `"count":1`)
		}, HeadForeign, 0, 4},
		{"OtherKey", func(t *testing.T, s *Store, ids []string) {
			other := mustOpen(t, t.TempDir())
			if err := os.Rename(other.head.keyPath, s.head.keyPath); err != nil {
				t.Fatal(err)
			}
		}, HeadForeign, 0, 4},
		{"KeyMissing", func(t *testing.T, s *Store, ids []string) { remove(t, s.head.keyPath) }, KeyMissing, 0, 4},
		{"KeyCut", func(t *testing.T, s *Store, ids []string) {
			if err := os.Truncate(s.head.keyPath, 40); err != nil {
				t.Fatal(err)
			}
		}, KeyMissing, 0, 4},
		{"KeyAndEntryMissing", func(t *testing.T, s *Store, ids []string) {
			remove(t, s.head.keyPath)
			remove(t, s.file(fileName(ids[1])))
		}, KeyMissing, 3, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := mustOpen(t, dir)
			var ids []string
			for i := range 4 {
				ids = append(ids, mustSend(t, s, "A01", fmt.Sprint(i)).ID)
			}
			test.damage(t, s, ids)
			_, err := Open(dir, Options{})
			var d *Damage
			if !errors.As(err, &d) || d.Kind != test.want || reporting.CodeOf(err) != reporting.Internal || d.Lost != test.lost && test.name != "KeyAndEntryMissing" {
				t.Fatalf("Open = %v, want %s of %d", err, test.want, test.lost)
			}
			accept := func(lost int) (reporting.Envelope, string, error) {
				return Accept(context.Background(), dir, Options{}, Acceptance{By: "zhang", Reason: "no backup", Lost: lost})
			}
			if _, _, err := accept(test.lost + 1); reporting.CodeOf(err) != reporting.Invalid {
				t.Errorf("Accept of another number = %v, want invalid", err)
			}
			e, aside, err := accept(test.lost)
			if err != nil {
				t.Fatal(err)
			}
			if e.Kind != reporting.JournalAccepted || e.By != "zhang" || e.Loss == nil || e.Loss.Entries != test.lost {
				t.Errorf("the entry is %+v, of %+v", e, e.Loss)
			}
			s = mustOpen(t, dir)
			if s.Len() != test.kept+1 || s.Head().ID != e.ID {
				t.Errorf("%d entries up to %s, want %d up to %s", s.Len(), s.Head().ID, test.kept+1, e.ID)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "envelopes-put-aside", "*", "*.json")); (test.want == Broken || test.want == EndAltered) && len(left) == 0 || len(left) > 0 && filepath.Dir(left[0]) != aside {
				t.Errorf("put aside are %v, in %q", left, aside)
			}
			mustSend(t, s, "A01", "next")
			if test.want != OtherJournal {
				checkStore(t, s, dir)
			}
			if _, _, err := accept(0); reporting.CodeOf(err) != reporting.Conflict {
				t.Errorf("Accept of a whole journal = %v, want conflict", err)
			}
		})
	}
}

func TestAcceptWhatOthersKnow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	first := mustSend(t, s, "A01", "one")
	gone := reporting.LostSubmission{ID: "01ARZ3NDEKTSV4RRFFQ69G5FAV", Org: "A01"}
	missing := func(has func(string) bool) ([]reporting.LostSubmission, error) {
		if !has(first.ID) || has(gone.ID) {
			t.Error("the journal does not know what it has")
		}
		return []reporting.LostSubmission{gone}, nil
	}
	if _, _, err := Accept(t.Context(), dir, Options{}, Acceptance{Lost: 1, Reason: "x", Missing: missing}); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, dir)
	if !s.Lost(gone.ID) || s.Lost(first.ID) || s.Len() != 2 {
		t.Errorf("lost are %v", s.Adopted())
	}
}

// TestHeadElsewhere keeps the head and its key outside of the directory: the whole directory put back from a backup shows.
func TestHeadElsewhere(t *testing.T) {
	t.Parallel()
	dir, safe := t.TempDir(), t.TempDir()
	o := Options{Head: filepath.Join(safe, "head"), Key: filepath.Join(safe, "key")}
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	mustSend(t, s, "A01", "one")
	backup := filepath.Join(t.TempDir(), "backup")
	if err := os.CopyFS(backup, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	mustSend(t, s, "A01", "two")
	if exists, _ := filepath.Glob(filepath.Join(dir, "journal.*")); len(exists) > 0 {
		t.Errorf("in the data directory are %v", exists)
	}
	var d *Damage
	if _, err := Open(backup, o); !errors.As(err, &d) || d.Kind != TooShort || d.Lost != 1 {
		t.Errorf("Open of yesterday's directory = %v", err)
	}
	if _, err := Inspect(dir, o); err != nil {
		t.Errorf("Inspect = %v", err)
	}
}

// TestHeadAway takes the head's disk away under an open store: nobody gets a receipt, and when it is back it goes on.
func TestHeadAway(t *testing.T) {
	t.Parallel()
	dir, mount := t.TempDir(), filepath.Join(t.TempDir(), "mount")
	if err := os.Mkdir(mount, 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, Options{Head: filepath.Join(mount, "head")})
	if err != nil {
		t.Fatal(err)
	}
	adopt := func() error {
		_, err := s.Append(t.Context(), reporting.Envelope{Kind: reporting.PersonKeyMade, PersonKey: "x"})
		return err
	}
	if err := adopt(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(mount, mount+".away"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := adopt(); reporting.CodeOf(err) != reporting.Unavailable {
			t.Errorf("Append without the head's disk = %v, want unavailable", err)
		}
	}
	if err := os.Rename(mount+".away", mount); err != nil {
		t.Fatal(err)
	}
	if err := adopt(); err != nil || s.Len() != 3 || s.Head().Count != 3 { // the first one that failed stands, without a receipt
		t.Errorf("Append with the disk back = %v, %d entries, head of %d", err, s.Len(), s.Head().Count)
	}
}

// TestInspectChangesNothing reads a directory in which a crash has left something, beside its owner.
func TestInspectChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	mustSend(t, s, "A01", "one")
	overwrite(t, filepath.Join(s.originals, durable.TempPrefix+"123"), "half")
	overwrite(t, s.file(tempName("01ARZ3NDEKTSV4RRFFQ69G5FAV")), "{half")
	list := func() string {
		var all strings.Builder
		filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			info, _ := d.Info()
			fmt.Fprintln(&all, path, info.ModTime(), err)
			return nil
		})
		return all.String()
	}
	before := list()
	read, err := Inspect(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := read.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := read.Append(t.Context(), reporting.Envelope{Kind: reporting.PeriodClosed}); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("Append = %v, want invalid", err)
	}
	if after := list(); after != before {
		t.Errorf("before\n%safter\n%s", before, after)
	}
}

// TestFolderOfEnvelopes: a folder that is gone is a journal that lost all, also for who only reads; what lies in it and is no envelope is named.
func TestFolderOfEnvelopes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	if _, err := s.Append(t.Context(), reporting.Envelope{Kind: reporting.PersonKeyMade, PersonKey: "1"}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(s.envelopes, "a copy.json")
	if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	var stray *Stray
	if _, err := Open(dir, Options{}); !errors.As(err, &stray) || stray.Path != path {
		t.Errorf("Open = %v, want a stray %s", err, path)
	}
	if err := os.RemoveAll(s.envelopes); err != nil {
		t.Fatal(err)
	}
	var d *Damage
	if _, err := Inspect(dir, Options{}); !errors.As(err, &d) || d.Kind != TooShort || d.Lost != 1 {
		t.Errorf("Inspect without the folder = %v, want 1 lost", err)
	}
	if _, err := os.Stat(s.envelopes); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Inspect has made the folder: %v", err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func edit(t *testing.T, path, from, to string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	overwrite(t, path, strings.Replace(string(data), from, to, 1))
}
