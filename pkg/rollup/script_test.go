package rollup_test

import (
	"testing"

	"huizong/pkg/rollup/rolluptest"
)

// TestScripts runs the statisticians' scripts on the reference.
func TestScripts(t *testing.T) { rolluptest.RunDir(t, "testdata", rolluptest.Reference) }
