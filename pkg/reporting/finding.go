package reporting

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// Severity says what a finding does to its submission.
type Severity string

// The severities. One error rejects the whole submission; warnings and notes let it in. A note says what was done or not
// done ("this check was not run"), and asks for nothing.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
	SeverityNote    Severity = "note"
)

// FindingCode names what was found. The list is that of the forms' specification; codes never change their meaning.
type FindingCode string

// The codes.
const (
	UnreadableFile       FindingCode = "unreadable_file"
	EncryptedFile        FindingCode = "encrypted_file"
	TooLarge             FindingCode = "too_large"
	UnknownForm          FindingCode = "unknown_form"
	MissingColumn        FindingCode = "missing_column"
	AmbiguousColumn      FindingCode = "ambiguous_column"
	UnclaimedColumn      FindingCode = "unclaimed_column"
	UnreadSheet          FindingCode = "unread_sheet"
	MissingRow           FindingCode = "missing_row"
	AmbiguousRow         FindingCode = "ambiguous_row"
	UnclaimedRow         FindingCode = "unclaimed_row"
	WrongOrg             FindingCode = "wrong_org"
	WrongPeriod          FindingCode = "wrong_period"
	PeriodLocked         FindingCode = "period_locked"
	NotANumber           FindingCode = "not_a_number"
	NotAnInteger         FindingCode = "not_an_integer"
	OutOfBounds          FindingCode = "out_of_bounds"
	BadDate              FindingCode = "bad_date"
	Negative             FindingCode = "negative"
	MissingValue         FindingCode = "missing_value"
	UnknownUnit          FindingCode = "unknown_unit"
	UnknownCategory      FindingCode = "unknown_category"
	BadIDNumber          FindingCode = "bad_id_number"
	BadCreditCode        FindingCode = "bad_credit_code"
	DuplicateRow         FindingCode = "duplicate_row"
	DateOutOfPeriod      FindingCode = "date_out_of_period"
	ClosedBeforeAccepted FindingCode = "closed_before_accepted"
	TotalMismatch        FindingCode = "total_mismatch"
	PartExceedsWhole     FindingCode = "part_exceeds_whole"
	BalanceMismatch      FindingCode = "balance_mismatch"
	OpeningMismatch      FindingCode = "opening_mismatch"
	CumulativeMismatch   FindingCode = "cumulative_mismatch"
	Outlier              FindingCode = "outlier"
	UnitSuspect          FindingCode = "unit_suspect"
	DuplicatePerson      FindingCode = "duplicate_person"
	ValueAssumed         FindingCode = "value_assumed"
	DuplicateFile        FindingCode = "duplicate_file"
	CheckNotRun          FindingCode = "check_not_run"
	OurFault             FindingCode = "our_fault"
	MoreFindings         FindingCode = "more_findings"
	RowLeftOut           FindingCode = "row_left_out"
	LaterStands          FindingCode = "later_stands"
)

// RuleCodes are the codes that a form's own rules may raise.
var RuleCodes = []FindingCode{ClosedBeforeAccepted, TotalMismatch, PartExceedsWhole, BalanceMismatch, OpeningMismatch, CumulativeMismatch, DateOutOfPeriod,
	Negative, Outlier, UnitSuspect}

// Text is one sentence or name in the two languages of the interface.
type Text struct {
	ZH string `json:"zh" yaml:"zh"`
	EN string `json:"en" yaml:"en"`
}

// Textf fills both sentences with the same arguments.
func Textf(zh, en string, args ...any) Text {
	return Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}
}

// Shorten keeps a text to n letters. The last one of a text that was cut is “…”.
func Shorten(text string, n int) string {
	letters := []rune(text[:min(len(text), utf8.UTFMax*(n+1))])
	if len(letters) <= n {
		return text
	}
	return string(letters[:n-1]) + "…"
}

// Finding is what a rule found in a submission: bad data is a finding, never an error.
type Finding struct {
	Code      FindingCode `json:"code"`
	Severity  Severity    `json:"severity"`
	Sheet     string      `json:"sheet"` // "" for the table of a text file
	Cell      string      `json:"cell"`  // A1, or "" where the finding is about the sheet or file
	Value     string      `json:"value"` // as it is written there
	Message   string      `json:"message"`
	MessageEN string      `json:"message_en"`
	// Question is what the finding asks, or was answered: nil of most.
	Question *Question `json:"question,omitempty"`
}

