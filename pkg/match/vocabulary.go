package match

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// vocabulary is what the headers of all forms may be called. It remembers which patterns a text fits, for the same texts come again
// in every window of rows, and in every sheet. It is safe for concurrent use.
type vocabulary struct {
	forms  []*reporting.Form
	labels map[string][]hit

	mu     sync.Mutex // guards fitted
	fitted map[asked]int
}

// maxFitted bounds what is remembered: sheets are full of texts that come once.
const maxFitted = 1 << 16

// hit says that a text is a label of a form's column.
type hit struct{ form, column int }

type asked struct {
	form int
	text string
}

func newVocabulary(forms []*reporting.Form) *vocabulary {
	v := &vocabulary{forms: forms, labels: make(map[string][]hit, 128*len(forms)), fitted: map[asked]int{}}
	for f, form := range forms {
		for i, column := range form.Columns {
			for _, text := range column.Labels {
				v.labels[text] = append(v.labels[text], hit{f, i})
			}
		}
	}
	return v
}

// column is the form's column that the folded text names, by its label or by a pattern that it fits; −1 for none.
func (v *vocabulary) column(form int, text string, quality int) int {
	if quality == exact {
		for _, h := range v.labels[text] {
			if h.form == form {
				return h.column
			}
		}
		return -1
	}
	key := asked{form, text}
	v.mu.Lock()
	at, known := v.fitted[key]
	v.mu.Unlock()
	if known {
		return at
	}
	at = slices.IndexFunc(v.forms[form].Columns, func(c reporting.Column) bool { return fits(c, text) })
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.fitted) >= maxFitted {
		clear(v.fitted)
	}
	v.fitted[asked{form, strings.Clone(text)}] = at // the text may be a piece of a whole file
	return at
}

// names reports whether the text begins the name of a column of the form: 本年累计, or 失业保险 over 失业保险期末参保人数.
func (v *vocabulary) names(form *reporting.Form, text string) bool {
	folded, _ := label.Header(text)
	return len(folded) >= len("本月") && slices.ContainsFunc(form.Columns, func(c reporting.Column) bool {
		return slices.ContainsFunc(c.Labels, func(known string) bool { return strings.HasPrefix(known, folded) })
	})
}

// header is the id of the form's column that has the text for its label, or "".
func (v *vocabulary) header(form *reporting.Form, text string) string {
	folded, _ := label.Header(text)
	for _, h := range v.labels[folded] {
		if v.forms[h.form] == form {
			return form.Columns[h.column].ID
		}
	}
	return ""
}

func fits(column reporting.Column, text string) bool {
	for _, re := range column.Patterns {
		if re.MatchString(text) {
			return true
		}
	}
	return false
}

// progress is how a head over several columns speaks of all of them: targets and what became of them.
var progress = regexp.MustCompile(`(?:目标|任务|计划|工作|进度|指标)+(?:完成|推进|进展|执行|落实)(?:情况|进度)?`)

// sameMeasure reports whether every word of the header that makes another measure of it is in the label, too: last year's month is not this
// month, a target is not what was done, and women are not all.
func sameMeasure(header, known string) bool {
	if header == known {
		return true
	}
	rest := header
	for _, word := range label.OtherWords() {
		if !strings.Contains(rest, word) || strings.Contains(known, word) {
			continue
		}
		if rest = progress.ReplaceAllString(rest, ""); strings.Contains(rest, word) {
			return false
		}
	}
	return true
}

// resembles reports whether the header may be a column's that has found none. A column of text may have a longer or shorter name; one
// that feeds figures only a name that differs in words without a meaning of their own.
func resembles(column reporting.Column, h header) bool {
	for _, text := range h.texts {
		core := label.Core(text)
		for _, known := range column.Labels {
			alike := core != "" && core == label.Core(known) || !feedsFigures(column.Type) &&
				(strings.Contains(text, known) || strings.Contains(known, text)) && label.Near(text, known)
			if alike && sameMeasure(h.all, known) && sameMeasure(known, text) {
				return true
			}
		}
	}
	return false
}

func feedsFigures(t reporting.ValueType) bool {
	switch t {
	case reporting.TextValue, reporting.RowLabel, reporting.UnitValue, reporting.CreditCode, reporting.IDNumber:
		return false // the cells themselves show whether they are meant
	}
	return true
}

// spoken lists the forms of which one of the headers is a label: only their patterns are tried.
func (v *vocabulary) spoken(headers []header) []bool {
	forms := make([]bool, len(v.forms))
	for _, h := range headers {
		for _, text := range h.texts {
			for _, found := range v.labels[text] {
				forms[found.form] = true
			}
		}
	}
	return forms
}
