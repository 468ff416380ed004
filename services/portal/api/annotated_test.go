package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"huizong/pkg/annotate"
	"huizong/pkg/reporting"
)

// TestLeftOut: what the copy has not stands in a header that a page's script or a program can read.
func TestLeftOut(t *testing.T) {
	h := http.Header{}
	leftOut(h, nil)
	if len(h) > 0 {
		t.Errorf("of nothing: %v", h)
	}
	want := []annotate.Removed{{Kind: reporting.Text{ZH: "宏", EN: "macros"}, Count: 2}}
	leftOut(h, want)
	text, err := url.PathUnescape(h.Get("Huizong-Left-Out"))
	var got []annotate.Removed
	if err != nil || json.Unmarshal([]byte(text), &got) != nil || !reflect.DeepEqual(got, want) || strings.ContainsFunc(h.Get("Huizong-Left-Out"), func(r rune) bool { return r < ' ' || r > '~' }) {
		t.Errorf("%q: %v, %v", h.Get("Huizong-Left-Out"), got, err)
	}
}
