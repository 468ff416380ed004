package review_test

import (
	"testing"

	"huizong/services/portal/portaltest"
	"huizong/services/portal/review"
)

// TestTemplates: no page asks for what it is not given.
func TestTemplates(t *testing.T) { portaltest.Check(t, review.Templates) }
