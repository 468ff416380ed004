package workbook_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/judge"
	"huizong/pkg/judge/judgetest"
	"huizong/pkg/reporting"
	"huizong/pkg/validate"
	"huizong/schemas"
)

// axis is one coordinate of a cube of numbers: what a table calls it, and its values.
type axis struct {
	name   string
	values []string
}

// cube is a content that tables of many layouts show: a number for each combination of its axes. The first axis names the form's rows.
type cube struct {
	form, org, title, info string
	period                 string
	axes                   []axis
	measures               []string // of the first axis, or nil
	number                 func(at []int) string
	fact                   func(at []int) string // indicator@unit, or "" for none
	value                  func(at []int) string // as a fact has it
	total                  bool
}

var (
	townshipsOfTest = strings.Fields("城东街道 城西街道 南山街道 河沥街道 天湖街道 汪溪街道 港口镇 中溪镇 宁墩镇 仙霞镇 甲路镇 胡乐镇 霞西镇 梅林镇 青龙乡 方塘乡 万家乡 南极乡 云梯畲族乡 市直")
	codesOfTest     = strings.Fields("001 002 003 004 005 006 100 101 102 103 104 105 106 107 200 201 202 203 204 SZ")
)

func enrolmentCube() cube {
	codes := strings.Fields("pension_employee unemployment work_injury pension_resident pension_institution")
	number := func(at []int) string {
		if at[2] == 0 {
			return strconv.Itoa(2000 + 37*at[0] + 311*at[1])
		}
		return strconv.Itoa(3 + at[0] + 2*at[1])
	}
	return cube{form: "enrolment_monthly", org: "349981SB", period: "2020-06", title: "社会保险参保人数月报表", info: "填报单位：社会保险中心    报表所属期：2020年6月", total: true,
		axes:   []axis{{"乡镇（街道）", townshipsOfTest}, {"险种", strings.Fields("城镇职工养老保险 失业保险 工伤保险 城乡居民养老保险 机关事业单位养老保险")}, {"指标", []string{"期末参保人数", "本月新增"}}},
		number: number, value: number,
		fact: func(at []int) string {
			return fmt.Sprintf("insurance.%s.%s@349981%s", codes[at[1]], []string{"insured", "newly_insured"}[at[2]], codesOfTest[at[0]])
		}}
}

func centerCube() cube {
	codes := strings.Fields("employment.online_job_fairs employment.online_fair_positions employment.internships_started employment.subsidy_public_welfare_posts employment.subsidy_internships employment.subsidy_grassroots_posts employment.startup_loans training.skill_training_subsidy")
	number := func(at []int) string { return strconv.Itoa(1 + at[0] + at[1]*(30+5*at[0])) }
	return cube{form: "employment_center_monthly", org: "349981JY", period: "2020-01", title: "就业服务中心业务月报表", info: "填报单位：就业服务中心    报表所属期：2020年1月",
		axes:     []axis{{"指标名称", strings.Fields("线上招聘会 线上提供职位 新增就业见习到岗人员 公益性岗位补贴 就业见习补贴 基层特岗补贴 创业担保贷款发放额 职业技能培训补贴")}, {"时间", []string{"本月数", "本年累计"}}},
		measures: strings.Fields("期 个 人 万元 万元 万元 万元 万元"),
		number:   func(at []int) string { return number([]int{at[0], 0}) },
		value: func(at []int) string {
			if at[0] > 2 {
				return number(at) + "0000"
			}
			return number(at)
		},
		fact: func(at []int) string {
			if at[1] > 0 {
				return ""
			}
			return codes[at[0]] + "@349981JY"
		}}
}

func fundCube() cube {
	codes := strings.Fields("pension_employee unemployment work_injury pension_resident pension_institution")
	loads := []string{"", "income", "", "expenditure", "remitted_up", "", "balance"}
	number := func(at []int) string {
		opening, income, spent := 1000+100*at[0], 300+10*at[0], 200+7*at[0]
		return strconv.Itoa([]int{opening, income, income, spent, 20, spent, opening + income - spent}[at[1]])
	}
	return cube{form: "fund_monthly", org: "349981SB", period: "2020-01", title: "社会保险基金收支情况月报表", info: "填报单位：社会保险中心    报表所属期：2020年1月    单位：万元", total: true,
		axes:   []axis{{"险种", strings.Fields("企业职工基本养老保险 失业保险 工伤保险 城乡居民基本养老保险 机关事业单位基本养老保险")}, {"项目", strings.Fields("期初结余 本月收入 本年累计收入 本月支出 其中：上解省级 本年累计支出 期末滚存结余")}},
		number: number,
		value:  func(at []int) string { return number(at) + "0000" },
		fact: func(at []int) string {
			if loads[at[1]] == "" {
				return ""
			}
			return fmt.Sprintf("insurance.%s.%s@349981SB", codes[at[0]], loads[at[1]])
		}}
}

