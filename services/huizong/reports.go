package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"huizong/pkg/answers"
	"huizong/pkg/compile/pdf"
	"huizong/pkg/release"
	"huizong/pkg/reporting"
	"huizong/pkg/reports"
	"huizong/pkg/warn"
	"huizong/schemas"
)

// Folders of the data directory. Releases are kept for good; drafts can be made again.
const (
	releasesFolder = "releases"
	draftsFolder   = "drafts"
)

// openReports makes what answers and what compiles reports, with the releases. The fonts are read at once, but aside: only a .pdf waits for them.
func (s *system) openReports(cfg serveConfig) (*reports.Reports, error) {
	releases, err := release.Open(filepath.Join(cfg.Data, releasesFolder))
	if err != nil {
		return nil, err
	}
	rules, err := warn.Load(s.schemas, reports.WarningsFile, s.catalogue)
	if err != nil {
		return nil, err
	}
	answers, err := answers.New(answers.Config{Facts: s.facts, Catalogue: s.catalogue, Journal: s.store, Releases: releases, Rules: rules})
	if err != nil {
		return nil, err
	}
	fonts := sync.OnceValues(func() (*pdf.Fonts, error) { return findFonts(cfg.Fonts) })
	go fonts()
	return reports.New(reports.Config{Answers: answers, Templates: s.templates, Schemas: s.schemas, Load: schemas.Load, Fonts: fonts, Program: version(),
		Now: func() time.Time { return time.Now().In(reporting.Zone) }, DraftsFolder: filepath.Join(cfg.Data, draftsFolder)}), nil
}

// findFonts reads the fonts of .pdf reports: of the folder named, and of no other then, or of the first of those where make puts them
// that has them: beside the running binary, in the working folder, in the Go module that it is in, so that tests find them.
func findFonts(named string) (*pdf.Fonts, error) {
	folders := []string{named}
	if named == "" {
		folders = fontFolders()
	}
	var first error
	for _, folder := range folders {
		fonts, err := pdf.LoadFonts(os.DirFS(folder))
		if err == nil {
			return fonts, nil
		}
		if first == nil || reporting.CodeOf(err) != reporting.Unavailable {
			first = fmt.Errorf("%s: %w", folder, err)
		}
	}
	return nil, first
}

func fontFolders() []string {
	folders := []string{filepath.Join("deploy", "fonts")}
	if exe, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		folders = append([]string{filepath.Join(filepath.Dir(exe), "fonts"), filepath.Join(filepath.Dir(exe), "..", "deploy", "fonts")}, folders...)
	}
	if dir, err := os.Getwd(); err == nil {
		for up := filepath.Dir(dir); up != dir; dir, up = up, filepath.Dir(up) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				return append(folders, filepath.Join(dir, "deploy", "fonts"))
			}
		}
	}
	return folders
}
