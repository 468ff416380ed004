package review

import (
	"net/http"
	"net/url"
	"strconv"

	"huizong/pkg/picture"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// drawSheet draws the sheet of the version that is shown, with what was found and remarked in its cells. A file that no sheet can be
// read of has no picture; its finding says why.
func (p *Pages) drawSheet(r *http.Request, c *reviewCell) error {
	if c.Shown == nil {
		return nil
	}
	q := r.URL.Query()
	of := picture.Input{Sheet: -1, At: -1, Masked: true, More: picture.ParseRows(q.Get("rows"), picture.MoreRows), Names: picture.MaskedColumns(c.Form), Marks: c.marks()}
	if n, err := strconv.Atoi(q.Get("sheet")); err == nil {
		of.Sheet = n - 1
	}
	var err error
	if c.Picture, err = p.Desk.Picture(r.Context(), c.Shown.SHA256, of); err != nil {
		return err
	}
	c.Picture.Link(func(sheet int, more []picture.Rows) string {
		return "?" + url.Values{"v": {c.Shown.Submission}}.Encode() + picture.Query(sheet, more)
	})
	if c.Picture != nil {
		c.Sheet = c.Picture.Name
	}
	return nil
}

// marks are the cells that were found or remarked on.
func (c *reviewCell) marks() []picture.Mark {
	var marks []picture.Mark
	add := func(sheet, cell string, severity reporting.Severity) {
		marks = append(marks, picture.Mark{Sheet: sheet, Cell: cell, Severity: severity, Finding: len(marks)})
	}
	if c.Shown.Review != nil {
		for _, m := range c.Shown.Review.Remarks {
			add(m.Sheet, m.Cell, portal.Remarked)
		}
	}
	for _, g := range c.Groups {
		for _, f := range g.Findings {
			add(f.Sheet, f.Cell, f.Severity)
		}
	}
	return marks
}
