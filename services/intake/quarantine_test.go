package intake

import (
	"testing"

	"huizong/pkg/reporting"
)

// TestReplay: what could not be decided is replayed by an entry of the journal, once until that one is decided; all else is refused.
func TestReplay(t *testing.T) {
	c := newCounter(t)
	accepted, rejected, failed, waits := c.mustReceive(t, "349981001", "one"), c.mustReceive(t, "349981001", "two"), c.mustReceive(t, "349981001", "three"), c.mustReceive(t, "349981001", "four")
	c.decide(t, accepted, reporting.Accepted)
	c.decide(t, rejected, reporting.Rejected)
	c.decide(t, failed, reporting.Rejected, reporting.UndecidedFinding())
	replay := func(who, id string) (reporting.Envelope, int) {
		var e reporting.Envelope
		status, _ := c.json(t, who, "/api/v1/quarantine/"+id+"/replay", "", &e)
		return e, status
	}
	const administrator = "administrator wang"
	for id, want := range map[string]int{accepted.ID: 409, rejected.ID: 409, waits.ID: 409, "x": 404} {
		if _, status := replay(administrator, id); status != want {
			t.Errorf("%s: %d, want %d", id, status, want)
		}
	}
	if _, status := replay(reviewer, failed.ID); status != 403 {
		t.Errorf("a reviewer: %d", status)
	}
	e, status := replay(administrator, failed.ID)
	if status != 201 || e.Kind != reporting.SubmissionReplayed || e.Subject != failed.ID || e.Org != "349981001" || e.By != "wang" || e.Prior != waits.ID {
		t.Errorf("%d: %+v", status, e)
	}
	if _, status := replay(administrator, failed.ID); status != 409 {
		t.Errorf("the second time: %d", status)
	}
}
