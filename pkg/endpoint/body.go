package endpoint

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"huizong/pkg/reporting"
)

// ReadJSON reads a body of at most so many bytes: one document of the shape of the value. A field that the shape has not is refused, not
// passed over: what its sender means by it would not be done. No other decoder reads a request's body.
func ReadJSON(w http.ResponseWriter, r *http.Request, limit int64, value any) error {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, limit))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(value)
	if err == nil {
		if _, more := decoder.Token(); more != io.EOF {
			err = errors.New("something follows its end")
		}
	}
	if err != nil {
		return reporting.Errorf(reporting.Invalid, "the body is not the JSON that this route takes: %w", err)
	}
	return nil
}
