package review

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/duty"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// remindersPage lists who has still to send what, with the words to pass on.
type remindersPage struct {
	Months  reporting.Period
	Periods []portal.OptionGroup
	Units   []reminder
	Count   int
	Counts  map[duty.State]int
	Now     time.Time
}

type reminder struct {
	Unit   string
	People []string // who has an account there
	Lines  []reminderLine
	Words  string // to be copied
	Rows   int    // of the field that they stand in
}

type reminderLine struct {
	*duty.Cell
	Href    string
	Due     reporting.Text
	Because reporting.Text // what was sent back, and why
}

func (p *Pages) remindersPage(w http.ResponseWriter, r *http.Request) error {
	now, lang := time.Now(), p.Language(w, r)
	months, board, err := p.boardAsked(r, now)
	if err != nil {
		return err
	}
	page := &remindersPage{Months: months, Periods: p.periodChoices(lang, months, now), Now: now, Counts: map[duty.State]int{}}
	people := p.clerks(lang)
	for _, owed := range board.Reminders() {
		unit := reminder{Unit: owed.Unit, People: people[owed.Unit]}
		for _, c := range owed.Cells {
			unit.Lines = append(unit.Lines, newReminderLine(c))
			page.Counts[c.State]++
			page.Count++
		}
		unit.Words = p.reminderWords(lang, unit)
		unit.Rows = strings.Count(unit.Words, "\n") + 2
		page.Units = append(page.Units, unit)
	}
	return p.Show(w, r, "reminders", reporting.Text{ZH: "催报", EN: "Reminders"}, page)
}

// clerks are the names of those who can sign in for a unit.
func (p *Pages) clerks(lang string) map[string][]string {
	clerks := map[string][]string{}
	for _, a := range p.Accounts.List() {
		if a.Role == access.Clerk && !a.Disabled {
			clerks[a.Unit] = append(clerks[a.Unit], p.PersonWords(lang, a.Name))
		}
	}
	return clerks
}

func newReminderLine(c *duty.Cell) reminderLine {
	line := reminderLine{Cell: c, Href: "/review/" + c.Unit + "/" + c.Form + "/" + c.Period.String(), Due: deadlineWords(c.Deadline, c.DaysLeft)}
	switch {
	case c.State == duty.Rejected:
		line.Because = reporting.Textf("%d 个错误", "%d errors", c.Submission.Errors)
	case c.State == duty.Returned && c.Review != nil:
		line.Because = reporting.Text{ZH: c.Review.Reason, EN: c.Review.Reason}
		for _, remark := range c.Review.Remarks {
			words := strings.TrimSpace(remark.Cell + " " + remark.Text)
			line.Because.ZH += "；" + words
			line.Because.EN += "; " + words
		}
	}
	return line
}

// reminderWords are a message to the unit: what, until when, and what was wrong.
func (p *Pages) reminderWords(lang string, unit reminder) string {
	var text strings.Builder
	if lang == "en" {
		fmt.Fprintf(&text, "%s: please attend to these forms.\n", phrase.Unit(p.Catalogue, lang, unit.Unit))
	} else {
		fmt.Fprintf(&text, "%s：您好，请尽快处理以下报表。\n", phrase.Unit(p.Catalogue, lang, unit.Unit))
	}
	for i, line := range unit.Lines {
		fmt.Fprintf(&text, "%d. ", i+1)
		because, dot := "", phrase.Pick(lang, reporting.Text{ZH: "。", EN: "."})
		if line.Because.ZH != "" {
			because = phrase.Pick(lang, reporting.Text{ZH: "（", EN: " ("}) + phrase.Pick(lang, line.Because) + phrase.Pick(lang, reporting.Text{ZH: "）", EN: ")"})
		}
		fmt.Fprintf(&text, phrase.Pick(lang, reporting.Text{ZH: "%s（%s）：%s%s，%s%s\n", EN: "%s, %s: %s%s, %s%s\n"}),
			phrase.Form(p.Catalogue, lang, line.Form), phrase.Period(lang, line.Period), phrase.Pick(lang, stateNames[line.State]), because, phrase.Pick(lang, line.Due), dot)
	}
	text.WriteString(phrase.Pick(lang, reporting.Text{ZH: "在自己的表里改好后重新上传即可，谢谢。", EN: "Correct your own sheet and send it again. Thank you."}))
	return text.String()
}
