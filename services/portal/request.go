package portal

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/answers"
	"huizong/pkg/reporting"
)

// TimeOf reads a moment: 2020-07-01T08:00:00Z, or a day, of which it is the end.
func TimeOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, reporting.Zone)
	if err != nil {
		return time.Time{}, reporting.Errorf(reporting.Invalid, "as_of %q: want 2020-07-01 or 2020-07-01T08:00:00+08:00", text)
	}
	return day.AddDate(0, 0, 1).Add(-time.Millisecond), nil
}

func DayOf(key, text string) (reporting.Date, error) {
	day, ok := reporting.ParseDate(text)
	if text != "" && !ok {
		return 0, reporting.Errorf(reporting.Invalid, "%s %q: want a day like 2020-07-01", key, text)
	}
	return day, nil
}

// OwnUnit is the unit that a list is narrowed to: the one that was asked for, or the only one that the caller may see.
func OwnUnit(ctx context.Context, asked string) (string, error) {
	who := access.From(ctx)
	if asked == "" {
		return who.Unit, nil
	}
	if !who.MaySee(asked) {
		return "", reporting.Errorf(reporting.NotFound, "no unit %q", asked)
	}
	return asked, nil
}

// ReleaseNumber is the number of a release that the path names.
func ReleaseNumber(r *http.Request, key string) (int, error) {
	n, err := strconv.Atoi(r.PathValue(key))
	if err != nil {
		return 0, reporting.Errorf(reporting.NotFound, "no release %q", r.PathValue(key))
	}
	return n, nil
}

// PageNumber is the page of a list that is asked for, from 1.
func PageNumber(r *http.Request) int {
	n, _ := strconv.Atoi(r.URL.Query().Get("page"))
	return min(max(n, 1), 1<<20)
}

// Selection reads which figures the request asks for: period (several by commas), unit or org, boundaries, as_of.
func (s *Shell) Selection(r *http.Request) (answers.Selection, error) {
	q := r.URL.Query()
	var wanted answers.Selection
	for _, text := range strings.Split(q.Get("period"), ",") {
		period, err := reporting.ParsePeriod(strings.TrimSpace(text))
		if err != nil {
			return wanted, err
		}
		wanted.Periods = append(wanted.Periods, period)
	}
	for _, key := range []string{"unit", "org"} {
		if text := q.Get(key); text != "" {
			wanted.Units = append(wanted.Units, strings.Split(text, ",")...)
		}
	}
	if text := q.Get("boundaries"); text != "" {
		on, ok := reporting.ParseDate(text)
		if !ok {
			return wanted, reporting.Errorf(reporting.Invalid, "boundaries %q: want a day like 2020-07-01", text)
		}
		wanted.On = on
	}
	wanted.Units, wanted.Periods = distinct(wanted.Units), distinct(wanted.Periods)
	if n := len(wanted.Periods) * s.unitsAsked(wanted.Units); n > maxAsked {
		return wanted, reporting.Errorf(reporting.Invalid, "%d periods of units at once: up to %d, please", n, maxAsked)
	}
	asOf, err := TimeOf(q.Get("as_of"))
	wanted.AsOf, wanted.Indicator = asOf, q.Get("indicator")
	return wanted, err
}

// maxAsked bounds one question for figures: periods times units.
const maxAsked = 1500

func (s *Shell) unitsAsked(units []string) int {
	if slices.Contains(units, "*") {
		return len(s.Catalogue.Units)
	}
	return max(1, len(units))
}

// distinct is the list without what was named before.
func distinct[T comparable](list []T) []T {
	var once []T
	seen := map[T]bool{}
	for _, one := range list {
		if !seen[one] {
			once = append(once, one)
		}
		seen[one] = true
	}
	return once
}
