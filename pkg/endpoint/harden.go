package endpoint

import (
	"net/http"
	"strings"

	"huizong/pkg/reporting"
)

// Policy is what a page may do: load what we serve, and nothing else. A handler may set a stricter one.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// harden sets what every answer carries, and refuses what another site's page sends in the name of somebody who is signed in here.
func (g *Gate) harden(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(g.refuseOrigin))
	guarded := origin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", Policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		if g.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		r = g.fromCaller(r)
		r.Body = paced(w, r)
		guarded.ServeHTTP(w, r)
	})
}

// refuseOrigin answers what another site's page sends, and notes it: somebody may be lured there.
func (g *Gate) refuseOrigin(w http.ResponseWriter, r *http.Request) {
	who, _ := g.who(r) // not signed in, where it cannot be found out
	event := Event{Who: who, Address: AddressOf(r)}
	err := reporting.Errorf(reporting.Forbidden, "another site's page has sent this: nothing was done")
	if !g.limits.allow(who, AddressOf(r)) {
		err = reporting.Errorf(reporting.TooMany, "too many requests: wait a moment")
	} else if who.Via != "" { // a caller that is not signed in must not fill the log
		err = g.note(r, event, err)
	}
	g.refuse(w, r, Endpoint{Page: !strings.HasPrefix(r.URL.Path, apiPrefix)}, who, err)
}
