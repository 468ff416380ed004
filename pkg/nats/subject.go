package nats

import (
	"strings"

	"huizong/pkg/reporting"
)

// The subjects of the house; docs/subjects.md says who may use which. A program outside publishes to sendSubject and outcomeSubject with its unit's
// code after them. The server hands both on to us with one more token behind, which says who publishes (see guard): what we serve has it.
const (
	receivedSubject = "huizong.submission.received." // an entry of the journal is to be decided: a submission, or a replay
	decidedSubject  = "huizong.submission.decided."  // a submission has its outcome
	sendSubject     = "huizong.submissions.send."    // request, unit: a file; intake answers with the receipt
	outcomeSubject  = "huizong.submissions.outcome." // request, unit: a submission's id; the portal answers with its outcome

	AllReceived = receivedSubject + "*"
	AllDecided  = decidedSubject + "*"
	AllSend     = sendSubject + "*.*"
	AllOutcome  = outcomeSubject + "*.*"
)

// ReceivedSubject is where the receipt of a unit's submission is announced.
func ReceivedSubject(org string) (string, error) { return subject(receivedSubject, org) }

// DecidedSubject is where the outcome of a unit's submission is announced.
func DecidedSubject(org string) (string, error) { return subject(decidedSubject, org) }

// SendSubject is where a unit sends a file as a request.
func SendSubject(org string) (string, error) { return subject(sendSubject, org) }

// OutcomeSubject is where a unit asks what became of its submission.
func OutcomeSubject(org string) (string, error) { return subject(outcomeSubject, org) }

// Sender is the unit of a request to AllSend or AllOutcome, and the id of who makes it, which the server has put there.
func Sender(subject string) (unit, id string) {
	of, id, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(subject, sendSubject), outcomeSubject), ".")
	return of, id
}

// subject appends a token to a prefix. A token with a dot, a star or a blank would name another subject, or many: whoever is
// confined to one could reach those of others.
func subject(prefix, token string) (string, error) {
	if !validToken(token) {
		return "", reporting.Errorf(reporting.Invalid, "%q cannot be in a subject: want letters, digits, - and _", token)
	}
	return prefix + token, nil
}

func validToken(s string) bool {
	if s == "" || len(s) > 128 {
		return false
	}
	for _, c := range []byte(s) {
		switch {
		case '0' <= c && c <= '9', 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}
