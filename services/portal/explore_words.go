package portal

import (
	"net/http"
	"net/url"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// cellLink is the address of the picture of a cell.
func cellLink(submission, sheet, cell string) string {
	return "/cell/" + submission + "?" + url.Values{"sheet": {sheet}, "cell": {cell}}.Encode()
}

// pageNumber is the page of a list that is asked for, from 1.
func pageNumber(r *http.Request) int {
	n, _ := strconv.Atoi(r.URL.Query().Get("page"))
	return min(max(n, 1), 1<<20)
}
