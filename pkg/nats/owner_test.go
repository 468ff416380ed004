package nats

import (
	"errors"
	"strings"
	"testing"

	"huizong/pkg/lease"
	"huizong/pkg/reporting"
)

func TestOwn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 2 { // streams of an older program belong to nobody
		if err := errors.Join(b.bus.Own(b.ctx, "J1", "/data/one"), b.bus.EnsureStreams(b.ctx, 1)); err != nil {
			t.Fatal(err)
		}
	}
	other := b.mustConnect(t)
	err := other.Own(b.ctx, "J2", "/data/two")
	if !errors.Is(err, ErrOwned) || !strings.Contains(err.Error(), "J1, of /data/one") {
		t.Errorf("another journal = %v, want ErrOwned that names the first", err)
	}
	wantCode(t, "Own", err, reporting.Conflict)
	if err := errors.Join(other.DeleteState(b.ctx), other.Own(b.ctx, "J2", "/data/two"), other.EnsureStreams(b.ctx, 1)); err != nil {
		t.Errorf("after the streams were deleted = %v", err)
	}
	if err := b.bus.Own(b.ctx, "J1", "/data/one"); !errors.Is(err, ErrOwned) {
		t.Errorf("the first one = %v, want ErrOwned", err)
	}
}

func TestLeases(t *testing.T) {
	t.Parallel()
	b := setup(t)
	board := b.bus.Leases()
	if claims, err := board.Claims(b.ctx); err != nil || len(claims) != 0 {
		t.Errorf("claims = %v, %v", claims, err)
	}
	a, c := lease.Claim{ID: "A", Directory: "/data/汇总", Beat: 1}, lease.Claim{ID: "C", Beat: 7}
	for _, claim := range []lease.Claim{a, c, {ID: "C", Held: true, Beat: 8}} {
		if err := board.Put(b.ctx, claim); err != nil {
			t.Fatal(err)
		}
	}
	if err := board.Remove(b.ctx, "A"); err != nil {
		t.Fatal(err)
	}
	claims, err := board.Claims(b.ctx)
	if err != nil || len(claims) != 1 || claims[0] != (lease.Claim{ID: "C", Held: true, Beat: 8}) {
		t.Errorf("claims = %+v, %v", claims, err)
	}
	if err := b.bus.js.DeleteKeyValue(b.ctx, leaseBucket); err != nil { // lost with the server's state
		t.Fatal(err)
	}
	if err := board.Put(b.ctx, a); err != nil {
		t.Errorf("Put without the bucket = %v", err)
	}
}
