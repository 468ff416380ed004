package admin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huizong/pkg/originals"
)

// TestReasonWords: the words for an original that is gone or altered are those of the store's own errors.
func TestReasonWords(t *testing.T) {
	dir := t.TempDir()
	store, err := originals.Open(dir, originals.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sum, _, err := store.Put(t.Context(), strings.NewReader("a,b\n"), 1<<10)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "originals", sum[:2], sum)
	for _, damage := range []struct {
		do   func() error
		want string
	}{
		{func() error { return os.WriteFile(path, []byte("c,d\n"), 0o600) }, "不一样"},
		{func() error { return os.Remove(path) }, "不见了"},
	} {
		if err := damage.do(); err != nil {
			t.Fatal(err)
		}
		_, err := store.OpenFile(sum)
		if err == nil {
			t.Fatal("the original is opened all the same")
		}
		if got := reasonWords(err.Error()); !strings.Contains(got.ZH, damage.want) {
			t.Errorf("%v: %s, want …%s…", err, got.ZH, damage.want)
		}
	}
}
