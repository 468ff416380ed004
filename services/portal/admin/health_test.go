package admin

import (
	"strings"
	"testing"

	"huizong/pkg/access"
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

// TestFactorHealth: what is said of the second factor is what the server asks for, also where only this machine reaches it.
func TestFactorHealth(t *testing.T) {
	for _, c := range []struct {
		name    string
		machine Machine
		tone    string
		value   string
	}{
		{"the default beyond the machine", Machine{Reached: true, SecondFactor: FactorRoles}, "green", "都需要"},
		{"relaxed", Machine{Reached: true}, "amber", "放宽"},
		{"on the machine", Machine{}, "green", "不强制"},
		{"asked for on the machine", Machine{SecondFactor: []access.Role{access.Security}}, "green", "需要的：安全管理员"},
	} {
		p := &Pages{Machine: c.machine}
		if h := p.factorHealth(t.Context()); h.Tone != c.tone || !strings.Contains(h.Value.ZH, c.value) {
			t.Errorf("%s: %s %q", c.name, h.Tone, h.Value.ZH)
		}
	}
}
