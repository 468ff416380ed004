package reporting

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Question is what a person is asked of a sheet that can be read in more than one way. Its answer holds for the unit and for the layout: the
// same question has the same ID on every sheet that is laid out alike, and another one on any other.
type Question struct {
	ID      string   `json:"id"`
	Form    string   `json:"form"` // that the sheet is read as; "" where that is what is asked
	Text    Text     `json:"text"`
	Options []Option `json:"options"` // two at least
	Answer  string   `json:"answer"`  // id of the option that a person has chosen, by which the sheet is read; "" is still to be answered
}

// Option is one of the ways in which a sheet can be read.
type Option struct {
	ID    string `json:"id"` // the letters of a column, the name of a sheet, a unit of money, the id of a form
	Text  Text   `json:"text"`
	Cells []Seen `json:"cells"` // by which a person can tell it
}

// Seen is a cell with what a person sees in it.
type Seen struct {
	Sheet string `json:"sheet"`
	Cell  string `json:"cell"`
	Shows string `json:"shows"`
}

// NewQuestion makes a question about a sheet that is read as the form. About is what is asked: a column's id, or another word. Layout is all
// that the answer hangs on.
func NewQuestion(form, about string, text Text, options []Option, layout ...string) *Question {
	hash := sha256.New()
	for _, o := range options {
		layout = append(layout, o.ID)
	}
	for _, part := range layout {
		fmt.Fprintf(hash, "%d %s\n", len(part), part)
	}
	id := about + "." + hex.EncodeToString(hash.Sum(nil)[:8])
	if form != "" {
		id = form + "." + id
	}
	return &Question{ID: id, Form: form, Text: text, Options: options}
}

// Settle takes the answer among these, if there is one that fits, and returns the place of the option that was chosen, −1 for none.
func (q *Question) Settle(answers map[string]string) int {
	at := q.Option(answers[q.ID])
	if at >= 0 {
		q.Answer = q.Options[at].ID
	}
	return at
}

// Ask is the finding of a question that nobody has answered. The advice is what else can be done about it.
func (q *Question) Ask(code FindingCode, at Seen, advice Text) Finding {
	zh, en := q.words(func(Option) bool { return true })
	return Finding{Code: code, Severity: SeverityError, Sheet: at.Sheet, Cell: at.Cell, Value: at.Shows, Question: q,
		Message:   q.Text.ZH + zh + "。请联系市局回答（答一次，以后同样的表不再问），或者" + advice.ZH,
		MessageEN: q.Text.EN + " " + en + ". Ask the bureau to answer (once: a sheet laid out like this is not asked about again), or " + advice.EN}
}

// Told is the note that the sheet was read by an answer, with what was not taken for it.
func (q *Question) Told() Finding {
	chosen := q.Options[q.Option(q.Answer)]
	zh, en := q.words(func(o Option) bool { return o.ID != chosen.ID })
	return Finding{Code: ValueAssumed, Severity: SeverityNote, Sheet: chosen.Cells[0].Sheet, Cell: chosen.Cells[0].Cell, Question: q,
		Message:   "按以前的回答，以" + chosen.Text.ZH + "为准；没有采用的：" + zh,
		MessageEN: "by an answer that was given before, this was taken: " + chosen.Text.EN + "; not used: " + en}
}

// words are the options as one text.
func (q *Question) words(wanted func(Option) bool) (zh, en string) {
	for _, o := range q.Options {
		if wanted(o) {
			zh, en = zh+"；"+o.Text.ZH, en+"; "+o.Text.EN
		}
	}
	return strings.TrimPrefix(zh, "；"), strings.TrimPrefix(en, "; ")
}

// Option is the place of the option among those of the question, −1 for none.
func (q *Question) Option(id string) int {
	return slices.IndexFunc(q.Options, func(o Option) bool { return o.ID == id })
}

// Answer is what a person says to a question: the id of one of its options.
type Answer struct {
	Question string `json:"question"`
	Option   string `json:"option"`
}

// IDs are those of the options.
func (q *Question) IDs() []string {
	ids := make([]string, len(q.Options))
	for i, o := range q.Options {
		ids[i] = o.ID
	}
	return ids
}

// Asked are the questions about a file.
type Asked struct {
	Open     []Question // to be answered before it can be read
	Answered []Question // by which it is read
}
