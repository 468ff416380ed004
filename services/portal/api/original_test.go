package api

import (
	"mime"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// TestOriginalsGoOut: what a sender called a file and what it holds decide nothing but one of the endings that its kind has.
func TestOriginalsGoOut(t *testing.T) {
	store, err := originals.Open(t.TempDir(), originals.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := &Service{Shell: &portal.Shell{Catalogue: &reporting.Catalogue{}}, Store: store}
	for content, endings := range map[string]string{"PK\x03\x04…": "xlsx xlsm ods et", "\xd0\xcf\x11\xe0…": "xls et", "a,b\n": "csv txt", "MZ\x00\x01": "bin", "": "csv txt", "\xff\xfea\x00": "csv txt"} {
		sum, size, err := store.Put(t.Context(), strings.NewReader(content), 1<<10)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"报表.xlsx", "../../x.csv", "a.exe", "a\"; filename=b.html", "", "CON", strings.Repeat("长", 300) + ".xls", "x.html"} {
			e := reporting.Envelope{ID: "01M82QPN93YBP77B8CA3QV87P4", Org: "349981107", SHA256: sum, Size: size, FileName: name}
			w := httptest.NewRecorder()
			if err := p.sendOriginal(w, e.SHA256, p.NameOf(e), e.FileName); err != nil {
				t.Fatal(err)
			}
			h := w.Header()
			_, fields, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
			if ending := strings.TrimPrefix(filepath.Ext(fields["filename"]), "."); !strings.Contains(" "+endings+" ", " "+ending+" ") || !strings.HasPrefix(fields["filename"], "349981107-报表-") {
				t.Errorf("%q of %q goes out as %q", name, content, fields["filename"])
			}
			if h.Get("Content-Type") != "application/octet-stream" || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get(portal.PolicyHeader), "sandbox") || w.Body.String() != content {
				t.Errorf("%q goes out with %v", name, h)
			}
		}
	}
}
