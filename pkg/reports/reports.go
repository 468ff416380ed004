// Package reports compiles reports, publishes them as releases, and keeps drafts. A report is made of answers, by its template; a release is
// frozen with all that it was made of, and compiles to the same bytes again.
package reports

import (
	"io/fs"
	"maps"
	"slices"
	"sync"
	"time"

	"huizong/pkg/answers"
	"huizong/pkg/compile"
	"huizong/pkg/compile/pdf"
	"huizong/pkg/reporting"
)

// WarningsFile holds the rules of warnings, in the folder of schemas.
const WarningsFile = "reports/warnings.yaml"

// Config of the reports. All fields are needed but DraftsFolder; the answers have the journal and the releases.
type Config struct {
	Answers   *answers.Answers
	Templates map[string]*compile.Template // by id
	Schemas   fs.FS                        // what catalogue, templates and rules are read from; releases freeze it
	Load      func(fs.FS) (*reporting.Catalogue, error)
	Fonts     func() (*pdf.Fonts, error) // asked for when a .pdf is
	Program   string                     // version
	Now       func() time.Time           // the cut-off of a report that is asked for as of now, in the bureau's zone
	// DraftsFolder has a folder for each draft; they can be made again. "" keeps none.
	DraftsFolder string
}

// Reports are safe for concurrent use.
type Reports struct {
	Config
	recent  documents
	publish sync.Mutex // held while a release is made: the next one is numbered and chained after it
}

// New returns the reports of a bureau.
func New(c Config) *Reports { return &Reports{Config: c} }

// List lists what can be compiled.
func (r *Reports) List() []reporting.ReportTemplate {
	list := []reporting.ReportTemplate{}
	for _, id := range slices.Sorted(maps.Keys(r.Templates)) {
		list = append(list, r.Templates[id].Describe())
	}
	return list
}
