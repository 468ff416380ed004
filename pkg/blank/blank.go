package blank

import (
	"io"
	"slices"

	"huizong/pkg/reporting"
)

// Input says which form is to be written, for whom, and what is known of the months before.
type Input struct {
	Form      *reporting.Form
	Catalogue *reporting.Catalogue
	Unit      reporting.OrgUnit // that will send it
	Period    reporting.Period

	// Cumulative is the sum from January to the month before, by indicator, in yuan for money: of the accepted submissions of the
	// unit, where every one of those months stands. Where an indicator is not in it, the year to date is left to be typed; in
	// January nothing needs to be known.
	Cumulative map[string]reporting.Decimal

	// Previous is the month before's value by indicator, in yuan for money: the opening balances of a fund.
	Previous map[string]reporting.Decimal

	Language string // of the instructions: "en", anything else is Chinese. The form itself is Chinese
}

// Write writes the workbook. A unit that does not send the form, or a period of the wrong length, is an error of code invalid.
func Write(w io.Writer, in Input) error {
	if err := in.check(); err != nil {
		return err
	}
	plan := newPlan(in)
	s, err := newSheet(plan)
	if err != nil {
		return err
	}
	defer s.book.Close()
	s.head()
	s.body()
	s.checks()
	s.protect()
	s.layOut()
	s.guide()
	if s.err != nil {
		return reporting.Errorf(reporting.Internal, "blank of %s: %w", in.Form.ID, s.err)
	}
	return s.write(w)
}

func (in Input) check() error {
	if !in.Form.SentBy(in.Unit) {
		return reporting.Errorf(reporting.Invalid, "unit %s does not send the form %s", in.Unit.Code, in.Form.ID)
	}
	if !in.Form.Sends(in.Period) {
		return reporting.Errorf(reporting.Invalid, "form %s is sent for a %s, not for %s", in.Form.ID, in.Form.Periods, in.Period)
	}
	return nil
}

// january reports whether nothing of the year lies before the period.
func (in Input) january() bool { return in.Period.First.Number() == 1 }

// rowUnits are the units that the rows of a matrix are about, and that a column of units offers.
func (in Input) rowUnits() []reporting.OrgUnit {
	return slices.DeleteFunc(slices.Clone(in.Catalogue.Units), func(u reporting.OrgUnit) bool {
		return u.Level != reporting.LevelTownship && u.Level != reporting.LevelDirect || !u.Valid(in.Period)
	})
}
