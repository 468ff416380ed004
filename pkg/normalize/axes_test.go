package normalize_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// table is where the table of a paper stands on its sheet.
func (p *paper) table() (first, last int32) {
	first = int32(len(p.above))
	last = first + int32(p.deep+len(p.lines)) - 1
	if p.total != nil {
		last++
	}
	return first, last
}

// turned is the sheet with rows and columns of its table changed over.
func (p *paper) turned() []*reporting.Sheet {
	s := p.sheets()[0]
	first, last := p.table()
	out := &reporting.Sheet{Name: s.Name}
	rows := map[int32]*reporting.Row{}
	top := first
	for _, row := range s.Rows {
		for _, c := range row.Cells {
			switch {
			case row.Index >= first && row.Index <= last:
				c.Row, c.Col = first+c.Col, row.Index-first
			case row.Index > last:
				c.Row += 200
			}
			if rows[c.Row] == nil {
				rows[c.Row] = &reporting.Row{Index: c.Row}
			}
			rows[c.Row].Cells = append(rows[c.Row].Cells, c)
			top = max(top, c.Row)
		}
	}
	for i := range top + 1 {
		if rows[i] != nil {
			out.Rows = append(out.Rows, *rows[i])
		}
	}
	for _, m := range s.Merges {
		out.Merges = append(out.Merges, reporting.Range{FirstRow: first + m.FirstCol, FirstCol: m.FirstRow - first, LastRow: first + m.LastCol, LastCol: m.LastRow - first})
	}
	return []*reporting.Sheet{out}
}

// halved is the sheet with the lower half of its table beside the upper one.
func (p *paper) halved(gap int32) []*reporting.Sheet {
	s := p.sheets()[0]
	first, last := p.table()
	body := first + int32(p.deep)
	half := body + (last-body+2)/2
	width := int32(len(p.columns)) + gap
	out := &reporting.Sheet{Name: s.Name, Merges: s.Merges}
	rows := map[int32]*reporting.Row{}
	put := func(c reporting.Cell) {
		if rows[c.Row] == nil {
			rows[c.Row] = &reporting.Row{Index: c.Row}
		}
		rows[c.Row].Cells = append(rows[c.Row].Cells, c)
	}
	for _, right := range []bool{false, true} {
		for _, row := range s.Rows {
			for _, c := range row.Cells {
				head := row.Index >= first && row.Index < body
				lower := row.Index >= half && row.Index <= last
				if right != lower && !(right && head) {
					continue
				}
				if right {
					c.Col += width
				}
				if lower {
					c.Row += body - half
				}
				put(c)
			}
		}
	}
	for _, m := range s.Merges {
		out.Merges = append(out.Merges, reporting.Range{FirstRow: m.FirstRow, FirstCol: m.FirstCol + width, LastRow: m.LastRow, LastCol: m.LastCol + width})
	}
	for i := range last + 20 {
		if rows[i] != nil {
			out.Rows = append(out.Rows, *rows[i])
		}
	}
	return []*reporting.Sheet{out}
}

// TestEachFormTurnedAndHalved lays each form's table the other way, and in two halves: the same values. Without one of its texts nothing else
// comes of it.
func TestEachFormTurnedAndHalved(t *testing.T) {
	for _, form := range catalogue.Forms {
		for seed := range uint64(max(1, *layoutRuns/12)) {
			paper, _ := layOut(form, seed, nil)
			_, want, findings := read(paper.sheets(), form.ID, paper.org.Code, paper.period)
			if text := errorsOf(findings); text != "" {
				t.Fatalf("%s, as printed: %s", form.ID, text)
			}
			rng := rand.New(rand.NewPCG(seed, 5))
			lies := map[string][]*reporting.Sheet{"halved": paper.halved(int32(rng.IntN(2)))}
			if len(form.Rows) > 0 || form.RowUnits {
				lies["turned"] = paper.turned()
			}
			for name, sheets := range lies {
				_, got, findings := read(sheets, form.ID, paper.org.Code, paper.period)
				if text := errorsOf(findings); text != "" || said(got) != said(want) {
					t.Errorf("%s, %s, seed %d:\n%s%s%s", form.ID, name, seed, text, diff(said(got), said(want)), dump(sheets))
				}
				for range 4 {
					without := withoutOne(rng, sheets[0], len(paper.above))
					_, got, findings := read([]*reporting.Sheet{without}, form.ID, paper.org.Code, paper.period)
					if errorsOf(findings) == "" && said(got) != said(want) && (len(findings) == 0 || otherwise(said(got), said(want))) {
						t.Errorf("%s, %s, seed %d, without a text:\n%s%s", form.ID, name, seed, diff(said(got), said(want)), dump([]*reporting.Sheet{without}))
					}
				}
			}
		}
	}
}

// withoutOne is the sheet without one of the texts of its table.
func withoutOne(rng *rand.Rand, s *reporting.Sheet, above int) *reporting.Sheet {
	out := *s
	out.Rows = slices.Clone(s.Rows)
	i := rng.IntN(len(out.Rows)-above) + above
	row := &out.Rows[i]
	row.Cells = slices.Clone(row.Cells)
	at := rng.IntN(len(row.Cells))
	_, day := reporting.ParseDate(row.Cells[at].Text) // without the day of its end a case is open
	if row.Cells[at].Kind == reporting.TextCell && !day {
		row.Cells = slices.Delete(row.Cells, at, at+1)
	}
	return &out
}

// otherwise reports whether something is said that is not meant.
func otherwise(got, want string) bool {
	meant := strings.Split(want, "\n")
	return got != "" && slices.ContainsFunc(strings.Split(got, "\n"), func(line string) bool { return !slices.Contains(meant, line) })
}
