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

// YearToDate is the year so far as the unit has it at the end of the month: from January, or from its own first month.
func (u OrgUnit) YearToDate(m Month) Period {
	p := MonthPeriod(m).YearToDate()
	if u.From != 0 {
		p.First = min(max(p.First, u.From.Month()), m)
	}
	return p
}

// Standing is a submission that counts for its unit and period now, or did at a given time: the newest accepted one.
type Standing struct {
	Submission string
	Form       string
	Org        string // the sender
	Period     Period
	ReceivedAt time.Time
	Revision   int     // how many different sheets have been accepted for the same unit and period; 0 where they were not counted
	Restated   []Month // of which accepted sheets of the unit have said different things, of whatever period they were
}

// On returns the catalogue on the boundaries of a day: the values of a unit that had ended by then count for its successor, and for
// the successor's where that one had ended too. A unit that was split keeps its values: no sheet shows whose they would be.
// So does one that came out of a merger, for the time after it: the boundaries of before cannot be had back.
func (c *Catalogue) On(day Date) *Catalogue {
	on := *c
	on.bearers = map[string]string{}
	for _, u := range c.Units {
		bearer := u.Code
		for range c.Units { // no chain is longer, also where the data goes round in a circle
			next := c.Unit(bearer)
			if next == nil || next.To == 0 || next.To >= day || len(next.Successors) != 1 {
				break
			}
			bearer = next.Successors[0]
		}
		if bearer != u.Code {
			on.bearers[u.Code] = bearer
		}
	}
	return &on
}

// Bearer is the unit that the values of a unit count for: itself, but on the boundaries of a day (On).
func (c *Catalogue) Bearer(unit string) string {
	if bearer, ok := c.bearers[unit]; ok {
		return bearer
	}
	return unit
}
