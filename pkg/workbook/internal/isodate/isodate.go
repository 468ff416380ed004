// Package isodate turns the dates that some formats write as text into the serial numbers that all others have.
package isodate

import (
	"math"
	"strconv"
	"strings"
	"time"
)

var layouts = []string{"2006-01-02", "2006-01-02T15:04:05", "2006-01-02T15:04:05Z07:00", "15:04:05", "T15:04:05"}

// Serial counts the days since the workbook's epoch; a time without a date is its fraction of the day.
func Serial(text string, date1904 bool) (string, bool) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return format(days(t, date1904)), true
		}
	}
	return "", false
}

func days(t time.Time, date1904 bool) float64 {
	if t.Year() == 0 {
		return t.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)).Hours() / 24
	}
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if date1904 {
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	d := t.Sub(epoch).Hours() / 24
	if !date1904 && 0 < d && d < 61 {
		d-- // Excel believes in 29 February 1900
	}
	return d
}

// Duration reads "PT12H30M00.5S" as a part of days.
func Duration(text string) (string, bool) {
	d, err := time.ParseDuration(strings.ToLower(strings.TrimPrefix(text, "PT")))
	if err != nil {
		return "", false
	}
	return format(d.Hours() / 24), true
}

// format keeps ten decimals: a tenth of a millisecond, beyond which there is only the noise of the division.
func format(days float64) string {
	return strconv.FormatFloat(math.Round(days*1e10)/1e10, 'f', -1, 64)
}