// layout is how a cube is laid out: which axes go down, across and over blocks, and what offices do besides.
type layout struct {
	down, across []int
	block        int // axis, −1 for none
	heads        bool
	merged       bool // outer labels stand in merged cells, else they are repeated
	lines        bool // the outermost axis down stands in lines over its rows
	total        int  // of the first axis: 0 none, 1 last, 2 first
	halves       bool
	running      bool
	besides      int // further columns under each number: 0 none, 1 last year and growth, 2 before it
	first, end   int // of the rows, where a part of them stands on a sheet
}

func (l layout) String() string {
	return fmt.Sprintf("down %v across %v block %d heads %v merged %v lines %v total %d halves %v running %v besides %d", l.down, l.across, l.block, l.heads, l.merged, l.lines, l.total,
		l.halves, l.running, l.besides)
}

func drawLayout(r *rand.Rand, c cube) layout {
	l := layout{block: -1, merged: r.IntN(2) == 0, heads: r.IntN(2) == 0, lines: r.IntN(3) == 0, running: r.IntN(3) == 0}
	order := r.Perm(len(c.axes))
	cut := 1 + r.IntN(len(order)-1)
	l.down, l.across = order[:cut], order[cut:]
	if len(l.down) > 1 && r.IntN(3) == 0 {
		l.block, l.down = l.down[0], l.down[1:]
	}
	alone := len(l.down) == 1 && l.down[0] == 0 && l.block < 0
	l.lines = l.lines && len(l.down) > 1 && l.block < 0
	l.halves = alone && r.IntN(3) == 0
	l.running = l.running && alone
	if c.total && l.block != 0 && !(l.lines && l.down[0] == 0) {
		l.total = r.IntN(3)
	}
	if alone && !l.halves {
		l.besides = r.IntN(3)
	}
	return l
}

// page is a sheet that is being drawn.
type page struct {
	rows   [][]drawnCell
	merges []reporting.Range
}

func (p *page) set(row, col int, c drawnCell) {
	for len(p.rows) <= row {
		p.rows = append(p.rows, nil)
	}
	for len(p.rows[row]) <= col {
		p.rows[row] = append(p.rows[row], drawnCell{})
	}
	p.rows[row][col] = c
}

func (p *page) merge(row, col, rows, cols int) {
	if rows > 1 || cols > 1 {
		p.merges = append(p.merges, reporting.Range{FirstRow: int32(row), FirstCol: int32(col), LastRow: int32(row + rows - 1), LastCol: int32(col + cols - 1)})
	}
}

// indexes lists the values of an axis in the layout; −1 is the total.
func (l layout) indexes(c cube, a int) []int {
	var list []int
	for i := range c.axes[a].values {
		list = append(list, i)
	}
	switch {
	case a != 0 || l.total == 0:
	case l.total == 1:
		list = append(list, -1)
	default:
		list = append([]int{-1}, list...)
	}
	return list
}

func (l layout) product(c cube, axes []int) [][]int {
	all := [][]int{{}}
	for _, a := range axes {
		var next [][]int
		for _, before := range all {
			for _, i := range l.indexes(c, a) {
				next = append(next, append(slices.Clone(before), i))
			}
		}
		all = next
	}
	return all
}

func (c cube) name(a, i int) string {
	if i < 0 {
		return "合计"
	}
	return c.axes[a].values[i]
}

func (c cube) show(at []int) drawnCell {
	if at[0] >= 0 {
		return drawnCell{number: c.number(at)}
	}
	sum := 0
	for i := range c.axes[0].values {
		n, _ := strconv.Atoi(c.number(append([]int{i}, at[1:]...)))
		sum += n
	}
	return drawnCell{number: strconv.Itoa(sum)}
}

