package reports

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"huizong/pkg/compile/html"
	"huizong/pkg/reporting"
)

const draftNote = "draft.json" // a Draft, beside its files

// Draft compiles a draft of the report and period as of its cut-off, and puts it in the place of the one before. It is false where that was
// made of the same submissions, and for the same reason.
func (r *Reports) Draft(ctx context.Context, d reporting.Draft, standings []reporting.Standing) (made bool, err error) {
	of := recipe{answers: r.Answers, template: r.Templates[d.Report], subject: r.Answers.Catalogue.City, period: d.Period}
	if d.Inputs, err = of.key(standings); err != nil {
		return false, err
	}
	if before, err := readDraft(r.draftFolder(d.Report, d.Period)); err == nil && before.Inputs == d.Inputs && before.Because == d.Because {
		return false, nil
	}
	of.cutoff = d.Cutoff
	document, err := r.document(ctx, of)
	if err != nil {
		return false, err
	}
	files := map[string][]byte{}
	for _, format := range withCompanions(Formats) {
		data, err := r.write(document, format)
		if reporting.CodeOf(err) == reporting.Unavailable {
			if !slices.Contains(d.Notes, err.Error()) { // the companion lacks the same
				d.Notes = append(d.Notes, err.Error())
			}
			continue
		}
		if err != nil {
			return false, err
		}
		name := FileName(d.Report, d.Period, format)
		files[name], d.Files = data, append(d.Files, name)
	}
	return true, keepDraft(r.draftFolder(d.Report, d.Period), d, files)
}

func (r *Reports) draftFolder(report string, p reporting.Period) string {
	return filepath.Join(r.DraftsFolder, fileStem(report, p))
}

// Drafts lists the drafts that there are, the latest period first.
func (r *Reports) Drafts() ([]reporting.Draft, error) {
	drafts := []reporting.Draft{}
	if r.DraftsFolder == "" {
		return drafts, nil
	}
	folders, err := os.ReadDir(r.DraftsFolder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, reporting.Errorf(reporting.Unavailable, "drafts: %w", err)
	}
	for _, folder := range folders {
		// One that is not whole counts as none: it is being made, or will be again.
		if d, err := readDraft(filepath.Join(r.DraftsFolder, folder.Name())); err == nil && folder.Name() == fileStem(d.Report, d.Period) {
			drafts = append(drafts, d)
		}
	}
	slices.SortFunc(drafts, func(a, b reporting.Draft) int { return int(b.Period.Last - a.Period.Last) })
	return drafts, nil
}

// DraftFile is a file of the draft of a report and period, as it stands now.
func (r *Reports) DraftFile(report string, p reporting.Period, name string) (File, error) {
	folder := r.draftFolder(report, p)
	d, err := readDraft(folder)
	if err != nil || r.DraftsFolder == "" || r.Templates[report] == nil {
		return File{}, reporting.Errorf(reporting.NotFound, "there is no draft of %s for %s", fileStem(report, p), p)
	}
	if !slices.Contains(d.Files, name) { // a name of ours, and so no path to elsewhere
		return File{}, reporting.Errorf(reporting.NotFound, "the draft has no file %q: it has %s", name, strings.Join(d.Files, ", "))
	}
	data, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return File{}, reporting.Errorf(reporting.Unavailable, "draft: %w", err)
	}
	f := File{Data: data, Cutoff: d.Cutoff}
	if path.Ext(name) == ".html" {
		f.Policy = html.Policy
	}
	return f, nil
}

func readDraft(folder string) (d reporting.Draft, err error) {
	data, err := os.ReadFile(filepath.Join(folder, draftNote))
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(data, &d)
}

// keepDraft puts a draft in the place of the one before. Nothing is synced: what a power cut takes is made again, because a folder
// without a whole draft.json counts as none.
func keepDraft(folder string, d reporting.Draft, files map[string][]byte) error {
	note, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	files[draftNote] = note
	temp := folder + ".new"
	if err := errors.Join(os.RemoveAll(temp), os.MkdirAll(temp, 0o700)); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(temp, name), data, 0o600); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	return os.Rename(temp, folder)
}
