package compile

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"huizong/pkg/reporting"
)

// fillParameters decides the text of every parameter: given, or the default, or none.
func (c *compiler) fillParameters() error {
	c.parameters = c.builtinValues()
	for _, p := range standardParameters {
		if text := strings.TrimSpace(c.Parameters[p.text]); text != "" {
			c.parameters[p.text] = text
		}
	}
	if text := strings.TrimSpace(c.Parameters[issueDate]); text != "" {
		day, err := dateOf(text)
		if err != nil {
			return err
		}
		c.parameters[issueDate] = dateLabel(day)
	}
	for _, p := range c.Template.parameters {
		text, given := c.Parameters[p.text]
		if !given {
			text = c.plain(p.standard)
		}
		c.parameters[p.text] = strings.TrimSpace(text)
	}
	return nil
}

func (c *compiler) builtinValues() map[string]string {
	issued := c.Issued
	if issued == 0 {
		issued = reporting.DateOf(c.Cutoff)
	}
	year := c.Period.Last.Year()
	city := ""
	if u := c.Catalogue.Unit(c.Catalogue.City); u != nil {
		city = u.Name.ZH
	}
	unit := city
	if u := c.Catalogue.Unit(c.subject); u != nil {
		unit = u.Name.ZH
	}
	return map[string]string{
		"city":         city,
		"about":        unit,
		"period":       c.Period.Label(),
		"span":         strings.TrimPrefix(c.Period.Label(), yearLabel(year)),
		"next_span":    nextSpan(c.Period),
		"months":       monthsLabel(c.Period),
		"to_date":      monthsLabel(c.Period.YearToDate()),
		"year":         strconv.Itoa(year),
		"last_year":    strconv.Itoa(year - 1),
		"issue_date":   dateLabel(issued),
		"cutoff":       timeLabel(c.Cutoff),
		"closing_date": dateLabel(c.Period.End()),
	}
}

// parameter returns the run of a parameter: its text, or a mark where it has none.
func (c *compiler) parameter(n parameterNode) Run {
	if text := c.parameters[n.name]; text != "" {
		return Run{Text: text}
	}
	label := n.name
	for _, p := range c.Template.parameters {
		if p.text == n.name {
			label = p.label
		}
	}
	c.gaps.unset(label)
	return Run{Text: "【待填：" + label + "】", Mark: Absent}
}

// plain prints a sentence that holds text and parameters only. A clause whose parameter has no value is left out.
func (c *compiler) plain(s sentence) string {
	var b strings.Builder
	for _, r := range c.nodes(s.nodes, &sentenceState{}) {
		b.WriteString(r.Text)
	}
	return b.String()
}

// dateLabel writes a day without leading zeros, as the standard wants it.
func dateLabel(d reporting.Date) string {
	t := d.Time()
	return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
}

// timeLabel writes a day and what is needed of its time.
func timeLabel(t time.Time) string {
	label := dateLabel(reporting.DateOf(t))
	switch {
	case t.Minute() != 0:
		return fmt.Sprintf("%s%d时%d分", label, t.Hour(), t.Minute())
	case t.Hour() != 0:
		return fmt.Sprintf("%s%d时", label, t.Hour())
	}
	return label
}

func yearLabel(year int) string { return fmt.Sprintf("%d年", year) }

// nextSpan names the period of the same length that follows, with its year only where that is another one.
func nextSpan(p reporting.Period) string {
	length := reporting.Month(p.Len())
	next := reporting.Period{First: p.First + length, Last: p.Last + length}
	if next.First.Year() == p.Last.Year() && next.Last.Year() == p.Last.Year() {
		return strings.TrimPrefix(next.Label(), yearLabel(next.First.Year()))
	}
	return next.Label()
}

// monthsLabel names the months within their year: 1—6月, 6月; of several years it says which.
func monthsLabel(p reporting.Period) string {
	if p.Len() == 1 {
		return fmt.Sprintf("%d月", p.First.Number())
	}
	if p.First.Year() != p.Last.Year() {
		return p.Label()
	}
	return fmt.Sprintf("%d—%d月", p.First.Number(), p.Last.Number())
}
