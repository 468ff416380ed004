package normalize

import (
	"strconv"
	"strings"
	"unicode"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// serials that a bare number in a column of dates may be: 1954 to 2064.
const (
	firstSerial = 20000
	finalSerial = 60000
)

// readDay reads a day as people write it: a date cell, 2020-06-15, 2020.6.15, 2020/6/15, 2020年6月15日, 20200615 or a bare serial.
func (s *sheetReader) readDay(cell reporting.Cell) (reporting.Date, bool) {
	if day, ok := s.sheet.Day(cell); ok {
		return day, true
	}
	if strings.ContainsFunc(cell.Text, isMark) {
		return 0, false // width folding would make a digit of the mark: 3月1①日
	}
	if day, ok := label.Day(cell.Text); ok {
		return day, true
	}
	text := label.Clean(cell.Text)
	serial, err := reporting.ParseDecimal(text)
	if err != nil || serial.Cmp(reporting.Int(firstSerial)) < 0 || serial.Cmp(reporting.Int(finalSerial)) > 0 {
		return 0, false
	}
	return s.sheet.SerialDay(serial)
}

// isMark reports whether the letter is a number by itself: ①, ², ½.
func isMark(r rune) bool { return unicode.Is(unicode.No, r) }

func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

func (s *sheetReader) date(column reporting.Column, cell reporting.Cell, v reporting.Value) reporting.Value {
	day, ok := s.readDay(cell)
	if !ok && column.Blank && label.Means(v.Text, label.Open) {
		return s.open(column, v)
	}
	if !ok {
		if day, ok = s.dayWithoutYear(cell, v.Text); ok {
			s.assumed(column, v, day.String())
		}
	}
	if !ok {
		v.Presence = reporting.Unreadable
		s.fail(reporting.BadDate, v.Cell, v.Written, reporting.Textf(
			"“%s”不是有效的日期（表中为“%s”），请按 2020-06-15 的样子填写", "“%s” is no date (“%s”): write it like 2020-06-15", s.columnHeader(column), strings.TrimSpace(v.Written)))
		return v
	}
	v.Date, v.Text = day, day.String()
	switch {
	case column.Bounds == reporting.InPeriod && !s.period.Holds(day):
		s.fail(reporting.DateOutOfPeriod, v.Cell, v.Written, reporting.Textf(
			"“%s”是 %s，不在%s之内；请核对，属于别的月份的请报到那个月", "“%s” is %s, which is not in %s: check it, or report it for its own month", s.columnHeader(column), day, s.period.Label()))
	case column.Bounds == reporting.NotAfterEnd && day > s.period.End():
		s.fail(reporting.DateOutOfPeriod, v.Cell, v.Written, reporting.Textf(
			"“%s”是 %s，晚于%s，请核对", "“%s” is %s, which is after %s: please check", s.columnHeader(column), day, s.period.Label()))
	}
	return v
}

// open reads 审理中 under the day on which a case is closed: there is none yet.
func (s *sheetReader) open(column reporting.Column, v reporting.Value) reporting.Value {
	s.find(reporting.ValueAssumed, reporting.SeverityWarning, v.Cell, v.Written, reporting.Textf(
		"“%s”写的是“%s”，按还没有这个日期读取；没有的请留空", "“%s” says “%s” and was read as no date yet: leave it empty where there is none", s.columnHeader(column), v.Text))
	v.Presence, v.Text = reporting.Missing, ""
	return v
}

// dayBefore is how many months before the end of the submission's period a day without a year may lie.
const dayBefore = 6

// dayWithoutYear reads 6月5日 or 6.5 as the day of the period's year; one that would lie after the period's end as the year before's, if that is not
// long ago. A number has lost its zeros: 6.1 is the first of June or the tenth, and is not read. What a snapshot lists may be of any year.
func (s *sheetReader) dayWithoutYear(cell reporting.Cell, text string) (reporting.Date, bool) {
	if strings.ContainsFunc(cell.Text, isMark) {
		return 0, false
	}
	month, day, ok := label.DayOfYear(text)
	if !ok || s.form.Coverage == reporting.CoversSnapshot || cell.Kind == reporting.NumberCell && day < 4 && !strings.HasSuffix(text, "0") {
		return 0, false
	}
	year, end := s.period.Last.Year(), s.period.Last
	if month > end.Number() {
		year--
	}
	if reporting.NewMonth(year, month) <= end-dayBefore && year < end.Year() {
		return 0, false
	}
	return reporting.NewDate(year, month, day)
}

func (s *sheetReader) assumed(column reporting.Column, v reporting.Value, read string) {
	s.find(reporting.ValueAssumed, reporting.SeverityWarning, v.Cell, v.Written, reporting.Textf(
		"“%s”没有写年份，“%s”按 %s 读取，请写全", "“%s” lacks its year: “%s” was read as %s; write it in full", s.columnHeader(column), v.Text, read))
}

// month reads a month: 2020-06, 2020年6月, 202006, 2020.06, 2020/6, or a real date.
func (s *sheetReader) month(column reporting.Column, cell reporting.Cell, v reporting.Value) reporting.Value {
	m, ok := s.readMonth(cell)
	if own := s.period.First; !ok && column.Bounds == reporting.InPeriod && s.period.Len() == 1 && v.Text == strconv.Itoa(own.Number()) {
		m, ok = own, true // 6 alone, in the sheet of June
		s.assumed(column, v, m.String())
	}
	if !ok {
		v.Presence = reporting.Unreadable
		s.fail(reporting.BadDate, v.Cell, v.Written, reporting.Textf(
			"“%s”不是有效的月份（表中为“%s”），请按 2020-06 的样子填写", "“%s” is no month (“%s”): write it like 2020-06", s.columnHeader(column), strings.TrimSpace(v.Written)))
		return v
	}
	v.Month, v.Text = m, m.String()
	if column.Bounds != "" && !s.period.Contains(reporting.MonthPeriod(m)) {
		s.fail(reporting.DateOutOfPeriod, v.Cell, v.Written, reporting.Textf("“%s”是 %s，不在%s之内；请核对，属于别的月份的请报到那个月", "“%s” is %s, which is not in %s: check it, or report it for its own month", s.columnHeader(column), m, s.period.Label()))
	}
	return v
}

func (s *sheetReader) readMonth(cell reporting.Cell) (reporting.Month, bool) {
	if day, ok := s.sheet.Day(cell); ok {
		return day.Month(), true
	}
	if m, ok := s.known.months[cell.Text]; ok {
		return m, true
	}
	m, ok := s.monthText(cell)
	if ok {
		s.known.months[cell.Text] = m
	}
	return m, ok
}

func (s *sheetReader) monthText(cell reporting.Cell) (reporting.Month, bool) {
	if strings.ContainsFunc(cell.Text, isMark) {
		return 0, false
	}
	text := label.Clean(cell.Text)
	if cell.Kind == reporting.NumberCell && strings.HasSuffix(text, ".1") && s.period.Last.Number() == 10 {
		text += "0" // the number 2020.10 has lost its zero
	}
	if p, ok := label.Period(text); ok && p.Len() == 1 {
		return p.First, true
	}
	if p, ok := label.MonthOf(text, s.period.Last.Year()); ok {
		return p.First, true
	}
	if day, ok := s.readDay(cell); ok {
		return day.Month(), true
	}
	return 0, false
}
