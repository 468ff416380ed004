package reporting

// Trace is where a figure comes from: its formula, the figures in it, and every cell.
type Trace struct {
	Figure  Figure `json:"figure"`
	Formula Text   `json:"formula"`
	Parts   []Part `json:"parts"`
}

// Part is one base indicator in a traced figure.
type Part struct {
	Figure Figure   `json:"figure"`
	Role   string   `json:"role"` // value, numerator, denominator or part
	Cells  []Origin `json:"cells"`
}

// Origin is one cell of an original, and what was read from it.
type Origin struct {
	Submission string  `json:"submission"`
	SHA256     string  `json:"sha256"`
	FileName   string  `json:"file_name"`
	Form       string  `json:"form"`
	Sender     string  `json:"sender"`
	Unit       string  `json:"unit"`
	Period     Period  `json:"period"`
	Sheet      string  `json:"sheet"`
	Cell       string  `json:"cell"`
	Written    string  `json:"written"`
	Value      Decimal `json:"value"`
	Opened     string  `json:"opened,omitempty"`
	Closed     string  `json:"closed,omitempty"`
	TakenOff   bool    `json:"taken_off,omitempty"` // the year to date before the period: Value has the opposite sign
}
