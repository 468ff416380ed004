package pdf

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"huizong/pkg/compile"
	"huizong/pkg/compile/internal/markup"
)

// metadata is what the file says of itself as XMP; it says the same as the Info dictionary, and names the standard that the file keeps to.
func metadata(d *compile.Document) string {
	at := d.Cutoff.UTC().Format(time.RFC3339)
	return `<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">` +
		`<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>` +
		`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + markup.Escape(titleOf(d)) + `</rdf:li></rdf:Alt></dc:title>` +
		`<dc:creator><rdf:Seq><rdf:li>` + markup.Escape(d.Issuer) + `</rdf:li></rdf:Seq></dc:creator><dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>` +
		`<xmp:CreateDate>` + at + `</xmp:CreateDate><xmp:ModifyDate>` + at + `</xmp:ModifyDate><pdf:Producer>Huizong</pdf:Producer>` +
		`</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`
}

func titleOf(d *compile.Document) string { return strings.Join(d.Title, "") }

// intent says what the colours of the file mean: sRGB.
func intent(o *objects) string {
	profile := o.stream("/N 3", srgb())
	return fmt.Sprintf("<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)/DestOutputProfile %s>>", profile)
}

// srgb is the colour space of IEC 61966-2-1 as an ICC profile of version 4: primaries as they are under D50, and the curve by its formula, in
// 16.16 numbers. Nothing in it is computed, so that it is the same everywhere.
func srgb() []byte {
	xyz := func(x, y, z int32) []byte { return fixed("XYZ ", x, y, z) }
	curve := append([]byte("para\x00\x00\x00\x00\x00\x03\x00\x00"), fixed("", 0x26666, 0xF2A7, 0x0D59, 0x13D0, 0x0A5B)...)
	tags := []struct {
		name string
		data []byte
	}{
		{"desc", words("sRGB")}, {"cprt", words("CC0")}, {"wtpt", xyz(0xF6D6, 0x10000, 0xD32D)},
		{"chad", fixed("sf32", 0x10C42, 0x5DE, -0xCDB, 0x793, 0xFD90, -0x45F, -0x25E, 0x3DC, 0xC06E)},
		{"rXYZ", xyz(0x6FA2, 0x38F5, 0x0390)}, {"gXYZ", xyz(0x6299, 0xB785, 0x18DA)}, {"bXYZ", xyz(0x24A0, 0x0F84, 0xB6CF)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}
	table, data := binary.BigEndian.AppendUint32(nil, uint32(len(tags))), []byte{}
	start := 128 + 4 + 12*len(tags)
	for _, t := range tags {
		table = binary.BigEndian.AppendUint32(append(table, t.name...), uint32(start+len(data)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(t.data)))
		data = append(data, t.data...)
		for len(data)%4 != 0 {
			data = append(data, 0)
		}
	}
	header := make([]byte, 128)
	binary.BigEndian.PutUint32(header, uint32(start+len(data)))
	copy(header[8:], "\x04\x20\x00\x00mntrRGB XYZ \x07\xb2\x00\x01\x00\x01") // version 4.2, of 1970-01-01
	copy(header[36:], "acsp")
	copy(header[68:], fixed("", 0xF6D6, 0x10000, 0xD32D))
	return append(append(header, table...), data...)
}

// fixed is an array of 16.16 numbers, under its kind if it has one.
func fixed(kind string, numbers ...int32) []byte {
	var b []byte
	if kind != "" {
		b = append([]byte(kind), 0, 0, 0, 0)
	}
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint32(b, uint32(n))
	}
	return b
}

// words is a text of a profile, in English.
func words(s string) []byte {
	units := utf16.Encode([]rune(s))
	b := []byte("mluc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0cenUS")
	b = binary.BigEndian.AppendUint32(b, uint32(2*len(units)))
	b = binary.BigEndian.AppendUint32(b, 28)
	for _, u := range units {
		b = binary.BigEndian.AppendUint16(b, u)
	}
	return b
}
