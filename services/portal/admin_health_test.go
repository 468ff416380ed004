package portal

import (
	"strings"
	"testing"

	"huizong/pkg/confined"
)

// TestReadersHealth: the administrator is told where the kernel cannot keep the readers apart.
func TestReadersHealth(t *testing.T) {
	for _, c := range []struct {
		how         confined.Confinement
		tone, value string
		more        string
	}{
		{confined.Confinement{Landlock: 7, Calls: true, Limits: true}, "green", "隔离", ""},
		{confined.Confinement{Calls: true, Limits: true}, "amber", "没有完全隔离", "Landlock"},
		{confined.Confinement{Landlock: 7, Limits: true}, "amber", "没有完全隔离", "Landlock"},
		{confined.Confinement{}, "amber", "没有隔离", "Linux"},
	} {
		h := readersHealth(c.how)
		if h.Tone != c.tone || !strings.Contains(h.Value.ZH, c.value) || !strings.Contains(h.More.ZH, c.more) || h.Value.EN == "" || (h.More.EN == "") != (c.more == "") {
			t.Errorf("%s: %+v", c.how, h)
		}
	}
}
