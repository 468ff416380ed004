package clerk

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"huizong/pkg/reporting"
)

// grid is one typed sheet.
type grid struct {
	name   string
	hidden bool
	rows   [][]cell
	merges []reporting.Range
}

// column is a column as it stands on the sheet.
type column struct {
	Column
	source int // its place in the paper, −1 for one that the clerk added
	header string
	group  string
	cells  []string // what stands in an added column
}

// typist types one paper into one grid, from the top.
type typist struct {
	paper   *Paper
	hand    hand
	rng     *rand.Rand
	speller speller
	money   reporting.Money // the unit that money is written in
	columns []column
	left    int // blank columns before the table
	body    int // first row of the table's body, one-based
	grid    grid
}

// typeSheet types the paper as the sheet of the name.
func typeSheet(p *Paper, h hand, rng *rand.Rand, name string) grid {
	t := &typist{paper: p, hand: h, rng: rng, money: p.Money, grid: grid{name: name}}
	if h[moneyOther] {
		t.money = otherMoney(p.Money)
	}
	if h[blankColumn] {
		t.left = 1
	}
	t.speller = newSpeller(h, rng, t.money)
	t.columns = arrange(p, h, rng)
	t.head()
	t.headers()
	t.lines()
	t.foot()
	return t.grid
}

func otherMoney(m reporting.Money) reporting.Money {
	if m == reporting.Yuan {
		return reporting.TenKilo
	}
	return reporting.Yuan
}

// row adds a row of cells after the blank columns at the left, and returns its zero-based index.
func (t *typist) row(cells ...cell) int {
	t.grid.rows = append(t.grid.rows, append(make([]cell, t.left, t.left+len(cells)), cells...))
	return len(t.grid.rows) - 1
}

// wide adds a row with one text, merged over the table.
func (t *typist) wide(text string) {
	row := t.row(typed(text))
	t.merge(row, 0, row, len(t.columns)-1)
}

// merge joins cells; columns count from the table's first.
func (t *typist) merge(firstRow, firstCol, lastRow, lastCol int) {
	if firstRow == lastRow && firstCol >= lastCol {
		return
	}
	left := int32(t.left)
	t.grid.merges = append(t.grid.merges, reporting.Range{
		FirstRow: int32(firstRow), FirstCol: int32(firstCol) + left, LastRow: int32(lastRow), LastCol: int32(lastCol) + left,
	})
}

// spread adds a row with the texts at even distances.
func (t *typist) spread(texts []string) {
	step := max(1, len(t.columns)/len(texts))
	cells := make([]cell, step*(len(texts)-1)+1)
	for i, text := range texts {
		cells[i*step] = typed(text)
	}
	t.row(cells...)
}

// head types what stands above the table.
func (t *typist) head() {
	if t.hand[blankRows] {
		for range 1 + t.rng.IntN(3) {
			t.row()
		}
	}
	if t.hand[bareTable] {
		return
	}
	if t.hand[annexLine] {
		t.row(typed(fmt.Sprintf("附件%d", 1+t.rng.IntN(6))))
	}
	title := t.paper.Title
	if t.rng.IntN(2) == 0 && !strings.HasPrefix(t.paper.Title, "半年") {
		title = t.paper.City + t.paper.Period.Label() + title
	}
	t.wide(title)
	t.info()
}

// info types the line that names sender, period and unit of money.
func (t *typist) info() {
	parts := [][2]string{{"填报单位", t.sender()}, {"报表所属期", t.period()}}
	if unit := t.infoMoney(); unit != "" {
		parts = append(parts, [2]string{"单位", string(unit)})
	}
	colon := pick(t.rng, []string{"：", "：", "：", ":"})
	var whole, split []string
	for _, p := range parts {
		whole = append(whole, p[0]+colon+p[1])
		split = append(split, p[0]+colon, p[1])
	}
	switch {
	case t.hand[infoCells]:
		t.spread(whole)
	case t.hand[infoSplit]:
		t.spread(split)
	default:
		t.wide(strings.Join(whole, pick(t.rng, []string{"  ", "      ", "　　"})))
	}
}

func (t *typist) sender() string {
	name := t.paper.Office
	if official(name) == name { // a sub-unit
		return pick(t.rng, []string{"", "市", t.paper.City}) + name
	}
	return pick(t.rng, []string{name, official(name), t.paper.City + name})
}

func (t *typist) period() string {
	p := t.paper.Period
	switch p.Len() {
	case 1:
		return p.Start().Time().Format(pick(t.rng, []string{"2006年1月", "2006年1月", "2006年01月", "2006-01", "2006.01", "2006年1月份"}))
	case 12:
		return p.Label() + pick(t.rng, []string{"", "度"})
	}
	return p.Label()
}

// infoMoney is the unit of money that the info line names; a header that names another one overrules it.
func (t *typist) infoMoney() reporting.Money {
	switch {
	case !moneyInHeader(t.paper, t.hand):
		return ""
	case t.hand[moneyConflict]:
		return otherMoney(t.money)
	}
	return t.money
}

// foot types what stands below the table.
func (t *typist) foot() {
	if t.hand[noFooter] || t.hand[bareTable] {
		return
	}
	texts := []string{
		"填报人：" + t.paper.People[0], "审核人：" + t.paper.People[1], "负责人：" + t.paper.People[2],
		"填报日期：" + t.paper.Filled.Time().Format("2006年1月2日"),
	}
	if t.hand[footerCells] {
		t.spread(texts)
		return
	}
	t.wide(strings.Join(texts, "    "))
}
