package match

import (
	"fmt"
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// findings are what is wrong with the columns: missing, claimed twice, taken for want of better, or claimed by nothing.
func (c *candidate) findings() []reporting.Finding {
	var findings []reporting.Finding
	add := func(code reporting.FindingCode, severity reporting.Severity, column int32, value string, message reporting.Text) {
		sheet, cell := c.grid.sheet.Name, ""
		if column >= 0 {
			sheet, cell = c.grid.sheet.On(c.grid.sheet.CellName(c.last, column))
		}
		findings = append(findings, reporting.Finding{Code: code, Severity: severity, Sheet: sheet, Cell: cell, Value: value,
			Message: message.ZH, MessageEN: message.EN})
	}
	asked := map[int32]bool{} // columns that a question is about: whether they belong to the form is what it asks
	for i, column := range c.form.Columns {
		claims := c.claims[i]
		asks, headers := c.whichColumn(i)
		switch {
		case slices.Contains(c.waived, i):
		case len(claims) == 0 && column.Required && c.given[i].Text == "":
			add(reporting.MissingColumn, reporting.SeverityError, -1, "", c.missing(i))
		case c.heard[i] != nil:
			findings = append(findings, c.heard[i].Told())
		case asks != nil:
			for _, h := range headers {
				asked[h.column] = true
			}
			findings = append(findings, asks.Ask(reporting.AmbiguousColumn, asks.Options[1].Cells[0], c.naming(i)))
		case len(claims) > 0 && claims[0].quality == otherPeriod:
			add(reporting.WrongPeriod, reporting.SeverityError, claims[0].column, claims[0].written, reporting.Textf(
				"表头%s说的不是%s，请核对是否拿错了报表", "the header %s does not speak of %s: check that this is the right sheet", c.places(claims), c.period.Label()))
		case len(claims) > 1 && column.Type != reporting.Sequence && column.Type != reporting.Remark:
			add(reporting.AmbiguousColumn, reporting.SeverityError, claims[1].column, claims[1].written, c.halved(i))
		case len(claims) == 1 && claims[0].quality == loose:
			add(reporting.ValueAssumed, reporting.SeverityWarning, claims[0].column, claims[0].written, reporting.Textf(
				"表头“%s”按“%s”读取，请核对", "the header “%s” was read as “%s”: please check", claims[0].written, label.ColumnName(c.form, i)))
		}
	}
	if r := c.info.rivals; r[0].Text != "" && (r[0] == c.info.period || c.form.Money != "") {
		findings = append(findings, c.twoNotes(r))
	}
	for _, q := range []*reporting.Question{c.money, c.dated} {
		if q != nil {
			findings = append(findings, q.Told())
		}
	}
	for _, h := range c.free {
		if !asked[h.column] && c.grid.anyNumber(c.last, h.column) {
			add(reporting.UnclaimedColumn, reporting.SeverityNote, h.column, h.written, c.unclaimed(h))
		}
	}
	return findings
}

// unclaimed says that the numbers of a column were not used, and what they are where its header tells.
func (c *candidate) unclaimed(h header) reporting.Text {
	if is, ok := label.OtherMeasure(label.Clean(h.written)); ok {
		return reporting.Textf("“%[1]s”列是%[2]s，本表不收，没有采用", "the column “%[1]s” is %[3]s, which this form does not take: it was not used", h.written, is.ZH, is.EN)
	}
	if !c.period.IsZero() && label.OfOtherPeriod(label.WithoutHints(h.written), c.period) {
		return reporting.Textf("“%s”列是别的时期的数，没有采用", "the column “%s” is of another time: it was not used", h.written)
	}
	return reporting.Textf("“%s”列不属于本表，其中的数字没有采用", "the column “%s” does not belong to this form: its numbers were not used", h.written)
}

// halved says that a table in halves was not understood: to keep one column of several would lose the rows of the others.
func (c *candidate) halved(i int) reporting.Text {
	claims, name := c.claims[i], label.ColumnName(c.form, i)
	return reporting.Textf("有 %d 列都像“%s”（%s）：表格像是左右分成了 %d 栏，没有读懂；请把右边各栏的行接到左边一栏的下面",
		"%d columns could be “%s” (%s): the table seems to be set in %d parts side by side, and was not understood; put the rows of those to the right under the left one",
		len(claims), name, c.places(claims), len(claims))
}

// naming is how the sheet itself can say which column is the form's.
func (c *candidate) naming(i int) reporting.Text {
	name := label.ColumnName(c.form, i)
	if len(c.claims[i]) == 1 && len(c.claims[i][0].beside) > 0 {
		return reporting.Textf("请给这几列各写一个表头：是“%[1]s”的那一列写“%[1]s”，其余各列写明各是什么",
			"give each of these columns a header of its own: “%[1]s” to the one that it is, and to the others what they hold", name)
	}
	return reporting.Textf("请只让是“%s”的那一列用这个表头，其余各列的表头改成能说明内容的名称", "leave the header to the one that is “%s”, and give the others headers that say what they hold", name)
}

// twoNotes says that the lines above the table name two periods, or two units of money.
func (c *candidate) twoNotes(r [2]reporting.Note) reporting.Finding {
	code, what, q := reporting.WrongPeriod, reporting.Text{ZH: "所属期", EN: "periods"}, c.whichPeriod()
	if _, money := reporting.Money(r[1].Text).Factor(); money {
		code, what, q = reporting.AmbiguousColumn, reporting.Text{ZH: "金额单位", EN: "units of money"}, c.whichMoney(c.statedMoney(c.columns()))
	}
	at := reporting.Seen{Sheet: c.grid.sheet.Name, Cell: r[1].Cell, Shows: r[1].Text}
	if q != nil {
		return q.Ask(code, at, reporting.Text{ZH: "请把写错的那一处改正", EN: "correct the one that is wrong"})
	}
	return reporting.Finding{Code: code, Severity: reporting.SeverityError, Sheet: at.Sheet, Cell: at.Cell, Value: at.Shows,
		Message:   fmt.Sprintf("表头上写了两个不同的%s：%s“%s”，%s“%s”，无法判断以哪个为准，请改成一致", what.ZH, r[0].Cell, r[0].Text, r[1].Cell, r[1].Text),
		MessageEN: fmt.Sprintf("the lines above the table name two %s: %s “%s”, %s “%s”: make them agree", what.EN, r[0].Cell, r[0].Text, r[1].Cell, r[1].Text)}
}

func orEmpty(text string) string {
	if text == "" {
		return "—"
	}
	return text
}

func (c *candidate) places(claims []claim) string {
	names := make([]string, len(claims))
	for i, cl := range claims {
		names[i] = c.grid.sheet.CellName(c.last, cl.column) + "“" + cl.written + "”"
	}
	return strings.Join(names, "、")
}

// missing names the column, and the header that nearly is it.
func (c *candidate) missing(i int) reporting.Text {
	column, name := c.form.Columns[i], label.ColumnName(c.form, i)
	for _, h := range c.free {
		for _, known := range column.Labels {
			if sameMeasure(h.all, known) && !standsIn(column, h.all) && slices.ContainsFunc(h.texts, func(text string) bool { return label.Near(text, known) }) {
				return reporting.Textf("缺少“%s”列；%s 的表头“%s”与它相近，如果就是这一列，请改成“%s”",
					"the column “%s” is missing; the header at %s, “%s”, is near it: if it is the one, write “%s”",
					name, c.grid.sheet.CellName(c.last, h.column), h.written, name)
			}
		}
	}
	return reporting.Textf("缺少“%s”列，请补上这一列后重新上报", "the column “%s” is missing: add it and send again", name)
}

// unknownForm says that no visible sheet holds the form, which form is nearest, and why it is not that one.
func (m *Matcher) unknownForm(sheets []*reporting.Sheet, wanted []*reporting.Form, nearest *candidate) reporting.Finding {
	f := reporting.Finding{Code: reporting.UnknownForm, Severity: reporting.SeverityError}
	want := reporting.Text{ZH: "本系统的任何一张报表", EN: "any form of this system"}
	if len(wanted) == 1 {
		want = reporting.Text{ZH: "《" + wanted[0].Title.ZH + "》", EN: "the form “" + wanted[0].Title.EN + "”"}
	}
	message := reporting.Text{ZH: "没有找到" + want.ZH + "的表头", EN: "the header of " + want.EN + " was not found"}
	rows := m.byRows(sheets, wanted)
	visible := slices.ContainsFunc(sheets, func(s *reporting.Sheet) bool { return !s.Hidden && len(s.Rows) > 0 })
	switch {
	case !visible:
		message.ZH += "：可见的工作表都是空的（隐藏的工作表不读取），请取消隐藏后重新上报"
		message.EN += ": the visible sheets are empty (hidden sheets are not read); unhide the sheet and send again"
	case rows.form != nil && (nearest == nil || nearest.form != rows.form):
		why := rows.why()
		f.Sheet, f.Cell = rows.sheet.Name, rows.sheet.CellName(rows.at.Row, rows.at.Col)
		message.ZH += "；" + why.ZH
		message.EN += "; " + why.EN
	case nearest == nil:
		message.ZH += "：没有一列与报表的表头相符；请用本系统提供的模板填报"
		message.EN += ": not one column has a header of theirs; please use the template that this system provides"
	default:
		f.Sheet, f.Cell = nearest.grid.sheet.Name, nearest.grid.sheet.CellName(nearest.first, 0)
		why := nearest.why()
		if len(wanted) == 1 && nearest.form == wanted[0] {
			message.ZH += "：" + why.ZH + "；请补上后重新上报"
			message.EN += ": " + why.EN + "; add what is missing and send again"
			break
		}
		message.ZH += fmt.Sprintf("；最接近的是《%s》，但%s", nearest.form.Title.ZH, why.ZH)
		message.EN += fmt.Sprintf("; the nearest is “%s”, but %s", nearest.form.Title.EN, why.EN)
	}
	f.Message, f.MessageEN = message.ZH, message.EN
	return f
}

// rowsFound is a form of which a sheet names the rows, wherever they stand.
type rowsFound struct {
	form  *reporting.Form
	sheet *reporting.Sheet
	at    reporting.Cell // the first
	count int
	heads map[string]bool // the texts of the sheet, as headers
}

// fewUnits is of how many units half are enough to know a table of units.
const fewUnits = 6

// byRows is the form of which the most rows are named on a visible sheet, half of them at least.
func (m *Matcher) byRows(sheets []*reporting.Sheet, wanted []*reporting.Form) (top rowsFound) {
	for _, form := range wanted {
		rows := len(form.Rows)
		if form.RowUnits && len(wanted) == 1 { // units alone may be of any table
			rows = fewUnits
		}
		if rows == 0 {
			continue
		}
		names := m.rowNames(form)
		for _, sheet := range sheets {
			if sheet.Hidden {
				continue
			}
			known, found := map[string]bool{}, rowsFound{form: form, sheet: sheet, heads: map[string]bool{}}
			for _, row := range sheet.Rows {
				for _, c := range row.Cells {
					if c.Kind != reporting.TextCell || len(c.Text) > longestHeader {
						continue
					}
					folded, _ := label.Header(c.Shown())
					found.heads[folded] = true
					if code := names(c.Shown()); code != "" && !known[code] {
						if known[code] = true; len(known) == 1 {
							found.at = c
						}
					}
				}
			}
			found.count = len(known)
			if 2*found.count >= rows && found.count > 1 && found.count > top.count {
				top = found
			}
		}
	}
	return top
}

// why says which headers the form lacks whose rows are there.
func (r rowsFound) why() reporting.Text {
	var lacks []string
	for i, column := range r.form.Columns {
		if column.Required && column.Type != reporting.RowLabel && !slices.ContainsFunc(column.Labels, func(known string) bool { return r.heads[known] }) {
			lacks = append(lacks, label.ColumnName(r.form, i))
		}
	}
	names := reporting.Textf("%d 行的名称找到了 %d 行", "of the names of its %d rows %d are there", len(r.form.Rows), r.count)
	if r.form.RowUnits {
		names = reporting.Textf("单位的名称找到了 %d 个", "%d units are named", r.count)
	}
	if len(lacks) == 0 && len(r.sheet.HiddenCols) > 0 {
		return reporting.Textf("最接近的是《%s》：行名和表头都有，但表里有隐藏的列，不知道要不要；请取消隐藏，或者删去，再重新报送",
			"the nearest is “%s”: its rows and headers are there, but columns are hidden, and nobody can tell whether they are meant; unhide or delete them, and send again", r.form.Title.ZH)
	}
	if len(lacks) == 0 {
		return reporting.Textf("最接近的是《%[1]s》：%[2]s，表头也有，但看不出哪个数字在哪一行哪一列；请按模板的样子排列",
			"the nearest is “%[1]s”: %[3]s, and the headers, but which number stands where is not clear; lay it out as the template is", r.form.Title.ZH, names.ZH, names.EN)
	}
	return reporting.Textf("最接近的是《%[1]s》：%[2]s，但没有找到“%[4]s”的表头，请补上",
		"the nearest is “%[1]s”: %[3]s, but the headers “%[4]s” are not: add them", r.form.Title.ZH, names.ZH, names.EN, strings.Join(lacks[:min(4, len(lacks))], "”“"))
}

// why says what the nearest form lacks on this sheet.
func (c *candidate) why() reporting.Text {
	var lacks []string
	for i, column := range c.form.Columns {
		if column.Required && len(c.claims[i]) == 0 {
			lacks = append(lacks, label.ColumnName(c.form, i))
		}
	}
	if c.recognised() {
		return reporting.Text{ZH: "它不是要上报的那一张", EN: "that is not the one this was sent as"}
	}
	if len(lacks) > 0 {
		names := strings.Join(lacks[:min(4, len(lacks))], "、")
		return reporting.Textf("缺少%s等 %d 列", "it lacks %s: %d columns", names, len(lacks))
	}
	return reporting.Textf("%d 行指标中只找到 %d 行", "of its %d rows only %d are there", len(c.form.Rows), c.rows)
}

// twoSheets asks which of several sheets is the form for the period: to take one of them, or all, would be a guess.
func twoSheets(q *reporting.Question, rivals []*candidate) reporting.Finding {
	advice := reporting.Text{ZH: "请核对单位和时期，把不报送的那一张移出这个文件，再重新报送", EN: "check their units and periods, take the one that is not meant out of the file, and send again"}
	if isList(rivals[0].form) {
		advice = reporting.Text{ZH: "请把所有的行合并到一张工作表上，重复的只留一行，再重新报送", EN: "put all rows on one sheet, each once, and send again"}
	}
	rival := rivals[1]
	return q.Ask(reporting.AmbiguousColumn, reporting.Seen{Sheet: rival.grid.sheet.Name, Cell: rival.grid.sheet.CellName(rival.first, 0)}, advice)
}

// joinedSheets says that the form was put together of several sheets.
func joinedSheets(c *candidate, papers []string) reporting.Finding {
	message := reporting.Textf("《%s》分在几张工作表上：“%s”，合起来作为一份读取，请核对", "the form “%s” stands on several sheets, “%s”: they were read together as one; please check",
		c.form.Title.ZH, strings.Join(papers, "”“"))
	return reporting.Finding{Code: reporting.ValueAssumed, Severity: reporting.SeverityWarning, Sheet: papers[0], Message: message.ZH, MessageEN: message.EN}
}

// otherForm says that the sheet is another of our forms than it was sent as.
func otherForm(c, other *candidate) reporting.Finding {
	message := reporting.Textf("这张表是《%s》，不是要报送的《%s》，请核对后重新上报", "this sheet is the form “%s”, not “%s” as it was sent: check and send again",
		other.form.Title.ZH, c.form.Title.ZH)
	return reporting.Finding{Code: reporting.UnknownForm, Severity: reporting.SeverityError, Sheet: c.grid.sheet.Name,
		Cell: other.grid.sheet.CellName(other.first, 0), Message: message.ZH, MessageEN: message.EN}
}
