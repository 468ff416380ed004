package access

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// DeviceLife is how long a browser is known after a sign-in.
const DeviceLife = 180 * 24 * time.Hour

// Origin is where a request comes from.
type Origin struct {
	Address string // with or without a port
	Device  string // what KnownDevice has given the browser; anything else is as if it had none
	Session string // of a request within a session of the account
}

// KnownDevice is what a browser keeps that has signed in to the account: who guesses elsewhere cannot delay it. It is no proof of anything
// else. It ends with the password under which it was made, which is in its key.
func (a *Accounts) KnownDevice(name string) string {
	acc := a.state.Load().accounts[canonical(name)]
	if acc == nil {
		return ""
	}
	var id [8]byte
	rand.Read(id[:]) // never fails
	text := hex.EncodeToString(id[:]) + "." + strconv.FormatInt(a.now().Unix(), 10)
	return text + "." + acc.deviceSum(text)
}

// DeviceCookie is the name of the cookie that keeps it: one for each account that signs in at the same browser.
func DeviceCookie(name string) string {
	sum := sha256.Sum256([]byte("device " + canonical(name)))
	return "huizong-known-" + hex.EncodeToString(sum[:6])
}

func (acc *account) deviceSum(text string) string {
	mac := hmac.New(sha256.New, []byte("device "+acc.Name+" "+acc.Password))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

// knows says whether the browser has signed in to the account.
func (acc *account) knows(device string, now time.Time) bool {
	i := strings.LastIndexByte(device, '.')
	if acc == nil || i < 0 || !hmac.Equal([]byte(acc.deviceSum(device[:i])), []byte(device[i+1:])) {
		return false
	}
	_, made, _ := strings.Cut(device[:i], ".")
	at, err := strconv.ParseInt(made, 10, 64)
	return err == nil && now.Sub(time.Unix(at, 0)) < DeviceLife
}

// place is what failures from the origin count for.
func (a *Accounts) place(name string, o Origin) place {
	switch acc := a.state.Load().accounts[name]; {
	case o.Session != "":
		return place{o.Address, "session " + o.Session}
	case len(o.Device) < 200 && acc.knows(o.Device, a.now()):
		return place{o.Address, "device " + o.Device}
	}
	return place{address: o.Address}
}