// draw lays the cube out.
func (l layout) draw(c cube) *page {
	p := &page{}
	p.set(0, 0, text(c.title))
	p.set(1, 0, text(c.info))
	blocks := []int{-2}
	if l.block >= 0 {
		blocks = l.indexes(c, l.block)
	}
	for n, b := range blocks {
		if b >= -1 {
			if n == 0 && !l.heads {
				l.drawHeads(c, p, 0)
			}
			p.set(len(p.rows), 0, text(c.name(l.block, b)))
		}
		if n == 0 && (b < -1 || l.heads) || n > 0 && l.heads {
			l.drawHeads(c, p, 0)
		}
		l.drawRows(c, p, b)
	}
	p.set(len(p.rows), 0, text("填报人：江晓禾    审核人：程望山"))
	return p
}

// drawTabs lays the cube out on several sheets: one for each block, or the rows cut into two or three parts, of which the later ones may be
// without title and header.
func (l layout) drawTabs(r *rand.Rand, c cube) (pages []*page, names []string) {
	bare, title := l.block < 0 && r.IntN(3) == 0, r.IntN(2) == 0
	begin := func(name string) *page {
		p := &page{}
		if len(pages) == 0 || title && !bare {
			p.set(0, 0, text(c.title))
			p.set(1, 0, text(c.info))
		}
		if len(pages) == 0 || !bare {
			l.drawHeads(c, p, 0)
		}
		pages, names = append(pages, p), append(names, name)
		return p
	}
	sign := func(p *page) { p.set(len(p.rows), 0, text("填报人：江晓禾    审核人：程望山")) }
	if l.block >= 0 {
		for _, b := range l.indexes(c, l.block) {
			p := begin(c.name(l.block, b))
			l.drawRows(c, p, b)
			sign(p)
		}
		return pages, names
	}
	n := len(l.product(c, l.down))
	cuts := []int{0, 1 + r.IntN(n-1), n}
	if n > 4 && r.IntN(2) == 0 {
		cuts = []int{0, n / 3, 2 * n / 3, n}
	}
	for i := range len(cuts) - 1 {
		p := begin(fmt.Sprintf("Sheet%d", i+1))
		l.first, l.end = cuts[i], cuts[i+1]
		l.drawRows(c, p, -2)
		sign(p)
	}
	return pages, names
}

// writeTabs writes the pages as sheets of one workbook.
func writeTabs(t *testing.T, pages []*page, names []string) []byte {
	t.Helper()
	book := excelize.NewFile()
	do := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, p := range pages {
		if i == 0 {
			do(book.SetSheetName("Sheet1", names[0]))
		} else {
			_, err := book.NewSheet(names[i])
			do(err)
		}
		for y, row := range p.rows {
			for x, cell := range row {
				at := reporting.CellName(int32(y), int32(x))
				if len(cell.runs) > 0 {
					do(book.SetCellStr(names[i], at, cell.runs[0].text))
				} else if cell.number != "" {
					number, err := strconv.ParseFloat(cell.number, 64)
					do(err)
					do(book.SetCellFloat(names[i], at, number, -1, 64))
				}
			}
		}
		for _, m := range p.merges {
			do(book.MergeCell(names[i], reporting.CellName(m.FirstRow, m.FirstCol), reporting.CellName(m.LastRow, m.LastCol)))
		}
	}
	var b bytes.Buffer
	do(book.Write(&b))
	return b.Bytes()
}

// labels is how many columns stand before the numbers.
func (l layout) labels(c cube) int {
	n := len(l.down)
	if l.lines {
		n--
	}
	if l.running {
		n++
	}
	if c.measures != nil && slices.Contains(l.down, 0) {
		n++
	}
	return n
}

func (l layout) each() int { return []int{1, 3, 3}[l.besides] }

