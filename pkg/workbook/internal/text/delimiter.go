package text

import "bytes"

const (
	sampleBytes   = 64 << 10
	sampleRecords = 200
)

// findDelimiter tries each delimiter on the first records, and takes the one that cuts most of them into the same number of
// fields. A file of one column has none and is read with commas.
func findDelimiter(plain []byte) (delimiter byte, fields int) {
	sample := plain[:min(len(plain), sampleBytes)]
	if line, ok := separatorLine(plain); ok {
		delimiter = plain[line-lineEnd(plain[:line])-1]
		_, fields = regularity(sample, delimiter)
		return delimiter, fields
	}
	delimiter = ','
	bestScore := 0
	for _, candidate := range []byte{',', '\t', ';', '|'} {
		if score, n := regularity(sample, candidate); score > bestScore {
			delimiter, bestScore, fields = candidate, score, n
		}
	}
	return delimiter, fields
}

// regularity judges the most common kind of record among those with several fields: that it is common counts more than that
// it has many fields, since texts and amounts have commas of their own.
func regularity(sample []byte, delimiter byte) (score, common int) {
	r := reader{rest: sample, delimiter: delimiter}
	records := map[int]int{}
	for n := 0; n < sampleRecords && len(r.rest) > 0; n++ {
		fields := 1
		for {
			_, last, err := r.field(0)
			if err != nil {
				r.rest = nil // the sample ends inside quotes
				break
			}
			if last {
				break
			}
			fields++
		}
		records[fields]++
	}
	for fields, count := range records {
		if s := count * count * (fields - 1); s > score || s == score && fields > common {
			score, common = s, fields
		}
	}
	return score, common
}

// separatorLine recognises a first line such as "sep=;", with which a file names its delimiter to Excel, and returns its
// length with the line end.
func separatorLine(plain []byte) (int, bool) {
	if len(plain) < 5 || !bytes.EqualFold(plain[:4], []byte("sep=")) || bytes.IndexByte([]byte(",\t;|"), plain[4]) < 0 {
		return 0, false
	}
	switch rest := plain[5:]; {
	case bytes.HasPrefix(rest, []byte("\r\n")):
		return 7, true
	case bytes.HasPrefix(rest, []byte("\n")), bytes.HasPrefix(rest, []byte("\r")):
		return 6, true
	}
	return 0, false
}

func lineEnd(line []byte) int {
	return len(line) - len(bytes.TrimRight(line, "\r\n"))
}
