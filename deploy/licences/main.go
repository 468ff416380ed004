// Licences compares the licences of all that we depend on with allowed.txt: those that the lists of components (SBOM, CycloneDX) name, and
// the modules of go.mod that are in none of them, since only tests need these.
//
//	go run ./deploy/licences go.mod bin/sbom/*.json
package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

//go:embed allowed.txt
var allowedText string

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: licences go.mod SBOM…")
		os.Exit(2)
	}
	faults, checked, err := check(allowedText, os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(2)
	}
	for _, f := range faults {
		fmt.Println(f)
	}
	if len(faults) > 0 {
		fmt.Printf("%d of %d components: read their licences, and say in deploy/licences/allowed.txt what holds\n", len(faults), checked)
		os.Exit(1)
	}
	fmt.Printf("licences of %d components: allowed\n", checked)
}

// check returns what is not allowed, one a line, and how many components were looked at.
func check(allowed, goMod string, lists []string) (faults []string, checked int, err error) {
	rules, err := readRules(allowed)
	if err != nil {
		return nil, 0, err
	}
	all := map[string]string{}
	for _, path := range lists {
		if err := readList(path, all); err != nil {
			return nil, 0, err
		}
	}
	modules, err := readModules(goMod)
	if err != nil {
		return nil, 0, err
	}
	for _, m := range modules {
		if _, listed := all[m]; !listed {
			all[m] = ""
		}
	}
	for name, licence := range all {
		if read := rules.read[name]; read != "" {
			licence = read
		}
		if !rules.allow(name, licence) {
			faults = append(faults, fmt.Sprintf("%s: licence %q", name, licence))
		}
	}
	slices.Sort(faults)
	return faults, len(all), nil
}

// rules are what allowed.txt says.
type rules struct {
	any  map[string]bool
	only map[string]string // name → licence
	read map[string]string // name → licence
}

func readRules(text string) (rules, error) {
	r := rules{any: map[string]bool{}, only: map[string]string{}, read: map[string]string{}}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || fields[0] == "#":
		case fields[0] == "any" && len(fields) == 2:
			r.any[fields[1]] = true
		case fields[0] == "only" && len(fields) > 2:
			for _, name := range fields[2:] {
				r.only[name] = fields[1]
			}
		case fields[0] == "read" && len(fields) == 3:
			r.read[fields[1]] = fields[2]
		default:
			return r, fmt.Errorf("allowed.txt: %q", strings.TrimSpace(line))
		}
	}
	return r, nil
}

// allow reports whether the licence will do: all of those that are joined by AND, one of those by OR.
func (r rules) allow(name, licence string) bool {
	licence = strings.TrimSuffix(strings.TrimPrefix(licence, "("), ")")
	for choice := range strings.SplitSeq(licence, " OR ") {
		good := true
		for one := range strings.SplitSeq(choice, " AND ") {
			good = good && one != "" && (r.any[one] || r.only[name] == one)
		}
		if good {
			return true
		}
	}
	return false
}

// readList adds the components of a list to all: name → licence, "" where it is not known.
func readList(path string, all map[string]string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	type licences []struct {
		License    struct{ ID, Name string }
		Expression string
	}
	var list struct {
		Components []struct {
			Group, Name string
			Licenses    licences
			Evidence    struct{ Licenses licences }
		}
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if len(list.Components) == 0 {
		return fmt.Errorf("%s: it lists nothing", path)
	}
	for _, c := range list.Components {
		var found []string
		for _, l := range append(c.Licenses, c.Evidence.Licenses...) {
			found = append(found, l.License.ID+l.License.Name+l.Expression)
		}
		name := c.Name
		if c.Group != "" {
			name = c.Group + "/" + name
		}
		all[name] = strings.Join(found, " AND ")
	}
	return nil
}

var required = regexp.MustCompile(`(?m)^\s*(?:require )?([\w.-]+\.\w+/\S+) v\S+`)

// readModules are the modules that go.mod requires.
func readModules(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var modules []string
	for _, m := range required.FindAllStringSubmatch(string(data), -1) {
		modules = append(modules, m[1])
	}
	return modules, nil
}
