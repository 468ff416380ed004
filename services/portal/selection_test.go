package portal

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"huizong/pkg/answers"
	"huizong/pkg/reporting"
)

// TestSelection: what is named twice is asked once, in the order of the request, and nobody asks for everything at once.
func TestSelection(t *testing.T) {
	p := &Shell{Catalogue: &reporting.Catalogue{Units: make([]reporting.OrgUnit, 30)}}
	ask := func(periods, units string) (answers.Selection, error) {
		return p.Selection(httptest.NewRequest("GET", "/?"+url.Values{"period": {periods}, "unit": {units}}.Encode(), nil))
	}
	q, err := ask("2020-02,2020-01"+strings.Repeat(",2020-02", 2000), "b,a"+strings.Repeat(",b", 2000))
	if err != nil || len(q.Periods) != 2 || strings.Join(q.Units, " ") != "b a" {
		t.Errorf("asked %v of %v, %v", q.Periods, q.Units, err)
	}
	var years []string
	for y := 1990; y <= 2030; y++ {
		for _, half := range []string{"H1", "H2"} {
			years = append(years, reporting.MonthPeriod(reporting.NewMonth(y, 1)).String()[:4]+half)
		}
	}
	if _, err := ask(strings.Join(years, ","), ""); err != nil {
		t.Errorf("the city's half-years: %v", err)
	}
	if _, err := ask(strings.Join(years, ","), "*"); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("all half-years of all units: %v, want invalid", err)
	}
}
