package admin

import (
	"cmp"
	"context"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/duty"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// unitsPage shows the units as they are on a day.
type unitsPage struct {
	On     reporting.Date
	All    bool // also those that are not on the day
	Levels []unitLevel
	Count  int
	File   string
	Hash   string
}

type unitLevel struct {
	Name  reporting.Text
	Units []unitLine
}

type unitLine struct {
	reporting.OrgUnit
	There bool // on the day
	Forms []unitForm
	Since string
	Until string
}

type unitForm struct {
	ID   string
	Owed bool
	Duty reporting.Duty
}

func (p *Pages) unitsPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	page := unitsPage{On: reporting.DateOf(time.Now().In(reporting.Zone)), All: q.Get("all") != "", File: p.Machine.UnitsFile, Hash: p.Machine.UnitsHash}
	if text := q.Get("on"); text != "" {
		on, ok := reporting.ParseDate(text)
		if !ok {
			return reporting.Errorf(reporting.Invalid, "on %q: want a day like 2020-07-01", text)
		}
		page.On = on
	}
	for _, level := range []reporting.Level{reporting.LevelCity, reporting.LevelTownship, reporting.LevelSubUnit, reporting.LevelDirect} {
		group := unitLevel{Name: portal.LevelNames[level]}
		for _, u := range p.Catalogue.Units {
			there := (u.From == 0 || u.From <= page.On) && (u.To == 0 || u.To >= page.On)
			if u.Level != level || !there && !page.All {
				continue
			}
			group.Units = append(group.Units, p.unitLine(u, there))
		}
		if page.Count += len(group.Units); len(group.Units) > 0 {
			page.Levels = append(page.Levels, group)
		}
	}
	return p.Show(w, r, "units", reporting.Text{ZH: "单位", EN: "Units"}, page)
}

func (p *Pages) unitLine(u reporting.OrgUnit, there bool) unitLine {
	line := unitLine{OrgUnit: u, There: there}
	if u.From != 0 {
		line.Since = u.From.String()
	}
	if u.To != 0 {
		line.Until = u.To.String()
	}
	for _, f := range p.Catalogue.Forms {
		if f.SentBy(u) {
			line.Forms = append(line.Forms, unitForm{ID: f.ID, Owed: f.Duty != reporting.NoDuty, Duty: f.Duty})
		}
	}
	return line
}

// targetsPage shows the targets of a year that stand.
type targetsPage struct {
	Year   int
	Years  []int
	Levels []reporting.Text
	Lines  []targetRow
	Sheets []targetSheet
	May    bool // the viewer may see the sheets
}

type targetRow struct {
	Indicator *reporting.Indicator
	Values    []targetValue // by level
}

type targetValue struct {
	Value      string // "" is none
	Submission string
	Cell       string
	Written    string
}

// targetSheet is a submission that targets come from.
type targetSheet struct {
	Submission, Sender, Form string
	Count                    int
	Revision                 int
	ReceivedAt               time.Time
	By                       string
}

