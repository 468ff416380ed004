package reporting

import (
	"errors"
	"fmt"
)

// Code says what kind of error it is: who has to do something about it.
type Code string

// The codes. An error without one is Internal.
const (
	Invalid     Code = "invalid"     // the caller's input; do not retry
	NotFound    Code = "not_found"   // no such thing
	Conflict    Code = "conflict"    // it exists already, or another holds it
	Unavailable Code = "unavailable" // a server we need does not answer; retry later
	Canceled    Code = "canceled"    // we are being stopped
	Internal    Code = "internal"    // our own mistake

	Unauthenticated Code = "unauthenticated" // not signed in, or with a wrong secret
	Forbidden       Code = "forbidden"       // the caller may not do this
	TooMany         Code = "too_many"        // too often; wait
)

// Error is an error with a code. Its text is for a person: operation and identity, then the cause.
type Error struct {
	Code Code
	Err  error
}

// Error prints the text of what it wraps.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns what it wraps.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an Error of the code; the format is fmt.Errorf's, %w included.
func Errorf(code Code, format string, args ...any) error {
	return &Error{Code: code, Err: fmt.Errorf(format, args...)}
}

// CodeOf returns the code of the outermost Error in err's chain: "" for nil, Internal where there is none.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}
