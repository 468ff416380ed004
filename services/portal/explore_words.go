package portal

import (
	"net/url"
	"strconv"
)

func Itoa(n int) string { return strconv.Itoa(n) }

// CellLink is the address of the picture of a cell.
func CellLink(submission, sheet, cell string) string {
	return "/cell/" + submission + "?" + url.Values{"sheet": {sheet}, "cell": {cell}}.Encode()
}