func (p *Pages) targetsPage(w http.ResponseWriter, r *http.Request) error {
	targets, err := p.Facts.Targets(r.Context(), time.Time{})
	if err != nil {
		return err
	}
	page := targetsPage{May: access.From(r.Context()).May(access.ReadSubmissions), Levels: []reporting.Text{{ZH: "市定目标", EN: "the city's"}, {ZH: "省定目标", EN: "the province's"}}}
	for _, t := range targets {
		if !slices.Contains(page.Years, t.Year) {
			page.Years = append(page.Years, t.Year)
		}
	}
	slices.Sort(page.Years)
	slices.Reverse(page.Years)
	if len(page.Years) > 0 {
		page.Year = page.Years[0]
	}
	if year, err := strconv.Atoi(r.URL.Query().Get("year")); err == nil {
		page.Year = year
	}
	revisions, err := p.revisions(r.Context())
	if err != nil {
		return err
	}
	sheets := map[string]*targetSheet{}
	lines := map[string]*targetRow{}
	for _, t := range targets {
		i := p.Catalogue.Indicator(t.Indicator)
		if t.Year != page.Year || i == nil {
			continue
		}
		if lines[i.Code] == nil {
			lines[i.Code] = &targetRow{Indicator: i, Values: make([]targetValue, len(reporting.TargetLevels))}
		}
		at := slices.Index(reporting.TargetLevels, cmp.Or(t.Level, reporting.CityTarget))
		if at < 0 {
			continue
		}
		lines[i.Code].Values[at] = targetValue{Value: shownMeasure(t.Value.Rat(), i), Submission: t.Submission, Cell: strings.Trim(t.Sheet+"!"+t.Cell, "!"), Written: t.Written}
		if sheets[t.Submission] == nil {
			sheets[t.Submission] = &targetSheet{Submission: t.Submission, Sender: t.Sender, Form: t.Form, Revision: revisions[t.Submission]}
			if e, err := p.Store.Envelope(t.Submission); err == nil {
				sheets[t.Submission].ReceivedAt, sheets[t.Submission].By = e.ReceivedAt, e.By
			}
		}
		sheets[t.Submission].Count++
	}
	for _, i := range p.Catalogue.Indicators {
		if line := lines[i.Code]; line != nil {
			page.Lines = append(page.Lines, *line)
		}
	}
	for _, s := range sheets {
		page.Sheets = append(page.Sheets, *s)
	}
	slices.SortFunc(page.Sheets, func(a, b targetSheet) int { return cmp.Compare(b.Submission, a.Submission) })
	return p.Show(w, r, "targets", reporting.Text{ZH: "目标", EN: "Targets"}, page)
}

// revisions say of each standing submission how many different sheets were accepted in its place.
func (p *Pages) revisions(ctx context.Context) (map[string]int, error) {
	standings, err := p.Facts.Standings(ctx, time.Time{})
	revisions := make(map[string]int, len(standings))
	for _, s := range standings {
		revisions[s.Submission] = s.Revision
	}
	return revisions, err
}

// shownMeasure is a number with its measure.
func shownMeasure(value *big.Rat, i *reporting.Indicator) string {
	if i.Kind == reporting.Ratio {
		return phrase.Percent(value)
	}
	return strings.TrimSpace(phrase.Number(value, i) + " " + i.Measure)
}

// calendarPage shows until when each form is due, and what the bureau has set.
type calendarPage struct {
	Month  reporting.Month
	Lines  []calendarLine
	Set    []deadlineLine
	Forms  []portal.Option
	Draft  reporting.Text
	Other  []reporting.Indicator // whose month is not that of the calendar
	Rest   int
	May    bool
	Done   *reporting.Text
	Values deadlineForm
}

// setDone says that a deadline was just set: the address names it.
func setDone(done string) *reporting.Text {
	if done != "deadline" {
		return nil
	}
	return &reporting.Text{ZH: "截止时间已调整。", EN: "The deadline is set."}
}

// deadlineForm are what the form for a deadline begins with.
type deadlineForm struct{ Form, Period string }

type calendarLine struct {
	Form   *reporting.Form
	Own    reporting.Text // the form's own deadline
	Period reporting.Period
	At     time.Time
	Set    *reporting.Envelope // nil where it is the form's own
	Days   int
}

type deadlineLine struct {
	reporting.Envelope
	Words reporting.Text
}

