// Package normalize reads a form's table: a sheet and its layout become typed values, observations and findings.
//
// It does no I/O and keeps no clock: the same sheet gives the same reading. It keeps missing, not applicable and zero apart, and it
// drops nothing in silence: a cell that it cannot read is a finding with its address. It does not compare values with one
// another; that is package validate.
package normalize

import (
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// Reader reads sheets of one city. It is safe for concurrent use.
type Reader struct {
	catalogue *reporting.Catalogue
	units     *units
	names     map[string]string // folded name of an indicator, as forms 16 and 17 write it → code
	personKey []byte
}

// NewReader returns a reader of the catalogue's forms. personKey is the secret under which persons are told apart without their
// numbers being kept.
func NewReader(c *reporting.Catalogue, personKey []byte) *Reader {
	r := &Reader{catalogue: c, units: newUnits(c), names: map[string]string{}, personKey: personKey}
	for _, i := range c.Indicators {
		r.names[label.Row(i.Name.ZH)] = i.Code
	}
	for _, f := range c.Forms {
		for _, row := range f.Rows {
			if row.Indicator == "" {
				continue
			}
			for _, text := range append([]string{row.Label}, row.Aliases...) {
				r.names[label.Row(text)] = row.Indicator
			}
		}
	}
	return r
}

// Read reads the table that the layout found, for the unit and period of its submission. The table is whole also where there are
// errors, so that all that is wrong can be said at once.
func (r *Reader) Read(layout *reporting.Layout, org string, period reporting.Period) (*reporting.Table, reporting.Reading, []reporting.Finding) {
	s := r.on(layout, org, period)
	s.table = &reporting.Table{Form: layout.Form, Org: org, Period: period, Sheet: layout.Sheet.Name}
	s.checkOrg()
	s.checkOrgs()
	s.checkPeriod()
	s.readTable()
	s.onPapers()
	for _, more := range layout.Further {
		s.goOn(more)
	}
	reading := s.reading()
	s.concealPersons()
	return s.table, reading, s.findings
}

// on is a reader of the layout's sheet.
func (r *Reader) on(layout *reporting.Layout, org string, period reporting.Period) *sheetReader {
	s := &sheetReader{
		Reader: r, layout: layout, sheet: layout.Sheet, form: layout.Form, period: period,
		down: mergedDown(layout), covered: covered(layout), records: measureRecords(layout), labels: labelColumns(layout), persons: layout.Form.ColumnOf(reporting.IDNumber) >= 0,
		known: memo{map[string]unitReading{}, map[choice]string{}, map[string]reporting.Month{}, map[string]string{}},
	}
	s.besideAbove, s.columnMoney, s.totals = map[int32]string{}, map[int][]level{}, strings.Join(append([]string{"计页汇总和求均lL"}, s.form.Total...), "")
	return s
}

// goOn reads a further sheet of the same list. Its lines say that they stand there.
func (s *sheetReader) goOn(layout *reporting.Layout) {
	more := s.on(layout, s.table.Org, s.period)
	more.table = &reporting.Table{Form: s.form, Org: s.table.Org, Period: s.period}
	more.known, more.saidMoney = s.known, s.saidMoney
	more.checkOrg()
	more.checkOrgs()
	more.readTable()
	for _, line := range more.table.Lines {
		line.Sheet = layout.Sheet.Name
		for i := range line.Values {
			line.Values[i].Sheet = layout.Sheet.Name
		}
		s.table.Lines = append(s.table.Lines, line)
	}
	s.findings = reporting.AddFindings(s.findings, more.findings...)
}

// onPapers says of the values of a table that was laid out from several sheets on which of them they stand.
func (s *sheetReader) onPapers() {
	if len(s.sheet.Papers()) == 1 {
		return
	}
	lines := make([]*reporting.Line, 0, len(s.table.Lines)+1)
	for i := range s.table.Lines {
		lines = append(lines, &s.table.Lines[i])
	}
	if s.table.Total != nil {
		lines = append(lines, s.table.Total)
	}
	for _, line := range lines {
		for i, v := range line.Values {
			sheet, cell := s.sheet.On(v.Cell)
			if line.Values[i].Cell = cell; sheet != s.sheet.Name {
				line.Values[i].Sheet = sheet
			}
		}
	}
}

func (s *sheetReader) readTable() {
	s.sayGiven()
	switch {
	case s.form.Shape == reporting.Ledger || s.form.Shape == reporting.NarrativeForm:
		s.readLedger()
	case s.form.RowUnits:
		s.readUnitRows()
	case len(s.form.Rows) > 0:
		s.readFixedRows()
	default:
		s.readNamedRows()
	}
}

// memo remembers readings of texts that come again on a sheet, row after row.
type memo struct {
	units   map[string]unitReading
	choices map[choice]string
	months  map[string]reporting.Month
	keys    map[string]string
}

type unitReading struct {
	code string
	sure bool
}

type choice struct {
	column int
	text   string
}

// sheetReader is the reading of one sheet.
type sheetReader struct {
	*Reader
	layout       *reporting.Layout
	sheet        *reporting.Sheet
	form         *reporting.Form
	period       reporting.Period
	table        *reporting.Table
	findings     []reporting.Finding
	row          reporting.Row               // the row being read
	down         map[int32][]reporting.Range // vertical merged ranges, by row
	records      records                     // of a text file
	covered      map[int32][]reporting.Range // all merged ranges below the header, by row
	labels       []reporting.Range           // the columns of row labels, where there are several
	totals       string                      // the letters of the words for a total: most texts have none
	columnMoney  map[int][]level             // where the unit of a column's amounts may stand, whatever the row
	known        memo
	persons      bool              // the form is about persons
	unclear      []string          // the units of money that were reported
	saidMoney    bool              // that the form's own unit was taken
	visible      map[string]string // the visible rows by their folded labels; nil until asked for
	hiddenSaid   bool              // that hidden rows were read
	moneyAbove   string            // the unit of money that a row above names
	measureAbove string            // the unit of the row above
	unnamed      bool              // a row named no unit of money
	besideAbove  map[int32]string  // the units that rows above state beside their values, by column
	above        map[string]bool   // the first texts of the rows above the table, folded; nil until asked for
	totalRow     seenRow           // the one that was taken
}

// find adds a finding. No full ID number leaves in one, whatever column it stood in.
func (s *sheetReader) find(code reporting.FindingCode, severity reporting.Severity, cell, value string, message reporting.Text) {
	s.found(reporting.Finding{Code: code, Severity: severity, Sheet: s.sheet.Name, Cell: cell, Value: value, Message: message.ZH, MessageEN: message.EN})
}

// found adds a finding. It shows no number of a person, and not more than anybody reads.
func (s *sheetReader) found(f reporting.Finding) {
	if s.persons {
		f.Value, f.Message, f.MessageEN = concealNumbers(f.Value), concealNumbers(f.Message), concealNumbers(f.MessageEN)
	}
	if sheet, cell := s.sheet.On(f.Cell); cell != f.Cell {
		f.Sheet, f.Cell = sheet, cell
	}
	f.Value, f.Message, f.MessageEN = reporting.Shorten(f.Value, maxShown), reporting.Shorten(f.Message, maxMessage), reporting.Shorten(f.MessageEN, maxMessage)
	s.findings = reporting.AddFindings(s.findings, f)
}

func (s *sheetReader) fail(code reporting.FindingCode, cell, value string, message reporting.Text) {
	s.find(code, reporting.SeverityError, cell, value, message)
}

// checkOrg compares the unit that the sheet names with the one that it was sent for. A name that is no unit of ours is another
// unit's when it looks like a township's; else it is taken for a loose name of the sender, and said.
func (s *sheetReader) checkOrg() {
	note := s.layout.Org
	if note.Text == "" {
		return
	}
	sender := s.catalogue.Unit(s.table.Org)
	code, _ := s.units.find(note.Text, s.period, anyUnit)
	switch {
	case code == s.table.Org, sender == nil, code == s.catalogue.City, code == "" && s.units.resembles(note.Text, sender):
	case code != "":
		s.fail(reporting.WrongOrg, note.Cell, note.Text, reporting.Textf(
			"表中的填报单位是“%s”，但这份表是替“%s”报送的，请核对后重新上报",
			"the sheet names the unit “%s”, but it was sent for “%s”: check and send again", note.Text, sender.Name.ZH))
	case looksLikeTownship(note.Text):
		s.fail(reporting.WrongOrg, note.Cell, note.Text, reporting.Textf(
			"表中的填报单位“%s”不是本市的单位，这份表是替“%s”报送的，请核对", "“%s” is no unit of this city; the sheet was sent for “%s”", note.Text, sender.Name.ZH))
	default:
		s.find(reporting.ValueAssumed, reporting.SeverityNote, note.Cell, note.Text, reporting.Textf(
			"填报单位“%s”没有登记，按报送单位“%s”处理", "the unit “%s” is not registered: taken as the sender, “%s”", note.Text, sender.Name.ZH))
	}
}

// checkOrgs compares further units that the lines above the table name with the sender: one that is another unit of ours may be the one meant.
func (s *sheetReader) checkOrgs() {
	for _, note := range s.layout.Orgs {
		code, _ := s.units.find(note.Text, s.period, anyUnit)
		if code == "" || code == s.table.Org || code == s.catalogue.City {
			continue
		}
		s.fail(reporting.WrongOrg, note.Cell, note.Text, reporting.Textf("表中写了两个不同的单位：%s“%s”，%s“%s”，无法判断是哪个单位的报表，请改成一致",
			"the sheet names two units: %s “%s”, %s “%s”: make them agree", s.layout.Org.Cell, s.layout.Org.Text, note.Cell, note.Text))
	}
}

// checkPeriod compares the period that the sheet names with the one that it was sent for. The year so far is right for a form
// that carries it; a title that names only the year contradicts nothing.
func (s *sheetReader) checkPeriod() {
	names, note := s.layout.Names, s.layout.Period
	if note.Text == "" {
		note = s.layout.Title
	}
	carriesYear := s.form.Coverage == reporting.CoversYear || slices.ContainsFunc(s.form.Columns, func(c reporting.Column) bool { return c.SumOf != "" || c.Cumulative })
	switch {
	case names.IsZero(), names == s.period, carriesYear && names == s.period.YearToDate():
	case names.Contains(s.period) && s.layout.Period.Text == "":
	case names.Contains(s.period) && names.Len() == 12:
		s.find(reporting.ValueAssumed, reporting.SeverityNote, note.Cell, note.Text, reporting.Textf(
			"表中的所属期只写了年份，按%s处理", "the sheet names the year only: taken as %s", s.period.Label()))
	default:
		s.fail(reporting.WrongPeriod, note.Cell, note.Text, reporting.Textf(
			"表中的所属期是%s，但这份表是按%s报送的，请核对后重新上报", "the sheet is of %s, but it was sent for %s: check and send again",
			names.Label(), s.period.Label()))
	}
}

// readFixedRows reads an indicator form or a matrix by scheme: the rows are found by their labels, in any order.
func (s *sheetReader) readFixedRows() {
	known := label.Rows(s.form)
	labelColumn := s.form.ColumnOf(reporting.RowLabel)
	seen := map[string]seenRow{}
	var strays []seenRow
	for row := range s.dataRows() {
		cell, text := s.text(labelColumn)
		code := known[label.Row(text)]
		switch {
		case code != "" && seen[code].cell != "":
			s.twice(seen[code], s.rowAt(cell, text))
		case code != "":
			seen[code] = s.rowAt(cell, text)
			s.table.Lines = append(s.table.Lines, s.line(row, code, s.table.Org, false))
		case s.isTotal(text):
			s.takeTotal(cell, text)
		case s.form.Shape == reporting.Matrix && isPartTotal(text) && s.meantBy(label.Row(text)) == "":
			s.partTotal(cell, text)
		case label.Fold(text) == "" && s.holdsNothing():
			s.leaveOut(row)
		case s.carriesNumbers():
			strays = append(strays, s.rowAt(cell, text))
		}
	}
	meant := s.meant(strays)
	for _, fixed := range s.form.Rows {
		rivals := meant[fixed.Code]
		if first := seen[fixed.Code]; first.cell != "" {
			rivals = append([]seenRow{first}, rivals...)
		}
		switch {
		case unlike(rivals):
			at := s.whichRow(fixed.Code, fixed.Label, rivals)
			if at < 0 {
				continue
			}
			s.table.Lines = slices.DeleteFunc(s.table.Lines, func(l reporting.Line) bool { return l.Code == fixed.Code })
			s.row = rivals[at].row
			s.table.Lines = append(s.table.Lines, s.line(s.row, fixed.Code, s.table.Org, false))
			strays = slices.DeleteFunc(strays, func(st seenRow) bool {
				return slices.ContainsFunc(rivals, func(r seenRow) bool { return r.cell == st.cell })
			})
		case seen[fixed.Code].cell != "":
		case len(rivals) > 0:
			strays = s.takeMeant(fixed, rivals[0], strays)
		default:
			s.missingRow(fixed, strays)
		}
	}
	for _, st := range strays {
		s.strayRow(st)
	}
}

// takeMeant takes a stray row for the form's that is missing, and says so.
func (s *sheetReader) takeMeant(fixed reporting.FormRow, st seenRow, strays []seenRow) []seenRow {
	s.row = st.row
	s.table.Lines = append(s.table.Lines, s.line(st.row, fixed.Code, s.table.Org, false))
	s.find(reporting.ValueAssumed, reporting.SeverityWarning, st.cell, st.text, reporting.Textf("“%s”按“%s”读取，请核对", "“%s” was read as “%s”: please check", st.text, fixed.Label))
	return slices.DeleteFunc(strays, func(other seenRow) bool { return other.cell == st.cell })
}

// missingRow says that a row of the form is missing, and names a label near it. 线上招聘会 is one letter from 线下招聘会: what is near may
// be another measure.
func (s *sheetReader) missingRow(fixed reporting.FormRow, strays []seenRow) {
	near := slices.IndexFunc(strays, func(st seenRow) bool {
		folded := label.Row(st.text)
		if code := s.names[folded]; code != "" && code != fixed.Indicator {
			return false
		}
		return slices.ContainsFunc(append([]string{fixed.Label}, fixed.Aliases...), func(known string) bool { return label.Near(label.Row(known), folded) })
	})
	if near >= 0 {
		s.fail(reporting.MissingRow, "", fixed.Label, reporting.Textf("缺少“%s”这一行；%s 的“%s”与它相近，如果就是这一行，请改成“%s”",
			"the row “%s” is missing; %s, “%s”, is near it: if it is the one, write “%s”", fixed.Label, strays[near].cell, strays[near].text, fixed.Label))
		return
	}
	s.fail(reporting.MissingRow, "", fixed.Label, reporting.Textf("缺少“%s”这一行，请补上后重新上报", "the row “%s” is missing: add it and send again", fixed.Label))
}

// strayRow reports a row that nothing claimed. In a matrix it is a scheme that does not exist; in an indicator form it is a section
// head or an office's own addition, which is left out.
func (s *sheetReader) strayRow(st seenRow) {
	switch {
	case s.form.Shape == reporting.Matrix && st.text == "":
		s.fail(reporting.MissingValue, st.cell, st.text, reporting.Textf(
			"这一行有数字，但没有写“%s”，请补上", "the row has numbers, but “%s” is empty: fill it in", s.form.Columns[s.form.ColumnOf(reporting.RowLabel)].Header))
		return
	case s.form.Shape == reporting.Matrix && isPartTotal(st.text):
		s.partTotal(st.cell, st.text)
		return
	case s.form.Shape == reporting.Matrix:
		s.fail(reporting.UnknownCategory, st.cell, st.text, reporting.Textf("“%s”不是本表的险种，请改为表内规定的名称", "“%s” is none of the rows of this form: write one of its names", st.text))
		return
	}
	s.find(reporting.UnclaimedRow, reporting.SeverityNote, st.cell, st.text, reporting.Textf(
		"“%s”不是本表的指标，这一行没有采用", "“%s” is no indicator of this form: the row was not used", st.text))
}

// readUnitRows reads a matrix by unit. Every township must be there: a shorter table would make the city smaller, silently.
func (s *sheetReader) readUnitRows() {
	unitColumn := s.form.ColumnOf(reporting.UnitValue)
	seen := map[string]seenRow{}
	for row := range s.dataRows() {
		cell, text := s.text(unitColumn)
		switch {
		case s.isTotal(text), !isPartTotal(text) && s.isCity(text):
			s.takeTotal(cell, text)
		case isPartTotal(text):
			s.partTotal(cell, text)
		case !s.carriesNumbers() && !s.isRowUnit(text):
			// a head of rows, or a note below the table
		case label.Fold(text) == "" && s.holdsNothing():
			s.leaveOut(row)
		default:
			line := s.line(row, "", "", false)
			line.Unit = line.Values[unitColumn].Text
			if first := seen[line.Unit]; first.cell != "" && line.Unit != "" {
				s.twice(first, s.rowAt(cell, text))
				continue
			}
			seen[line.Unit] = s.rowAt(cell, text)
			s.table.Lines = append(s.table.Lines, line)
		}
	}
	for _, u := range s.catalogue.Units {
		if rowUnit(u) && u.Valid(s.period) && seen[u.Code].cell == "" {
			s.fail(reporting.MissingRow, "", u.Name.ZH, reporting.Textf("缺少“%s”这一行，请补上后重新上报；没有发生请填 0", "the row of “%s” is missing: add it and send again; write 0 for none", u.Name.ZH))
		}
	}
}

// isCity reports whether the label is the city itself, as a name for the total of its units.
func (s *sheetReader) isCity(text string) bool {
	code, sure := s.units.find(text, s.period, anyUnit)
	return sure && code == s.catalogue.City
}

func (s *sheetReader) isRowUnit(text string) bool {
	code, _ := s.units.find(text, s.period, rowUnit)
	return code != ""
}

// partTotal says that the sum of some rows was left out.
func (s *sheetReader) partTotal(cell, text string) {
	s.find(reporting.UnclaimedRow, reporting.SeverityNote, cell, text, reporting.Textf(
		"“%s”是部分行的小计，没有采用", "“%s” is the sum of some rows: it was not used", label.Clean(text)))
}

// indicator is the code of the indicator that the text names: by what was confirmed for the form, or else by the catalogue.
func (s *sheetReader) indicator(text string) string {
	row := label.Row(text)
	for _, named := range s.form.Named {
		if label.Row(named.Label) == row {
			return named.Code
		}
	}
	return s.names[row]
}

// readNamedRows reads forms 16 and 17: each row names an indicator of the catalogue.
func (s *sheetReader) readNamedRows() {
	labelColumn := s.form.ColumnOf(reporting.RowLabel)
	seen := map[string]seenRow{}
	for row := range s.dataRows() {
		cell, text := s.text(labelColumn)
		if label.Fold(text) == "" && !s.carriesNumbers() {
			continue
		}
		code := s.indicator(text)
		if code == "" && !s.carriesNumbers() {
			continue
		}
		switch {
		case code == "":
			s.fail(reporting.UnknownCategory, cell, text, reporting.Textf("“%s”不是目录中的指标，请按指标目录填写名称", "“%s” is no indicator of the catalogue: write its name as the catalogue has it", label.Clean(text)))
		case s.form.Shape == reporting.TargetForm && s.catalogue.Indicator(code).Target == "":
			s.find(reporting.UnclaimedRow, reporting.SeverityWarning, cell, text, reporting.Textf("“%s”没有设年度目标，这一行没有采用", "“%s” has no annual target: the row was not used", label.Clean(text)))
		case seen[code].cell != "":
			s.twice(seen[code], s.rowAt(cell, text))
		default:
			seen[code] = s.rowAt(cell, text)
			s.table.Lines = append(s.table.Lines, s.line(row, code, s.table.Org, false))
		}
	}
}
