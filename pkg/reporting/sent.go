package reporting

import "time"

// Sent is a submission in a list: what was sent, and what became of it.
type Sent struct {
	Submission string    `json:"submission"`
	Form       string    `json:"form"` // "" where none was recognised, or not yet
	Org        string    `json:"org"`
	Period     Period    `json:"period"`
	Outcome    Outcome   `json:"outcome"` // "" while it waits
	FileName   string    `json:"file_name"`
	SHA256     string    `json:"sha256"`
	ReceivedAt time.Time `json:"received_at"`
	Errors     int       `json:"errors"`
	Warnings   int       `json:"warnings"`
	Notes      int       `json:"notes"`
	OurFault   bool      `json:"our_fault"` // rejected, because it could not be decided: it is no error of its sender's
}
