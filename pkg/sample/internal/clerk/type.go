package clerk

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"huizong/pkg/reporting"
)

// Document is a paper as it was typed.
type Document struct {
	Ext    string // ".xlsx", ".csv" or ".tsv"
	Bytes  []byte
	Habits []string // how it differs from the form as printed
}

// Type types the paper with the habits of a clerk whom rng picks.
func Type(p Paper, rng *rand.Rand) (Document, error) {
	h, names := draw(&p, rng)
	main := typeSheet(&p, h, rng, sheetName(&p, rng))
	if isText(&p, h) {
		ext, data, err := writeText(main, h)
		return Document{Ext: ext, Bytes: data, Habits: names}, err
	}
	grids := []grid{main}
	if h[notesFirst] {
		grids = append([]grid{notes()}, grids...)
	}
	if h[oldSheet] {
		grids = append(grids, old(&p, h, rng))
	}
	data, err := writeBook(grids, main.name, &p, h[xlsxInline])
	return Document{Ext: ".xlsx", Bytes: data, Habits: names}, err
}

func sheetName(p *Paper, rng *rand.Rand) string {
	return pick(rng, []string{"Sheet1", "报表", p.Title, p.Period.Last.String(), strconv.Itoa(p.Period.Last.Number()) + "月"})
}

// notes is a sheet of instructions that a reader has to leave aside.
func notes() grid {
	g := grid{name: "填表说明"}
	for i, text := range []string{"本表按月报送，每月5日前报上月数。", "本年累计为1月至本月的合计。", "没有发生的填0，不适用的填“—”。"} {
		g.rows = append(g.rows, []cell{typed(fmt.Sprintf("%d.%s", i+1, text))})
	}
	return g
}

// old is the sheet of the month before that stayed in the book, hidden.
func old(p *Paper, h hand, rng *rand.Rand) grid {
	before := *p
	before.Period.First -= reporting.Month(p.Period.Len())
	before.Period.Last -= reporting.Month(p.Period.Len())
	g := typeSheet(&before, h, rng, "上期")
	g.hidden = true
	return g
}
