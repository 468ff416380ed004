package portal

import "net/url"

// Option is something to choose in a form.
type Option struct {
	Value, Name string
	Chosen      bool
}

type OptionGroup struct {
	Name    string
	Options []Option
}

// AddQuery adds a field to an address.
func AddQuery(address, key, value string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	q := u.Query()
	q.Set(key, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// CellLink is the address of the picture of a cell.
func CellLink(submission, sheet, cell string) string {
	return "/cell/" + submission + "?" + url.Values{"sheet": {sheet}, "cell": {cell}}.Encode()
}
