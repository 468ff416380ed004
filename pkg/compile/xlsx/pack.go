package xlsx

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"

	"huizong/pkg/compile/internal/archive"
)

// write packs the parts anew, in order of their names and without compression: see archive.
func (b *book) write(w io.Writer) error {
	packed, err := b.file.WriteToBuffer()
	if err != nil {
		return err
	}
	parts, err := unpack(packed.Bytes())
	if err != nil {
		return err
	}
	slices.SortFunc(parts, func(a, b archive.Part) int { return strings.Compare(a.Name, b.Name) })
	return archive.Write(w, parts)
}

func unpack(packed []byte) ([]archive.Part, error) {
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, err
	}
	var parts []archive.Part
	for _, f := range z.File {
		content, err := read(f)
		if err != nil {
			return nil, err
		}
		if f.Name == contentTypes {
			content = inOrder(content)
		}
		parts = append(parts, archive.Part{Name: f.Name, Content: content})
	}
	return parts, nil
}

func read(f *zip.File) (string, error) {
	r, err := f.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	return string(content), err
}

const contentTypes = "[Content_Types].xml"

var (
	extension = regexp.MustCompile(`<Default [^>]*></Default>`)
	override  = regexp.MustCompile(`<Override [^>]*></Override>`)
)

// inOrder sorts the lists of extensions and of parts, which excelize writes in the order of maps.
func inOrder(types string) string {
	for _, entry := range []*regexp.Regexp{extension, override} {
		list := entry.FindAllString(types, -1)
		slices.Sort(list)
		i := -1
		types = entry.ReplaceAllStringFunc(types, func(string) string { i++; return list[i] })
	}
	return types
}
