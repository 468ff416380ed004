package nats

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"

	"huizong/pkg/reporting"
)

// Reach is how far somebody who connects may reach: two requests, of one unit or of all.
type Reach struct {
	ID   string // of the token: names its holder in each request
	Unit string // "" is all units: for the one who runs the server
	// Version changes when connections are to end although the token holds: a password was reset.
	Version int
	Until   time.Time // when the token ends; zero is not
}

// reconnectWithin is how long a connection lasts before it has to show its token again.
const reconnectWithin = time.Hour

// served are the requests that a program outside may make.
var served = []string{sendSubject, outcomeSubject}

// guard lets in who has a token, each into an account of its own on the server: a room with two doors. Nothing that is published in it, and no
// subject that an answer is asked to come to, is heard outside it; JetStream, our streams and all other subjects are in our own account, where
// nobody but the bus inside the process is. The two doors lead to our responders, and the server writes on each request who has come through.
type guard struct {
	own   string // secret of the bus inside the process, made at each start
	admit func(token string) (Reach, bool)

	server *natsserver.Server // set before it listens

	mu      sync.Mutex
	holders map[string]holder // of the accounts that have been made, by their names
}

// holder is who was let into an account.
type holder struct {
	token string
	reach Reach
}

func newGuard(c Config) *guard {
	g := &guard{own: cmp.Or(c.own, rand.Text()), admit: c.Admit, holders: map[string]holder{}}
	if g.admit == nil {
		g.admit = func(string) (Reach, bool) { return Reach{}, false }
	}
	return g
}

// open exports the requests from our own account. It has to be called before the server starts.
func (g *guard) open(server *natsserver.Server) error {
	g.server = server
	for _, prefix := range served {
		if err := server.GlobalAccount().AddServiceExport(prefix+"*.*", nil); err != nil {
			return fmt.Errorf("export %s: %w", prefix, err)
		}
	}
	return nil
}

// Check is asked by the server for each connection.
func (g *guard) Check(c natsserver.ClientAuthentication) bool {
	opts := c.GetOpts()
	if subtle.ConstantTimeCompare([]byte(opts.Token), []byte(g.own)) == 1 {
		return true
	}
	reach, ok := g.admit(opts.Token)
	if !ok || !validToken(reach.ID) || reach.Unit != "" && !validToken(reach.Unit) {
		return false
	}
	account, err := g.account(holder{opts.Token, reach})
	if err != nil {
		return false
	}
	until := time.Now().Add(reconnectWithin)
	if !reach.Until.IsZero() && reach.Until.Before(until) {
		until = reach.Until
	}
	opts.Username = "" // RegisterUser sets it when all has gone well, and says nothing when not: the connection would be in our account
	c.RegisterUser(&natsserver.User{
		Username: reach.ID,
		Account:  account,
		Permissions: &natsserver.Permissions{
			Publish:   &natsserver.SubjectPermission{Allow: publishes(reach.Unit)},
			Subscribe: &natsserver.SubjectPermission{Allow: []string{"_INBOX.>"}},
		},
		ConnectionDeadline: until,
	})
	if opts.Username != reach.ID {
		return false
	}
	again, ok := g.admit(opts.Token) // what has changed meanwhile was passed on before the connection could be found
	return ok && again == reach
}

// publishes are the subjects that who reaches the unit may publish to.
func publishes(unit string) []string {
	if unit == "" {
		unit = "*"
	}
	var subjects []string
	for _, prefix := range served {
		subjects = append(subjects, prefix+unit)
	}
	return subjects
}

// account is the one for the reach, made at the first connection. It holds no more than its two doors.
func (g *guard) account(h holder) (*natsserver.Account, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	// Of another unit it is another account, with other doors. The length keeps apart what a dash in a name would not.
	name := fmt.Sprintf("%d-%s-%s", len(h.reach.ID), h.reach.ID, h.reach.Unit)
	account, isNew := g.server.LookupOrRegisterAccount(name)
	if isNew {
		for _, from := range publishes(h.reach.Unit) {
			if err := account.AddServiceImport(g.server.GlobalAccount(), from, from+"."+h.reach.ID); err != nil {
				return nil, reporting.Errorf(reporting.Internal, "door %s of account %s: %v", from, name, err)
			}
		}
	}
	g.holders[name] = h
	return account, nil
}

// recheck ends the connections of those who would not be let in as they were.
func (g *guard) recheck() error {
	g.mu.Lock()
	holders := maps.Clone(g.holders)
	g.mu.Unlock()
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(holders)) {
		h := holders[name]
		if reach, ok := g.admit(h.token); !ok || reach != h.reach {
			errs = append(errs, g.end(name))
		}
	}
	return errors.Join(errs...)
}

// end ends the connections of an account.
func (g *guard) end(name string) error {
	for {
		open, err := g.server.Connz(&natsserver.ConnzOptions{Account: name, Username: true})
		if err != nil {
			return reporting.Errorf(reporting.Internal, "connections of account %s: %v", name, err)
		}
		for _, c := range open.Conns {
			g.server.DisconnectClientByID(c.Cid) // an error is a connection that has ended meanwhile
		}
		if open.Total <= len(open.Conns) {
			return nil
		}
	}
}