func (l layout) drawHeads(c cube, p *page, start int) {
	columns := l.product(c, l.across)
	if l.halves && start == 0 {
		defer l.drawHeads(c, p, l.labels(c)+len(columns))
	}
	top := len(p.rows)
	if start > 0 {
		top -= len(l.across)
	}
	deep := len(l.across)
	if l.besides > 0 {
		deep++
	}
	at := start
	head := func(name string) {
		p.set(top, at, text(name))
		p.set(top+deep-1, at, p.rowCell(top+deep-1, at))
		p.merge(top, at, deep, 1)
		at++
	}
	if l.running {
		head("序号")
	}
	for i, a := range l.down {
		if !(l.lines && i == 0) {
			head(c.axes[a].name)
		}
	}
	if c.measures != nil && slices.Contains(l.down, 0) {
		head("计量单位")
	}
	for d, a := range l.across {
		for i, column := range columns {
			name := c.name(a, column[d])
			if a == 0 && c.measures != nil {
				name += "（" + c.measures[column[d]] + "）"
			}
			same := i > 0 && slices.Equal(columns[i-1][:d+1], column[:d+1])
			if same && l.merged && d < len(l.across)-1 {
				continue
			}
			p.set(top+d, at+i*l.each(), text(name))
			run := 1
			for l.merged && i+run < len(columns) && d < len(l.across)-1 && slices.Equal(columns[i+run][:d+1], column[:d+1]) {
				run++
			}
			p.merge(top+d, at+i*l.each(), 1, run*l.each())
		}
	}
	for i := range columns {
		switch l.besides {
		case 1:
			p.set(top+deep-1, at+3*i, text("本年"))
			p.set(top+deep-1, at+3*i+1, text("上年同期"))
			p.set(top+deep-1, at+3*i+2, text("增减%"))
		case 2:
			p.set(top+deep-1, at+3*i, text("上年同期"))
			p.set(top+deep-1, at+3*i+1, text("完成数"))
			p.set(top+deep-1, at+3*i+2, text("增长率（%）"))
		}
	}
}

func (p *page) rowCell(row, col int) drawnCell {
	if row < len(p.rows) && col < len(p.rows[row]) {
		return p.rows[row][col]
	}
	return drawnCell{}
}

func (l layout) drawRows(c cube, p *page, block int) {
	rows, columns := l.product(c, l.down), l.product(c, l.across)
	if l.end > 0 {
		rows = rows[l.first:l.end]
	}
	first, half := len(p.rows), len(rows)
	if l.halves {
		half = (len(rows) + 1) / 2
	}
	shift := 0
	for n, row := range rows {
		y := len(p.rows)
		if n >= half {
			y, shift = first+n-half, l.labels(c)+len(columns)
		}
		at := shift
		if l.running {
			p.set(y, at, drawnCell{number: strconv.Itoa(n + 1)})
			at++
		}
		for d, a := range l.down {
			same := n > 0 && slices.Equal(rows[n-1][:d+1], row[:d+1])
			switch {
			case l.lines && d == 0:
				if !same {
					p.set(y, 0, text(c.name(a, row[d])))
					y++
				}
				continue
			case same && l.merged && d < len(l.down)-1:
			default:
				p.set(y, at, text(c.name(a, row[d])))
				run := 1
				for l.merged && n+run < len(rows) && d < len(l.down)-1 && slices.Equal(rows[n+run][:d+1], row[:d+1]) {
					run++
				}
				p.merge(y, at, run, 1)
			}
			at++
		}
		if c.measures != nil && slices.Contains(l.down, 0) {
			if i := row[slices.Index(l.down, 0)]; i >= 0 {
				p.set(y, at, text(c.measures[i]))
			}
			at++
		}
		for i, column := range columns {
			place := make([]int, len(c.axes))
			for d, a := range l.down {
				place[a] = row[d]
			}
			for d, a := range l.across {
				place[a] = column[d]
			}
			if block >= -1 {
				place[l.block] = block
			}
			l.drawNumber(c, p, y, at+i*l.each(), place)
		}
	}
}

func (l layout) drawNumber(c cube, p *page, y, x int, place []int) {
	cells := []drawnCell{c.show(place)}
	switch l.besides {
	case 1:
		cells = append(cells, drawnCell{number: "77"}, drawnCell{number: "10.5"})
	case 2:
		cells = []drawnCell{{number: "77"}, cells[0], {number: "10.5"}}
	}
	for i, cell := range cells {
		p.set(y, x+i, cell)
	}
}

