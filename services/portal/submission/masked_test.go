package submission

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
)

// TestMaskedFindings: what a finding quotes of a person's number is whole for the unit's own people and the operator, and for nobody else, by any route: all
// ask for the state.
func TestMaskedFindings(t *testing.T) {
	store, err := originals.Open(t.TempDir(), originals.Options{})
	if err != nil {
		t.Fatal(err)
	}
	period, err := reporting.ParsePeriod("2020-06")
	if err != nil {
		t.Fatal(err)
	}
	sum, size, err := store.Put(t.Context(), strings.NewReader("x"), 1<<10)
	if err != nil {
		t.Fatal(err)
	}
	e, err := store.Append(t.Context(), reporting.Envelope{Kind: reporting.SubmissionReceived, Org: "A01", Period: period, SHA256: sum, Size: size, ReceivedAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	const number = "349981199003074233"
	desk := New(&Desk{Store: store})
	desk.recent.add(reporting.Decision{Submission: e.ID, Org: "A01", Findings: []reporting.Finding{{Value: number, Message: "账号" + number + "有误", MessageEN: "account " + number}}})
	for _, test := range []struct {
		who   access.Principal
		whole bool
	}{
		{access.Principal{Role: access.Reviewer, Via: access.ViaToken}, false},
		{access.Principal{Role: access.Reviewer, Via: access.ViaSession}, false},
		{access.Principal{Role: access.Clerk, Unit: "A01", Via: access.ViaToken}, true},
		{access.Principal{Role: access.Operator, Via: access.ViaLocal}, true}, // after those who saw it masked: they have changed nothing
	} {
		state, err := desk.Await(access.With(t.Context(), test.who), e.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		told, err := json.Marshal(state.Answer())
		if err != nil {
			t.Fatal(err)
		}
		if whole := strings.Contains(string(told), number); whole != test.whole || !whole && !strings.Contains(string(told), "349981********4233") {
			t.Errorf("%s by %s is told %s", test.who.Role, test.who.Via, told)
		}
	}
}
