package clickhouse_test

import (
	"testing"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/engine/enginetest"
)

// TestServerOfOnesOwn: a server that the bureau runs itself is spoken to in the native protocol, and the store is the same on it.
func TestServerOfOnesOwn(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, clickhouse.Config{Addr: enginetest.Native(t), Account: "default", Database: "huizong", Version: "test"})
	if err := s.Migrate(t.Context(), migrations()); err != nil {
		t.Fatal(err)
	}
	e := full(1)
	mustWrite(t, s, e)
	mustReadBack(t, s, e)
	wantJobs(t, s, time.Time{}, "2020-01=10.25")
}
