package judge

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"huizong/pkg/annotate"
	"huizong/pkg/confined"
	"huizong/pkg/reporting"
	"huizong/pkg/workbook"
	"huizong/schemas"
)

// TestChild: the child does each work that it is asked for over a file, tells a work that it does not know, and believes no request that cannot be read.
func TestChild(t *testing.T) {
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	j, err := New(catalogue, []byte("a secret of thirty-two bytes, yes"), workbook.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	c := child{j, map[string]View{"rows": ViewOf(func(o Opened, most int) (int, error) {
		sheets, err := o.Sheets()
		return min(len(sheets[0].Rows), most), err
	})}}
	text := []byte("就业创业工作月报表\n填报单位：港口镇,,2020年6月\n指标,单位,本月\n城镇新增就业,人,12\n")
	work := func(name string, request any) ([]byte, error) {
		encoded, err := codec.Encode(nil, request)
		if err != nil {
			t.Fatal(err)
		}
		return c.handle(confined.Work{Name: name, Request: encoded, File: confined.File{SectionReader: io.NewSectionReader(bytes.NewReader(text), 0, int64(len(text)))},
			Ask: func([]byte) ([]byte, error) { return nil, reporting.Errorf(reporting.Unavailable, "nobody is there") }})
	}
	of := sent{Envelope: reporting.Envelope{ID: "1", Org: "349981001"}}
	looking, err := codec.Encode(nil, 3)
	if err != nil {
		t.Fatal(err)
	}
	for name, request := range map[string]any{
		toRecognise: recognised{Org: "349981001"}, toUnpack: "", toAnnotate: annotated{Input: annotate.Input{}, MaxCells: 1000}, toView + "rows": looked{of, looking},
	} {
		if answer, err := work(name, request); err != nil || len(answer) == 0 {
			t.Errorf("%s: %d bytes, %v", name, len(answer), err)
		}
	}
	var rows int
	if answer, err := work(toView+"rows", looked{of, looking}); err != nil || codec.Decode(answer, &rows, 1<<10) != nil || rows != 3 {
		t.Errorf("a view of 3 rows shows %d, %v", rows, err)
	}
	if _, err := work(toView+"none", looked{}); reporting.CodeOf(err) != reporting.Internal || !strings.Contains(err.Error(), "none") {
		t.Errorf("no such view: %v", err)
	}
	for _, name := range []string{toDecide, toRecognise, toUnpack, toTabulate, toAnnotate, toView + "rows"} {
		if _, err := c.handle(confined.Work{Name: name, Request: []byte{0xff, 0xff}}); err == nil {
			t.Errorf("%s takes a request that cannot be read", name)
		}
	}
	if n := cellsOf([]*reporting.Sheet{{Rows: []reporting.Row{{Cells: make([]reporting.Cell, 2)}, {Cells: make([]reporting.Cell, 3)}}}, {}}); n != 5 {
		t.Errorf("%d cells of 5", n)
	}
}
