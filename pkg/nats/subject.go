package nats

import (
	"strings"

	"huizong/pkg/reporting"
)

// The subjects of the house. The last token of all but the last is the unit's code.
const (
	receivedSubject = "huizong.submission.received." // an entry of the journal is to be decided: a submission, or a replay
	decidedSubject  = "huizong.submission.decided."  // a submission has its outcome
	sendSubject     = "huizong.submissions.send."    // request: a file; intake answers with the receipt
	outcomeSubject  = "huizong.submissions.outcome." // request: a submission's id; the portal answers with its outcome
	compilerSubject = "huizong.compiler."            // request: figures, facts, trace, report

	AllReceived = receivedSubject + "*"
	AllDecided  = decidedSubject + "*"
	AllSend     = sendSubject + "*"
	AllOutcome  = outcomeSubject + "*"
	AllCompiler = compilerSubject + "*"
)

// ReceivedSubject is where the receipt of a unit's submission is announced.
func ReceivedSubject(org string) (string, error) { return subject(receivedSubject, org) }

// DecidedSubject is where the outcome of a unit's submission is announced.
func DecidedSubject(org string) (string, error) { return subject(decidedSubject, org) }

// SendSubject is where a unit sends a file as a request.
func SendSubject(org string) (string, error) { return subject(sendSubject, org) }

// OutcomeSubject is where a unit asks what became of its submission.
func OutcomeSubject(org string) (string, error) { return subject(outcomeSubject, org) }

// CompilerSubject is where the compiler answers a verb.
func CompilerSubject(verb string) (string, error) { return subject(compilerSubject, verb) }

// LastToken is the part of a subject after the last dot: the unit's code, or the compiler's verb.
func LastToken(subject string) string { return subject[strings.LastIndexByte(subject, '.')+1:] }

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
