package docx

import (
	"archive/zip"
	"hash/crc32"
	"io"
)

// part is one file of the package.
type part struct{ name, content string }

// dosEpoch is 1980-01-01, the first day that a zip entry can have.
const dosEpoch = 1<<5 | 1

// writeZip writes the parts in order, with a fixed time and without compression: the output of compress/flate may change from one
// Go release to the next, and a report must come out byte for byte the same years later. Sizes stand before the data, for readers
// that take the file as a stream.
func writeZip(w io.Writer, parts []part) error {
	z := zip.NewWriter(w)
	for _, p := range parts {
		h := &zip.FileHeader{
			Name: p.name, Method: zip.Store, ModifiedDate: dosEpoch, CRC32: crc32.ChecksumIEEE([]byte(p.content)),
			CompressedSize64: uint64(len(p.content)), UncompressedSize64: uint64(len(p.content)),
		}
		f, err := z.CreateRaw(h)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, p.content); err != nil {
			return err
		}
	}
	return z.Close()
}
