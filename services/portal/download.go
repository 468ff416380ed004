package portal

import (
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"huizong/pkg/reporting"
)

// PolicyHeader says what a browser lets a page do.
const PolicyHeader = "Content-Security-Policy"

const JsonLines = "application/x-ndjson"

// ContentTypes of what is downloaded, by the ending of its name.
var ContentTypes = map[string]string{
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

// Disposition says what a browser does with a file, and how it is called there: also in Chinese (RFC 6266). All names that go out are
// made safe here, whoever made them.
func Disposition(what, name string) string {
	return mime.FormatMediaType(what, map[string]string{"filename": safeName(name)})
}

// maxName is how many letters a name has at most, its ending not counted.
const maxName = 100

// safeName is a name that every system takes for one file of that ending, and that reads as it is: no path, no character that another
// system cuts a name at or that turns the direction of writing, no device of Windows, and an ending of ours.
func safeName(name string) string {
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	stem := strings.TrimSuffix(name, path.Ext(name))
	if ContentTypes[ending] == "" && !slices.Contains(endings, ending) {
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
	w.Header().Set("Content-Type", ContentTypes[format])
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", Disposition("attachment", name))
}

// NameOf is what a submission's file is called when it goes out: by unit, form and period, as a clerk would call it, and the end of its
// id, so that two do not overwrite each other. What its sender called it is text to be read, and the name of nothing.
func (s *Shell) NameOf(e reporting.Envelope) string {
	unit, form := e.Org, "报表"
	if u := s.Catalogue.Unit(e.Org); u != nil {
		unit = u.Name.ZH
	}
	if f := s.Catalogue.Form(e.Form); f != nil {
		form = f.Title.ZH
	}
	return strings.Join([]string{unit, form, e.Period.String(), e.ID[max(0, len(e.ID)-6):]}, "-")
}
