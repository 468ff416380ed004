package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"huizong/pkg/reporting"
)

// Outcome says how it ended.
type Outcome string

// The outcomes.
const (
	OK      Outcome = "ok"
	Refused Outcome = "refused" // it was not allowed
	Failed  Outcome = "failed"  // it was allowed, and did not work
)

// Action names what was done: a thing and, behind a dot, what was done to it. Filter takes the thing alone for all of it.
type Action string

// Repaired is the one action of the log itself, after a crash. The others are named where they are done: a route says its own.
const Repaired Action = "audit.repaired"

// Event is one thing that somebody did, or tried to. It says who and what, never the secret that it was done with, nor a person's ID
// number: see clean.
type Event struct {
	Seq      uint64            `json:"seq"` // 1, 2, 3, …; Append fills it in
	At       time.Time         `json:"at"`  // Append fills it in; never before the one before it
	Who      string            `json:"who"` // an account; "" is nobody who is known
	Role     string            `json:"role,omitempty"`
	Via      string            `json:"via,omitempty"`     // session, token, local
	Address  string            `json:"address,omitempty"` // that it came from
	Action   Action            `json:"action"`
	Object   string            `json:"object,omitempty"` // that it was done to: an account, a submission, a period
	Outcome  Outcome           `json:"outcome"`
	Detail   map[string]string `json:"detail,omitempty"`
	Previous string            `json:"previous"` // sha256 of the line before; "" in the first. Append fills it in
}

const (
	maxText    = 1000 // letters of a field
	maxDetails = 50
	hidden     = "•••"
)

// secretKeys are names of details that hold what must not be read here.
var secretKeys = regexp.MustCompile(`(?i)passw|secret|token$|^code$|cookie|authorization|id_?number|身份证|密码`)

// secrets are texts that are recognised wherever they stand: a machine's token, a session's, a one-time password or recovery code, an ID
// number. The callers do not log them; where one does by mistake, the log, which is kept for years, still has none.
var secrets = regexp.MustCompile(`hz_[A-Za-z0-9_-]{20,}` +
	`|\b[A-Za-z0-9_-]{43}\b` +
	`|\b(?:[abcdefghijkmnpqrstuvwxyz2-9]{4}-){3,5}[abcdefghijkmnpqrstuvwxyz2-9]{4}\b` +
	`|\b[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]\b`)

// check refuses an event that says nothing.
func check(e Event) error {
	switch {
	case e.Action == "":
		return reporting.Errorf(reporting.Invalid, "append audit event: it has no action")
	case e.Outcome != OK && e.Outcome != Refused && e.Outcome != Failed:
		return reporting.Errorf(reporting.Invalid, "append audit event %s: %q is no outcome", e.Action, e.Outcome)
	case len(e.Detail) > maxDetails:
		return reporting.Errorf(reporting.Invalid, "append audit event %s: it has %d details", e.Action, len(e.Detail))
	}
	return nil
}

// clean returns the event as it may be kept: as text, of bounded length, without secrets.
func clean(e Event) Event {
	e.Action = Action(cleanText(string(e.Action)))
	for _, field := range []*string{&e.Who, &e.Role, &e.Via, &e.Address, &e.Object} {
		*field = cleanText(*field)
	}
	if len(e.Detail) == 0 {
		e.Detail = nil
		return e
	}
	kept := make(map[string]string, len(e.Detail))
	for key, value := range e.Detail {
		if secretKeys.MatchString(key) {
			value = hidden
		}
		kept[cleanText(key)] = cleanText(value)
	}
	e.Detail = kept
	return e
}

func cleanText(text string) string {
	return reporting.Shorten(secrets.ReplaceAllString(strings.ToValidUTF8(text, "�"), hidden), maxText)
}

// encode is the event's line, without its line feed. It is ASCII where a terminal could take it for a command: JSON escapes the control
// characters below the space itself, not the others, nor what turns the direction of writing.
func encode(e Event) ([]byte, error) {
	data, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	var line bytes.Buffer
	for _, r := range string(data) {
		switch {
		case r < 0x7f || unicode.IsPrint(r):
			line.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&line, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&line, `\u%04x`, r)
		}
	}
	return line.Bytes(), nil
}

// decode reads a line. What this program would not have written like that was written by something else.
func decode(line []byte) (Event, error) {
	var e Event
	if err := json.Unmarshal(line, &e); err != nil {
		return Event{}, err
	}
	again, err := encode(e)
	if err != nil {
		return Event{}, err
	}
	if !bytes.Equal(again, line) {
		return Event{}, errors.New("it is not as this program writes it")
	}
	return e, nil
}

func sumOf(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}
