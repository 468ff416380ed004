package reporting

import "time"

// Level is a unit's place in the tree.
type Level string

// The levels. Direct stands for the employers directly under the city, which send nothing of their own.
const (
	LevelCity     Level = "city"
	LevelTownship Level = "township"
	LevelSubUnit  Level = "sub_unit"
	LevelDirect   Level = "direct"
)

// OrgUnit is a reporting unit: the city, a township or a sub-unit of the bureau. A unit has a validity in time; one that was
// merged or split names its successors.
type OrgUnit struct {
	Code       string
	Name       Text
	Aliases    []string // other names that are this unit's alone
	Level      Level
	Parent     string // code, "" for the city
	From       Date   // first day, zero: always
	To         Date   // last day, zero: still
	Successors []string
}

// Valid reports whether the unit exists at some day of the period.
func (u OrgUnit) Valid(p Period) bool {
	return (u.From == 0 || u.From <= p.End()) && (u.To == 0 || u.To >= p.Start())
}

// Standing is a submission that speaks for its unit and period now, or did at a given time: the newest accepted one.
type Standing struct {
	Submission string
	Form       string
	Org        string // the sender
	Period     Period
	ReceivedAt time.Time
}
