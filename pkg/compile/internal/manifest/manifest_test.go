package manifest_test

import (
	"encoding/xml"
	"math/big"
	"testing"
	"time"

	"huizong/pkg/compile"
	"huizong/pkg/compile/internal/manifest"
	"huizong/pkg/reporting"
)

// TestXML: the list can be read again, each number to the last digit, and names in it cannot end an attribute.
func TestXML(t *testing.T) {
	half, err := reporting.ParsePeriod("2020H1")
	if err != nil {
		t.Fatal(err)
	}
	d := &compile.Document{Template: `half"year`, Period: half, Cutoff: time.Date(2020, 7, 1, 8, 0, 0, 0, time.FixedZone("", 8*3600)), Bindings: []compile.Binding{
		{ID: "F001", Figure: compile.FigureID{Indicator: "new_jobs", Unit: "349981", Period: half}, Aspect: compile.Value, Exact: big.NewRat(12345, 1), Measure: "人"},
		{ID: "F002", Figure: compile.FigureID{Indicator: `a<b&"c`, Unit: "349981", Period: half}, Aspect: compile.Completion, Exact: big.NewRat(2, 3), Measure: "%", Places: 1},
	}}
	var list struct {
		XMLName  xml.Name
		Template string `xml:"template,attr"`
		Period   string `xml:"period,attr"`
		Cutoff   string `xml:"cutoff,attr"`
		Figures  []struct {
			ID        string `xml:"id,attr"`
			Indicator string `xml:"indicator,attr"`
			Unit      string `xml:"unit,attr"`
			Period    string `xml:"period,attr"`
			Aspect    string `xml:"aspect,attr"`
			Exact     string `xml:"exact,attr"`
			Measure   string `xml:"measure,attr"`
			Places    int    `xml:"places,attr"`
		} `xml:"figure"`
	}
	if err := xml.Unmarshal([]byte(manifest.XML(d)), &list); err != nil {
		t.Fatal(err)
	}
	if list.XMLName.Space != manifest.Space || list.Template != d.Template || list.Period != "2020H1" || list.Cutoff != "2020-07-01T00:00:00Z" || len(list.Figures) != 2 {
		t.Fatalf("%+v", list)
	}
	for i, f := range list.Figures {
		b := d.Bindings[i]
		exact, _ := new(big.Rat).SetString(f.Exact)
		if f.ID != b.ID || f.Indicator != b.Figure.Indicator || f.Unit != b.Figure.Unit || f.Period != "2020H1" || f.Aspect != string(b.Aspect) || exact.Cmp(b.Exact) != 0 || f.Measure != b.Measure || f.Places != b.Places {
			t.Errorf("%+v is listed as %+v", b, f)
		}
	}
}
