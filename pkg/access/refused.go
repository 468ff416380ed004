package access

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// refusedFile is the operator's own list in the data directory: passwords that have leaked elsewhere, one a line. We ship none, since a
// useful one is large and goes out of date; what is weak by itself is found without it.
const refusedFile = "refused-passwords.txt"

// refusedList are passwords by the first half of their hash, sorted: a million of them take eight megabytes.
type refusedList []uint64

// openRefused reads the list. A missing file is an empty one.
func openRefused(path string) (refusedList, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, reporting.Errorf(reporting.Unavailable, "read refused passwords: %w", err)
	}
	defer f.Close()
	return readRefused(f, path)
}

func readRefused(r io.Reader, path string) (refusedList, error) {
	var list refusedList
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if line := strings.TrimRight(lines.Text(), "\r"); line != "" {
			list = append(list, refusedKey(line))
		}
	}
	if err := lines.Err(); err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "read refused passwords %s after line %d: %w", path, len(list), err)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// has reports whether the password is on the list, in whatever case and width.
func (l refusedList) has(password string) bool {
	_, found := slices.BinarySearch(l, refusedKey(password))
	return found
}

func refusedKey(password string) uint64 {
	sum := sha256.Sum256([]byte(fold(password)))
	return binary.BigEndian.Uint64(sum[:])
}
