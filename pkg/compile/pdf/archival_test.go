package pdf_test

import (
	"encoding/binary"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"huizong/pkg/compile/compiletest"
)

// A file keeps the rules of PDF/A-2a as far as they can be read off it: what it says of itself, its colours, fonts and structure, and that
// nothing is in it which an archive does not take.
func TestArchival(t *testing.T) {
	report, companion := pair(t, compiletest.Input(t))
	for _, file := range []string{report, companion} {
		for _, want := range []string{
			"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>", "<xmp:CreateDate>2020-07-01T00:30:00Z</xmp:CreateDate>", "/CreationDate(D:20200701003000Z)",
			"/MarkInfo<</Marked true>>", "/Lang(zh-CN)", "/S/GTS_PDFA1", "/Type/StructTreeRoot",
		} {
			if !strings.Contains(file, want) {
				t.Errorf("the file has no %s", want)
			}
		}
		if m := regexp.MustCompile(`/(Encrypt|JavaScript|JS|Launch|EmbeddedFiles?|EF|SMask|CA|ca|BM|Filter|Transparency|OpenAction|AA|XObject)\b`).FindString(metadata.ReplaceAllString(file, "")); m != "" {
			t.Errorf("the file has %s", m)
		}
		checkFonts(t, read(t, file))
		checkProfile(t, read(t, file))
		checkContent(t, read(t, file))
		checkStructure(t, read(t, file))
	}
}

// checkFonts: each font is embedded, and each of its glyphs is a character.
func checkFonts(t *testing.T, r *reader) {
	t.Helper()
	fonts := regexp.MustCompile(`/Type/Font/Subtype/Type0[^\n]*/ToUnicode \d+ 0 R`).FindAllString(r.file, -1)
	if n := strings.Count(r.file, "/FontFile2 "); len(fonts) != 2 || n != 2 {
		t.Errorf("%d fonts have their characters, and %d are in the file; want two", len(fonts), n)
	}
	for font, alphabet := range r.alphabet {
		for code, char := range alphabet {
			if code != "0000" && (char == "" || strings.ContainsAny(char, "\x00\ufeff\ufffe")) {
				t.Errorf("the glyph %s of %s is %q", code, font, char)
			}
		}
	}
}

// checkProfile: the profile is one of RGB whose tags lie in it.
func checkProfile(t *testing.T, r *reader) {
	t.Helper()
	object := r.object(regexp.MustCompile(`/DestOutputProfile (\d+) 0 R`).FindStringSubmatch(r.file)[1])
	_, profile, _ := strings.Cut(object, "stream\n")
	data := []byte(strings.TrimSuffix(profile, "\nendstream"))
	if int(binary.BigEndian.Uint32(data)) != len(data) || string(data[12:24]) != "mntrRGB XYZ " || string(data[36:40]) != "acsp" || !strings.HasPrefix(object, "<</N 3/") {
		t.Fatal("the profile is none")
	}
	for i := range int(binary.BigEndian.Uint32(data[128:])) {
		tag := data[132+12*i:]
		if at, length := binary.BigEndian.Uint32(tag[4:]), binary.BigEndian.Uint32(tag[8:]); at%4 != 0 || int(at+length) > len(data) {
			t.Errorf("the tag %s lies outside of the profile", tag[:4])
		}
	}
}

// checkContent: whatever is drawn belongs to the structure or is an artifact, and what is marked ends.
func checkContent(t *testing.T, r *reader) {
	t.Helper()
	for _, m := range regexp.MustCompile(`/Contents (\d+) 0 R/StructParents`).FindAllStringSubmatch(r.file, -1) {
		depth := 0
		for _, operator := range regexp.MustCompile(`\b(BMC|BDC|EMC|Tj|re|S|f)\b`).FindAllString(regexp.MustCompile(`<[0-9A-F]*>`).ReplaceAllString(r.object(m[1]), ""), -1) {
			switch operator {
			case "BMC", "BDC":
				depth++
			case "EMC":
				depth--
			default:
				if depth < 1 {
					t.Fatalf("page content %s: %s belongs to nothing", m[1], operator)
				}
			}
		}
		if depth != 0 {
			t.Errorf("page content %s: %d marks do not end", m[1], depth)
		}
	}
}

// checkStructure: from the root each element is reached once, its parent is the one it was reached from; pieces and links are found by their
// numbers; the parts are there, figures and tables are described.
func checkStructure(t *testing.T, r *reader) {
	t.Helper()
	root := regexp.MustCompile(`/StructTreeRoot (\d+) 0 R`).FindStringSubmatch(r.file)[1]
	kinds, reached := map[string]int{}, map[string]bool{}
	pieces := map[string]string{} // page and number → element
	var visit func(number, parent string)
	visit = func(number, parent string) {
		e := r.object(number)
		kind := regexp.MustCompile(`^<</Type/StructElem/S/(\w+)/P (\d+) 0 R/K\[(.*?)\]`).FindStringSubmatch(e)
		if kind == nil || kind[2] != parent || reached[number] {
			t.Fatalf("element %s of %s: %.80s", number, parent, e)
		}
		reached[number] = true
		kinds[kind[1]]++
		if (kind[1] == "Figure" || kind[1] == "Table") && !strings.Contains(e, "/Alt <FEFF") {
			t.Errorf("a %s has no description", kind[1])
		}
		for _, m := range regexp.MustCompile(`/Type/MCR/Pg (\d+) 0 R/MCID (\d+)`).FindAllStringSubmatch(kind[3], -1) {
			pieces[m[1]+" "+m[2]] = number
		}
		for _, m := range regexp.MustCompile(`(\d+) 0 R `).FindAllStringSubmatch(regexp.MustCompile(`<<.*?>>`).ReplaceAllString(kind[3], ""), -1) {
			visit(m[1], number)
		}
	}
	top := regexp.MustCompile(`/K (\d+) 0 R/ParentTree<</Nums\[(.*)\]>>`).FindStringSubmatch(r.object(root))
	visit(top[1], root)
	for _, kind := range []string{"Document", "H1", "P", "Table", "TR", "TH", "TD"} {
		if kinds[kind] == 0 {
			t.Errorf("there is no %s", kind)
		}
	}
	if n := strings.Count(r.file, "/Subtype/Link/F 4/"); kinds["Link"] != n {
		t.Errorf("%d links, and %d in the structure", n, kinds["Link"])
	}
	for _, page := range regexp.MustCompile(`\n(\d+) 0 obj\n<</Type/Page/[^\n]*/StructParents (\d+)/`).FindAllStringSubmatch(r.file, -1) {
		list := regexp.MustCompile(`(?:^|\]| )` + page[2] + `\[([^\]]*)\]`).FindStringSubmatch(top[2])
		for i, number := range regexp.MustCompile(`(\d+) 0 R`).FindAllStringSubmatch(list[1], -1) {
			if pieces[page[1]+" "+strconv.Itoa(i)] != number[1] {
				t.Fatalf("page %s, piece %d: the tree says %s, the element %s", page[1], i, number[1], pieces[page[1]+" "+strconv.Itoa(i)])
			}
		}
	}
}
