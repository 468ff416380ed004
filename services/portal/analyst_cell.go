package portal

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"huizong/pkg/access"
	"huizong/pkg/clickhouse"
	"huizong/pkg/judge"
	"huizong/pkg/reporting"
)

// cellPage is the end of every trace: the sheet as its unit sent it, with the cell, and the receipt of the file.
type cellPage struct {
	Envelope   reporting.Envelope
	Form       string
	Sheet      string
	Cell       string
	Written    string
	Picture    *picture
	Withheld   reporting.Text // why there is no picture
	Masked     bool
	Version    int // of the accepted ones of the same unit, form and period
	Versions   int
	Outcome    reporting.Outcome
	Superseded string // the submission that speaks in its place
	ReadSheet  bool   // whoever asks may open the submission's own page
}

var (
	noSheet = reporting.Text{ZH: "这份报送没有可以显示的表格。", EN: "This submission has no table that can be shown."}
	notRead = reporting.Text{ZH: "这份报送没有被受理，表格只给报送单位和审核员看。", EN: "This submission was not accepted: its sheet is for its unit and the reviewers."}
)

// cellPicture shows the original around a cell. Persons are masked for everybody but the unit's own people.
func (p *Portal) cellPicture(w http.ResponseWriter, r *http.Request) error {
	e, err := p.envelope(r.Context(), r.PathValue("submission"))
	if err != nil {
		return err
	}
	who := access.From(r.Context())
	page := cellPage{Envelope: e, Form: e.Form, Sheet: r.URL.Query().Get("sheet"), Cell: r.URL.Query().Get("cell"), Masked: who.Unit != e.Org, ReadSheet: who.May(access.ReadSubmissions)}
	if _, _, ok := reporting.ParseCellName(page.Cell); page.Cell != "" && !ok {
		return reporting.Errorf(reporting.Invalid, "cell %q: want an address like D6", page.Cell)
	}
	if err := p.placeAmong(r, &page); err != nil {
		return err
	}
	if page.Outcome != reporting.Accepted && page.Masked {
		page.Withheld = notRead // of a sheet that was not understood nobody can tell where its persons stand
	} else if err := p.draw(r, &page); err != nil {
		return err
	}
	title := reporting.Text{ZH: "原表", EN: "The original"}
	return p.show(w, r, "cell", title, page)
}

// placeAmong finds which of the accepted submissions of its unit, form and period this one is.
func (p *Portal) placeAmong(r *http.Request, page *cellPage) error {
	d, decided, err := p.Facts.Outcome(r.Context(), page.Envelope.ID)
	if err != nil || !decided {
		return err
	}
	page.Outcome, page.Form = d.Outcome, d.Form
	same, err := p.Facts.Submissions(r.Context(), clickhouse.SubmissionFilter{Org: d.Org, Form: d.Form, Period: d.Period})
	if err != nil {
		return err
	}
	for _, s := range same { // the newest first
		if s.Outcome != reporting.Accepted {
			continue
		}
		if page.Versions == 0 && s.Submission != d.Submission && d.Outcome == reporting.Accepted {
			page.Superseded = s.Submission
		}
		page.Versions++
		if s.Submission <= d.Submission {
			page.Version++
		}
	}
	return nil
}

// draw has the picture of the sheet made.
func (p *Portal) draw(r *http.Request, page *cellPage) error {
	e := page.Envelope
	e.Form = page.Form
	q := cellOf{Sheet: page.Sheet, Cell: page.Cell, Masked: page.Masked, More: rowsOf(r.URL.Query().Get("rows"), moreRows)}
	var seen cellSeen
	err := p.look(r.Context(), cellView, e, q, &seen)
	if _, damaged := reporting.FindingOf(err); damaged || reporting.CodeOf(err) == reporting.Invalid {
		page.Withheld = noSheet
		return nil
	}
	if err != nil {
		return err
	}
	page.Sheet, page.Cell, page.Written, page.Picture = seen.Sheet, seen.Cell, seen.Written, seen.Picture
	if page.Picture == nil {
		page.Withheld = noSheet
	}
	here := "/cell/" + e.ID + "?" + view{query: r.URL.Query()}.keep("sheet", "cell")
	page.Picture.link(func(_ int, more []rows) string { return here + rowsQuery(more) })
	return nil
}

// cellOf asks for the picture around a cell.
type cellOf struct {
	Sheet, Cell string
	Masked      bool
	More        []rows
}

// cellSeen is the picture; nil where the sheet is not there.
type cellSeen struct {
	Sheet, Cell, Written string
	Picture              *picture
}