// HasErrors reports whether one of the findings rejects the submission.
func HasErrors(findings []Finding) bool {
	for _, f := range findings {
		if f.Severity == SeverityError {
			return true
		}
	}
	return false
}

// MaxFindings of a submission are listed. A person corrects no more at once, and a sheet can be made to have millions.
const MaxFindings = 5000

// AddFindings appends findings to a list up to MaxFindings. What is left out is counted in a last one, MoreFindings, which is as grave as
// the gravest of them; an error that finds no room takes that of the last one that is none, so that a rejected sheet shows why. How a list
// comes to be does not depend on anything but the order of what is found.
func AddFindings(list []Finding, found ...Finding) []Finding {
	for _, f := range found {
		n := len(list)
		switch {
		case f.Code == MoreFindings:
			count, _ := strconv.Atoi(f.Value)
			list = leaveOut(list, f.Severity, count)
		case n < MaxFindings && (n == 0 || list[n-1].Code != MoreFindings):
			list = append(list, f)
		case f.Severity == SeverityError && (list[n-1].Code != MoreFindings || list[n-1].Severity != SeverityError): // else one has found no room already
			list = leaveOut(list, replaceLesser(list, f), 1)
		default:
			list = leaveOut(list, f.Severity, 1)
		}
	}
	return list
}

// replaceLesser puts the error into the place of the last finding that is none, and returns the severity of what is left out for it.
func replaceLesser(list []Finding, f Finding) Severity {
	for i := len(list) - 1; i >= 0; i-- {
		if was := list[i]; was.Severity != SeverityError && was.Code != MoreFindings {
			list[i] = f
			return was.Severity
		}
	}
	return f.Severity
}

// leaveOut counts in the last finding of the list, which it adds where it is not there.
func leaveOut(list []Finding, severity Severity, count int) []Finding {
	n := len(list)
	if n == 0 || list[n-1].Code != MoreFindings {
		list, n = append(list, Finding{Code: MoreFindings, Severity: SeverityNote}), n+1
	}
	last := &list[n-1]
	if severity == SeverityError || severity == SeverityWarning && last.Severity == SeverityNote {
		last.Severity = severity
	}
	before, _ := strconv.Atoi(last.Value)
	last.Value = strconv.Itoa(before + count)
	message := Textf("问题太多，另有 %s 处没有列出；请先改正列出的，再重新报送", "there is too much to list: %s more are left out; correct what is listed first, then send the sheet again", last.Value)
	last.Message, last.MessageEN = message.ZH, message.EN
	return list
}

// FileError says that a file cannot be read at all, or not wholly. It becomes the single finding of its submission.
type FileError struct {
	Code   FindingCode // UnreadableFile, EncryptedFile or TooLarge
	Sheet  string      // the sheet where it was noticed, or ""
	Cell   string      // the cell where it was noticed, or ""
	Part   string      // the part of the file: "xl/worksheets/sheet1.xml", "record 0x00FD"; or ""
	Offset int64       // the byte in that part, −1 when unknown
	Reason Text        // what is wrong and what to do, for the clerk
	Err    error       // the cause, or nil
}

// Error prints code, place and cause for an operator.
func (e *FileError) Error() string {
	text := string(e.Code)
	if e.Part != "" {
		text += " in " + e.Part
	}
	if e.Offset >= 0 {
		text += fmt.Sprintf(" at byte %d", e.Offset)
	}
	text += ": " + e.Reason.EN
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// FindingOf turns the FileError in err's chain into its finding, and returns false where there is none.
func FindingOf(err error) (Finding, bool) {
	var e *FileError
	if !errors.As(err, &e) {
		return Finding{}, false
	}
	return Finding{Code: e.Code, Severity: SeverityError, Sheet: e.Sheet, Cell: e.Cell, Message: e.Reason.ZH, MessageEN: e.Reason.EN}, true
}
