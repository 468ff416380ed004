package arena

import (
	"fmt"
	"strings"
	"testing"
)

// TestTexts: texts stay what they were while others are added, long ones beside short ones, and the memory is told.
func TestTexts(t *testing.T) {
	var texts Texts
	text := func(i int) string {
		if i%1000 == 7 {
			return strings.Repeat(fmt.Sprint("长", i), blockSize/5)
		}
		return strings.Repeat(fmt.Sprint(i), i%20)
	}
	var kept []string
	total := int64(0)
	for i := range 20_000 {
		b := []byte(text(i))
		kept = append(kept, texts.Add(b))
		total += int64(len(b))
		clear(b) // the caller's bytes are its own
	}
	for i, got := range kept {
		if got != text(i) {
			t.Fatalf("text %d = %.40q, want %.40q", i, got, text(i))
		}
	}
	if texts.Held() < total || texts.Held() > 2*total {
		t.Errorf("%d bytes are held for texts of %d", texts.Held(), total)
	}
	texts.Reset()
	if held := texts.Held(); held != int64(cap(texts.block)) || texts.Add([]byte("a")) != "a" || texts.Held() != held {
		t.Errorf("after Reset %d bytes are held", held)
	}
}
