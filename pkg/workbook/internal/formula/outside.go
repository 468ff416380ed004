package formula

import "strings"

// outside are the functions that fetch a value from elsewhere, or run a program. A number from there has no origin in the sheet,
// and opening the workbook again may give another one.
var outside = map[string]bool{
	"WEBSERVICE": true, "RTD": true, "CALL": true, "REGISTER": true, "REGISTER.ID": true, "EXEC": true,
}

// Outside names what a formula reaches for outside the workbook: a function, or a link that runs a script. It returns "" for all
// others, also for links to other workbooks, whose values people mean to send.
func Outside(text []byte) string {
	quoted := false
	for i, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '(' && !quoted:
			name := functionBefore(text[:i])
			if outside[name] {
				return name
			}
			if name == "HYPERLINK" && isScript(text[i:]) {
				return name
			}
		}
	}
	return ""
}

// functionBefore is the name at the end of the text, in capitals and without the prefix of newer functions.
func functionBefore(text []byte) string {
	start := len(text)
	for start > 0 && isNamePart(text[start-1]) {
		start--
	}
	return strings.TrimPrefix(strings.ToUpper(string(text[start:])), "_XLFN.")
}

func isNamePart(c byte) bool {
	return 'A' <= c&^0x20 && c&^0x20 <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '_'
}

// isScript looks for javascript: and vbscript:, also with the blanks in it that browsers pass over.
func isScript(arguments []byte) bool {
	return strings.Contains(strings.ToLower(strings.Join(strings.Fields(string(arguments)), "")), "script:")
}
