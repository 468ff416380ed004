package xlsx

import (
	"strings"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/compile"
)

// look is what a cell's style depends on.
type look struct {
	head   bool
	align  compile.Align
	format string // of numbers; "" for text
	mark   compile.Mark
}

// styles makes each style once.
type styles struct {
	file *excelize.File
	ids  map[look]int
}

var alignments = map[compile.Align]string{compile.Left: "left", compile.Center: "center", compile.Right: "right"}

// fills show what is missing, and what is not whole.
var fills = map[compile.Mark]string{compile.Absent: "FFFF00", compile.Partial: "FCE4D6"}

func (s *styles) id(l look) (int, error) {
	if id, ok := s.ids[l]; ok {
		return id, nil
	}
	style := &excelize.Style{
		Font:      &excelize.Font{Family: "宋体", Size: 10, Bold: l.head},
		Alignment: &excelize.Alignment{Horizontal: alignments[l.align], Vertical: "center", WrapText: l.format == ""},
	}
	for _, side := range []string{"left", "top", "right", "bottom"} {
		style.Border = append(style.Border, excelize.Border{Type: side, Color: "808080", Style: 1})
	}
	if l.format != "" {
		style.CustomNumFmt = &l.format
	}
	color := fills[l.mark]
	if l.head {
		color = "DDEBF7"
	}
	if color != "" {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	id, err := s.file.NewStyle(style)
	s.ids[l] = id
	return id, err
}

// numberFormat shows a number with its digits and what follows it in the cell. Shares are stored as such and shown in percent.
func numberFormat(b *compile.Binding, suffix string) string {
	format := "0"
	if b.Places > 0 {
		format += "." + strings.Repeat("0", b.Places)
	}
	if b.Measure == "%" {
		format += "%"
		suffix = strings.TrimPrefix(suffix, "%")
	}
	if suffix != "" {
		format += `"` + strings.ReplaceAll(suffix, `"`, "") + `"`
	}
	return format
}
