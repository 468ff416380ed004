package biff

import (
	"slices"
	"strings"
	"unicode/utf8"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/numfmt"
)

// xf is a cell format as its record has it.
type xf struct{ font, format int }

// style is what a cell format shows of a number, and whether it strikes through.
type style struct {
	numfmt.Style
	marks  reporting.Marks
	broken bool // its number format is
}

// spelled is a number format with its text. The text is broken in some sound files, whose values do not depend on it.
type spelled struct {
	code   string
	broken bool
}

// fontMarks are Struck and Raised.
type fontMarks = reporting.Marks

// font notes whether a font strikes through or raises. A font that is cut short does neither.
func (w *Workbook) font(r *records) {
	var marks fontMarks
	if len(r.data) >= 6 && r.data[2]&0x08 != 0 {
		marks |= reporting.Struck
	}
	if len(r.data) >= 10 {
		if position := le.Uint16(r.data[8:]); position == 1 || position == 2 {
			marks |= reporting.Raised
		}
	}
	w.struck = append(w.struck, marks)
}

// fontOf returns the marks of a font by its number; 4 is none, and those behind it stand one place further ahead.
func (w *Workbook) fontOf(number int) fontMarks {
	if number > 4 {
		number--
	}
	if number >= len(w.struck) {
		return 0
	}
	return w.struck[number]
}

// cellFormat reads font and number format. What is missing behind them, in the files of some programs, is colours and borders.
func (w *Workbook) cellFormat(r *records) error {
	const whole, least = 20, 4
	if len(r.data) > whole || len(r.data) < least {
		return r.exactly(whole)
	}
	w.xfs = append(w.xfs, xf{int(le.Uint16(r.data)), int(le.Uint16(r.data[2:]))})
	return nil
}

// format reads a spelled-out number format. Where its text is broken, the format is known to exist, and no more.
func (w *Workbook) format(r *records) error {
	if err := r.need(4); err != nil {
		return err
	}
	f := spelled{}
	if w.version == biff8 {
		s := segmented{now: r.data[4:]}
		code, ok := s.text(w.scratch[:0], int(le.Uint16(r.data[2:])))
		f.broken = !ok || len(s.now) > 0 || !sound(code)
		f.code = string(code)
	} else {
		code, err := w.shortText(r, r.data[2:])
		f.code, f.broken = string(code), err != nil
	}
	if f.broken {
		f.code = ""
	}
	w.formats[int(le.Uint16(r.data))] = f
	return nil
}

// lastBuiltin is the last number format that has a meaning without being spelled out, in any language's Excel.
const lastBuiltin = 81

// resolveStyles says of each cell format what it shows.
func (w *Workbook) resolveStyles(r *records) error {
	for i, x := range w.xfs {
		format, isSpelled := w.formats[x.format]
		if !isSpelled && x.format > lastBuiltin {
			return r.errorf("style %d has format %d, which does not exist", i, x.format)
		}
		var s style
		if isSpelled && !format.broken {
			s.Style = numfmt.Parse(format.code, w.Date1904)
		} else {
			s.Style = numfmt.Builtin(x.format, w.Date1904)
		}
		s.marks, s.broken = w.fontOf(x.font)&reporting.Struck, isSpelled && format.broken
		w.styles = append(w.styles, s)
	}
	return nil
}

// richText is what a text shows beside its letters.
type richText struct {
	runs []run
}

// run begins at a character, counted in units of UTF-16, and has a font.
type run struct{ at, font int }

// readRuns reads the runs of BIFF8: two bytes each.
func readRuns(b []byte) []run {
	var runs []run
	for ; len(b) >= 4; b = b[4:] {
		runs = append(runs, run{int(le.Uint16(b)), int(le.Uint16(b[2:]))})
	}
	return runs
}

// maxRich bounds the texts whose runs are kept.
const maxRich = 200_000

// keepRich keeps the runs of a shared string where one of them strikes through or raises, or says that nothing does.
func (w *Workbook) keepRich(i int, formatting []byte) {
	if len(formatting) == 0 || len(w.rich) >= maxRich {
		return
	}
	runs := readRuns(formatting)
	marked := func(r run) bool { return w.fontOf(r.font) != 0 || r.at == 0 } // a font from the first letter on stands for the cell's
	if slices.ContainsFunc(runs, marked) {
		w.rich[i] = richText{runs}
	}
}

// dress adds to a text cell what its runs show. The text before the first run has the cell's own font.
func (w *Workbook) dress(c *reporting.Cell, runs []run) {
	if len(runs) == 0 {
		return
	}
	var kept strings.Builder
	marks, at, next, units := c.Marks&reporting.Struck, 0, 0, 0
	var found reporting.Marks
	for at < len(c.Text) {
		for next < len(runs) && runs[next].at <= units {
			marks = w.fontOf(runs[next].font)
			next++
		}
		r, size := utf8.DecodeRuneInString(c.Text[at:])
		letter := c.Text[at : at+size]
		switch {
		case marks&reporting.Struck != 0:
			if strings.TrimSpace(letter) != "" {
				found |= reporting.PartStruck
			}
		case marks&reporting.Raised != 0 && strings.TrimSpace(letter) != "":
			found |= reporting.Raised
		default:
			kept.WriteString(letter)
		}
		at += size
		if units++; r > 0xFFFF {
			units++
		}
	}
	c.Marks &^= reporting.Struck
	switch {
	case found == 0:
	case found == reporting.PartStruck && strings.TrimSpace(kept.String()) == "":
		c.Marks |= reporting.Struck
	case kept.Len() == 0:
	default:
		c.Marks |= found
		c.Look = &reporting.Look{Kept: kept.String()}
	}
}
