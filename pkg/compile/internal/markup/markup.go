// Package markup makes text safe for XML and HTML. What people sent may hold anything.
package markup

import (
	"encoding/xml"
	"strings"
)

// Escape makes any text safe in elements and in quoted attributes. Characters that XML cannot hold, such as controls, become U+FFFD,
// so that they show.
func Escape(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) // a strings.Builder does not fail
	return b.String()
}
