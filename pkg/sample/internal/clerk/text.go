package clerk

import (
	"bytes"
	"encoding/csv"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const byteOrderMark = "\uFEFF"

// writeText writes the grid as separated text.
func writeText(g grid, h hand) (ext string, data []byte, err error) {
	var b bytes.Buffer
	if h[csvUTF8BOM] {
		b.WriteString(byteOrderMark)
	}
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	ext = ".csv"
	if h[tabUTF8] || h[tabGB18030] {
		w.Comma, ext = '\t', ".tsv"
	}
	if err := w.WriteAll(records(g, h[raggedRows])); err != nil {
		return "", nil, err
	}
	if h[csvGB18030] || h[tabGB18030] {
		data, err = simplifiedchinese.GB18030.NewEncoder().Bytes(b.Bytes())
		return ext, data, err
	}
	return ext, b.Bytes(), nil
}

// records are the rows as text, filled up to one width or each ending with its last text.
func records(g grid, ragged bool) [][]string {
	width := 2 // a record of one empty field would be written as a pair of quotes
	for _, row := range g.rows {
		width = max(width, len(row))
	}
	out := make([][]string, len(g.rows))
	for i, row := range g.rows {
		out[i] = make([]string, width)
		used := 0
		for j, c := range row {
			out[i][j] = c.text
			if c.text != "" {
				used = j + 1
			}
		}
		if ragged {
			out[i] = out[i][:used]
		}
	}
	return out
}
