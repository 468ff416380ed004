package reporting

// Layout says where a form's table stands on a sheet: what matching found.
type Layout struct {
	Form     *Form
	Sheet    *Sheet
	Header   Range     // the rows of the header, over the columns of the table
	Columns  []int32   // for each column of the form the sheet's column, −1 where it has none
	Given    []Note    // for each column of the form what the sheet says once for all its rows: the class or the township that its tab or title names
	Measures []string  // for each column of the form the unit in its header, or ""
	Title    Note      // the title line, or none
	Org      Note      // what the info line gives as the unit
	Orgs     []Note    // what it gives as further units
	Period   Note      // what the info line gives as the period
	Measure  Note      // what the info line gives as the unit of money or count
	Money    []Note    // the units of money that are stated for the whole table, each once: above, below and beside it, outside the cells
	Names    Period    // the period that Period (or else the title) names; zero where it names none
	Further  []*Layout // the other sheets on which the same list stands, or goes on without a header
	Sure     int       // how sure the match is, in percent

	Fingerprint string            // of the header: the same on sheets that are laid out alike
	MoneyAsked  bool              // it is asked already
	WhichMoney  *Question         // which of the units in Money counts, where there are several
	Answers     map[string]string // what persons have answered to questions about sheets laid out like this, by their ids
}

// Note is a text of the sheet with its place; the zero Note is none.
type Note struct {
	Text string
	Cell string
}
