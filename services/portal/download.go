package portal

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"huizong/pkg/access"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
)

// policyHeader says what a browser lets a page do.
const policyHeader = "Content-Security-Policy"

const JsonLines = "application/x-ndjson"

// contentTypes of what is downloaded, by the ending of its name.
var contentTypes = map[string]string{
	"docx":  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx":  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"pdf":   "application/pdf",
	"html":  "text/html; charset=utf-8",
	"csv":   "text/csv; charset=utf-8",
	"json":  "application/json",
	"jsonl": JsonLines,
}

// endings that a name may have besides: those of the files that are taken in. Anything else is a .bin, which nothing opens.
var endings = []string{"xls", "xlsm", "et", "ods", "txt", "bin"}

// disposition says what a browser does with a file, and how it is called there: also in Chinese (RFC 6266). All names that go out are
// made safe here, whoever made them.
func disposition(what, name string) string {
	return mime.FormatMediaType(what, map[string]string{"filename": safeName(name)})
}

// maxName is how many letters a name has at most, its ending not counted.
const maxName = 100

// safeName is a name that every system takes for one file of that ending, and that reads as it is: no path, no character that another
// system cuts a name at or that turns the direction of writing, no device of Windows, and an ending of ours.
func safeName(name string) string {
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	stem := strings.TrimSuffix(name, path.Ext(name))
	if contentTypes[ending] == "" && !slices.Contains(endings, ending) {
		stem, ending = name, "bin"
	}
	stem = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_()（）〔〕、·", r) {
			return r
		}
		return '_'
	}, strings.ToValidUTF8(stem, "_"))
	if letters := []rune(stem); len(letters) > maxName {
		stem = string(letters[:maxName])
	}
	if stem = strings.Trim(stem, "_"); stem == "" || device.MatchString(stem) {
		stem = "file_" + stem
	}
	return stem + "." + ending
}

// device is what Windows takes for a device, whatever its ending.
var device = regexp.MustCompile(`^(?i:con|prn|aux|nul|(?:com|lpt)\d)$`)

func Download(w http.ResponseWriter, name, format string) {
	w.Header().Set("Content-Type", contentTypes[format])
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", disposition("attachment", name))
}

// original gives a file back as it was sent. It is never shown in place: it is somebody's file, not a page of ours.
func (p *Portal) original(w http.ResponseWriter, r *http.Request) error {
	sum := r.PathValue("sha256")
	if access.From(r.Context()).Unit != "" { // whose a hash is can only be told through its submission
		return reporting.Errorf(reporting.NotFound, "no original %s", sum)
	}
	return p.sendOriginal(w, sum, "原件-"+sum[:min(len(sum), 12)], "")
}

// submittedFile gives the file of a submission back as it was sent.
func (p *Portal) submittedFile(w http.ResponseWriter, r *http.Request) error {
	e, err := p.Desk.Envelope(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return p.sendOriginal(w, e.SHA256, p.nameOf(e), e.FileName)
}

// nameOf is what a submission's file is called when it goes out: by unit, form and period, as a clerk would call it, and the end of its
// id, so that two do not overwrite each other. What its sender called it is text to be read, and the name of nothing.
func (s *Shell) nameOf(e reporting.Envelope) string {
	unit, form := e.Org, "报表"
	if u := s.Catalogue.Unit(e.Org); u != nil {
		unit = u.Name.ZH
	}
	if f := s.Catalogue.Form(e.Form); f != nil {
		form = f.Title.ZH
	}
	return strings.Join([]string{unit, form, e.Period.String(), e.ID[max(0, len(e.ID)-6):]}, "-")
}

// sendOriginal sends a file from the disk under a name: however many fetch one slowly, none is held in memory. It is told to be nothing
// but bytes, and may do nothing should a browser show it all the same.
func (p *Portal) sendOriginal(w http.ResponseWriter, sum, name, sent string) error {
	file, err := p.Store.OpenFile(sum)
	if err != nil {
		return err
	}
	defer file.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set(policyHeader, "default-src 'none'; sandbox")
	w.Header().Set("Content-Disposition", disposition("attachment", name+"."+endingOf(file, sent)))
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
