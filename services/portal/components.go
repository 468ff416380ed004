package portal

import "net/url"

// option is something to choose in a form.
type option struct {
	Value, Name string
	Chosen      bool
}

type optionGroup struct {
	Name    string
	Options []option
}

// addQuery adds a field to an address.
func addQuery(address, key, value string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	q := u.Query()
	q.Set(key, value)
	u.RawQuery = q.Encode()
	return u.String()
}
