package portal

import (
	"net/url"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// cellLink is the address of the picture of a cell.
func cellLink(submission, sheet, cell string) string {
	return "/cell/" + submission + "?" + url.Values{"sheet": {sheet}, "cell": {cell}}.Encode()
}
