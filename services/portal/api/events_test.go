package api

import (
	"testing"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/reporting"
)

// TestListeners: each hears of what it may see, an account has so many streams and no more, and who lags behind is ended.
func TestListeners(t *testing.T) {
	var all listeners
	own := access.Principal{Account: "c", Role: access.Clerk, Unit: "A", Via: access.ViaSession}
	clerk, leave, err := all.add(own)
	if err != nil {
		t.Fatal(err)
	}
	reviewer, _, err := all.add(access.Principal{Account: "r", Role: access.Reviewer, Via: access.ViaSession})
	if err != nil {
		t.Fatal(err)
	}
	all.publish(Event{Submission: "1", Org: "A"})
	all.publish(Event{Submission: "2", Org: "B"})
	if len(clerk.events) != 1 || (<-clerk.events).Submission != "1" || len(reviewer.events) != 2 {
		t.Errorf("the clerk has heard of another unit, or not of the own; the reviewer of %d", len(reviewer.events))
	}
	for range maxStreams - 1 {
		if _, _, err := all.add(own); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := all.add(own); reporting.CodeOf(err) != reporting.TooMany {
		t.Errorf("one stream more than allowed: %v", err)
	}
	leave()
	if _, _, err := all.add(own); err != nil {
		t.Errorf("after one was closed: %v", err)
	}
	for range maxLag {
		all.publish(Event{Submission: "3", Org: "B"})
	}
	n := 0
	for range reviewer.events { // ends: it was closed
		n++
	}
	if n != maxLag {
		t.Errorf("who lags behind was told %d events before the end", n)
	}
}

func TestEventOf(t *testing.T) {
	e := eventOf(reporting.Decided{Submission: "1", Outcome: reporting.Rejected, Findings: []reporting.Finding{{Severity: reporting.SeverityError}, {Severity: reporting.SeverityWarning}, {Severity: reporting.SeverityNote}}})
	if e.Errors != 1 || e.Warnings != 1 || e.Outcome != reporting.Rejected {
		t.Errorf("%+v", e)
	}
}

// TestMayStill: a stream ends with what let its listener in.
func TestMayStill(t *testing.T) {
	accounts, err := access.Open(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { accounts.Close() })
	password, err := accounts.Add(access.Account{Name: "hanli", Role: access.Clerk, Unit: "A"})
	if err != nil {
		t.Fatal(err)
	}
	token, who, err := accounts.SignIn(t.Context(), "hanli", password, "", access.Origin{Address: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	p := &Service{Accounts: accounts}
	moved := who
	moved.Unit = "B"
	if !p.mayStill(who) || p.mayStill(moved) || p.mayStill(access.Principal{}) || !p.mayStill(access.Principal{Via: access.ViaLocal}) {
		t.Error("who may still listen is told wrong")
	}
	accounts.SignOut(token)
	if p.mayStill(who) {
		t.Error("it goes on after the sign-out")
	}
}
