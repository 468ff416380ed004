package reporting

import (
	"encoding/json"
	"strings"
)

// FindingGroup is a finding and those of the same cause: the same thing in the same column of the same sheet, as when one unit's name
// is misspelled in four hundred rows. People read groups; files and machines get every finding.
type FindingGroup struct {
	Finding            // the first of them
	Findings []Finding // all of them, in order
}

// Cells are the cells of all its findings, in order.
func (g FindingGroup) Cells() []string {
	cells := make([]string, len(g.Findings))
	for i, f := range g.Findings {
		cells[i] = f.Cell
	}
	return cells
}

// MarshalJSON writes the first finding, how many there are, and the cells of all. The others stand in the list of findings.
func (g FindingGroup) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Finding
		Count int      `json:"count"`
		Cells []string `json:"cells"`
	}{g.Finding, len(g.Findings), g.Cells()})
}

// byColumn are the codes whose cause is the column, whatever is written in each cell.
var byColumn = map[FindingCode]bool{MissingValue: true, BadDate: true, ValueAssumed: true, DateOutOfPeriod: true, NotANumber: true, NotAnInteger: true, OutOfBounds: true, Negative: true,
	BadIDNumber: true, BadCreditCode: true, DuplicateRow: true, DuplicatePerson: true, ClosedBeforeAccepted: true}

// GroupFindings puts findings of one cause together, in the order of the first of each.
func GroupFindings(findings []Finding) []FindingGroup {
	type cause struct {
		code                 FindingCode
		severity             Severity
		sheet, column, value string
	}
	at := map[cause]int{}
	groups := []FindingGroup{}
	for _, f := range findings {
		key := cause{f.Code, f.Severity, f.Sheet, strings.TrimRight(f.Cell, "0123456789"), f.Value}
		if byColumn[f.Code] {
			key.value = ""
		}
		i, known := at[key]
		if f.Cell == "" || !known {
			at[key] = len(groups)
			groups = append(groups, FindingGroup{Finding: f, Findings: []Finding{f}})
			continue
		}
		groups[i].Findings = append(groups[i].Findings, f)
	}
	return groups
}
