package schemas

import (
	"io/fs"
	"slices"

	"huizong/pkg/reporting"
)

type checksFile struct {
	Checks []struct {
		Holds string         `yaml:"holds"`
		Code  string         `yaml:"code"`
		Says  reporting.Text `yaml:"says"`
	} `yaml:"checks"`
}

// loadChecks reads the checks between indicators. Their expressions are compiled with those of the forms. A folder without any is a
// city without such checks.
func loadChecks(fsys fs.FS, c *reporting.Catalogue) error {
	if _, err := fs.Stat(fsys, "checks"); err != nil {
		return nil
	}
	paths, err := documents(fsys, "checks")
	if err != nil {
		return err
	}
	for _, p := range paths {
		var file checksFile
		doc, err := readDocument(fsys, p, &file)
		if err != nil {
			return err
		}
		for i, item := range file.Checks {
			check := reporting.Check{Holds: item.Holds, Code: reporting.FindingCode(item.Code), Says: item.Says, Source: p, Line: doc.line("checks", i)}
			switch {
			case check.Holds == "":
				return doc.errorf(at("checks", i), "a check needs holds")
			case !slices.Contains(reporting.RuleCodes, check.Code):
				return doc.errorf(at("checks", i, "code"), "code %q: want one of %v", item.Code, reporting.RuleCodes)
			case item.Says.ZH == "" || item.Says.EN == "":
				return doc.errorf(at("checks", i), "a check needs says.zh and says.en")
			}
			c.Checks = append(c.Checks, check)
		}
	}
	return nil
}
