package docx

import (
	"fmt"

	"huizong/pkg/compile/internal/width"
)

// signature writes the issuer and the date without a seal: the issuer two characters from the right edge, one empty line below the
// text; the date below it, beginning two characters further right. A date that would then reach nearer to the edge stands two
// characters from it, and the issuer moves left.
func (b *body) signature() {
	const line, edge, step = 28 * 2, 2 * 2, 2 * 2 // in half characters
	issuer := min(line-edge-width.Half(b.document.Issuer), line-edge-width.Half(b.document.Date)-step)
	issuer = max(issuer, 0)
	b.emptyLine(`<w:keepNext/>`)
	b.paragraph("Signature", indentXML(issuer), textRun(b.document.Issuer))
	b.paragraph("SignDate", indentXML(issuer+step), textRun(b.document.Date))
}

func indentXML(halfChars int) string {
	return fmt.Sprintf(`<w:ind w:left="%d"/>`, halfChars*charPitch/2)
}
