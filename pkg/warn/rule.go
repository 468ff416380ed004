package warn

import (
	"bytes"
	"io/fs"

	"go.yaml.in/yaml/v3"

	"huizong/pkg/reporting"
)

// Kind says what a rule looks at.
type Kind string

// The kinds; the package's doc describes them.
const (
	Ceiling  Kind = "ceiling"
	Trend    Kind = "trend"
	Cover    Kind = "cover"
	Schedule Kind = "schedule"
	Units    Kind = "units"
	Cases    Kind = "cases"
)

// Rule is one threshold with its source.
type Rule struct {
	ID          string
	Kind        Kind
	Indicator   string            // of a cover: the balance
	Expenditure string            // of a cover
	Months      int               // of a trend and a cover: so many to look back over
	Persons     int               // of cases: the fewest that count
	Yellow      reporting.Decimal // what they measure depends on the kind
	Red         reporting.Decimal
	Basis       string // where the threshold comes from, as reports print it
}

// Load reads the rules of a file and checks them against the catalogue. A rule that could never warn, or would always, is an error
// of code invalid.
func Load(fsys fs.FS, path string, c *reporting.Catalogue) ([]Rule, error) {
	data, err := fs.ReadFile(fsys, path)
	if err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "load warnings: %w", err)
	}
	var file struct{ Rules []Rule }
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "%s: %w", path, err)
	}
	seen := map[string]bool{}
	for i := range file.Rules {
		r := &file.Rules[i]
		if message := r.fault(c); message != "" {
			return nil, reporting.Errorf(reporting.Invalid, "%s: rule %q: %s", path, r.ID, message)
		}
		if seen[r.ID] {
			return nil, reporting.Errorf(reporting.Invalid, "%s: rule %q stands here a second time", path, r.ID)
		}
		seen[r.ID] = true
	}
	return file.Rules, nil
}

// fault says what is wrong with a rule, or returns "".
func (r *Rule) fault(c *reporting.Catalogue) string {
	i := c.Indicator(r.Indicator)
	switch {
	case r.ID == "" || r.Basis == "":
		return "a rule has an id and a basis"
	case r.Kind != Schedule && i == nil:
		return "unknown indicator " + r.Indicator
	case r.Kind == Ceiling && i.Target != reporting.TargetCeiling:
		return r.Indicator + " has no ceiling"
	case r.Kind == Cover && (c.Indicator(r.Expenditure) == nil || i.Kind != reporting.Stock || !i.IsMoney()):
		return "a cover wants the stock of a balance and an expenditure"
	case (r.Kind == Trend || r.Kind == Cover) && (r.Months < 1 || r.Months > 24):
		return "months: want 1 to 24"
	case r.Kind == Cases && r.Persons < 1:
		return "persons: want at least 1"
	}
	return r.thresholdFault()
}

func (r *Rule) thresholdFault() string {
	switch r.Kind {
	case Trend:
		return ""
	case Cover:
		if r.Red.Sign() <= 0 || r.Red.Cmp(r.Yellow) > 0 {
			return "a cover warns by being low: want 0 < red ≤ yellow"
		}
	case Ceiling, Schedule, Units, Cases:
		if r.Yellow.Sign() <= 0 || r.Yellow.Cmp(r.Red) > 0 {
			return "want 0 < yellow ≤ red"
		}
	default:
		return "unknown kind " + string(r.Kind)
	}
	return ""
}
