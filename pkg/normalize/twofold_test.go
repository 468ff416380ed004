package normalize_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

var twofoldSeed = flag.Uint64("twofold-seed", 1, "seed of the rows and columns that stand twice")

// other is a cell of the same kind as c that says another thing.
func other(p *paper, spec *reporting.Column, c cell) cell {
	switch {
	case c.text == "" || c.text == "—":
		return c
	case spec.Type == reporting.UnitValue:
		return text(map[bool]string{true: "城西街道", false: "南山街道"}[c.text != "城西街道"])
	case spec.Type == reporting.Category:
		for _, choice := range spec.Choices {
			if choice.Name != c.text {
				return text(choice.Name)
			}
		}
	case spec.Type == reporting.IDNumber:
		return text(idNumber(p.rng))
	case spec.Type == reporting.CreditCode:
		return text(creditCode(p.rng))
	case spec.Type == reporting.DateValue:
		d, _ := reporting.ParseDate(c.text)
		return text(d.AddDays(1).String())
	case spec.Type == reporting.MonthValue:
		return text("2019-12")
	case c.number:
		return digit(reporting.MustDecimal(c.text).Add(reporting.Int(7)).String())
	}
	return text(c.text + "乙")
}

// namesLike are further names by which a form's row or column may be meant as well as by its own.
func namesLike(own string, aliases []string) []string {
	names := []string{own, " " + own + " "}
	names = append(names, aliases...)
	for _, tail := range []string{"情况", "合计", "总数"} {
		if core := strings.TrimSuffix(strings.TrimSuffix(own, "人数"), "数"); !strings.ContainsAny(own, "（(") && len([]rune(core)) > 2 {
			names = append(names, core+tail)
		}
	}
	return names
}

// ambiguities are the codes that say of two places that both could be meant.
var ambiguities = []reporting.FindingCode{reporting.AmbiguousColumn, reporting.AmbiguousRow, reporting.DuplicateRow}

// checkTwofold reads a paper in which something stands twice: an error has to say so, in a cell.
func checkTwofold(t *testing.T, p *paper, what string) {
	t.Helper()
	sheets := p.sheets()
	_, _, findings := read(sheets, p.form.ID, p.org.Code, p.period)
	for _, f := range findings {
		if slices.Contains(ambiguities, f.Code) && f.Severity == reporting.SeverityError && f.Cell != "" {
			return
		}
	}
	t.Errorf("%s, %s: not found twofold, but %s\n%s", p.form.ID, what, errorsOf(findings), dump(sheets))
}

// TestColumnsThatStandTwice: a further column under a name that could mean one of the form, with other values, is an error for each form, column
// and name, on either side of the form's own.
func TestColumnsThatStandTwice(t *testing.T) {
	for _, form := range catalogue.Forms {
		t.Run(form.ID, func(t *testing.T) {
			for i, spec := range form.Columns {
				if spec.Type == reporting.Sequence || spec.Type == reporting.Remark || spec.Type == reporting.Measure {
					continue
				}
				names := []string{"", spec.Labels[len(spec.Labels)-1]}
				for _, name := range names {
					p, _ := layOut(form, *twofoldSeed, nil)
					own := p.column(spec.ID)
					head := slices.Clone(own.head)
					if name != "" {
						if head[len(head)-1] = name; p.deep == 2 {
							head = []string{name}
						}
					}
					twin := &column{at: i, head: head}
					at := slices.Index(p.columns, own) + p.rng.IntN(2)
					for n := range p.lines {
						p.lines[n].cells[twin] = other(p, &spec, p.lines[n].cells[own])
					}
					p.columns = slices.Insert(p.columns, at, twin)
					checkTwofold(t, p, fmt.Sprintf("column %s as %q", spec.ID, name))
				}
			}
		})
	}
}

// TestRowsThatStandTwice: the same of rows: of indicators, schemes, units and totals.
func TestRowsThatStandTwice(t *testing.T) {
	rng := rand.New(rand.NewPCG(*twofoldSeed, 3))
	for _, form := range catalogue.Forms {
		label := form.ColumnOf(reporting.RowLabel)
		if form.RowUnits {
			label = form.ColumnOf(reporting.UnitValue)
		}
		if label < 0 || form.Shape == reporting.Ledger || form.Shape == reporting.NarrativeForm {
			continue
		}
		t.Run(form.ID, func(t *testing.T) {
			base, _ := layOut(form, *twofoldSeed, nil)
			for n, l := range base.lines {
				own := l.cells[base.column(form.Columns[label].ID)].text
				likes := []string{own}
				switch {
				case n < len(form.Rows):
					likes = namesLike(own, form.Rows[n].Aliases)
				case form.RowUnits && own == "市直":
				case form.RowUnits:
					likes = []string{own, own + "（盖章）", "示例市" + own}
				default:
					likes = []string{own, "（一）" + own, own + "（人）"}
				}
				for _, name := range likes {
					p, _ := layOut(form, *twofoldSeed, nil)
					p.insertTwin(rng, n, label, name)
					checkTwofold(t, p, fmt.Sprintf("row %q as %q", own, name))
				}
			}
			if base.total != nil {
				p, _ := layOut(form, *twofoldSeed, nil)
				total := p.twin(*p.total, label, form.Total[len(form.Total)-1])
				p.lines = append(p.lines, total)
				checkTwofold(t, p, "a second total")
			}
		})
	}
}

// twin is the line under another name, with other numbers.
func (p *paper) twin(l line, label int, name string) line {
	twin := line{cells: maps.Clone(l.cells)}
	for col, c := range twin.cells {
		if spec := p.spec(col); spec != nil && c.number {
			twin.cells[col] = other(p, spec, c)
		}
	}
	twin.cells[p.column(p.form.Columns[label].ID)] = text(name)
	return twin
}

