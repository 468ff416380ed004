package portal_test

import (
	"maps"
	"testing"

	"huizong/services/portal"
	"huizong/services/portal/portaltest"
)

// TestTemplates: no page asks for what it is not given.
func TestTemplates(t *testing.T) {
	all := portal.OwnTemplates
	all.Of = maps.Clone(all.Of)
	for _, room := range portal.Rooms() {
		maps.Copy(all.Of, room.Of)
	}
	portaltest.Check(t, all)
}
