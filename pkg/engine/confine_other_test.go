//go:build !linux

package engine

import "testing"

// testConfined: where nothing keeps the engine to its own files, analysts have no way in.
func testConfined(t *testing.T, e *Engine) {
	other := &Engine{log: e.log}
	if err := other.openDoor(t.Context(), 1); err != nil || other.sql.listener != nil {
		t.Errorf("the door is open: %v", err)
	}
}
