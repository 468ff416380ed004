package pdf_test

import (
	"bytes"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"huizong/pkg/compile"
	"huizong/pkg/compile/compiletest"
	"huizong/pkg/compile/pdf"
	"huizong/pkg/reporting"
)

// fonts are those that `make fonts` installs, and make test with it.
func fonts(t testing.TB) *pdf.Fonts {
	t.Helper()
	f, err := pdf.LoadFonts(os.DirFS("../../../deploy/fonts"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func write(t testing.TB, in compile.Input) string {
	t.Helper()
	report, _ := pair(t, in)
	return report
}

// pair writes a report and its companion.
func pair(t testing.TB, in compile.Input) (report, companion string) {
	t.Helper()
	d, err := compile.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if err := errors.Join(pdf.Write(&a, d, fonts(t)), pdf.Write(&b, d.Companion, fonts(t))); err != nil {
		t.Fatal(err)
	}
	return a.String(), b.String()
}

func TestLoadFontsUnavailable(t *testing.T) {
	_, err := pdf.LoadFonts(fstest.MapFS{})
	if reporting.CodeOf(err) != reporting.Unavailable || !strings.Contains(err.Error(), "make fonts") {
		t.Errorf("LoadFonts = %v, want unavailable and how to get them", err)
	}
}

func TestWriteTwice(t *testing.T) {
	first, second := write(t, compiletest.Input(t)), write(t, compiletest.Input(t))
	if first != second {
		t.Error("the same input gave different bytes")
	}
}

// reader reads back a file of ours, whose streams are not compressed.
type reader struct {
	t        *testing.T
	file     string
	objects  map[string]string            // by number
	alphabet map[string]map[string]string // font → code → text
}

func read(t *testing.T, file string) *reader {
	r := &reader{t: t, file: file, objects: map[string]string{}, alphabet: map[string]map[string]string{}}
	for _, part := range strings.Split(file, "\nendobj\n") {
		head, object, _ := strings.Cut(part, " 0 obj\n")
		r.objects[head[strings.LastIndexByte(head, '\n')+1:]] = object
	}
	for _, m := range regexp.MustCompile(`/(F\d) (\d+) 0 R`).FindAllStringSubmatch(file, -1) {
		font := r.object(m[2])
		unicode := regexp.MustCompile(`/ToUnicode (\d+) 0 R`).FindStringSubmatch(font)
		if unicode == nil {
			continue
		}
		r.alphabet[m[1]] = map[string]string{}
		for _, c := range regexp.MustCompile(`<([0-9A-F]{4})><([0-9A-F]+)>`).FindAllStringSubmatch(r.object(unicode[1]), -1) {
			r.alphabet[m[1]][c[1]] = fromUTF16(t, c[2])
		}
	}
	return r
}

func (r *reader) object(number string) string {
	object, ok := r.objects[number]
	if !ok {
		r.t.Fatalf("no object %s", number)
	}
	return object
}

func fromUTF16(t *testing.T, digits string) string {
	b, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	var units []uint16
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(units))
}

var piece = regexp.MustCompile(`(?:/Number<</Id\((F\d+)\)>>BDC )?BT /(F\d) [\d.]+ Tf [-\d.]+ Tc [-\d.]+ [-\d.]+ Td <([0-9A-F]*)>Tj`)

// pieces calls f for each piece of text in the file, with the id of its number.
func (r *reader) pieces(f func(id, text string)) {
	for _, m := range piece.FindAllStringSubmatch(r.file, -1) {
		var text strings.Builder
		for i := 0; i+4 <= len(m[3]); i += 4 {
			text.WriteString(r.alphabet[m[2]][m[3][i:i+4]])
		}
		f(m[1], text.String())
	}
}

// Every number, read back from the file alone, is that of its figure, stands on one line, and leads to where its origin is listed.
func TestNumbersAreFigures(t *testing.T) {
	in := compiletest.Input(t)
	report, companion := pair(t, in)
	if found := checkNumbers(t, in, read(t, report)) + checkNumbers(t, in, read(t, companion)); found < 1000 {
		t.Errorf("%d numbers, want at least 1000", found)
	}
}

func checkNumbers(t *testing.T, in compile.Input, r *reader) (found int) {
	t.Helper()
	var list struct {
		Figures []compiletest.Number `xml:"figure"`
	}
	start := strings.Index(r.file, "<report ")
	if err := xml.NewDecoder(strings.NewReader(r.file[start:])).Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	byID := map[string]compiletest.Number{}
	for _, n := range list.Figures {
		byID[n.ID] = n
	}
	r.pieces(func(id, text string) {
		if id != "" {
			found++
			compiletest.CheckNumber(t, in, byID[id], text)
		}
	})
	for _, m := range regexp.MustCompile(`/Dest\(((?:at-)?F\d+)\)`).FindAllStringSubmatch(r.file, -1) {
		if !strings.Contains(r.file, "("+m[1]+")[") {
			t.Errorf("a link leads to %s, which is nowhere", m[1])
		}
	}
	return found
}

// Every character of the report has a glyph, and all of its text is there.
func TestText(t *testing.T) {
	in := compiletest.Input(t)
	var all strings.Builder
	report, companion := pair(t, in)
	for _, file := range []string{report, companion} {
		read(t, file).pieces(func(_, text string) { all.WriteString(text) })
	}
	if strings.Contains(all.String(), "〓") || strings.Contains(all.String(), "\ufffd") {
		t.Error("a character has no glyph")
	}
	for _, want := range []string{"城镇新增就业2583人（20个单位已报齐19个）", "特此报告。", "示例市人力资源和社会保障局2020年7月1日", "附件4数据来源追溯表", "— 1 —"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("the text has no %s", want)
		}
	}
}

// metadata is what the file says of itself as XML.
var metadata = regexp.MustCompile(`(?s)<\?xpacket begin.*<\?xpacket end="r"\?>`)

// What no font can show becomes a mark; what a PDF could take as code stays text.
func TestHostileText(t *testing.T) {
	const hostile = "甲)Tj ET (乙\\\x00\x0b😀"
	in := compiletest.Input(t)
	in.Narratives = []reporting.Narrative{{Section: "就业", Title: hostile, Body: strings.Repeat("A", 5000)}}
	in.Parameters["issuer"], in.Warnings[0].Text = hostile, strings.Repeat("很长的事项", 2000)
	file := write(t, in)
	var all strings.Builder
	read(t, file).pieces(func(_, text string) { all.WriteString(text) })
	if !strings.Contains(all.String(), "甲)Tj ET (乙\\〓〓〓") || strings.Contains(metadata.ReplaceAllString(file, ""), "甲") {
		t.Error("the text is not kept as text")
	}
	if n := strings.Count(all.String(), "A"); n < 5000 {
		t.Errorf("%d of 5000 letters are there", n)
	}
}

// Each Han character that a font has is printed. Each that none has is a mark in its place, named with its code in the companion, and text all
// the same for who copies it; what has no shape is left out.
func TestRareCharacters(t *testing.T) {
	in := compiletest.Input(t)
	in.Narratives = []reporting.Narrative{{Section: "就业", Title: "做法", Body: "㐂村、䶮镇、㵲溪、邨里、鿍里、𫚖湖、𬭸乡，𠮷村、😀\ufe0f、甲\u200d乙。"}}
	report, companion := pair(t, in)
	var sent, kept strings.Builder
	read(t, report).pieces(func(_, text string) { sent.WriteString(text) })
	read(t, companion).pieces(func(_, text string) { kept.WriteString(text) })
	if want := "㐂村、䶮镇、㵲溪、邨里、鿍里、𫚖湖、𬭸乡，〓村、〓、甲乙。"; !strings.Contains(regexp.MustCompile(`— \d+ —`).ReplaceAllString(sent.String(), ""), want) {
		t.Errorf("the report has no %s", want)
	}
	if strings.Contains(sent.String(), "缺字") || !strings.Contains(report, "/Span<</ActualText <FEFFD842DFB7>>>BDC") {
		t.Error("what is sent names what it lacks, or loses it for who copies it")
	}
	if want := "字体缺字：本文件的字体缺2字，以〓代替，请核对后手工补写：〓（U+20BB7，见“1.稳定和扩大就业”）、〓（U+1F600，见"; !strings.Contains(kept.String(), want) {
		t.Errorf("the companion has no %s", want)
	}
}

// The table of objects leads to each of them: a reader that trusts it opens the file.
func TestCrossReferences(t *testing.T) {
	file := write(t, compiletest.Input(t))
	start, err := strconv.Atoi(regexp.MustCompile(`startxref\n(\d+)\n`).FindStringSubmatch(file)[1])
	if err != nil || !strings.HasPrefix(file[start:], "xref\n0 ") {
		t.Fatalf("no table at %d (%v)", start, err)
	}
	for i, m := range regexp.MustCompile(`(\d{10}) 00000 n `).FindAllStringSubmatch(file[start:], -1) {
		at, _ := strconv.Atoi(m[1])
		if want := fmt.Sprintf("%d 0 obj\n", i+1); !strings.HasPrefix(file[at:], want) {
			t.Fatalf("object %d is not at %d", i+1, at)
		}
	}
}

// A brief of one page has one, without anything missing and with much.
func TestLeaderBrief(t *testing.T) {
	for name, figures := range map[string][]reporting.Figure{"All": compiletest.All(t, compiletest.Figures(t)), "Few": compiletest.FirstForms(t, compiletest.Figures(t))} {
		in := compiletest.Input(t)
		template, err := compile.LoadTemplate(compiletest.Schemas(t), "reports/leader_brief", in.Catalogue)
		if err != nil {
			t.Fatal(err)
		}
		in.Template, in.Narratives, in.Parameters, in.Figures = template, nil, nil, compile.LookupIn(figures)
		if n := strings.Count(write(t, in), "/Type/Page/"); n != 1 {
			t.Errorf("%s: %d pages, want one", name, n)
		}
	}
}

// TestBulletin: two pages, however much is warned of and whatever is missing.
func TestBulletin(t *testing.T) {
	for name, change := range map[string]func(*compile.Input){
		"Few":  func(*compile.Input) {},
		"None": func(in *compile.Input) { in.Warnings = nil },
		"Many": func(in *compile.Input) { in.Warnings = many(in.Warnings) },
		"ManyMissing": func(in *compile.Input) {
			in.Warnings = many(in.Warnings)
			in.Figures = compile.LookupIn(compiletest.FirstForms(t, compiletest.All(t, compiletest.Figures(t))))
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := compiletest.Bulletin(t)
			change(&in)
			if n := strings.Count(write(t, in), "/Type/Page/"); n > 2 || n == 0 {
				t.Errorf("the bulletin has %d pages, want two at most", n)
			}
		})
	}
}

