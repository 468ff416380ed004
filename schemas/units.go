package schemas

import (
	"slices"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// unitPlace is where a unit stands.
type unitPlace struct {
	doc *document
	at  int
}

type unitPlaces map[string]unitPlace // by code

func (p unitPlaces) errorf(code string, keys []any, format string, args ...any) error {
	place := p[code]
	return place.doc.errorf(append(at("units", place.at), keys...), format, args...)
}

// checkValidity refuses a unit that ends before it begins, and one that has successors and no end.
func checkValidity(places unitPlaces, units []reporting.OrgUnit) error {
	for _, u := range units {
		switch {
		case u.From != 0 && u.To != 0 && u.To < u.From:
			return places.errorf(u.Code, at("to"), "unit %s ends on %s, before it begins on %s", u.Code, u.To, u.From)
		case u.To == 0 && len(u.Successors) > 0:
			return places.errorf(u.Code, at("successors"), "unit %s has successors and no last day: say to", u.Code)
		}
	}
	return nil
}

// checkSuccessors refuses a circle, and a successor that is not there on the day after: what was reported in between would be nobody's.
func checkSuccessors(places unitPlaces, units []reporting.OrgUnit) error {
	known := map[string]reporting.OrgUnit{}
	for _, u := range units {
		known[u.Code] = u
	}
	for _, u := range units {
		for i, code := range u.Successors {
			next, keys := known[code], at("successors", i)
			switch {
			case leadsTo(known, code, u.Code, map[string]bool{}):
				return places.errorf(u.Code, keys, "the successors of %s lead back to it through %s", u.Code, code)
			case next.From > u.To.AddDays(1):
				return places.errorf(u.Code, keys, "successor %s begins on %s, but %s ends on %s: between them is nobody", code, next.From, u.Code, u.To)
			case next.To != 0 && next.To <= u.To:
				return places.errorf(u.Code, keys, "successor %s ends on %s, not after %s", code, next.To, u.Code)
			}
		}
	}
	return nil
}

// leadsTo reports whether the successors of a unit, or theirs, are the unit wanted.
func leadsTo(known map[string]reporting.OrgUnit, from, wanted string, passed map[string]bool) bool {
	if from == wanted {
		return true
	}
	if passed[from] {
		return false
	}
	passed[from] = true
	return slices.ContainsFunc(known[from].Successors, func(next string) bool { return leadsTo(known, next, wanted, passed) })
}

// checkNames refuses a name or alias that two units have at one time: a sheet with it could be of either. A successor may keep the name.
func checkNames(places unitPlaces, units []reporting.OrgUnit) error {
	bearers := map[string][]reporting.OrgUnit{}
	for _, u := range units {
		for i, name := range append([]string{u.Name.ZH}, u.Aliases...) {
			folded, keys := label.Fold(name), at("name")
			if i > 0 {
				keys = at("aliases", i-1)
			}
			for _, other := range bearers[folded] {
				if other.Code != u.Code && together(other, u) {
					return places.errorf(u.Code, keys, "“%s” is a name of %s already", name, other.Code)
				}
			}
			bearers[folded] = append(bearers[folded], u)
		}
	}
	return nil
}

// together reports whether both units exist on some day.
func together(a, b reporting.OrgUnit) bool {
	return (a.To == 0 || b.From <= a.To) && (b.To == 0 || a.From <= b.To)
}
