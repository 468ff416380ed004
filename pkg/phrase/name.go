// Package phrase says in Chinese or English what is shown to people: names, periods and numbers as the office writes them. It is pure, and sees
// the words of the field only.
package phrase

import (
	"strings"

	"huizong/pkg/reporting"
)

// Pick is the text in a language: zh, or en where there is one.
func Pick(lang string, text reporting.Text) string {
	if lang == "en" && text.EN != "" {
		return text.EN
	}
	return text.ZH
}

// Unit is a unit's name, or its code where it is none of ours.
func Unit(c *reporting.Catalogue, lang, code string) string {
	if u := c.Unit(code); u != nil {
		return Pick(lang, u.Name)
	}
	return code
}

// Units names units, one after the other.
func Units(c *reporting.Catalogue, lang string, codes []string) string {
	names := make([]string, len(codes))
	for n, code := range codes {
		names[n] = Unit(c, lang, code)
	}
	return strings.Join(names, Pick(lang, reporting.Text{ZH: "、", EN: ", "}))
}

// Form is a form's title, or its id where it is none of ours.
func Form(c *reporting.Catalogue, lang, id string) string {
	if f := c.Form(id); f != nil {
		return Pick(lang, f.Title)
	}
	return id
}

// Short is the beginning and end of an id or hash, for tables; the whole stands in the title.
func Short(id string) string {
	if len(id) <= 12 {
		return id
	}
	return id[:4] + "…" + id[len(id)-4:]
}
