package nats

import (
	"crypto/rand"
	"crypto/subtle"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

// Reach is how far somebody who connects may reach: a unit's own subjects. The zero Reach is not confined: it is for the one who runs the
// server.
type Reach struct {
	Unit string
}

// inbox is where answers come; that of a unit's own system is below it, so that no unit hears another's.
const inbox = "_INBOX"

// InboxOf is the prefix of the inboxes that a unit's system has to use.
func InboxOf(unit string) string {
	if unit == "" {
		return inbox
	}
	return inbox + "." + unit
}

// reconnectWithin is how long a connection lasts before it has to show its token again: a revoked one ends by then.
const reconnectWithin = time.Hour

// guard lets in who has a token, and confines them; the bus inside the process has a secret of its own, made at each start.
type guard struct {
	own   string
	admit func(token string) (Reach, bool)
}

func newGuard(admit func(token string) (Reach, bool)) *guard {
	if admit == nil {
		admit = func(string) (Reach, bool) { return Reach{}, false }
	}
	return &guard{own: rand.Text(), admit: admit}
}

// Check is asked by the server for each connection.
func (g *guard) Check(c natsserver.ClientAuthentication) bool {
	token := c.GetOpts().Token
	if subtle.ConstantTimeCompare([]byte(token), []byte(g.own)) == 1 {
		return true
	}
	reach, ok := g.admit(token)
	if !ok || reach.Unit == "" {
		return ok
	}
	if !validToken(reach.Unit) {
		return false
	}
	c.RegisterUser(&natsserver.User{
		Permissions: &natsserver.Permissions{
			Publish:   &natsserver.SubjectPermission{Allow: []string{sendSubject + reach.Unit, outcomeSubject + reach.Unit}},
			Subscribe: &natsserver.SubjectPermission{Allow: []string{InboxOf(reach.Unit) + ".>"}},
		},
		ConnectionDeadline: time.Now().Add(reconnectWithin),
	})
	return true
}
