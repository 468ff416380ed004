// Package archive writes the zip files that Word and Excel take, the same bytes for the same parts.
package archive

import (
	"archive/zip"
	"hash/crc32"
	"io"
)

// Part is one file of the package.
type Part struct{ Name, Content string }

// dosEpoch is 1980-01-01, the first day that a zip entry can have.
const dosEpoch = 1<<5 | 1

// Write writes the parts in order, with a fixed time and without compression: the output of compress/flate may change from one
// Go release to the next, and a report must come out byte for byte the same years later. Sizes stand before the data, for readers
// that take the file as a stream.
func Write(w io.Writer, parts []Part) error {
	z := zip.NewWriter(w)
	for _, p := range parts {
		h := &zip.FileHeader{
			Name: p.Name, Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(p.Content)),
			CompressedSize64: uint64(len(p.Content)), UncompressedSize64: uint64(len(p.Content)),
		}
		//lint:ignore SA1019 CreateRaw writes this field and not Modified
		h.ModifiedDate = dosEpoch
		f, err := z.CreateRaw(h)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, p.Content); err != nil {
			return err
		}
	}
	return z.Close()
}
