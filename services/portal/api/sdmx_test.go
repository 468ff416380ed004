package api

import (
	"bytes"
	"encoding/csv"
	"math/big"
	"net/http/httptest"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/schemas"
	"huizong/services/portal"
)

func testPortal(t *testing.T) *Service {
	t.Helper()
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	shell, err := portal.NewShell(portal.Shell{Catalogue: catalogue})
	if err != nil {
		t.Fatal(err)
	}
	return &Service{Shell: shell}
}

func period(t *testing.T, text string) reporting.Period {
	t.Helper()
	p, err := reporting.ParsePeriod(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSDMX(t *testing.T) {
	figures := []reporting.Figure{
		{Indicator: "employment.urban_new_jobs", Unit: "349981", Period: period(t, "2020H1"), Value: big.NewRat(2583, 1), Reported: 19, Expected: 20, Missing: []string{"349981108"}},
		{Indicator: "employment.urban_new_jobs", Unit: "349981108", Period: period(t, "2020-06"), Reported: 0, Expected: 1, Missing: []string{"349981108"}},
		{Indicator: "employment.registered_unemployment_rate", Unit: "349981", Period: period(t, "2020Q2"), Value: big.NewRat(1, 3), Reported: 20, Expected: 20},
		{Indicator: "employment.startup_loans", Unit: "349981", Period: period(t, "2020-01..2020-05"), Value: big.NewRat(10050, 100), Reported: 1, Expected: 1},
		{Indicator: "employment.startup_loans", Unit: "349981001", Period: period(t, "2020")},
	}
	w := httptest.NewRecorder()
	if err := testPortal(t).writeSDMX(w, figures); err != nil {
		t.Fatal(err)
	}
	if got := w.Header().Get("Content-Type"); !strings.HasPrefix(got, "application/vnd.sdmx.data+csv;version=2.0.0") {
		t.Errorf("Content-Type %q", got)
	}
	want := `STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,DECIMALS,OBS_STATUS,REPORTED_UNITS,EXPECTED_UNITS
dataflow,HUIZONG:FIGURES(1.0.0),I,S,349981,employment.urban_new_jobs,2020-S1,2583,PS,0,0,P,19,20
dataflow,HUIZONG:FIGURES(1.0.0),I,M,349981108,employment.urban_new_jobs,2020-06,NaN,PS,0,0,L,0,1
dataflow,HUIZONG:FIGURES(1.0.0),I,Q,349981,employment.registered_unemployment_rate,2020-Q2,0.333333,PURE_NUMB,0,6,A,20,20
dataflow,HUIZONG:FIGURES(1.0.0),I,_O,349981,employment.startup_loans,2020-01-01/P5M,100.50,CNY,0,2,A,1,1
dataflow,HUIZONG:FIGURES(1.0.0),I,A,349981001,employment.startup_loans,2020,NaN,CNY,0,2,M,0,0
`
	if got := w.Body.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, err := csv.NewReader(bytes.NewReader(w.Body.Bytes())).ReadAll(); err != nil {
		t.Error(err)
	}
}
