package schemas

import (
	"io/fs"

	"huizong/pkg/reporting"
)

type checksFile struct {
	Checks []struct {
		Part  string         `yaml:"part"`
		Whole string         `yaml:"whole"`
		Says  reporting.Text `yaml:"says"`
	} `yaml:"checks"`
}

// loadChecks reads the checks between forms. A folder without any is a city without such checks.
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
			forms := map[*reporting.Form]bool{}
			for key, code := range map[string]string{"part": item.Part, "whole": item.Whole} {
				form := c.FormOf(code)
				if form == nil || form.Shape == reporting.Ledger || form.Periods != "month" {
					return doc.errorf(at("checks", i, key), "%q is no indicator of a monthly form with fixed rows", code)
				}
				forms[form] = true
			}
			switch {
			case len(forms) < 2:
				return doc.errorf(at("checks", i), "both indicators stand in one form: make it a rule or a part of that form")
			case c.Indicator(item.Part).IsMoney() != c.Indicator(item.Whole).IsMoney():
				return doc.errorf(at("checks", i), "money and counts cannot be compared")
			case item.Says.ZH == "" || item.Says.EN == "":
				return doc.errorf(at("checks", i), "a check needs says.zh and says.en")
			}
			c.Checks = append(c.Checks, reporting.Check{Part: item.Part, Whole: item.Whole, Says: item.Says})
		}
	}
	return nil
}