// spoil changes one thing of the table, so that it may no longer be understood.
func (p *page) spoil(r *rand.Rand, kept bool) string {
	for range 100 {
		over := min(2, len(p.rows)-1) // title and info line
		y := over + r.IntN(len(p.rows)-over)
		if len(p.rows[y]) == 0 {
			continue
		}
		x := r.IntN(len(p.rows[y]))
		if c := p.rows[y][x]; len(c.runs) == 0 {
			continue
		}
		way, z := r.IntN(3), r.IntN(len(p.rows[y]))
		if township := func(x int) bool {
			return len(p.rows[y][x].runs) > 0 && slices.Contains(townshipsOfTest, p.rows[y][x].runs[0].text)
		}; kept && way != 1 && (township(x) || township(z)) {
			continue // rows under another line, or of another township, are that one's for a person, too
		}
		switch way {
		case 0:
			p.rows[y][x] = drawnCell{}
			return fmt.Sprintf("without the text at %s", reporting.CellName(int32(y), int32(x)))
		case 1:
			p.rows[y][x] = text("其他")
			return fmt.Sprintf("another text at %s", reporting.CellName(int32(y), int32(x)))
		default:
			p.rows[y][x] = p.rows[y][z]
			return fmt.Sprintf("the text of %s at %s", reporting.CellName(int32(y), int32(z)), reporting.CellName(int32(y), int32(x)))
		}
	}
	return ""
}

func writeText(s drawnSheet) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	width := 0
	for _, row := range s.rows {
		width = max(width, len(row))
	}
	for _, row := range s.rows {
		record := make([]string, width)
		for i, c := range row {
			if record[i] = c.number; len(c.runs) > 0 {
				record[i] = c.runs[0].text
			}
		}
		w.Write(record)
	}
	w.Flush()
	return b.Bytes()
}

// TestLayouts lays the same content out in many ways. It is read as it is meant, or refused with a word; never are other facts read, and
// none is left out without a word. A table in which one text is wrong may be refused, and nothing else may come of it.
func TestLayouts(t *testing.T) {
	n := 90
	if s := os.Getenv("HUIZONG_LAYOUTS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	j, _ := judgetest.New(t, schemas.FS())
	cubes := []cube{enrolmentCube(), centerCube(), fundCube()}
	sound, read, failed := map[bool]int{}, map[bool]int{}, 0 // on one sheet, and on several
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 17))
		c := cubes[r.IntN(len(cubes))]
		l := drawLayout(r, c)
		kind := r.IntN(5)
		tabs := kind == 4 && !l.halves
		var pages []*page
		var names []string
		p := l.draw(c)
		if tabs {
			pages, names = l.drawTabs(r, c)
			p = pages[r.IntN(len(pages))]
		}
		kind %= 4
		spoiled := ""
		if r.IntN(3) == 0 {
			spoiled = p.spoil(r, false)
		}
		drawn := drawnSheet{rows: p.rows, merges: p.merges}
		if kind == 3 {
			drawn.merges = nil
		}
		var data []byte
		if tabs {
			data = writeTabs(t, pages, names)
		} else {
			data = [](func(drawnSheet) []byte){writeXLSX, writeXLS, writeODS, writeText}[kind](drawn)
		}
		period, _ := reporting.ParsePeriod(c.period)
		v, err := j.Judge(bytes.NewReader(data), c.form, c.org, period, func(string) (validate.History, error) { return validate.History{}, nil })
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if spoiled == "" {
			sound[tabs]++
		}
		if reporting.HasErrors(v.Findings) {
			if spoiled == "" && os.Getenv("HUIZONG_LAYOUTS_SHOW") != "" {
				t.Logf("seed %d, %s, kind %d, tabs %v, %v: refused\n%s%s", seed, c.form, kind, names, l, explain(v.Findings[:min(3, len(v.Findings))]), p.show())
			}
			continue
		}
		if spoiled == "" {
			read[tabs]++
		}
		if wrong := c.compare(v); wrong != "" {
			if failed++; failed < 6 {
				t.Errorf("seed %d, %s, kind %d, tabs %v, %v, %s: %s\n%s%s", seed, c.form, kind, names, l, spoiled, wrong, explain(v.Findings), p.show())
			}
		}
	}
	for tabs, part := range map[bool]int{false: 19, true: 15} {
		t.Logf("several sheets %v: %d of %d sound tables were read", tabs, read[tabs], sound[tabs])
		if 20*read[tabs] < part*sound[tabs] {
			t.Errorf("several sheets %v: of %d sound tables %d were read", tabs, sound[tabs], read[tabs])
		}
	}
}

