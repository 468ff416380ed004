package api

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
)

// How long a page of a list is where nothing is said, and at most.
const (
	submissionsOnPage    = 200
	maxSubmissionsOnPage = 1000
)

// limitOf is how many the request wants on a page.
func limitOf(r *http.Request, usual int) (int, error) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, reporting.Errorf(reporting.Invalid, "limit %q: want a number from 1", text)
	}
	if usual > 0 {
		n = min(n, maxSubmissionsOnPage)
	}
	return n, nil
}

// linkNext says where the next page is: the same request, after the last of this page (RFC 8288).
func linkNext(w http.ResponseWriter, r *http.Request, last string) {
	q := r.URL.Query()
	q.Set("after", last)
	next := url.URL{Path: r.URL.Path, RawQuery: q.Encode()}
	w.Header().Set("Link", "<"+next.String()+`>; rel="next"`)
}

// factPlace is a fact's place in the list: by indicator, month and unit. What is sent while somebody turns the pages moves nobody's place.
type factPlace struct {
	indicator string
	month     reporting.Month
	unit      string
}

func placeOf(f clickhouse.MonthlyFact) factPlace { return factPlace{f.Indicator, f.Month, f.Unit} }

func (p factPlace) String() string { return p.indicator + "/" + p.month.String() + "/" + p.unit }

func (p factPlace) compare(other factPlace) int {
	return cmp.Or(cmp.Compare(p.indicator, other.indicator), cmp.Compare(p.month, other.month), cmp.Compare(p.unit, other.unit))
}

func parseFactPlace(text string) (factPlace, error) {
	parts := strings.Split(text, "/")
	if len(parts) == 3 {
		if month, err := reporting.ParsePeriod(parts[1]); err == nil && month.Len() == 1 {
			return factPlace{parts[0], month.First, parts[2]}, nil
		}
	}
	return factPlace{}, reporting.Errorf(reporting.Invalid, "after %q: want what the Link header of the page before has", text)
}

// factsOnPage are the facts of the page that the request wants; without a limit, all that come after its place.
func factsOnPage(w http.ResponseWriter, r *http.Request, facts []clickhouse.MonthlyFact) ([]clickhouse.MonthlyFact, error) {
	limit, err := limitOf(r, 0)
	if err != nil {
		return nil, err
	}
	if text := r.URL.Query().Get("after"); text != "" {
		after, err := parseFactPlace(text)
		if err != nil {
			return nil, err
		}
		facts = slices.DeleteFunc(facts, func(f clickhouse.MonthlyFact) bool { return placeOf(f).compare(after) <= 0 })
	}
	if limit > 0 && len(facts) > limit {
		facts = facts[:limit]
		linkNext(w, r, placeOf(facts[limit-1]).String())
	}
	return facts, nil
}
