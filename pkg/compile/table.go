package compile

import (
	"maps"
	"slices"
)

// originsTable lists where the numbers before it come from; it stands last.
const originsTable = "origins"

// warningsTable lists what was warned of; it may be cut.
const warningsTable = "warnings"

// tableMakers are the tables of the template language, by name.
var tableMakers = map[string]func(*compiler, tablePart) []Block{
	"targets":     func(c *compiler, _ tablePart) []Block { return explained(c.targets()) },
	"figures":     func(c *compiler, _ tablePart) []Block { return explained(c.overview()) },
	"units":       func(c *compiler, _ tablePart) []Block { return c.byUnit() },
	warningsTable: func(c *compiler, p tablePart) []Block { return c.warningTable(p.most) },
	originsTable:  func(c *compiler, _ tablePart) []Block { return []Block{c.origins()} },
}

func tableNames() []string { return slices.Sorted(maps.Keys(tableMakers)) }

// wide reports whether one of the blocks wants a page that lies.
func wide(blocks []Block) bool {
	return slices.ContainsFunc(blocks, func(b Block) bool {
		t, table := b.(Table)
		return table && t.Wide
	})
}