// many are a hundred warnings, each with more to say than a line holds.
func many(some []compile.Warning) []compile.Warning {
	var list []compile.Warning
	for range 100 {
		w := some[len(list)%len(some)]
		w.Subject, w.Text = "企业新录用人员岗前技能培训人数", "目标任务完成率慢于时序进度，且比上年同期下降"
		w.Basis = "本局约定：慢于时序进度5个百分点提示，15个百分点预警；以年度目标任务表下达的数为准"
		list = append(list, w)
	}
	return list
}

// Nothing stands beyond the margins.
func TestWithinMargins(t *testing.T) {
	file := write(t, compiletest.Input(t))
	for _, m := range regexp.MustCompile(`Tc ([-\d.]+) ([-\d.]+) Td`).FindAllStringSubmatch(file, -1) {
		x, _ := strconv.ParseFloat(m[1], 64)
		y, _ := strconv.ParseFloat(m[2], 64)
		if x < 73 || x > 770 || y < 40 || y > 775 {
			t.Fatalf("text at %s %s", m[1], m[2])
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	d, err := compile.Compile(compiletest.Input(b))
	if err != nil {
		b.Fatal(err)
	}
	f := fonts(b)
	for b.Loop() {
		if err := pdf.Write(io.Discard, d, f); err != nil {
			b.Fatal(err)
		}
	}
}
