package docx

import "fmt"

// signature writes the issuer and the date without a seal: the issuer two characters from the right edge, one empty line below the
// text; the date below it, beginning two characters further right. A date that would then reach nearer to the edge stands two
// characters from it, and the issuer moves left.
func (b *body) signature() {
	const line, edge, step = 28 * 2, 2 * 2, 2 * 2 // in half characters
	issuer := min(line-edge-halfWidths(b.document.Issuer), line-edge-halfWidths(b.document.Date)-step)
	issuer = max(issuer, 0)
	b.emptyLine(`<w:keepNext/>`)
	b.paragraph("Signature", indentXML(issuer), textRun(b.document.Issuer))
	b.paragraph("SignDate", indentXML(issuer+step), textRun(b.document.Date))
}

func indentXML(halfChars int) string {
	return fmt.Sprintf(`<w:ind w:left="%d"/>`, halfChars*charPitch/2)
}

// halfWidths measures text: a Chinese character is two wide, a digit or letter one.
func halfWidths(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r >= 0x2E80 {
			n++
		}
	}
	return n
}