// compare lists what was read otherwise than it is meant.
func (c cube) compare(v judge.Verdict) string {
	want := map[string]string{}
	all := [][]int{{}}
	for _, a := range c.axes {
		var next [][]int
		for _, before := range all {
			for i := range a.values {
				next = append(next, append(slices.Clone(before), i))
			}
		}
		all = next
	}
	for _, at := range all {
		if fact := c.fact(at); fact != "" {
			want[fact] = c.value(at)
		}
	}
	var wrong []string
	for _, o := range v.Reading.Observations {
		name := o.Indicator + "@" + o.Unit
		if want[name] != o.Value.String() {
			wrong = append(wrong, fmt.Sprintf("%s = %s at %s, not %q", name, o.Value, o.Cell, want[name]))
		}
		delete(want, name)
	}
	silent := !slices.ContainsFunc(v.Findings, func(f reporting.Finding) bool {
		return f.Code == reporting.UnclaimedColumn || f.Code == reporting.UnclaimedRow || f.Code == reporting.UnreadSheet && f.Severity != reporting.SeverityNote
	})
	for name := range want {
		if silent {
			wrong = append(wrong, name+" is left out without a word")
		}
	}
	slices.Sort(wrong)
	return strings.Join(wrong[:min(4, len(wrong))], "; ")
}

