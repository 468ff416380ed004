package rollup_test

import (
	"testing"

	"huizong/pkg/rollup/rolluptest"
)

// TestScripts runs the statisticians' scripts on the reference.
func TestScripts(t *testing.T) { rolluptest.RunDir(t, "testdata", rolluptest.Reference) }

// TestRandom keeps the generator that other implementations are compared by in working order.
func TestRandom(t *testing.T) { rolluptest.RunRandom(t, 10, rolluptest.Reference) }
