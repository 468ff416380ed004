package truetype

import (
	"slices"

	"huizong/pkg/reporting"
)

// Subset returns a font file with the glyphs in their order, which are numbered from 0 in it; the first must be glyph 0. Parts of
// composed glyphs that are not among them follow.
func (f *Font) Subset(glyphs []uint16) (file []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			file, err = nil, reporting.Errorf(reporting.Invalid, "font: damaged glyph: %v", r)
		}
	}()
	s := &subset{font: f, glyphs: slices.Clone(glyphs), numbers: map[uint16]uint16{}}
	for i, g := range glyphs {
		s.numbers[g] = uint16(i)
	}
	if err := s.outlines(); err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "font: %w", err)
	}
	return s.file(), nil
}

// subset is a font as far as it is made.
type subset struct {
	font    *Font
	glyphs  []uint16          // of the font; grows by the parts of composed ones
	numbers map[uint16]uint16 // glyph of the font → its number here
	glyf    []byte
	loca    []byte
}

func (s *subset) outlines() error {
	for i := 0; i < len(s.glyphs); i++ {
		s.loca = be.AppendUint32(s.loca, uint32(len(s.glyf)))
		outline, err := s.font.outline(s.glyphs[i])
		if err != nil {
			return err
		}
		if len(outline) > 0 && signed(outline) < 0 {
			outline = s.composed(outline)
		}
		s.glyf = append(s.glyf, outline...)
		for len(s.glyf)%4 != 0 {
			s.glyf = append(s.glyf, 0)
		}
	}
	s.loca = be.AppendUint32(s.loca, uint32(len(s.glyf)))
	return nil
}

// The flags of a part of a composed glyph.
const (
	wordArguments = 1 << 0
	oneScale      = 1 << 3
	moreParts     = 1 << 5
	twoScales     = 1 << 6
	matrix        = 1 << 7
)

// composed renumbers the parts of a composed glyph and takes them in.
func (s *subset) composed(outline []byte) []byte {
	outline = slices.Clone(outline)
	for at := 10; ; {
		flags, part := be.Uint16(outline[at:]), be.Uint16(outline[at+2:])
		number, known := s.numbers[part]
		if !known {
			number = uint16(len(s.glyphs))
			s.numbers[part] = number
			s.glyphs = append(s.glyphs, part)
		}
		be.PutUint16(outline[at+2:], number)
		at += 6
		if flags&wordArguments != 0 {
			at += 2
		}
		switch {
		case flags&oneScale != 0:
			at += 2
		case flags&twoScales != 0:
			at += 4
		case flags&matrix != 0:
			at += 8
		}
		if flags&moreParts == 0 {
			return outline
		}
	}
}

// file puts the tables together. Programs for hinting are kept: outlines may call them.
func (s *subset) file() []byte {
	head, hhea, maxp := slices.Clone(s.font.tables["head"]), slices.Clone(s.font.tables["hhea"]), slices.Clone(s.font.tables["maxp"])
	be.PutUint32(head[8:], 0)
	be.PutUint16(head[50:], 1) // long offsets
	be.PutUint16(hhea[34:], uint16(len(s.glyphs)))
	be.PutUint16(maxp[4:], uint16(len(s.glyphs)))
	tables := map[string][]byte{"head": head, "hhea": hhea, "maxp": maxp, "hmtx": s.metrics(), "loca": s.loca, "glyf": s.glyf}
	for _, name := range []string{"cvt ", "fpgm", "prep"} {
		if t := s.font.tables[name]; t != nil {
			tables[name] = t
		}
	}
	return pack(tables)
}

func (s *subset) metrics() []byte {
	var b []byte
	hmtx := s.font.tables["hmtx"]
	for _, g := range s.glyphs {
		at := min(int(g), s.font.metrics-1)
		bearing := 4*at + 2
		if int(g) >= s.font.metrics {
			bearing = 4*s.font.metrics + 2*(int(g)-s.font.metrics)
		}
		b = append(append(b, hmtx[4*at:4*at+2]...), hmtx[bearing:bearing+2]...)
	}
	return b
}

// pack writes a font file of the tables, in the order of their names as the format wants it.
func pack(tables map[string][]byte) []byte {
	names := make([]string, 0, len(tables))
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	search := 1
	for search*2 <= len(names) {
		search *= 2
	}
	log := 0
	for 1<<(log+1) <= search {
		log++
	}
	file := be.AppendUint32(nil, 0x00010000)
	for _, n := range []int{len(names), search * 16, log, (len(names) - search) * 16} {
		file = be.AppendUint16(file, uint16(n))
	}
	offset := len(file) + 16*len(names)
	var content []byte
	for _, name := range names {
		t := tables[name]
		file = append(file, name...)
		for _, n := range []uint32{checksum(t), uint32(offset + len(content)), uint32(len(t))} {
			file = be.AppendUint32(file, n)
		}
		content = append(content, t...)
		for len(content)%4 != 0 {
			content = append(content, 0)
		}
	}
	return append(file, content...)
}

func checksum(table []byte) uint32 {
	var sum uint32
	for len(table) >= 4 {
		sum += be.Uint32(table)
		table = table[4:]
	}
	var rest [4]byte
	copy(rest[:], table)
	return sum + be.Uint32(rest[:])
}
