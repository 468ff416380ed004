package portal_test

import (
	"testing"

	"huizong/services/portal"
	"huizong/services/portal/portaltest"
)

// TestTemplates: no page asks for what it is not given.
func TestTemplates(t *testing.T) {
	portaltest.Check(t, portal.OwnTemplates)
}
