package reporting

import "time"

// EnvelopeKind says what an envelope records.
type EnvelopeKind string

// The kinds.
const (
	SubmissionReceived  EnvelopeKind = "submission"
	PeriodClosed        EnvelopeKind = "period_closed"
	PeriodOpened        EnvelopeKind = "period_opened"
	MappingConfirmed    EnvelopeKind = "mapping_confirmed"
	SubmissionReturned  EnvelopeKind = "returned"            // to its sender, with remarks; it stands until a new one is accepted
	SubmissionApproved  EnvelopeKind = "approved"            // by a reviewer
	DeadlineSet         EnvelopeKind = "deadline_set"        // of a form or all monthly ones, for a period or from then on
	DefinitionsAdopted  EnvelopeKind = "definitions_adopted" // by what units, forms, indicators and checks is judged from here on
	PersonKeyMade       EnvelopeKind = "person_key_made"     // under which persons are told apart from here on
	JournalAccepted     EnvelopeKind = "journal_accepted"    // as it was found, by a person who knows what it had lost
	SubmissionUndecided EnvelopeKind = "undecided"           // it could not be decided, through our own fault
	SubmissionReplayed  EnvelopeKind = "replayed"            // one that could not be decided is to be decided again, against what stands now
)

// Decides reports whether the envelope is an entry that the worker decides: a submission, or the replay of one.
func (k EnvelopeKind) Decides() bool { return k == SubmissionReceived || k == SubmissionReplayed }

// Reviews reports whether the envelope says what a reviewer thinks of a submission, its Subject.
func (k EnvelopeKind) Reviews() bool { return k == SubmissionReturned || k == SubmissionApproved }

// Envelope is one entry of the journal: that a file was sent, that a period was closed or opened again, that a person has confirmed
// what a text means, what a reviewer thinks of a submission, until when a form is due, that a submission could not be decided and is to
// be decided again, by what is judged, or that the journal itself had lost something. The journal and the originals are the truth;
// everything else is built from them. Envelopes form a chain: each carries the hash of the one before it. An envelope is
// never changed. Only those of kind SubmissionReceived are submissions.
type Envelope struct {
	ID         string       `json:"id"` // ULID; a later envelope has a greater one
	Kind       EnvelopeKind `json:"kind"`
	ReceivedAt time.Time    `json:"received_at"` // UTC, the time in the ID
	Org        string       `json:"org,omitempty"`
	Form       string       `json:"form,omitempty"` // "" until the form is recognised from the sheet
	Period     Period       `json:"period"`
	FileName   string       `json:"file_name,omitempty"`
	SHA256     string       `json:"sha256,omitempty"` // of the original, hex
	Size       int64        `json:"size,omitempty"`
	Via        string       `json:"via,omitempty"`    // http or nats
	By         string       `json:"by,omitempty"`     // who sent, closed, opened, confirmed, returned, approved or set
	Role       string       `json:"role,omitempty"`   // of who sent
	Token      string       `json:"token,omitempty"`  // id of the machine's token that it was sent with; "" is a person's session, or the operator
	Reason     string       `json:"reason,omitempty"` // of a closing, opening, return, deadline, adoption or acceptance; why one could not be decided
	// Mapping is what was confirmed for Org. It holds for what the unit sends later.
	Mapping *Mapping `json:"mapping,omitempty"`
	// Subject is the id of the submission that was returned, approved or replayed, or of the entry (a submission or replay) that could not
	// be decided. Org, Form and Period are those of the submission.
	Subject string `json:"subject,omitempty"`
	// Remarks are what a return says of single cells; empty in most.
	Remarks []CellRemark `json:"remarks,omitempty"`
	// Deadline is what was set, for Form ("" is every monthly form) and Period (zero is every one that is still open then).
	Deadline *Deadline `json:"deadline,omitempty"`
	// Definitions are those that were adopted.
	Definitions *Definitions `json:"definitions,omitempty"`
	// PersonKey is the fingerprint of the key that was made.
	PersonKey string `json:"person_key,omitempty"`
	// Loss is what the journal was accepted without.
	Loss *Loss `json:"loss,omitempty"`
	// Prior is the id of the envelope before this one that the worker decides for the same unit, or "". A submission is judged against
	// what stood when it came, so Prior is decided first, in whatever order messages arrive.
	Prior    string `json:"prior,omitempty"`
	Previous string `json:"previous"` // SHA-256 of the bytes of the envelope before this one; "" for the first
}

