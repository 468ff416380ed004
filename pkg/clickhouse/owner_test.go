package clickhouse_test

import (
	"errors"
	"testing"

	"huizong/pkg/clickhouse"
	"huizong/pkg/lease"
	"huizong/pkg/reporting"
)

func TestOwn(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	for range 2 {
		if err := s.Own(t.Context(), "J1", "/data/one", "alpha"); err != nil {
			t.Fatal(err)
		}
	}
	err := s.Own(t.Context(), "J2", "/data/two", "beta")
	if !errors.Is(err, clickhouse.ErrOwned) {
		t.Errorf("another journal = %v, want ErrOwned", err)
	}
	wantError(t, err, reporting.Conflict, "J1", "/data/one", "alpha")
	if err := errors.Join(s.Drop(t.Context()), s.Migrate(t.Context(), migrations()), s.Own(t.Context(), "J2", "/data/two", "beta")); err != nil {
		t.Errorf("after the database was dropped = %v", err)
	}
}

func TestLeases(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	board := s.Leases()
	a, b := lease.Claim{ID: "a", Directory: "/data/汇总", Beat: 1}, lease.Claim{ID: "b", Held: true, Beat: 7}
	for _, c := range []lease.Claim{a, b} {
		if err := board.Put(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		b.Beat++
		if err := board.Put(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if err := board.Remove(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	claims, err := board.Claims(t.Context())
	if err != nil || len(claims) != 1 || claims[0] != b {
		t.Errorf("claims = %+v, %v, want %+v", claims, err, b)
	}
}
