package reporting

import "time"

// Draft is a report that was compiled by itself, because its sheets are all in or because its deadline has passed. It is replaced by the
// next one, and never published as it is: a release is made by somebody, with a reason.
type Draft struct {
	Report  string         `json:"report"` // id of the template
	Period  Period         `json:"period"`
	Cutoff  time.Time      `json:"cutoff"`  // what was received by then is in it
	Because string         `json:"because"` // complete or deadline
	Missing []MissingSheet `json:"missing"` // sheets that are owed for the period and do not stand
	Inputs  string         `json:"inputs"`  // hash of the submissions that stand in it
	Files   []string       `json:"files"`
	Notes   []string       `json:"notes,omitempty"` // formats that could not be written
}

// MissingSheet is a sheet that is owed and has not been accepted.
type MissingSheet struct {
	Form   string `json:"form"`
	Title  string `json:"title"`
	Org    string `json:"org"`
	Name   string `json:"name"`
	Period Period `json:"period"`
}
