package endpoint

import "net/http"

// answer knows how far the answer to a request is.
type answer struct {
	http.ResponseWriter
	begun  bool         // something has gone out
	before func() error // is done before the first byte of a success; nil is nothing
	noted  bool         // before was done
	failed error        // before's
}

// begin comes before the first byte. It is an error where that must not go out.
func (a *answer) begin(status int) error {
	if !a.begun && a.before != nil && !a.noted && status < http.StatusMultipleChoices {
		a.noted = true
		a.failed = a.before()
	}
	if a.failed == nil {
		a.begun = true
	}
	return a.failed
}

// WriteHeader sends the status. Where it must not go out, the handler learns it from Write.
func (a *answer) WriteHeader(status int) {
	if a.begin(status) == nil {
		a.ResponseWriter.WriteHeader(status)
	}
}

func (a *answer) Write(data []byte) (int, error) {
	if err := a.begin(http.StatusOK); err != nil {
		return 0, err
	}
	return a.ResponseWriter.Write(data)
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
