package normalize

import (
	"cmp"
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// level is one place where a unit of money may stand, from the cell outwards: the first that names one counts.
type level struct {
	units []string // one; several disagree
	cell  string
	text  string
}

// moneyUnit is the innermost unit of money that is given: in the cell, in the row's 计量单位, in its label, in the header, for the whole
// table, or the form's own. False says that it is not known, which is a finding then: a unit that is not understood is never taken for
// another.
func (s *sheetReader) moneyUnit(cellUnit string, ctx context, column reporting.Column, indicator *reporting.Indicator) (reporting.Money, bool) {
	if _, multiple := multiples[cellUnit]; multiple && cellUnit != "" {
		return reporting.Yuan, true // 3.5万 without 元: the number is in yuan already
	}
	if _, ok := reporting.Money(cellUnit).Factor(); ok {
		return reporting.Money(cellUnit), true
	}
	if _, ok := reporting.Money(s.moneyAbove).Factor(); ok && ctx.total && len(ctx.units) == 0 && !s.unnamed {
		return reporting.Money(s.moneyAbove), true // as all of its rows
	}
	for _, l := range s.moneyLevels(ctx, column) {
		if len(l.units) == 0 {
			continue
		}
		unit := reporting.Money(l.units[0])
		if _, ok := unit.Factor(); ok && len(l.units) == 1 {
			return unit, true
		}
		s.unclearUnit(l, column)
		return "", false
	}
	unit := s.formMoney(ctx, indicator)
	if other := s.moneyAbove; other != "" && other != string(unit) {
		s.unclearUnit(level{units: []string{other, string(unit)}, cell: ctx.unitCell, text: other}, column)
		return "", false
	}
	return unit, true
}

// moneyLevels are the places where the unit of a column's amounts may stand, from the row outwards.
func (s *sheetReader) moneyLevels(ctx context, column reporting.Column) []level {
	row := level{units: ctx.units, cell: ctx.unitCell, text: ctx.measure}
	if len(row.units) > 0 {
		return []level{row}
	}
	at := s.form.Column(column.ID)
	levels, known := s.columnMoney[at]
	if !known {
		levels = s.tableMoney(at)
		s.columnMoney[at] = levels
	}
	return levels
}

// tableMoney are the places that are the same for all rows: the column's header, and what the sheet says for its whole table.
func (s *sheetReader) tableMoney(at int) []level {
	header := s.layout.Measures[at]
	table := level{units: unitsOf(s.layout.Money)}
	for _, note := range s.layout.Money {
		table.cell = cmp.Or(note.Cell, table.cell)
		table.text += "、" + note.Text
	}
	table.text = strings.TrimPrefix(table.text, "、")
	return []level{
		{units: moneyOf(header), cell: s.sheet.CellName(s.layout.Header.LastRow, max(0, s.layout.Columns[at])), text: header},
		table, {units: moneyOf(s.layout.Measure.Text)},
	}
}

func unitsOf(notes []reporting.Note) []string {
	var units []string
	for _, n := range notes {
		units = append(units, n.Text)
	}
	return units
}

// moneyOf lists the units of money that a text names, also where it is only their multiple: 万.
func moneyOf(text string) []string {
	if units := label.Money(text); len(units) > 0 {
		return units
	}
	if multiple := label.Multiple(text); multiple != "" {
		return []string{multiple + "元"}
	}
	return nil
}

// unclearUnit reports a unit that is not understood, or several that disagree, once for each place.
func (s *sheetReader) unclearUnit(l level, column reporting.Column) {
	if slices.Contains(s.unclear, l.cell+l.text) {
		return
	}
	s.unclear = append(s.unclear, l.cell+l.text)
	if q := s.layout.WhichMoney; q != nil && slices.Equal(l.units, unitsOf(s.layout.Money)) {
		if s.layout.MoneyAsked {
			return
		}
		s.found(q.Ask(reporting.UnitSuspect, reporting.Seen{Sheet: s.sheet.Name, Cell: l.cell, Shows: l.text}, reporting.Text{ZH: "请只写一种", EN: "write one of them"}))
		return
	}
	if len(l.units) > 1 {
		s.fail(reporting.UnitSuspect, l.cell, l.text, reporting.Textf("金额单位写了几种（%s），“%s”不知道以哪一种为准，请只写一种",
			"several units of money are given (%s): which one “%s” is in is not clear; write one", strings.Join(l.units, "、"), s.columnHeader(column)))
		return
	}
	s.fail(reporting.UnitSuspect, l.cell, l.text, reporting.Textf("看不懂“%s”的金额单位“%s”，请写元、万元或亿元",
		"the unit of “%s”, “%s”, is not understood: write 元, 万元 or 亿元", s.columnHeader(column), l.text))
}

// formMoney is the unit of the form itself, for a sheet that names none; that it was taken is said once.
func (s *sheetReader) formMoney(ctx context, indicator *reporting.Indicator) reporting.Money {
	unit := reporting.Yuan
	units := []string{s.rowMoney(ctx.code), string(s.form.Money)}
	if indicator != nil {
		units = append(units, indicator.Measure)
	}
	for _, text := range units {
		if _, ok := reporting.Money(text).Factor(); ok {
			unit = reporting.Money(text)
			break
		}
	}
	if !s.saidMoney {
		s.saidMoney = true
		s.find(reporting.ValueAssumed, reporting.SeverityNote, "", string(unit), reporting.Textf(
			"表中没有写金额单位，按本表规定的单位（%s）读取", "the sheet names no unit of money: taken in the form's own, %s", string(unit)))
	}
	return unit
}

// rowMoney is the unit of money that the form itself prints for the row.
func (s *sheetReader) rowMoney(code string) string {
	for _, r := range s.form.Rows {
		if r.Code == code {
			return r.Measure
		}
	}
	return ""
}

// measure is what the row says of its unit: in its own column for it, also where that is merged or repeats the row above, or in its label.
type measure struct {
	text  string // of the column
	cell  string
	units []string // of money; several disagree
}

// rowMeasure reads the row's unit. For a row of money its column may name nothing else.
func (s *sheetReader) rowMeasure(code string, total bool) measure {
	at := s.form.ColumnOf(reporting.Measure)
	u := measure{cell: s.name(at)}
	if cell, ok := s.cell(at); ok {
		u.text = label.Clean(cell.Shown())
	}
	if at >= 0 && s.layout.Columns[at] >= 0 {
		if merged, found := s.merged(s.row.Index, s.layout.Columns[at]); found {
			u.text = label.Clean(merged.Shown())
		}
		if label.Means(u.text, label.Ditto) || u.text == "同" {
			u.text = s.measureAbove
		}
		s.measureAbove = u.text
	}
	if u.text != "" {
		u.units = moneyOf(u.text)
	}
	labelCell, text := s.text(s.form.ColumnOf(reporting.RowLabel))
	for _, unit := range label.Money(text) {
		if !slices.Contains(u.units, unit) && s.isUnitTail(text, unit) {
			if u.units = append(u.units, unit); u.cell == "" {
				u.cell = labelCell
			}
		}
	}
	s.unitBeside(&u)
	if len(u.units) == 1 {
		s.moneyAbove = u.units[0]
	}
	s.unnamed = s.unnamed || !total && len(u.units) == 0 && u.text == ""
	if len(u.units) == 0 && u.text != "" && s.isMoneyRow(code) {
		u.units = []string{u.text} // no unit of money: the row is not understood
	}
	return u
}

// unitBeside adds the unit of money that the row states beside its values: in a column of its own that the form does not know, or in the remarks.
func (s *sheetReader) unitBeside(u *measure) {
	for _, cell := range s.row.Cells {
		text := cell.Shown()
		repeats := s.besideAbove[cell.Col] != "" && label.Means(text, label.Ditto)
		if cell.Kind != reporting.TextCell || !repeats && !label.MayNameMoney(text) || !s.mayStateUnit(cell.Col) {
			continue
		}
		if repeats {
			text = s.besideAbove[cell.Col]
		}
		units := label.Stated(text)
		if len(units) == 0 {
			continue
		}
		s.besideAbove[cell.Col] = text
		for _, unit := range units {
			if !slices.Contains(u.units, unit) {
				u.units = append(u.units, unit)
			}
		}
		u.cell = cmp.Or(u.cell, s.sheet.CellName(cell.Row, cell.Col))
		u.text = cmp.Or(u.text, label.Clean(text))
	}
}

var unitHeads = map[string]bool{"": true, "单位": true, "计量单位": true, "金额单位": true, "货币单位": true, "计价单位": true}

// mayStateUnit reports whether what stands in the column may be the unit of the row's amounts: in the remarks, or in a column for it, and
// not in one of the unit of something else.
func (s *sheetReader) mayStateUnit(col int32) bool {
	if at := slices.Index(s.layout.Columns, col); at >= 0 {
		return s.form.Columns[at].Type == reporting.Remark
	}
	head := ""
	for row := s.layout.Header.FirstRow; row <= s.layout.Header.LastRow; row++ {
		cell, _ := s.sheet.At(row, col)
		head += label.Fold(cell.Shown())
	}
	return unitHeads[head]
}

// isUnitTail reports whether the unit stands behind the label, and is no part of its words.
func (s *sheetReader) isUnitTail(text, unit string) bool {
	if _, tail := label.Header(text); tail == unit {
		return true
	}
	text = label.Clean(text)
	at := strings.LastIndexAny(text, "([【")
	return at > 0 && slices.Contains(label.Money(text[at:]), unit)
}

func (s *sheetReader) isMoneyRow(code string) bool {
	return slices.ContainsFunc(s.form.Columns, func(c reporting.Column) bool {
		indicator := s.indicatorOf(code, c)
		return c.Type == reporting.Amount && indicator != nil && indicator.IsMoney()
	})
}
