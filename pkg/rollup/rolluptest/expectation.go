package rolluptest

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"huizong/pkg/reporting"
)

// numbers are the words of a figure's numbers.
var numbers = map[string]func(*reporting.Figure) *big.Rat{
	"value":       func(f *reporting.Figure) *big.Rat { return f.Value },
	"numerator":   func(f *reporting.Figure) *big.Rat { return f.Numerator },
	"denominator": func(f *reporting.Figure) *big.Rat { return f.Denominator },
	"target":      func(f *reporting.Figure) *big.Rat { return f.Target },
	"completion":  func(f *reporting.Figure) *big.Rat { return f.Completion },
	"previous":    func(f *reporting.Figure) *big.Rat { return f.Previous },
	"yoy":         func(f *reporting.Figure) *big.Rat { return f.YearOnYear },

	"province-target": func(f *reporting.Figure) *big.Rat {
		t, _ := f.TargetBy(reporting.ProvinceTarget)
		return t.Value
	},
	"province-completion": func(f *reporting.Figure) *big.Rat {
		t, _ := f.TargetBy(reporting.ProvinceTarget)
		return t.Completion
	},
}

// parseExpectation reads what follows "expect".
func parseExpectation(word string, w []string) (Expectation, error) {
	e := Expectation{Word: word, About: -1}
	switch {
	case numbers[word] != nil:
		err := e.parseNumber(w)
		return e, err
	case word == "reported":
		err := e.parseReported(w)
		return e, err
	case word == "missing":
		if len(w) == 0 {
			return e, usage("expect missing CODE…|none")
		}
		if w[0] != "none" {
			e.Units = w
		}
		return e, nil
	case word == "no" && slices.Equal(w, []string{"figure"}):
		return e, nil
	}
	return e, fmt.Errorf("unknown expectation %q", word)
}

func (e *Expectation) parseNumber(w []string) error {
	about := len(w) == 2 && w[0] == "about"
	if about {
		w = w[1:]
	}
	if len(w) != 1 {
		return usage("expect " + e.Word + " [about] NUMBER|none")
	}
	if w[0] == "none" {
		return nil
	}
	r, ok := new(big.Rat).SetString(w[0])
	if !ok {
		return fmt.Errorf("number %q: want 12, 0.5, 19/20 or none", w[0])
	}
	e.Want = r
	if about {
		_, fraction, _ := strings.Cut(w[0], ".")
		e.About = len(fraction)
	}
	return nil
}

func (e *Expectation) parseReported(w []string) error {
	if len(w) == 3 && w[1] == "of" {
		reported, err1 := strconv.Atoi(w[0])
		expected, err2 := strconv.Atoi(w[2])
		e.Of = [2]int{reported, expected}
		if err1 == nil && err2 == nil {
			return nil
		}
	}
	return usage("expect reported N of M")
}

// judge says what is wrong with the figure, "" if it is as expected; nil is no figure.
func (e *Expectation) judge(f *reporting.Figure) string {
	switch {
	case f == nil && e.Word == "no":
		return ""
	case f == nil:
		return "no figure"
	case e.Word == "no":
		return "a figure, want none"
	case e.Word == "reported" && e.Of != [2]int{f.Reported, f.Expected}:
		return fmt.Sprintf("reported %d of %d, want %d of %d", f.Reported, f.Expected, e.Of[0], e.Of[1])
	case e.Word == "missing" && !slices.Equal(e.Units, f.Missing):
		return fmt.Sprintf("missing %v, want %v", f.Missing, e.Units)
	case numbers[e.Word] != nil:
		return e.judgeNumber(numbers[e.Word](f))
	}
	return ""
}

func (e *Expectation) judgeNumber(got *big.Rat) string {
	rounded := got
	if got != nil && e.About >= 0 {
		rounded, _ = new(big.Rat).SetString(got.FloatString(e.About))
	}
	switch {
	case rounded == nil && e.Want == nil:
		return ""
	case rounded != nil && e.Want != nil && rounded.Cmp(e.Want) == 0:
		return ""
	}
	return fmt.Sprintf("%s = %s, want %s", e.Word, text(got), text(e.Want))
}

func text(r *big.Rat) string {
	if r == nil {
		return "none"
	}
	return r.RatString()
}