func (p *page) show() string {
	var b strings.Builder
	for i, row := range p.rows[:min(12, len(p.rows))] {
		fmt.Fprintf(&b, "  %2d", i+1)
		for _, c := range row[:min(16, len(row))] {
			if b.WriteString(" | " + c.number); len(c.runs) > 0 {
				b.WriteString(c.runs[0].text)
			}
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "  merged %v\n", p.merges[:min(12, len(p.merges))])
	return b.String()
}

// cut lays the rows from body on out on two or three sheets, of which the later ones may be without title, or without header.
func (p *page) cut(r *rand.Rand, body int) (pages []*page, names []string) {
	rows := p.rows[body : len(p.rows)-1] // without the signatures
	sheets := 2 + r.IntN(2)
	for i := range sheets {
		q := &page{}
		switch way := r.IntN(3); {
		case i == 0 || way == 0:
			q.rows, q.merges = slices.Clone(p.rows[:body]), p.merges
		case way == 1:
			q.rows = slices.Clone(p.rows[2:body])
			for _, m := range p.merges {
				m.FirstRow, m.LastRow = m.FirstRow-2, m.LastRow-2
				q.merges = append(q.merges, m)
			}
		}
		q.rows = append(q.rows, rows[i*len(rows)/sheets:(i+1)*len(rows)/sheets]...)
		if r.IntN(2) == 0 {
			q.rows = append(q.rows, p.rows[len(p.rows)-1])
		}
		pages, names = append(pages, q), append(names, fmt.Sprintf("第%d页", i+1))
	}
	return pages, names
}

// ledgerPage lays a ledger of deposits out: in one to three parts side by side, with the township in a column or in lines over its rows. Where
// there is one part, its records begin in row body.
func ledgerPage(r *rand.Rand) (p *page, how string, body int, want map[string]string) {
	p, want = &page{}, map[string]string{}
	parts, lines, running, deep, sums, gap := 1+r.IntN(3), r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(3) == 0, r.IntN(2) == 0, r.IntN(3) == 0
	if lines && r.IntN(2) == 0 {
		parts = 1
	}
	p.set(0, 0, text("在建工程项目农民工工资保证金台账"))
	p.set(1, 0, text("填报单位：劳动保障监察大队    报表所属期：2020年6月"))
	heads := []string{"项目名称", "施工单位", "缴存日期", "保证金金额（万元）", "状态"}
	if !lines {
		heads = slices.Insert(heads, 2, "所属乡镇（街道）")
	}
	if running {
		heads = slices.Insert(heads, 0, "序号")
	}
	n := 4 + r.IntN(9)
	sums = sums && parts == 1
	var records [][]drawnCell // one of a single cell is a line
	projects, amounts := map[int]int{}, map[int]int{}
	last := -1
	for i := range n {
		where, amount := i*5/n, 10+3*i
		projects[where]++
		amounts[where] += amount
		if lines && where != last {
			if sums && i > 0 {
				records = append(records, []drawnCell{text("小计"), {}, {}, {number: "1"}})
			}
			records, last = append(records, []drawnCell{text(townshipsOfTest[where])}), where
		}
		record := []drawnCell{text(fmt.Sprintf("工程%c", '甲'+rune(i))), text("某公司"), text(fmt.Sprintf("2020-0%d-05", 1+i%5)), {number: strconv.Itoa(amount)}, text("在缴")}
		if !lines {
			record = slices.Insert(record, 2, text(townshipsOfTest[where]))
		}
		if running {
			record = slices.Insert(record, 0, drawnCell{number: strconv.Itoa(i + 1)})
		}
		records = append(records, record)
	}
	for where := range projects {
		at := "@349981" + codesOfTest[where]
		want["inspection.wage_deposit_projects"+at], want["inspection.wage_deposit_amount"+at] = strconv.Itoa(projects[where]), strconv.Itoa(amounts[where])+"0000"
	}
	width := len(heads)
	if gap {
		width++
	}
	top, deepness := 2, 1
	if deep {
		deepness = 2
	}
	for part := range parts {
		for i, h := range heads {
			x := part*width + i
			if group := deep && (h == "缴存日期" || strings.HasPrefix(h, "保证金")); group {
				if h == "缴存日期" {
					p.set(top, x, text("缴存情况"))
					p.merge(top, x, 1, 2)
				}
				p.set(top+1, x, text(h))
				continue
			}
			p.set(top, x, text(h))
			p.merge(top, x, deepness, 1)
		}
	}
	each := (len(records) + parts - 1) / parts
	for i, record := range records {
		for x, c := range record {
			p.set(top+deepness+i%each, i/each*width+x, c)
		}
	}
	p.set(len(p.rows), 0, text("填报人：江晓禾    审核人：程望山"))
	if parts == 1 && !lines {
		body = top + deepness
	}
	return p, fmt.Sprintf("parts %d lines %v running %v deep %v sums %v gap %v", parts, lines, running, deep, sums, gap), body, want
}

// TestLedgerLayouts is TestLayouts for records.
func TestLedgerLayouts(t *testing.T) {
	n := 60
	if s := os.Getenv("HUIZONG_LAYOUTS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	j, _ := judgetest.New(t, schemas.FS())
	period, _ := reporting.ParsePeriod("2020-06")
	sound, read := 0, 0
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 19))
		p, how, body, want := ledgerPage(r)
		var pages []*page
		var names []string
		if body > 0 && r.IntN(2) == 0 {
			pages, names = p.cut(r, body)
			p = pages[r.IntN(len(pages))]
		}
		spoiled := ""
		if r.IntN(3) == 0 {
			spoiled = p.spoil(r, true)
		}
		kind := r.IntN(4)
		drawn := drawnSheet{rows: p.rows, merges: p.merges}
		if kind == 3 {
			drawn.merges = nil
		}
		data := [](func(drawnSheet) []byte){writeXLSX, writeXLS, writeODS, writeText}[kind](drawn)
		if pages != nil {
			data, how = writeTabs(t, pages, names), fmt.Sprint(how, " sheets ", len(pages))
		}
		v, err := j.Judge(bytes.NewReader(data), "wage_deposits", "349981JC", period, func(string) (validate.History, error) { return validate.History{}, nil })
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if spoiled == "" {
			sound++
		}
		if reporting.HasErrors(v.Findings) {
			if spoiled == "" && os.Getenv("HUIZONG_LAYOUTS_SHOW") != "" {
				t.Logf("seed %d, kind %d, %s: refused\n%s%s", seed, kind, how, explain(v.Findings[:min(3, len(v.Findings))]), p.show())
			}
			continue
		}
		if spoiled == "" {
			read++
		}
		got := map[string]reporting.Decimal{}
		for _, o := range v.Reading.Observations {
			name := o.Indicator + "@" + o.Unit
			got[name] = got[name].Add(o.Value)
		}
		said := slices.ContainsFunc(v.Findings, func(f reporting.Finding) bool {
			return f.Code == reporting.UnclaimedColumn || f.Code == reporting.UnclaimedRow || f.Code == reporting.ValueAssumed || f.Code == reporting.UnreadSheet
		})
		for name, value := range want {
			if got[name].String() != value && (spoiled == "" || !said) {
				t.Errorf("seed %d, kind %d, %s, %s: %s is %s, not %s\n%s%s", seed, kind, how, spoiled, name, got[name], value, explain(v.Findings), p.show())
				break
			}
		}
	}
	t.Logf("%d of %d sound ledgers were read", read, sound)
	if 20*read < 17*sound {
		t.Errorf("of %d sound ledgers %d were read", sound, read)
	}
}
