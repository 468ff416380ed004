package annotate

import (
	"fmt"

	"huizong/pkg/reporting"
)

// words are the texts of one language.
type words struct {
	report     string // name of the sheet of findings
	columns    [7]string
	severity   map[reporting.Severity]string
	rejected   string // with the number of errors
	atLeast    string // the same, where not all are listed
	ours       string // it could not be decided
	accepted   string // with the number of warnings
	clean      string
	receipt    string
	more       string // place of a group: of the first finding, with the number of all
	whole      string // in place of a cell, where a finding is about the whole sheet
	pageOf     string
	secondHand bool // the message in the other language comes first in a Finding
}

// The headers are chosen so that no form has them, or any text near them, as the header of a column: the annotated workbook is
// often corrected and sent again, and its first sheet must not be taken for the form.
var chinese = words{
	report:   "核对结果",
	columns:  [7]string{"序号", "级别", "工作表", "单元格", "表中所填内容", "问题与处理办法", "English"},
	severity: map[reporting.Severity]string{reporting.SeverityError: "错误", reporting.SeverityWarning: "提醒", reporting.SeverityNote: "说明"},
	rejected: "还差 %d 处就能受理", atLeast: "至少还差 %d 处才能受理", ours: "系统故障，没能核对；不是表的问题，不用重报",
	accepted: "已受理，有 %d 处提醒", clean: "已受理，没有需要核对的地方",
	receipt: "回执 %s，%s 收到", more: "%s 等 %d 处", whole: "整表", pageOf: "第 &P 页，共 &N 页",
}

var english = words{
	report:   "核对结果",
	columns:  [7]string{"No.", "Severity", "Worksheet", "Cell", "As written there", "What is wrong, and what to do", "中文"},
	severity: map[reporting.Severity]string{reporting.SeverityError: "error", reporting.SeverityWarning: "warning", reporting.SeverityNote: "note"},
	rejected: "%d to go before it can be accepted", atLeast: "At least %d to go before it can be accepted", ours: "Our system failed to check it; there is no need to send it again",
	accepted: "Accepted, with %d warnings", clean: "Accepted, with nothing to check",
	receipt: "receipt %s, received %s", more: "%s and more: %d", whole: "whole sheet", pageOf: "page &P of &N", secondHand: true,
}

func wordsOf(language string) *words {
	if language == "en" {
		return &english
	}
	return &chinese
}

// messages are a finding's sentences: in the reader's language first.
func (w *words) messages(f reporting.Finding) (own, other string) {
	if w.secondHand {
		return f.MessageEN, f.Message
	}
	return f.Message, f.MessageEN
}

// pick is the text in the reader's language, or in the other where that is missing.
func (w *words) pick(t reporting.Text) string {
	if w.secondHand && t.EN != "" || t.ZH == "" {
		return t.EN
	}
	return t.ZH
}

// headline says in one line what became of the submission and how much is left to do.
func (w *words) headline(d reporting.Decision) string {
	count, unlisted := map[reporting.Severity]int{}, 0
	for _, f := range d.Findings {
		if f.Code == reporting.MoreFindings {
			unlisted++
			continue
		}
		count[f.Severity]++
	}
	switch {
	case d.ThroughOurFault():
		return w.ours
	case unlisted > 0:
		return fmt.Sprintf(w.atLeast, count[reporting.SeverityError])
	case d.Outcome == reporting.Rejected, d.Outcome == "" && reporting.HasErrors(d.Findings):
		return fmt.Sprintf(w.rejected, count[reporting.SeverityError])
	case count[reporting.SeverityWarning] > 0:
		return fmt.Sprintf(w.accepted, count[reporting.SeverityWarning])
	}
	return w.clean
}

// fill is the colour of a cell with a finding of the severity. Each is light enough to read black text on, also in print.
var fill = map[reporting.Severity]string{reporting.SeverityError: "F8B4B4", reporting.SeverityWarning: "FFE08A", reporting.SeverityNote: "CFDDEC"}

// gravity orders the severities: the gravest of a cell's findings gives its colour.
var gravity = map[reporting.Severity]int{reporting.SeverityError: 2, reporting.SeverityWarning: 1, reporting.SeverityNote: 0}
