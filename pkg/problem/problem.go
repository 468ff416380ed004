// Package problem is the one exit for errors over HTTP: an error's code becomes a status and a problem+json document (RFC 9457).
// Handlers never choose a status for an error. What is internal goes to the log and not to the caller.
package problem

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"syscall"

	"go.uber.org/zap"

	"huizong/pkg/reporting"
)

// Problem is the document that a caller gets.
type Problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Code   reporting.Code `json:"code"`
}

var statuses = map[reporting.Code]int{
	reporting.Invalid:     http.StatusBadRequest,
	reporting.NotFound:    http.StatusNotFound,
	reporting.Conflict:    http.StatusConflict,
	reporting.Unavailable: http.StatusServiceUnavailable,
	reporting.Canceled:    http.StatusServiceUnavailable,
	reporting.Internal:    http.StatusInternalServerError,

	reporting.Unauthenticated: http.StatusUnauthorized,
	reporting.Forbidden:       http.StatusForbidden,
	reporting.TooMany:         http.StatusTooManyRequests,
}

// Handler answers a request or returns an error.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Status is the HTTP status of an error's code.
func Status(code reporting.Code) int {
	if status := statuses[code]; status != 0 {
		return status
	}
	return http.StatusInternalServerError
}

// Write answers with the error as a problem, and logs it where it is ours.
func Write(w http.ResponseWriter, r *http.Request, log *zap.Logger, err error) {
	code, detail := reporting.CodeOf(err), Detail(err)
	status := Status(code)
	if detail == "" {
		log.Error("request failed", zap.String("method", r.Method), zap.String("path", r.URL.Path), zap.Error(err))
		detail = "the server's log says what it was"
	}
	if status == http.StatusInternalServerError {
		code = reporting.Internal
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Code: code})
}

// Detail is what a caller is told of an error: nothing of an internal one, nor of one that the machine gave, with its files and addresses.
func Detail(err error) string {
	if Status(reporting.CodeOf(err)) == http.StatusInternalServerError || ofTheMachine(err) {
		return ""
	}
	return err.Error()
}

// ofTheMachine reports whether a disk or a connection of the server's failed.
func ofTheMachine(err error) bool {
	var (
		path    *fs.PathError
		link    *os.LinkError
		call    *os.SyscallError
		network *net.OpError
		number  syscall.Errno
	)
	return errors.As(err, &path) || errors.As(err, &link) || errors.As(err, &call) || errors.As(err, &network) || errors.As(err, &number)
}

// JSON writes a value with a status.
func JSON(w http.ResponseWriter, status int, value any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(value)
}

// Read turns a response that is not a success into the error that the server meant.
func Read(status int, body []byte) error {
	var p Problem
	if json.Unmarshal(body, &p) != nil || p.Code == "" {
		return reporting.Errorf(reporting.Unavailable, "the server answered %d %s", status, http.StatusText(status))
	}
	return reporting.Errorf(p.Code, "%s", p.Detail)
}
