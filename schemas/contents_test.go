package schemas

import (
	"slices"
	"testing"
	"testing/fstest"

	"huizong/pkg/reporting"
)

// TestContents: what decides changes the hash, what prints or is no definition does not.
func TestContents(t *testing.T) {
	t.Parallel()
	folder := func(change func(fstest.MapFS)) reporting.Definitions {
		t.Helper()
		files := fstest.MapFS{
			"units/city.yaml":       {Data: []byte("a")},
			"forms/one.yaml":        {Data: []byte("b")},
			"forms/columns/c.yaml":  {Data: []byte("c")},
			"indicators/i.yaml":     {Data: []byte("d")},
			"reports/half/text.txt": {Data: []byte("e")},
		}
		change(files)
		d, err := Contents(files)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	base := folder(func(fstest.MapFS) {})
	if len(base.Files) != 5 || !slices.IsSortedFunc(base.Files[:4], func(a, b reporting.DefinitionFile) int { return slices.Compare([]byte(a.Name), []byte(b.Name)) }) {
		t.Errorf("files are %v", base.Files)
	}
	for _, test := range []struct {
		name   string
		change func(fstest.MapFS)
		other  bool
	}{
		{"Changed", func(f fstest.MapFS) { f["forms/columns/c.yaml"].Data = []byte("x") }, true},
		{"Missing", func(f fstest.MapFS) { delete(f, "forms/one.yaml") }, true},
		{"New", func(f fstest.MapFS) { f["checks/new.yaml"] = &fstest.MapFile{} }, true},
		{"Renamed", func(f fstest.MapFS) { f["forms/two.yaml"] = f["forms/one.yaml"]; delete(f, "forms/one.yaml") }, true},
		{"Report", func(f fstest.MapFS) { f["reports/half/text.txt"].Data = []byte("x") }, false},
		{"Hidden", func(f fstest.MapFS) { f["forms/.one.yaml.swp"] = &fstest.MapFile{} }, false},
		{"Readme", func(f fstest.MapFS) { f["forms/README.md"] = &fstest.MapFile{} }, false},
	} {
		if got := folder(test.change); (got.SHA256 != base.SHA256) != test.other {
			t.Errorf("%s: another hash = %t, want %t", test.name, !test.other, test.other)
		}
	}
}

// TestContentsOfOverlay: a folder of one's own counts as what it makes of the whole.
func TestContentsOfOverlay(t *testing.T) {
	t.Parallel()
	under, err := Contents(FS())
	if err != nil {
		t.Fatal(err)
	}
	over, err := Over(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if same, err := Contents(over); err != nil || same.SHA256 != under.SHA256 || len(same.Files) != len(under.Files) {
		t.Errorf("an empty folder changes %s to %s: %v", under.SHA256, same.SHA256, err)
	}
}
