package workbook

import (
	"errors"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/input"
	"huizong/pkg/workbook/internal/unzip"
)

// An archive holds as many files as are sent at once, and no more bytes than a small part of what a server has.
const (
	maxPackedFiles = 40
	maxPackedBytes = 48 << 20
)

// Unpack returns the files of a zip archive that is no workbook and no document itself, in its order, without what a system has put there for
// itself; nil for any other file. Limits are those of a workbook.
func Unpack(file File, l Limits) (files []reporting.Packed, err error) {
	defer guard(&err)
	l = l.WithDefaults()
	size := file.Size()
	if size > l.Bytes {
		return nil, fault.TooLarge("", fault.TooManyBytes(l.Bytes))
	}
	in := input.New(file, size)
	head, err := in.Head(4)
	if err != nil || !unzip.IsZip(head) {
		return nil, err
	}
	l = l.Left(size)
	l.Unpacked = min(l.Unpacked, maxPackedBytes)
	zip, err := unzip.Open(in, l)
	if err != nil {
		return nil, err
	}
	if isDocument(zip) {
		return nil, nil
	}
	if zip.Encrypted() {
		return nil, fault.EncryptedArchive()
	}
	return unpack(zip)
}

// isDocument reports whether the parts of the zip make one document.
func isDocument(zip *unzip.Archive) bool {
	return zip.Has("[Content_Types].xml") || zip.Has("mimetype") || zip.Has("content.xml") || zip.Has("xl/workbook.xml") || zip.Has("_rels/.rels")
}

func unpack(zip *unzip.Archive) ([]reporting.Packed, error) {
	var files []reporting.Packed
	for _, name := range zip.Names() {
		plain := plainName(name)
		if strings.HasSuffix(name, "/") || ofTheSystem(plain) {
			continue
		}
		if len(files) == maxPackedFiles {
			return nil, fault.TooLarge("", fault.TooMuchPacked(maxPackedFiles, maxPackedBytes))
		}
		part, err := zip.Open(name)
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(part)
		if err := errors.Join(err, part.Close()); err != nil {
			if finding, ok := reporting.FindingOf(err); ok && finding.Code == reporting.TooLarge {
				return nil, fault.TooLarge("", fault.TooMuchPacked(maxPackedFiles, maxPackedBytes))
			}
			return nil, err
		}
		files = append(files, reporting.Packed{Name: path.Base(strings.ReplaceAll(plain, `\`, "/")), Data: data})
	}
	return files, nil
}

// plainName is a name as people read it: in UTF-8, or as a Chinese Windows writes it.
func plainName(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	if text, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
		return text
	}
	return strings.ToValidUTF8(name, "�")
}

// ofTheSystem reports whether nobody has put the file there: resource forks, thumbnails, locks of an open workbook.
func ofTheSystem(name string) bool {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "~$") || strings.EqualFold(base, "Thumbs.db") || strings.EqualFold(base, "desktop.ini")
}
