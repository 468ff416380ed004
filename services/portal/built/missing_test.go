package built

import (
	"net/http/httptest"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

func TestServeWithoutBundle(t *testing.T) {
	there := versions
	versions = nil
	t.Cleanup(func() { versions = there })
	err := Serve(httptest.NewRecorder(), httptest.NewRequest("GET", Path("charts.js"), nil), "charts.js")
	if reporting.CodeOf(err) != reporting.Unavailable || !strings.Contains(err.Error(), "run make") {
		t.Errorf("Serve = %v, want unavailable, and what to do", err)
	}
}
