package compile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"huizong/pkg/reporting"
)

// Document is a report before it becomes a file of some format: what is said, in order, and nothing about fonts. Writers only
// read it.
type Document struct {
	Template   string   // id of the template
	Number     string   // 发文字号; "" for none
	Signer     string   // 签发人, who has let it go out; "" for none
	Title      []string // its lines, broken by the template
	Recipient  string   // with its colon; "" for none
	Note       []Paragraph
	Body       []Block
	Issuer     string // who signs
	Date       string // of issue: 2020年7月1日
	Annexes    []Annex
	Bindings   []Binding // of its numbers, in the order of their first place in the report and its companion
	Gaps       Gaps
	Unfinished []string // what keeps it from being sent, unless somebody says why
	Period     reporting.Period
	Cutoff     time.Time // what was known then is in the report
	Companion  *Document // for the office, not to be sent; nil in the companion itself
	Internal   bool      // it is a companion: nobody signs it
}

// Block is a Heading, a Paragraph, a Table or a Chart.
type Block interface{ block() }

// Heading is a heading on a line of its own. Level 4 runs into its paragraph.
type Heading struct {
	Level  int    // 1 to 3
	Number string // 一、 （一） 1. （1）
	Text   string
}

// Paragraph is a paragraph of running text.
type Paragraph struct {
	Lead  string // a heading in the same line, with its number; "" for none
	Level int    // of the lead, 1 to 4
	Runs  []Run
	Small bool // a legend below a table
}

// Table is a table whose first row repeats on every page.
type Table struct {
	Caption string // above it; "" for none
	Columns []Column
	Rows    [][]Cell
	Dense   bool // small type: many rows or columns
	Wide    bool // wants a page that lies
}

// Shares is what each column has of the table's width; together they are 1.
func (t Table) Shares() []float64 {
	sum := 0
	for _, c := range t.Columns {
		sum += c.Share
	}
	shares := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		shares[i] = float64(c.Share) / float64(sum)
	}
	return shares
}

// Column is a column of a table.
type Column struct {
	Title string
	Share int // of the table's width, in parts of the sum of all
	Align Align
}

// Align says where a cell's text stands.
type Align uint8

// The alignments.
const (
	Left Align = iota
	Center
	Right
)

// Cell is the text of one cell.
type Cell []Run

// Run is a stretch of text of one nature. Text may hold whatever people sent: a writer escapes it.
type Run struct {
	Text    string
	Binding string // the id of the Binding whose number this is; the text is then the number alone, without its measure
	Entry   string // the id of the Binding whose entry in the list of origins begins here
	// Reference is the id of the Binding whose number stands before: the run names it, and leads to its entry in the list of origins.
	Reference string
	Mark      Mark
}

func (r Run) plain() bool {
	return r.Binding == "" && r.Entry == "" && r.Reference == "" && r.Mark == NoMark
}

// Mark says what a run stands for that is not there.
type Mark uint8

// The marks.
const (
	NoMark  Mark = iota
	Absent       // a figure, target or parameter is missing: to be filled in before the report goes out
	Partial      // the figure before it does not hold all units
)

// Annex is what stands after the signature, on pages of its own.
type Annex struct {
	Title  string
	Blocks []Block
	Wide   bool // on pages that lie
}

func (Heading) block()   {}
func (Paragraph) block() {}
func (Table) block()     {}

// Binding returns the binding of the id, or nil.
func (d *Document) Binding(id string) *Binding {
	number, err := strconv.Atoi(strings.TrimPrefix(id, "F"))
	if err != nil {
		return nil
	}
	at, found := slices.BinarySearchFunc(d.Bindings, number, func(b Binding, number int) int { return b.number - number })
	if !found {
		return nil
	}
	return &d.Bindings[at]
}

// AnnexLabel is what stands at the head of the annex i of n: 附件1, or 附件 where it is the only one.
func AnnexLabel(i, n int) string {
	if n == 1 {
		return "附件"
	}
	return fmt.Sprintf("附件%d", i+1)
}

// AnnexLines names the annexes below the text, as the standard wants it: 附件：1.标题, and further ones under the first.
func (d *Document) AnnexLines() []string {
	var lines []string
	for i, a := range d.Annexes {
		switch {
		case len(d.Annexes) == 1:
			lines = append(lines, "附件："+a.Title)
		case i == 0:
			lines = append(lines, "附件：1."+a.Title)
		default:
			lines = append(lines, fmt.Sprintf("　　　%d.%s", i+1, a.Title))
		}
	}
	return lines
}