// CellRemark is what a reviewer says of a cell, or of the whole sheet where Cell is "".
type CellRemark struct {
	Sheet string `json:"sheet,omitempty"`
	Cell  string `json:"cell,omitempty"` // A1
	Text  string `json:"text"`
}

// Definitions are the files by which sheets are judged and figures made.
type Definitions struct {
	SHA256 string           `json:"sha256"` // over names and hashes of those that decide anything: all but the templates of reports
	Files  []DefinitionFile `json:"files"`  // by name
}

// DefinitionFile is one of them.
type DefinitionFile struct {
	Name   string `json:"name"` // units/city.yaml
	SHA256 string `json:"sha256"`
}

// Loss is what a journal was accepted without: entries that its head had counted, and submissions that ClickHouse knows.
type Loss struct {
	Entries     int              `json:"entries"`
	Submissions []LostSubmission `json:"submissions,omitempty"`
}

// LostSubmission is one that has to be sent again.
type LostSubmission struct {
	ID       string `json:"id"`
	Org      string `json:"org"`
	Form     string `json:"form,omitempty"`
	Period   Period `json:"period"`
	FileName string `json:"file_name,omitempty"`
	SHA256   string `json:"sha256,omitempty"`
}

// Receipt is the answer to a sender: from here on nothing is lost.
type Receipt struct {
	Submission string    `json:"submission"`
	SHA256     string    `json:"sha256"`
	Size       int64     `json:"size"`
	ReceivedAt time.Time `json:"received_at"`
	Org        string    `json:"org"`
	Form       string    `json:"form,omitempty"`
	Period     Period    `json:"period"`
	// Further are the receipts of the other submissions that the file has become: one for each form on its sheets.
	Further []Receipt `json:"further,omitempty"`
}

// All are the receipt itself and the further ones.
func (r Receipt) All() []Receipt {
	own := r
	own.Further = nil
	return append([]Receipt{own}, r.Further...)
}

// Outcome is what became of a submission.
type Outcome string

// The outcomes. A submission without one is still waiting.
const (
	Accepted Outcome = "accepted"
	Rejected Outcome = "rejected"
)

// Decision is the outcome of a submission with all that was found. It is stored after the facts: it is the commit that makes
// them visible.
type Decision struct {
	Submission   string    `json:"submission"`
	Outcome      Outcome   `json:"outcome"`
	Form         string    `json:"form"`
	Org          string    `json:"org"`
	Period       Period    `json:"period"`
	SHA256       string    `json:"sha256"`
	FileName     string    `json:"file_name"`
	ReceivedAt   time.Time `json:"received_at"`
	Observations int       `json:"observations"`
	Findings     []Finding `json:"findings"`
}

// UndecidedFinding is what its sender is told of a submission that could not be decided.
func UndecidedFinding() Finding {
	return Finding{Code: OurFault, Severity: SeverityError,
		Message:   "系统出了故障，没能核对这份表；不是表的问题，原件已经收妥，请不要重报。市局排除故障后会重新核对，结果会自动更新；急用请联系市局",
		MessageEN: "our system failed, and the sheet could not be checked; the sheet is not at fault, and it is kept: do not send it again. It is checked again once the fault is mended; ask the bureau where it is urgent"}
}

// ThroughOurFault reports whether the decision is none: the submission could not be decided.
func (d Decision) ThroughOurFault() bool {
	return d.Outcome == Rejected && len(d.Findings) == 1 && d.Findings[0].Code == OurFault
}

// Received is announced when a submission has its receipt, or is to be decided again: Submission is the id of the journal's entry then.
type Received struct {
	Submission string `json:"submission"`
	SHA256     string `json:"sha256"`
}

// Decided is announced when a submission has its outcome: the decision itself. Where it is too long for a message its Findings are
// null, and who wants them looks them up.
type Decided = Decision

// Mapping says what a text on a unit's sheets means: a column or a row of a form, a choice of one of its columns, or a unit. One that names
// none of them takes back all that was confirmed for the text before. Or it is what a person has answered to a Question: then Choice is the id
// of the option, "" to take the answer back, and Text is the question's, for people.
type Mapping struct {
	Form   string `json:"form,omitempty"` // of a column or row
	Text   string `json:"text"`           // as the unit writes it
	Column string `json:"column,omitempty"`
	Choice string `json:"choice,omitempty"` // of the Column, in which the text stands
	Row    string `json:"row,omitempty"`    // code
	Unit   string `json:"unit,omitempty"`   // code

	Question string `json:"question,omitempty"` // id
}
