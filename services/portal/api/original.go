package api

import (
	"bytes"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"

	"huizong/pkg/access"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// original gives a file back as it was sent. It is never shown in place: it is somebody's file, not a page of ours.
func (p *Service) original(w http.ResponseWriter, r *http.Request) error {
	sum := r.PathValue("sha256")
	if access.From(r.Context()).Unit != "" { // whose a hash is can only be told through its submission
		return reporting.Errorf(reporting.NotFound, "no original %s", sum)
	}
	return p.sendOriginal(w, sum, "原件-"+sum[:min(len(sum), 12)], "")
}

// submittedFile gives the file of a submission back as it was sent.
func (p *Service) submittedFile(w http.ResponseWriter, r *http.Request) error {
	e, err := p.Desk.Envelope(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return p.sendOriginal(w, e.SHA256, p.NameOf(e), e.FileName)
}

// sendOriginal sends a file from the disk under a name: however many fetch one slowly, none is held in memory. It is told to be nothing
// but bytes, and may do nothing should a browser show it all the same.
func (p *Service) sendOriginal(w http.ResponseWriter, sum, name, sent string) error {
	file, err := p.Store.OpenFile(sum)
	if err != nil {
		return err
	}
	defer file.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set(portal.PolicyHeader, "default-src 'none'; sandbox")
	w.Header().Set("Content-Disposition", portal.Disposition("attachment", name+"."+endingOf(file, sent)))
	_, err = io.Copy(w, file)
	return err
}

// endingOf is the ending of a file's name by what it is; its sender's word counts only between those that look alike from outside.
func endingOf(file *originals.File, sent string) string {
	head := make([]byte, 512)
	n, _ := file.ReadAt(head, 0) // a short file has fewer
	head = head[:n]
	alike := []string{"txt", "csv"}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		alike = []string{"xlsx", "xlsm", "ods", "et"}
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		alike = []string{"xls", "et"}
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
	case bytes.IndexByte(head, 0) >= 0:
		return "bin"
	}
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(sent), "."))
	if slices.Contains(alike, ending) {
		return ending
	}
	return alike[0]
}
