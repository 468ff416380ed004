package reporting

import "time"

// Sureness says how far a recognition can be relied on.
type Sureness string

// The degrees: the title and all columns and rows of the form are there; enough of them are; nothing is known.
const (
	Certain Sureness = "certain"
	Likely  Sureness = "likely"
	Unknown Sureness = ""
)

// Hint is what is known of a file before it is read.
type Hint struct {
	Period   Period // that is being collected; it lends its year to a month that stands without one
	FileName string // which may name the period, where the sheet does not
}

// Recognition is what a file seems to be, for its sender to confirm. Nothing has been sent by it.
type Recognition struct {
	SHA256       string        `json:"sha256"`
	Size         int64         `json:"size"`
	FileName     string        `json:"file_name"`
	PutAt        time.Time     `json:"put_at"`
	Sheets       []SheetSeen   `json:"sheets"`
	Sheet        string        `json:"sheet"` // the one with the form's table
	Form         string        `json:"form"`  // id, or ""
	FormTitle    Text          `json:"form_title"`
	Sure         Sureness      `json:"sure"`    // of the form
	Percent      int           `json:"percent"` // the same as a number
	Org          string        `json:"org"`     // the sender; where none is given, the unit that the sheet names
	OrgName      Text          `json:"org_name"`
	OrgWritten   string        `json:"org_written"`           // as the sheet has it
	Period       Period        `json:"period"`                // zero where nothing names one
	PeriodFrom   string        `json:"period_from,omitempty"` // sheet or file_name
	Further      []Alternative `json:"further"`               // the other forms of the unit's that stand on sheets of their own: each is sent as a submission of the same file
	Alternatives []Alternative `json:"alternatives"`          // further forms, or sheets of the form, the likeliest first
	Findings     []Finding     `json:"findings"`              // why it cannot be accepted as it stands, as far as unit, period, form and columns tell; and which sheets are not read
	Questions    []Question    `json:"questions"`             // what is to be answered before it can be read: the findings ask the same
	Answered     []Question    `json:"answered"`              // what was answered before of sheets laid out like this, and is not asked again
	Packed       []Recognition `json:"packed,omitempty"`      // of an archive: what each file in it seems to be; the archive itself is not kept
	Submission   string        `json:"submission,omitempty"`  // that it has been confirmed as
}

// Packed is a file out of an archive.
type Packed struct {
	Name string // without its folders
	Data []byte
}

// SheetSeen is a sheet of the file.
type SheetSeen struct {
	Name    string `json:"name"`
	Hidden  bool   `json:"hidden"` // it is not read
	Rows    int    `json:"rows"`
	Columns int    `json:"columns"`
}

// Alternative is something else that the file may be.
type Alternative struct {
	Form    string   `json:"form"`
	Title   Text     `json:"title"`
	Sheet   string   `json:"sheet"`
	Period  Period   `json:"period"`
	Sure    Sureness `json:"sure"`
	Percent int      `json:"percent"`
}
