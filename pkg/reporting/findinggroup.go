package reporting

import (
	"strings"
)

// FindingGroup is a finding and those of the same cause: the same thing in the same column of the same sheet, as when one unit's name
// is misspelled in four hundred rows. People read groups; files and machines get every finding.
type FindingGroup struct {
	Finding          // the first of them
	Cells   []string // of all of them, in order
}

// byColumn are the codes whose cause is the column, whatever is written in each cell.
var byColumn = map[FindingCode]bool{MissingValue: true, BadDate: true, ValueAssumed: true, DateOutOfPeriod: true, NotANumber: true, NotAnInteger: true, Negative: true}

// GroupFindings puts findings of one cause together, in the order of the first of each.
func GroupFindings(findings []Finding) []FindingGroup {
	type cause struct {
		code                 FindingCode
		severity             Severity
		sheet, column, value string
	}
	at := map[cause]int{}
	var groups []FindingGroup
	for _, f := range findings {
		key := cause{f.Code, f.Severity, f.Sheet, strings.TrimRight(f.Cell, "0123456789"), f.Value}
		if byColumn[f.Code] {
			key.value = ""
		}
		i, known := at[key]
		if f.Cell == "" || !known {
			at[key] = len(groups)
			groups = append(groups, FindingGroup{Finding: f, Cells: []string{f.Cell}})
			continue
		}
		groups[i].Cells = append(groups[i].Cells, f.Cell)
	}
	return groups
}