// lookAround draws the sheet, where the file is read.
func lookAround(o judge.Opened, q cellOf) (cellSeen, error) {
	seen := cellSeen{Sheet: q.Sheet, Cell: q.Cell}
	table, err := o.Table()
	if err != nil {
		return seen, err
	}
	if seen.Cell == "" {
		seen.Sheet = table.Sheet
	}
	if q.Masked && seen.Sheet != table.Sheet { // what else the workbook holds was not read: nobody can tell where its persons stand
		seen.Sheet, seen.Cell = table.Sheet, ""
	}
	sheets, err := o.Sheets()
	if err != nil {
		return seen, err
	}
	n := slices.IndexFunc(sheets, func(s *reporting.Sheet) bool { return s.Name == seen.Sheet })
	if n < 0 {
		return seen, nil
	}
	sheet := sheets[n]
	if q.Masked {
		sheet = concealed(sheet, table)
	}
	of := pictureOf{Sheets: []*reporting.Sheet{sheet}, At: -1, Masked: q.Masked, Names: maskedColumns(table.Form), More: q.More}
	if row, col, ok := reporting.ParseCellName(seen.Cell); ok {
		of.Marks, of.At = []mark{{Sheet: sheet.Name, Cell: seen.Cell, Severity: cited}}, 0
		if held, there := sheet.At(row, col); there {
			seen.Written = held.Text
		}
	}
	seen.Picture = newPicture(of)
	return seen, nil
}

// rowsQuery asks for more rows of the picture.
func rowsQuery(more []rows) string {
	var all []string
	for _, m := range more {
		all = append(all, m.String())
	}
	return "&rows=" + strings.Join(all, ",") + "#sheet"
}

// concealed is a copy of the sheet without its persons: the columns that the form has persons in, as they were found on this very sheet,
// and wherever else something looks like a person's number, telephone or signature.
func concealed(s *reporting.Sheet, table *reporting.Table) *reporting.Sheet {
	columns := personColumns(table)
	copied := *s
	copied.Rows = make([]reporting.Row, len(s.Rows))
	for i, row := range s.Rows {
		copied.Rows[i] = row
		copied.Rows[i].Cells = slices.Clone(row.Cells)
		after := false // a cell that asks for a signature
		for n := range copied.Rows[i].Cells {
			c := &copied.Rows[i].Cells[n]
			if from, ok := columns[c.Col]; ok && c.Row >= from {
				c.Text = concealWhole(c.Text)
				continue
			}
			if after && nameAlone.MatchString(strings.TrimSpace(c.Text)) {
				c.Text = concealWhole(c.Text)
			}
			after = signature.MatchString(strings.TrimSpace(c.Text)) || after && strings.TrimSpace(c.Text) == ""
			c.Text = concealText(c.Text)
		}
	}
	return &copied
}

// personColumns are the columns that hold names or numbers of persons, each with the row where its table begins.
func personColumns(table *reporting.Table) map[int32]int32 {
	columns := map[int32]int32{}
	for _, line := range table.Lines {
		for n, value := range line.Values {
			c := table.Form.Columns[n]
			row, col, ok := reporting.ParseCellName(value.Cell)
			if !ok || !c.Masked && c.Type != reporting.IDNumber {
				continue
			}
			if from, known := columns[col]; !known || row < from {
				columns[col] = row
			}
		}
	}
	return columns
}

var (
	telephone = regexp.MustCompile(`\b(1[3-9]\d)\d{4}(\d{4})\b`)
	// signature is who filled in, checked or signed a sheet, in a cell of its own; signedBy has the name behind it.
	signature = regexp.MustCompile(`^(?:填报|填表|制表|审核|复核|经办|联系|负责|统计|走访|分管|单位负责)(?:人|人员|领导)?\s*[：:]?$`)
	signedBy  = regexp.MustCompile(`((?:填报|填表|制表|审核|复核|经办|联系|负责|统计|走访|分管领导)(?:人员|人)?\s*[：:]\s*\p{Han})[\p{Han}·]{1,5}`)
	nameAlone = regexp.MustCompile(`^[\p{Han}·]{2,6}$`)
)

func concealText(text string) string {
	return signedBy.ReplaceAllString(telephone.ReplaceAllString(maskIDs(text), "$1****$2"), "$1*")
}

// concealWhole shows the first character of a name, and of a number its first six and last four digits.
func concealWhole(text string) string {
	text = strings.TrimSpace(text)
	runes := []rune(text)
	switch {
	case len(runes) < 2:
		return text
	case len(runes) > 10:
		return string(runes[:6]) + strings.Repeat("*", len(runes)-10) + string(runes[len(runes)-4:])
	}
	return string(runes[:1]) + "*"
}
