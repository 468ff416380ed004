package portal

import (
	"cmp"
	"net/http"
	"path"
	"strings"
	"time"

	"huizong/pkg/reports"
)

// cutoffHeader says as of when a report was compiled: asking for another format as of then gives the same report.
const cutoffHeader = "Huizong-Cutoff"

// SendReport compiles a report in a format. Parameters of its template are param.NAME=TEXT.
func (s *Shell) SendReport(w http.ResponseWriter, r *http.Request, from *reports.Reports) error {
	order, err := s.reportOrder(r)
	if err != nil {
		return err
	}
	format := cmp.Or(r.URL.Query().Get("format"), "docx")
	file, err := from.Report(r.Context(), order, format)
	if err != nil {
		return err
	}
	w.Header().Set(cutoffHeader, file.Cutoff.Format(time.RFC3339Nano))
	return SendFile(w, r, file.Name, file.Policy, file.Data)
}

func (s *Shell) reportOrder(r *http.Request) (reports.Order, error) {
	wanted, err := s.Selection(r)
	if err != nil {
		return reports.Order{}, err
	}
	order := reports.Order{Report: ReportID(r.PathValue("report")), Period: wanted.Periods[0], Standpoint: wanted.Standpoint}
	for key, values := range r.URL.Query() {
		if name, ok := strings.CutPrefix(key, "param."); ok {
			if order.Parameters == nil {
				order.Parameters = map[string]string{}
			}
			order.Parameters[name] = values[0]
		}
	}
	return order, nil
}

// ReportID is the id of a report's template, by the name that it has in an address: half-year.
func ReportID(name string) string { return strings.ReplaceAll(name, "-", "_") }

// SendFile sends a file to be kept, or, with ?show=1, a page or a .pdf to be looked at in the browser. A page of ours may load and run
// nothing.
func SendFile(w http.ResponseWriter, r *http.Request, name, policy string, data []byte) error {
	format := strings.TrimPrefix(path.Ext(name), ".")
	Download(w, name, format)
	if policy != "" {
		w.Header().Set(PolicyHeader, policy+"; sandbox") // a page of its own: not of our origin, even if it could run something
	}
	if r.URL.Query().Get("show") != "" && (format == "html" || format == "pdf") {
		w.Header().Set("Content-Disposition", Disposition("inline", name))
	}
	_, err := w.Write(data)
	return err
}

// TwoReleases are the numbers of the releases that the path names.
func TwoReleases(r *http.Request) (from, to int, err error) {
	if from, err = ReleaseNumber(r, "number"); err == nil {
		to, err = ReleaseNumber(r, "other")
	}
	return from, to, err
}
