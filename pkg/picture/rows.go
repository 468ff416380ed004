package picture

import (
	"strconv"
	"strings"
)

// Query is the part of an address that chooses a sheet and rows.
func Query(sheet int, more []Rows) string {
	q := "&sheet=" + strconv.Itoa(sheet+1)
	for i, m := range more {
		q += map[bool]string{true: "&rows=", false: ","}[i == 0] + m.String()
	}
	return q + "#sheet"
}

// ParseRows reads what Query wrote, each run up to so many rows. What is none is left out.
func ParseRows(text string, most int64) []Rows {
	var all []Rows
	for part := range strings.SplitSeq(text, ",") {
		first, last, ok := strings.Cut(part, "-")
		from, err1 := strconv.ParseInt(first, 10, 32)
		to, err2 := strconv.ParseInt(last, 10, 32)
		if !ok || err1 != nil || err2 != nil || from < 1 || to < from || len(all) == 20 {
			continue
		}
		all = append(all, Rows{int32(from) - 1, int32(min(to, from+most-1)) - 1})
	}
	return all
}