func (p *paper) insertTwin(rng *rand.Rand, n, label int, name string) {
	p.lines = slices.Insert(p.lines, rng.IntN(len(p.lines)+1), p.twin(p.lines[n], label, name))
}

// TestTwoRowsOfFillers: where the form's own label is missing and two rows could be it, none is taken; where both show the same, one is, with
// a word.
func TestTwoRowsOfFillers(t *testing.T) {
	form := catalogue.Form("employment_monthly")
	for numbers, want := range map[[2]string]bool{{"20", "25"}: true, {"20", "20"}: false} {
		p, _ := layOut(form, *twofoldSeed, nil)
		label := p.column("indicator")
		twin := line{cells: maps.Clone(p.lines[0].cells)}
		for i, l := range []line{p.lines[0], twin} {
			l.cells[label] = text([]string{"城镇新增就业情况", "城镇新增就业合计"}[i])
			l.cells[p.column("month")], l.cells[p.column("year_to_date")] = digit(numbers[i]), digit(numbers[i])
		}
		p.lines = slices.Insert(p.lines, 3, twin)
		_, _, findings := read(p.sheets(), form.ID, p.org.Code, p.period)
		if found(findings, reporting.AmbiguousRow) != want || !want && errorsOf(findings) != "" {
			t.Errorf("%v: %v", numbers, findings)
		}
		for _, f := range findings {
			if f.Code == reporting.AmbiguousRow && (!strings.Contains(f.Message, "城镇新增就业情况”（本月数 20") || !strings.Contains(f.Message, "城镇新增就业合计”（本月数 25")) {
				t.Errorf("it does not name both: %s", f.Message)
			}
		}
	}
}

// TestTwoColumnsOfFillers: where the form's own header is missing and two columns could be it, none is taken.
func TestTwoColumnsOfFillers(t *testing.T) {
	form := catalogue.Form("employment_monthly")
	p, _ := layOut(form, *twofoldSeed, nil)
	own, twin := p.column("month"), &column{at: form.Column("month"), head: []string{"本月合计"}}
	own.head = []string{"本月情况"}
	for n := range p.lines {
		p.lines[n].cells[twin] = digit("7")
	}
	p.columns = slices.Insert(p.columns, 3, twin)
	_, _, findings := read(p.sheets(), form.ID, p.org.Code, p.period)
	for _, f := range findings {
		if f.Code == reporting.AmbiguousColumn && strings.Contains(f.Message, "本月情况") && strings.Contains(f.Message, "本月合计") {
			return
		}
	}
	t.Errorf("%s%s", errorsOf(findings), dump(p.sheets()))
}

// TestColumnsThatAreNotMeant: a column of another month, of last year, of a plan or a rank stands beside the form's own and
// is not mistaken for it.
func TestColumnsThatAreNotMeant(t *testing.T) {
	for head, value := range map[string]string{"12月": "7", "上年同期数": "7", "本月计划数": "7", "本月数位次": "3"} {
		form := catalogue.Form("employment_monthly")
		p, _ := layOut(form, *twofoldSeed, nil)
		_, want, _ := read(p.sheets(), form.ID, p.org.Code, p.period)
		own, twin := p.column("month"), &column{at: -1, head: []string{head}}
		if head == "12月" {
			own.head = []string{"1月"}
		}
		for n := range p.lines {
			p.lines[n].cells[twin] = digit(value)
		}
		p.columns = slices.Insert(p.columns, 3, twin)
		_, got, findings := read(p.sheets(), form.ID, p.org.Code, p.period)
		if text := errorsOf(findings); text != "" {
			t.Errorf("beside %q: %s%s", head, text, dump(p.sheets()))
			continue
		}
		for i := range want.Observations {
			if !got.Observations[i].Value.Equal(want.Observations[i].Value) {
				t.Errorf("beside %q: %v, want %v", head, got.Observations[i], want.Observations[i])
			}
		}
	}
}

// TestLinesThatSayTwoThings: two units, two periods or two units of money above the table are an error that names both cells.
func TestLinesThatSayTwoThings(t *testing.T) {
	for _, form := range catalogue.Forms {
		if form.Periods != "month" {
			continue
		}
		for name, test := range map[string]struct {
			row  func(p *paper) []cell
			code reporting.FindingCode
			fits bool
		}{
			"units": {func(p *paper) []cell {
				return row("报送单位：" + map[bool]string{true: "港口镇", false: "办公室"}[p.org.Level == reporting.LevelTownship])
			}, reporting.WrongOrg, true},
			"periods": {func(*paper) []cell { return row("", "统计月份：2020年2月") }, reporting.WrongPeriod, true},
			"title":   {func(p *paper) []cell { return row("示例市2020年3月" + p.form.Title.ZH + "（汇总）") }, reporting.WrongPeriod, true},
			"measures": {func(p *paper) []cell {
				return row("", "金额单位："+map[bool]string{true: "元", false: "万元"}[p.measure != "元"])
			}, reporting.AmbiguousColumn, form.Money != ""},
			"same": {func(p *paper) []cell {
				return row("报送单位："+p.org.Name.ZH, "统计月份：2020年1月", p.moneyText("金额单位：%s"))
			}, "", true},
		} {
			if !test.fits {
				continue
			}
			p, _ := layOut(form, *twofoldSeed, nil)
			p.above = append(p.above, test.row(p))
			_, _, findings := read(p.sheets(), form.ID, p.org.Code, p.period)
			if test.code == "" && errorsOf(findings) != "" || test.code != "" && !found(findings, test.code) {
				t.Errorf("%s, two %s: %s\n%s", form.ID, name, errorsOf(findings), dump(p.sheets()))
			}
		}
	}
}
