package change

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"huizong/pkg/reporting"
)

// MonthHashes hashes the values of a sheet by the months that it covers: two sheets have the same hash of a month if they give the same
// figures of it. Of a form of the year to date the hash is of the year so far.
func MonthHashes(c *reporting.Catalogue, form *reporting.Form, sheet reporting.Stood) []reporting.MonthHash {
	if len(form.Indicators()) == 0 {
		return nil
	}
	var all []reporting.MonthHash
	for _, m := range form.Covers(sheet.Period).Months() {
		of := reporting.MonthPeriod(m)
		if cumulative(form) {
			of = of.YearToDate()
		}
		all = append(all, reporting.MonthHash{Month: m, Hash: hash(frozen{reporting.ClosedBy([]reporting.Envelope{{Kind: reporting.PeriodClosed, Period: of}})}.places(c, form, []reporting.Stood{sheet}))})
	}
	return all
}

func hash(places map[place]*held) string {
	var lines []string
	for at, h := range places {
		lines = append(lines, fmt.Sprintf("%d %s %s %s %s %s\n", at.what, at.indicator, at.unit, at.times, at.key, h.sum))
	}
	slices.Sort(lines)
	sum := sha256.New()
	for _, line := range lines {
		sum.Write([]byte(line))
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}
