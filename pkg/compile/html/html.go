// Package html writes a compile.Document as one page that needs nothing else: no script, no picture, no font and no address outside
// of it. It looks like the printed document on a screen and prints as one.
//
// Every number is a link to the entry in the list of origins that says where it comes from, and carries its figure in data
// attributes. The page forbids by its own policy everything but its one style sheet; a server that sends a policy of its own must
// allow that one: Policy.
package html

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"io"
	"strings"
	"time"

	"huizong/pkg/compile"
	"huizong/pkg/compile/internal/markup"
)

//go:embed page.css
var style string

// Policy is the content security policy that the page goes by.
var Policy = policy()

func policy() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Write writes the document to w.
func Write(w io.Writer, d *compile.Document) error {
	p := &page{document: d, placed: map[string]bool{}}
	p.whole()
	_, err := io.Copy(w, &p.Buffer)
	return err
}

// page is the page as far as it is written.
type page struct {
	bytes.Buffer
	document *compile.Document
	placed   map[string]bool // ids of the bindings whose number has stood
}

func (p *page) add(parts ...string) {
	for _, s := range parts {
		p.WriteString(s)
	}
}

// element writes a tag around escaped text.
func (p *page) element(tag, class, text string) {
	p.add(open(tag, class), escape(text), "</", tag, ">\n")
}

func open(tag, class string) string {
	if class != "" {
		class = ` class="` + class + `"`
	}
	return "<" + tag + class + ">"
}

func escape(text string) string { return markup.Escape(text) }

func (p *page) whole() {
	d := p.document
	p.add("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n",
		`<meta http-equiv="Content-Security-Policy" content="`, escape(Policy), "\">\n",
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>", escape(strings.Join(d.Title, "")), "</title>\n<style>", style, "</style>\n</head>\n<body>\n<main>\n",
		`<article class="sheet" data-template="`, escape(d.Template), `" data-period="`, d.Period.String(), `" data-cutoff="`, d.Cutoff.UTC().Format(time.RFC3339), "\">\n")
	p.numberLine()
	p.title("h1", d.Title)
	p.note()
	if d.Recipient != "" {
		p.element("p", "recipient", d.Recipient)
	}
	p.blocks(d.Body)
	p.closing()
	p.add("</article>\n")
	for i, a := range d.Annexes {
		p.annex(i, a)
	}
	p.add("</main>\n</body>\n</html>\n")
}

func (p *page) title(tag string, lines []string) {
	escaped := make([]string, len(lines))
	for i, line := range lines {
		escaped[i] = escape(line)
	}
	p.add("<", tag, ` class="title">`, strings.Join(escaped, "<br>"), "</", tag, ">\n")
}

// numberLine is the document's number, and who has signed it.
func (p *page) numberLine() {
	d := p.document
	if d.Number == "" && d.Signer == "" {
		return
	}
	p.add(`<p class="number-line"><span>`, escape(d.Number), "</span>")
	if d.Signer != "" {
		p.add("<span>签发人：", escape(d.Signer), "</span>")
	}
	p.add("</p>\n")
}

// note is the list of what is missing.
func (p *page) note() {
	if len(p.document.Note) == 0 {
		return
	}
	p.add("<section class=\"note\">\n")
	for _, n := range p.document.Note {
		p.paragraph("", n)
	}
	p.add("</section>\n")
}

// closing is what stands under the text: the names of the annexes, who signs, and the date.
func (p *page) closing() {
	d := p.document
	if len(d.Annexes) > 0 {
		p.add("<nav><span>附件：</span><ol>\n")
		for i, a := range d.Annexes {
			p.add(`<li><a href="#`, compile.AnnexLabel(i, len(d.Annexes)), `">`, escape(a.Title), "</a></li>\n")
		}
		p.add("</ol></nav>\n")
	}
	if d.Internal {
		return
	}
	p.add("<div class=\"signature\">\n")
	p.element("p", "", d.Issuer)
	p.element("p", "date", d.Date)
	p.add("</div>\n")
}

func (p *page) annex(i int, a compile.Annex) {
	class, label := "sheet annex", compile.AnnexLabel(i, len(p.document.Annexes))
	if a.Wide {
		class += " wide"
	}
	p.add(`<section class="`, class, `" id="`, label, "\">\n")
	p.element("p", "label", label)
	p.title("h2", []string{a.Title})
	p.blocks(a.Blocks)
	p.add("</section>\n")
}
