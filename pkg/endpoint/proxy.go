package endpoint

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// caller is the address that a request comes from. What a proxy of ours says in X-Forwarded-For is believed, read from its end up to the
// first address that is none of theirs: anybody can have written what stands before that.
func (g *Gate) caller(r *http.Request) string {
	host := AddressOf(r)
	if !g.trusted(host) {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil { // the last that is known is as far as it can be told
			return host
		}
		if host = hop.Unmap().String(); !g.trusted(host) {
			return host
		}
	}
	return host
}

// trusted reports whether the address is a proxy of ours.
func (g *Gate) trusted(host string) bool {
	address, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, proxies := range g.Proxies {
		if proxies.Contains(address.Unmap()) {
			return true
		}
	}
	return false
}

// fromCaller is the request as if there were no proxy, so that everybody behind the gate sees one address.
func (g *Gate) fromCaller(r *http.Request) *http.Request {
	caller := g.caller(r)
	if caller == AddressOf(r) {
		return r
	}
	direct := r.WithContext(r.Context())
	direct.RemoteAddr = net.JoinHostPort(caller, "0")
	return direct
}