func (p *Pages) calendarPage(w http.ResponseWriter, r *http.Request) error {
	now, q := time.Now(), r.URL.Query()
	page := calendarPage{Month: duty.Collecting(now), May: access.From(r.Context()).May(access.ManageCalendar), Done: setDone(q.Get("done")),
		Draft: draftWords(p.Machine.Drafts), Values: deadlineForm{q.Get("form"), q.Get("period")}}
	set := p.Store.Deadlines()
	calendar := duty.NewCalendar(set)
	lang := p.Language(w, r)
	page.Forms = append(page.Forms, portal.Option{Name: phrase.Pick(lang, reporting.Text{ZH: "（所有月报）", EN: "(every monthly form)"}), Chosen: page.Values.Form == ""})
	for _, f := range p.Catalogue.Forms {
		page.Forms = append(page.Forms, portal.Option{Value: f.ID, Name: phrase.Pick(lang, f.Title), Chosen: f.ID == page.Values.Form})
		line := calendarLine{Form: f, Own: dueWords(f)}
		line.Period = nextDue(f, page.Month)
		d := calendar.Of(f, line.Period)
		line.At, line.Set, line.Days = d.At, d.Set, duty.DaysLeft(now, d.At)
		page.Lines = append(page.Lines, line)
	}
	for _, e := range slices.Backward(set) {
		page.Set = append(page.Set, deadlineLine{e, setWords(e)})
	}
	for _, i := range p.Catalogue.Indicators {
		if i.PeriodRule == reporting.From21To20 {
			page.Other = append(page.Other, i)
		} else {
			page.Rest++
		}
	}
	return p.Show(w, r, "calendar", reporting.Text{ZH: "日程", EN: "Calendar"}, page)
}

// nextDue is the first period whose sheets are collected with the month or after it.
func nextDue(f *reporting.Form, month reporting.Month) reporting.Period {
	for m := month; m < month+24; m++ {
		if period, ok := f.CollectedWith(m); ok {
			return period
		}
	}
	return reporting.MonthPeriod(month)
}

// dueWords say when a form is due by its own file.
func dueWords(f *reporting.Form) reporting.Text {
	if f.Due.Months < 0 && f.Periods == reporting.EachYear {
		return reporting.Textf("当年 %[3]d 月 %[1]d 日 %[2]s", "%[1]d.%[3]d. of the year itself, %[2]s", f.Due.Day, f.Due.Clock(), 12+f.Due.Months)
	}
	return afterWords(f.Due)
}

// afterWords say a day after a period.
func afterWords(d reporting.Due) reporting.Text {
	if d.Months == 1 {
		return reporting.Textf("期后次月 %[1]d 日 %[2]s", "day %[1]d of the month after, %[2]s", d.Day, d.Clock())
	}
	return reporting.Textf("期后第 %[3]d 个月 %[1]d 日 %[2]s", "day %[1]d of the %[3]d. month after, %[2]s", d.Day, d.Clock(), d.Months)
}

// setWords say what was set.
func setWords(e reporting.Envelope) reporting.Text {
	if e.Deadline == nil {
		return reporting.Text{}
	}
	if e.Deadline.Date != "" {
		return reporting.Textf("%[1]s %[2]s", "%[1]s %[2]s", e.Deadline.Date, e.Deadline.Time)
	}
	return reporting.Textf("当月 %[1]d 日 %[2]s", "day %[1]d of its month, %[2]s", e.Deadline.Day, e.Deadline.Time)
}

// draftWords say which reports are drafted, and when.
func draftWords(drafts []DraftDue) reporting.Text {
	var zh, en []string
	for _, d := range drafts {
		when := afterWords(d.Due)
		zh = append(zh, d.Name+"（"+when.ZH+"）")
		en = append(en, d.ID+" ("+when.EN+")")
	}
	if len(drafts) == 0 {
		return reporting.Text{ZH: "没有自动起草的报告。", EN: "No report is drafted by itself."}
	}
	return reporting.Text{ZH: "报齐即自动起草：" + strings.Join(zh, "、") + "；到括号中的时间没报齐的，照样起草，并列出缺报。",
		EN: "Drafted when the last sheet is in: " + strings.Join(en, ", ") + "; at the time in brackets although sheets are missing, which are listed."}
}
