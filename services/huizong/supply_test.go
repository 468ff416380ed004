package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// tracked are the files of the repository whose names end so.
func tracked(t *testing.T, ending string) []string {
	t.Helper()
	out, err := exec.Command("git", "-C", "../..", "ls-files", "--cached", "--others", "--exclude-standard", "*"+ending).Output()
	if err != nil {
		t.Fatal(err)
	}
	files := strings.Fields(string(out))
	if len(files) == 0 {
		t.Fatalf("no file ends with %s", ending)
	}
	return files
}

// TestLockFiles: whatever npm fetches is pinned by its hash, and by no name of a registry.
func TestLockFiles(t *testing.T) {
	for _, file := range tracked(t, "package-lock.json") {
		data, err := os.ReadFile(filepath.Join("../..", file))
		if err != nil {
			t.Fatal(err)
		}
		var lock struct {
			Packages map[string]struct{ Version, Resolved, Integrity string }
		}
		if err := json.Unmarshal(data, &lock); err != nil || len(lock.Packages) < 2 {
			t.Fatalf("%s: %v, %d packages", file, err, len(lock.Packages))
		}
		for name, p := range lock.Packages {
			if name == "" {
				continue
			}
			if !strings.HasPrefix(p.Integrity, "sha512-") {
				t.Errorf("%s: %s %s has no hash", file, name, p.Version)
			}
			if p.Resolved != "" {
				t.Errorf("%s: %s names where it is fetched from: %s", file, name, p.Resolved)
			}
		}
	}
}

// TestNoScripts: nothing that npm installs runs a script of its own, wherever we say how it is installed.
func TestNoScripts(t *testing.T) {
	command := regexp.MustCompile(`\bnpm (?:ci|install) .*`)
	for _, ending := range []string{"Makefile", ".md", ".sh", ".ci/run"} {
		for _, file := range tracked(t, ending) {
			text, err := os.ReadFile(filepath.Join("../..", file))
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range command.FindAllString(string(text), -1) {
				if strings.Contains(line, "--") && !strings.Contains(line, "--ignore-scripts") {
					t.Errorf("%s: %s", file, line)
				}
			}
		}
	}
}
