package workbook

import (
	"bytes"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fixture"
)

// TestUnpack takes the files out of an archive, and nothing out of a workbook or a document.
func TestUnpack(t *testing.T) {
	book := string(fixture.XLSX(fixture.Shared, form()))
	files, err := Unpack(bytes.NewReader(fixture.Zip(
		fixture.Part{Name: "六月/就业.xlsx", Text: book}, fixture.Part{Name: "\xd7\xdf\xb7\xc3.csv", Text: "a,b"}, fixture.Part{Name: "__MACOSX/._x", Text: "x"},
		fixture.Part{Name: "六月/~$就业.xlsx", Text: "x"}, fixture.Part{Name: "六月/Thumbs.db", Text: "x"})), Limits{})
	if err != nil || len(files) != 2 || files[0].Name != "就业.xlsx" || string(files[0].Data) != book || files[1].Name != "走访.csv" || string(files[1].Data) != "a,b" {
		t.Errorf("%d files, %v", len(files), err)
	}
	for name, data := range map[string][]byte{
		"a workbook": []byte(book), "a document": fixture.Zip(fixture.Part{Name: "[Content_Types].xml", Text: "<x/>"}, fixture.Part{Name: "word/document.xml", Text: "<x/>"}),
		"a text": []byte("a,b\n1,2\n"), "nothing": nil,
	} {
		if files, err := Unpack(bytes.NewReader(data), Limits{}); err != nil || len(files) > 0 {
			t.Errorf("%s: %d files, %v", name, len(files), err)
		}
	}
}

func TestUnpackWithinLimits(t *testing.T) {
	var many []fixture.Part
	for i := range maxPackedFiles + 1 {
		many = append(many, fixture.Part{Name: strings.Repeat("a", i+1) + ".csv", Text: "1"})
	}
	for name, data := range map[string][]byte{
		"too many":  fixture.Zip(many...),
		"too large": fixture.Zip(fixture.Part{Name: "a.csv", Text: strings.Repeat(" ", maxPackedBytes+1)}),
	} {
		_, err := Unpack(bytes.NewReader(data), Limits{})
		if finding, ok := reporting.FindingOf(err); !ok || finding.Code != reporting.TooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
}
