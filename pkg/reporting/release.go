package reporting

import "time"

// Release is a numbered, published compile of a report that is never changed: what went out, and all that it was made of. It is
// superseded by the next release of the same report and period. Releases form a chain: each carries the hash of the one before it.
type Release struct {
	Number     int               `json:"number"`
	Report     string            `json:"report"` // id of the template
	Period     Period            `json:"period"`
	Cutoff     time.Time         `json:"cutoff"` // what was received by then is in it
	ReleasedAt time.Time         `json:"released_at"`
	Reason     string            `json:"reason"`
	By         string            `json:"by,omitempty"`
	Supersedes int               `json:"supersedes,omitempty"` // number of the release of the same report and period before it
	Parameters map[string]string `json:"parameters,omitempty"`
	Boundaries Date              `json:"boundaries,omitzero"` // the day on whose boundaries of units it is; zero: each unit as it was
	Program    string            `json:"program"`             // version that compiled it
	Schemas    string            `json:"schemas"`             // hash of what Template holds
	Fonts      string            `json:"fonts,omitempty"`     // hash of the fonts in its .pdf
	Inputs     []ReleaseInput    `json:"inputs"`              // the submissions that stood at the cut-off, by form, sender and period; null in a list of releases, as Template is
	Figures    ReleaseFile       `json:"figures"`
	Template   []ReleaseFile     `json:"template"` // the template, the rules of warnings, forms, indicators and units, as they were
	Files      []ReleaseFile     `json:"files"`    // the report
	Previous   string            `json:"previous"` // SHA-256 of the bytes of the release before this one; "" for the first
}

// ReleaseFile is a file of a release.
type ReleaseFile struct {
	Name   string `json:"name"` // relative to the release's folder, with slashes
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// ReleaseInput is a submission that counts in a release.
type ReleaseInput struct {
	Submission string `json:"submission"`
	SHA256     string `json:"sha256"`
	Form       string `json:"form"`
	Org        string `json:"org"`
	Period     Period `json:"period"`
}

// ReleaseDiff says what changed from one release to another.
type ReleaseDiff struct {
	From    int             `json:"from"`
	To      int             `json:"to"`
	Figures []FigureChange  `json:"figures"`
	Inputs  []InputChange   `json:"inputs"`
	Reason  string          `json:"reason"`          // of the later release
	Periods []PeriodChange  `json:"periods"`         // closed or opened between the two, with the reasons
	Other   []ReleaseChange `json:"other,omitempty"` // template, parameters, program, schemas, fonts
}

// FigureChange is a figure that is not what it was.
type FigureChange struct {
	Indicator string       `json:"indicator"`
	Unit      string       `json:"unit"`
	Period    Period       `json:"period"`
	Aspect    string       `json:"aspect"` // value, target, province_target, previous or reported
	Before    string       `json:"before"` // plain, "" is none
	After     string       `json:"after"`
	Causes    []CellChange `json:"causes,omitempty"` // of a city's value: by whose sheet
}

// CellChange is what one sender's sheet of one period changed in an indicator.
type CellChange struct {
	Submission string `json:"submission"`         // in the later release, "" where none counts any more
	Replaces   string `json:"replaces,omitempty"` // in the earlier one
	Indicator  string `json:"indicator"`
	Form       string `json:"form"`
	Org        string `json:"org"`
	Period     Period `json:"period"`
	Before     string `json:"before"` // the sum of its cells, "" is none
	After      string `json:"after"`
}

// InputChange is a submission that counts in the later release and not in the earlier one, or the other way round.
type InputChange struct {
	ReleaseInput
	Replaces string `json:"replaces,omitempty"` // the submission of the same form, sender and period that spoke before
	Gone     bool   `json:"gone,omitempty"`     // it counts in the earlier one only, and nothing took its place
}

// PeriodChange is a closing or opening of a period.
type PeriodChange struct {
	Kind   EnvelopeKind `json:"kind"`
	Period Period       `json:"period"`
	At     time.Time    `json:"at"`
	By     string       `json:"by,omitempty"`
	Reason string       `json:"reason"`
}

// ReleaseChange is something else that the later release was made with.
type ReleaseChange struct {
	What   string `json:"what"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// ReleaseCheck is what came of checking a release: whether it is as it was written, and compiles again to the same bytes.
type ReleaseCheck struct {
	Number int          `json:"number"`
	OK     bool         `json:"ok"`
	Checks []CheckPoint `json:"checks"`
	Notes  []Text       `json:"notes,omitempty"` // what is different now and may explain a difference
}

// CheckPoint is one thing that was checked.
type CheckPoint struct {
	What Text `json:"what"`
	OK   bool `json:"ok"`
	Note Text `json:"note,omitzero"`
}

// ReportTemplate is a report that can be compiled, as a person chooses it.
type ReportTemplate struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Periods    string            `json:"periods,omitempty"` // month, quarter, half or year
	Parameters []ReportParameter `json:"parameters"`
}

// ReportParameter is a text that a report asks for.
type ReportParameter struct {
	Name    string `json:"name"`
	Label   string `json:"label"`
	Shared  bool   `json:"shared,omitempty"` // every report has it
	Default bool   `json:"default"`          // it has one; without, the report marks the place until a text is given
}
