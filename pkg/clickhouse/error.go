package clickhouse

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"syscall"

	driver "github.com/ClickHouse/clickhouse-go/v2"

	"huizong/pkg/reporting"
)

// passing are the server's exceptions that a later try may not meet: it is overloaded, out of memory or disk, or shutting down.
var passing = []int32{
	74,  // CANNOT_READ_FROM_FILE_DESCRIPTOR
	75,  // CANNOT_WRITE_TO_FILE_DESCRIPTOR
	159, // TIMEOUT_EXCEEDED
	202, // TOO_MANY_SIMULTANEOUS_QUERIES
	209, // SOCKET_TIMEOUT
	210, // NETWORK_ERROR
	236, // ABORTED
	241, // MEMORY_LIMIT_EXCEEDED
	242, // TABLE_IS_READ_ONLY
	243, // NOT_ENOUGH_SPACE
	252, // TOO_MANY_PARTS
	394, // QUERY_WAS_CANCELLED
	439, // CANNOT_SCHEDULE_TASK
}

// translate gives a driver's error one of our codes and stops it here: no package above depends on the driver.
func translate(operation string, err error) error {
	if err == nil {
		return nil
	}
	if ours := new(reporting.Error); errors.As(err, &ours) { // from our own checks, or from DialContext
		return reporting.Errorf(ours.Code, "%s: %w", operation, err)
	}
	if errors.Is(err, context.Canceled) {
		return reporting.Errorf(reporting.Canceled, "%s: %w", operation, context.Canceled)
	}
	return reporting.Errorf(codeOf(err), "%s: %v", operation, err)
}

func codeOf(err error) reporting.Code {
	if exception := new(driver.Exception); errors.As(err, &exception) {
		if slices.Contains(passing, exception.Code) {
			return reporting.Unavailable
		}
		return reporting.Internal
	}
	var network net.Error
	if broken(err) || errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, driver.ErrAcquireConnTimeout) {
		return reporting.Unavailable
	}
	return reporting.Internal
}

// broken reports whether the connection ended under us, so that the answer, if there was one, is lost.
func broken(err error) bool {
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}
