package api

import (
	"testing"

	"huizong/pkg/reporting"
)

// TestAsking: one who asks without end takes no place of another's.
func TestAsking(t *testing.T) {
	var a asking
	var ends []func()
	for range maxAskingBy {
		end, err := a.begin("a")
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, end)
	}
	if _, err := a.begin("a"); reporting.CodeOf(err) != reporting.TooMany {
		t.Errorf("one more: %v", err)
	}
	if _, err := a.begin("b"); err != nil {
		t.Errorf("another: %v", err)
	}
	ends[0]()
	if _, err := a.begin("a"); err != nil {
		t.Errorf("after an answer: %v", err)
	}
}
