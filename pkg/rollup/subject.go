package rollup

import "huizong/pkg/reporting"

// subject is what a row of figures is about: an indicator for the city or a unit.
type subject struct {
	indicator *reporting.Indicator
	unit      *reporting.OrgUnit // nil: the city
	reader    reader
	known     bool // some term has a value in some period
	concerned bool // the unit can have values of some term
}

// subjects lists what figures are asked of, but for units that the indicator is not about and that have no value of it.
func (e *evaluator) subjects(units []string) []subject {
	var list []subject
	for n := range e.catalogue.Indicators {
		i := &e.catalogue.Indicators[n]
		f, ok := e.formulas[i.Code]
		if !ok {
			continue
		}
		list = append(list, e.subject(i, f, nil))
		for _, code := range units {
			if e.isCity(code) {
				continue
			}
			if s := e.subject(i, f, e.unit(code)); s.known || s.concerned {
				list = append(list, s)
			}
		}
	}
	return list
}

func (e *evaluator) isCity(code string) bool { return code == "" || code == e.catalogue.City }

// unit returns the unit; one that the catalogue does not have owes nothing, but facts may name it.
func (e *evaluator) unit(code string) *reporting.OrgUnit {
	if u := e.catalogue.Unit(code); u != nil {
		return u
	}
	return &reporting.OrgUnit{Code: code}
}

func (e *evaluator) subject(i *reporting.Indicator, f formula, u *reporting.OrgUnit) subject {
	s := subject{indicator: i, unit: u}
	s.reader = f.bind(func(term *reporting.Indicator) account {
		a := e.account(term, u)
		s.known = s.known || len(a.values) > 0
		s.concerned = s.concerned || a.concerned
		return a
	})
	return s
}

func (s *subject) city() bool { return s.unit == nil }

// concerns reports whether there is a figure of the period even where nothing is known.
func (s *subject) concerns(p reporting.Period) bool {
	return s.city() || s.concerned && s.unit.Valid(p)
}

// code is the subject's unit as figures name it.
func (s *subject) code(c *reporting.Catalogue) string {
	if s.city() {
		return c.City
	}
	return s.unit.Code
}
