package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asvs are the requirements of levels 1 and 2 of ASVS 5.0.0 by section: those of level 3 stand behind the others of their section but
// where a section is not listed at all.
var asvs = map[string]int{
	"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
	"2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
	"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
	"4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
	"5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
	"6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
	"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
	"8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
	"9.1": 3, "9.2": 4,
	"10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
	"11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
	"12.1": 3, "12.2": 2, "12.3": 4,
	"13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
	"14.1": 2, "14.2": 4, "14.3": 3,
	"15.1": 3, "15.2": 3, "15.3": 7,
	"16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
	"17.1": 1, "17.2": 4, "17.3": 2,
}

var (
	requirement = regexp.MustCompile(`\b\d+\.\d+\.\d+\b`)
	citation    = regexp.MustCompile("`((?:pkg|services|schemas|docs|deploy)[/\\w.-]*|Makefile|go\\.mod|README[\\w.-]*)(?::(\\w+))?`")
)

// TestSecurityPage: docs/security.md answers each requirement once, and names only what there is.
func TestSecurityPage(t *testing.T) {
	const root = "../.."
	page, err := os.ReadFile(filepath.Join(root, "docs/security.md"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for section, n := range asvs {
		for i := range n {
			want[fmt.Sprintf("%s.%d", section, i+1)] = true
		}
	}
	if len(want) != 253 {
		t.Fatalf("%d requirements are listed here, ASVS has 253 of levels 1 and 2", len(want))
	}
	international, national, found := strings.Cut(string(page), "\n## 等保 2.0 三级")
	if !found {
		t.Error("the page has no part about 等保 2.0")
	}
	checkProtection(t, national)
	for line := range strings.Lines(international) {
		cells := strings.Split(line, "|")
		if len(cells) < 5 {
			continue
		}
		ids := requirement.FindAllString(cells[1], -1)
		if how := strings.TrimSpace(strings.Join(cells[3:len(cells)-1], "|")); len(ids) > 0 && !holds(how) {
			t.Errorf("%s is answered by neither a test nor a reason: %s", ids[0], how)
		}
		for _, id := range ids {
			if !want[id] {
				t.Errorf("requirement %s is answered twice, or is none of levels 1 and 2", id)
			}
			delete(want, id)
		}
	}
	if len(want) > 0 {
		t.Errorf("not answered: %v", slices.Sorted(maps.Keys(want)))
	}
	for _, m := range citation.FindAllStringSubmatch(string(page), -1) {
		checkCitation(t, root, m[1], m[2])
	}
}

var (
	aTest   = regexp.MustCompile("`(?:pkg|services|schemas|deploy)/[\\w/.-]*_test\\.go:(?:Test|Fuzz)\\w+`")
	aReason = regexp.MustCompile(`^(?:page: \S|n/a: \S|\*\*open\*\*: \S|not tested: \S|as \d+\.\d+\.\d+)`)
)

// holds reports whether a claim has a test that is named, or says why it has none: it is a paragraph, does not apply, is open, is not tested, or is another's. That it is done
// somewhere in the code is none of these.
func holds(how string) bool { return aTest.MatchString(how) || aReason.MatchString(how) }

// TestSecurityClaims: what the page's test takes for a test or a reason, and what not.
func TestSecurityClaims(t *testing.T) {
	for how, want := range map[string]bool{
		"test: `pkg/access/token_test.go:TestToken`": true, "code: there; test: `pkg/access/token_test.go:TestToken`": true, "page: guessing": true, "n/a: none": true, "**open**: not by us": true, "not tested: the language": true, "as 3.3.1: it is one": true,
		"": false, "code: `pkg/access/token.go`": false, "test: somewhere": false, "test: `pkg/access/token.go`": false, "code: there. **Open**: not there": false, "n/a": false, "page:": false, "**open**": false,
	} {
		if holds(how) != want {
			t.Errorf("%q holds: %t", how, !want)
		}
	}
}

// protection are the requirements of GB/T 22239-2019, level 3, on a computing environment and a management centre: how many letters a
// section has, 0 for one without.
var protection = map[string]int{"8.1.4.1": 4, "8.1.4.2": 7, "8.1.4.3": 4, "8.1.4.4": 6, "8.1.4.5": 0, "8.1.4.6": 0, "8.1.4.7": 2, "8.1.4.8": 2, "8.1.4.9": 3, "8.1.4.10": 2, "8.1.4.11": 2,
	"8.1.5.1": 2, "8.1.5.2": 2, "8.1.5.3": 2, "8.1.5.4": 6}

// checkProtection: each of them is answered once, by a test, a paragraph, or why not.
func checkProtection(t *testing.T, part string) {
	t.Helper()
	want := map[string]bool{}
	for section, letters := range protection {
		if letters == 0 {
			want[section] = true
		}
		for i := range letters {
			want[section+" "+string(rune('a'+i))] = true
		}
	}
	for line := range strings.Lines(part) {
		cells := strings.Split(line, "|")
		if len(cells) < 6 || !strings.HasPrefix(cells[1], " 8.") {
			continue
		}
		if how := strings.TrimSpace(cells[4]); !holds(how) {
			t.Errorf("%s is answered by neither a test nor a reason: %s", cells[1], how)
		}
		section, letters, _ := strings.Cut(strings.TrimSpace(cells[1]), " ")
		for letter := range strings.SplitSeq(letters, ", ") {
			id := strings.TrimSpace(section + " " + letter)
			if !want[id] {
				t.Errorf("requirement %s is answered twice, or is none of level 3", id)
			}
			delete(want, id)
		}
	}
	if len(want) > 0 {
		t.Errorf("not answered of 等保 2.0: %v", slices.Sorted(maps.Keys(want)))
	}
}

func checkCitation(t *testing.T, root, path, test string) {
	t.Helper()
	info, err := os.Stat(filepath.Join(root, path))
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	if test == "" || info.IsDir() {
		return
	}
	source, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(source), "func "+test+"(") {
		t.Errorf("%s has no %s", path, test)
	}
}
