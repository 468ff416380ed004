package annotate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
)

// The rows of the sheet of findings.
const (
	headlineRow = iota + 1
	factsRow
	headerRow
	firstFinding
)

// maxLinks is how many hyperlinks Excel allows on a sheet.
const maxLinks = 65_000

// Wrote reports whether a sheet is one of our lists of findings. Whoever reads an annotated workbook that a clerk has corrected
// and sent again leaves such a sheet out: it is ours, and not the clerk's.
func Wrote(sheet *reporting.Sheet) bool {
	return isReport(func(col int32) string {
		cell, _ := sheet.At(headerRow-1, col)
		return cell.Text
	})
}

func isReport(header func(col int32) string) bool {
	for _, w := range []*words{&chinese, &english} {
		same := true
		for col, text := range w.columns {
			same = same && header(int32(col)) == text
		}
		if same {
			return true
		}
	}
	return false
}

// removeReports deletes the lists of findings that an earlier annotation has left.
func (a *annotation) removeReports(book *excelize.File) error {
	for _, name := range book.GetSheetList() {
		if !strings.HasPrefix(name, a.words.report) {
			continue
		}
		ours := isReport(func(col int32) string {
			text, _ := book.GetCellValue(name, reporting.CellName(headerRow-1, col))
			return text
		})
		if ours && len(book.GetSheetList()) > 1 {
			if err := book.DeleteSheet(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// addReport makes the first sheet: what became of the submission, and all findings.
func (a *annotation) addReport(book *excelize.File) error {
	a.report = freeName(book, a.words.report)
	first := book.GetSheetList()[0]
	if _, err := book.NewSheet(a.report); err != nil {
		return err
	}
	if err := book.MoveSheet(a.report, first); err != nil {
		return err
	}
	shiftLocalNames(book)
	book.SetActiveSheet(0)
	r := reportSheet{annotation: a, book: book}
	return r.write()
}

// shiftLocalNames repairs what MoveSheet leaves: names such as print areas belong to sheets by number, and all numbers have
// become one greater.
func shiftLocalNames(book *excelize.File) {
	if book.WorkBook == nil || book.WorkBook.DefinedNames == nil {
		return
	}
	for i := range book.WorkBook.DefinedNames.DefinedName {
		if local := book.WorkBook.DefinedNames.DefinedName[i].LocalSheetID; local != nil {
			*local++
		}
	}
}

// freeName is the name, or the name with the first number that no sheet has.
func freeName(book *excelize.File, name string) string {
	taken := map[string]bool{}
	for _, sheet := range book.GetSheetList() {
		taken[strings.ToLower(sheet)] = true
	}
	free := name
	for n := 2; taken[strings.ToLower(free)]; n++ {
		free = fmt.Sprintf("%s%d", name, n)
	}
	return free
}

// reportSheet is the writing of the list. The first error ends it, and is kept.
type reportSheet struct {
	*annotation
	book   *excelize.File
	styles map[string]int
	sheets map[string]bool // that a link can lead to
	err    error
}

func (r *reportSheet) do(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *reportSheet) write() error {
	r.sheets = map[string]bool{}
	for _, name := range r.book.GetSheetList() {
		r.sheets[name] = true
	}
	r.makeStyles()
	r.text(headlineRow, 0, r.words.headline(r.Decision), "headline")
	r.text(factsRow, 0, r.facts(), "facts")
	for col, header := range r.words.columns {
		r.text(headerRow, int32(col), header, "header")
	}
	row := firstFinding
	for i, g := range reporting.GroupFindings(r.Decision.Findings) {
		row = r.group(row, i+1, g)
	}
	r.layOut(max(row-1, firstFinding))
	r.text(max(row, firstFinding)+1, 0, r.left(), "facts")
	return r.err
}

// left says what the copy has not, in both languages; "" where it has all.
func (r *reportSheet) left() string {
	var zh, en []string
	for _, kind := range listed(r.removed) {
		zh = append(zh, fmt.Sprintf("%s %d 处", kind.Kind.ZH, kind.Count))
		en = append(en, fmt.Sprintf("%s: %d", kind.Kind.EN, kind.Count))
	}
	var all reporting.Text
	if len(zh) > 0 {
		all = reporting.Text{ZH: "为了安全，本批注表已去掉：" + strings.Join(zh, "、") + "。原件未作改动。", EN: "Left out of this copy, to be safe: " + strings.Join(en, "; ") + ". The original is unchanged."}
	}
	if r.ofCells() {
		all.ZH += "本批注表按单元格内容重新生成：原文件如有宏、公式、链接和图片，都不在其中。"
		all.EN += " This copy is made of the cells: macros, formulas, links and pictures of the original are not in it."
	}
	if all.ZH == "" {
		return ""
	}
	return all.ZH + strings.TrimSpace(all.EN)
}

// group writes the line of a group and, where it holds several findings, a folded line for each of them. It returns the next free row.
func (r *reportSheet) group(row, number int, g reporting.FindingGroup) int {
	n := strconv.Itoa(number)
	place, link := r.link(g.Finding)
	if len(g.Findings) > 1 {
		place = fmt.Sprintf(r.words.more, place, len(g.Findings))
	}
	r.finding(row, n, place, link, g.Finding)
	if len(g.Findings) == 1 {
		return row + 1
	}
	for i, f := range g.Findings {
		row++
		place, link := r.link(f)
		r.finding(row, n+"."+strconv.Itoa(i+1), place, link, f)
		r.do(r.book.SetRowOutlineLevel(r.report, row, 1))
		r.do(r.book.SetRowVisible(r.report, row, false))
	}
	return row + 1
}

// facts names the submission. The month stands without its year, and the file's name not at all: so that a sheet which is sent
// again with this list in front is not taken for a form of that period by it.
func (r *reportSheet) facts() string {
	var facts []string
	if title := r.words.pick(r.Form); title != "" {
		if p := r.Decision.Period; !p.IsZero() && p.Len() == 1 {
			title += fmt.Sprintf("（%d月份）", p.First.Number())
		}
		facts = append(facts, title)
	}
	if org := r.words.pick(r.Org); org != "" {
		facts = append(facts, org)
	}
	if d := r.Decision; d.Submission != "" {
		facts = append(facts, fmt.Sprintf(r.words.receipt, d.Submission, d.ReceivedAt.Format("2006-01-02 15:04")))
	}
	return strings.Join(facts, "　")
}

func (r *reportSheet) finding(row int, number, place, link string, f reporting.Finding) {
	own, other := r.words.messages(f)
	r.text(row, 0, number, "number")
	r.text(row, 1, r.words.severity[f.Severity], string(f.Severity))
	if f.Sheet == "" && !r.sheets[textSheet] {
		r.text(row, 2, "", "cell")
	} else {
		r.text(row, 2, sheetName(f.Sheet), "cell")
	}
	r.text(row, 3, place, "place")
	if link != "" && row < maxLinks {
		r.do(r.book.SetCellHyperLink(r.report, reporting.CellName(int32(row-1), 3), link, "Location"))
		r.style(row, 3, "link")
	}
	r.text(row, 4, f.Value, valueStyle(f.Value))
	r.text(row, 5, own, "cell")
	r.text(row, 6, other, "cell")
	r.do(r.book.SetRowHeight(r.report, row, rowHeight("", "", f.Sheet, place, f.Value, own, other)))
}

// link is what is printed for the place of a finding, and where it leads: "" where there is no such sheet.
func (r *reportSheet) link(f reporting.Finding) (place, location string) {
	place, cell := f.Cell, f.Cell
	if f.Cell == "" {
		place, cell = r.words.whole, "A1"
	}
	name := sheetName(f.Sheet)
	if !r.sheets[name] {
		return f.Cell, ""
	}
	return place, "'" + strings.ReplaceAll(name, "'", "''") + "'!" + cell
}

// valueStyle: text that a spreadsheet would take for a formula as soon as somebody edits the cell is formatted as text.
func valueStyle(text string) string {
	if startsFormula(text) {
		return "verbatim"
	}
	return "cell"
}

func startsFormula(text string) bool {
	return text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0]))
}

func (r *reportSheet) text(row int, col int32, text, style string) {
	if text != "" {
		r.do(r.book.SetCellStr(r.report, reporting.CellName(int32(row-1), col), text))
	}
	r.style(row, col, style)
}

func (r *reportSheet) style(row int, col int32, style string) {
	cell := reporting.CellName(int32(row-1), col)
	r.do(r.book.SetCellStyle(r.report, cell, cell, r.styles[style]))
}
