package workbook

import (
	"bytes"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/workbooktest"
)

// TestUnpack takes the files out of an archive, and nothing out of a workbook or a document.
func TestUnpack(t *testing.T) {
	book := string(workbooktest.XLSX(workbooktest.Shared, workbooktest.Form()))
	files, err := Unpack(bytes.NewReader(workbooktest.Zip(
		workbooktest.Part{Name: "六月/就业.xlsx", Text: book}, workbooktest.Part{Name: "\xd7\xdf\xb7\xc3.csv", Text: "a,b"}, workbooktest.Part{Name: "__MACOSX/._x", Text: "x"},
		workbooktest.Part{Name: "六月/~$就业.xlsx", Text: "x"}, workbooktest.Part{Name: "六月/Thumbs.db", Text: "x"})), Limits{})
	if err != nil || len(files) != 2 || files[0].Name != "就业.xlsx" || string(files[0].Data) != book || files[1].Name != "走访.csv" || string(files[1].Data) != "a,b" {
		t.Errorf("%d files, %v", len(files), err)
	}
	for name, data := range map[string][]byte{
		"a workbook": []byte(book), "a document": workbooktest.Zip(workbooktest.Part{Name: "[Content_Types].xml", Text: "<x/>"}, workbooktest.Part{Name: "word/document.xml", Text: "<x/>"}),
		"a text": []byte("a,b\n1,2\n"), "nothing": nil,
	} {
		if files, err := Unpack(bytes.NewReader(data), Limits{}); err != nil || len(files) > 0 {
			t.Errorf("%s: %d files, %v", name, len(files), err)
		}
	}
}

func TestUnpackWithinLimits(t *testing.T) {
	var many []workbooktest.Part
	for i := range maxPackedFiles + 1 {
		many = append(many, workbooktest.Part{Name: strings.Repeat("a", i+1) + ".csv", Text: "1"})
	}
	for name, data := range map[string][]byte{
		"too many":  workbooktest.Zip(many...),
		"too large": workbooktest.Zip(workbooktest.Part{Name: "a.csv", Text: strings.Repeat(" ", maxPackedBytes+1)}),
	} {
		_, err := Unpack(bytes.NewReader(data), Limits{})
		if finding, ok := reporting.FindingOf(err); !ok || finding.Code != reporting.TooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
}
