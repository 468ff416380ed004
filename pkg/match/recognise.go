package match

import (
	"cmp"
	"slices"

	"huizong/pkg/reporting"
)

// Guess is a form that stands on a sheet.
type Guess struct {
	Layout  *reporting.Layout
	Titled  bool // a line above the table carries the form's title
	Whole   bool // all columns that it must have are there, and all its rows
	Twofold bool // it stands for another form as well as for this one; true of the first guess alone
	Filled  bool // values stand in it, and it is no example
}

// Recognise lists the forms that stand on the visible sheets, the surest first; of two alike, the one that is nearer to the period of
// the hint. It takes nothing for granted, where Find looks for what a submission says that it is.
func (m *Matcher) Recognise(sheets []*reporting.Sheet, hint reporting.Period) []Guess {
	var found, others []*candidate
	for _, sheet := range sheets {
		if sheet.Hidden {
			continue
		}
		for _, c := range m.laid(sheet, m.words.forms, hint) {
			if c.recognised() {
				found = append(found, c)
			} else {
				others = append(others, c)
			}
		}
	}
	if c := m.joined(sheets, m.words.forms, found, others, Expected{Period: hint}); c != nil {
		found = append([]*candidate{c}, found...)
	}
	slices.SortStableFunc(found, func(a, b *candidate) int {
		return cmp.Or(b.score()-a.score(), b.claimTo(hint)-a.claimTo(hint))
	})
	guesses := make([]Guess, len(found))
	for i, c := range found {
		guesses[i] = Guess{Layout: c.layout(), Titled: c.titled, Whole: c.matched == c.required() && c.rows == len(c.form.Rows), Filled: c.filled() && !c.isExample()}
	}
	if len(found) > 0 {
		guesses[0].Twofold = whichForm(found, Expected{}) != nil
	}
	return guesses
}
