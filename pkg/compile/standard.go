package compile

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"huizong/pkg/reporting"
)

// The parameters that every report has, besides those that its template declares: what stands around the text, and why it goes out
// although something is not finished. None of them has to be given.
const (
	issueDate      = "issue_date"
	documentNumber = "document_number"
	signer         = "signer"
	annexesSent    = "annexes"
	WhyUnfinished  = "unfinished"
)

var standardParameters = []parameter{
	{word: word{text: issueDate}, label: "成文日期（如2020-07-15；不填为数据截止日）"},
	{word: word{text: documentNumber}, label: "发文字号（如×人社〔2020〕12号）"},
	{word: word{text: signer}, label: "签发人"},
	{word: word{text: annexesSent}, label: "随文附件（不填全附；填“无”不附；填“1、2”只附这些，其余归入编制附册）"},
	{word: word{text: WhyUnfinished}, label: "未完成处的说明（报告有未报、未报齐或待填之处而要发布时必填，印在正文中）"},
}

// standard reports whether a parameter is one that every report has.
func standard(name string) bool {
	return slices.ContainsFunc(standardParameters, func(p parameter) bool { return p.text == name })
}

// dateOf reads a day as people write it: 2020-07-15 or 2020年7月15日.
func dateOf(text string) (reporting.Date, error) {
	for _, layout := range []string{"2006-1-2", "2006年1月2日"} {
		if t, err := time.Parse(layout, text); err == nil {
			return reporting.DateOf(t), nil
		}
	}
	return 0, reporting.Errorf(reporting.Invalid, "%s: %q is no day: want 2020-07-15", issueDate, text)
}

// chosen parts the annexes into those that are sent and those that are not, by the choice of whoever releases the report.
func chosen(annexes []Annex, choice string) (sent, kept []Annex, err error) {
	switch choice = strings.TrimSpace(choice); choice {
	case "":
		return annexes, nil, nil
	case "无":
		return nil, annexes, nil
	}
	numbers := strings.FieldsFunc(choice, func(r rune) bool { return strings.ContainsRune("、，,； ;", r) })
	for i, a := range annexes {
		if slices.Contains(numbers, strconv.Itoa(i+1)) {
			sent = append(sent, a)
		} else {
			kept = append(kept, a)
		}
	}
	if len(sent) != len(numbers) {
		return nil, nil, reporting.Errorf(reporting.Invalid, "%s: %q does not name annexes of this report: it has %d; want numbers, 无, or nothing", annexesSent, choice, len(annexes))
	}
	return sent, kept, nil
}

// explain puts behind the first paragraph what a reader has to know of the numbers: on whose boundaries they are, and of a report that is
// not finished why it goes out as it is.
func (c *compiler) explain(d *Document) {
	d.Unfinished = c.gaps.unfinished()
	var notes []Block
	if c.Boundaries != 0 {
		notes = append(notes, Paragraph{Runs: []Run{{Text: boundariesLine(c.Boundaries)}}})
	}
	if why := strings.TrimRight(c.parameters[WhyUnfinished], "。."); len(d.Unfinished) > 0 && why != "" {
		notes = append(notes, Paragraph{Runs: []Run{{Text: "说明：编制时尚有未完成之处。" + strings.Join(d.Unfinished, "") + "原因：" + why + "。"}}})
	}
	at := slices.IndexFunc(d.Body, func(b Block) bool { _, text := b.(Paragraph); return text }) + 1
	d.Body = slices.Insert(d.Body, at, notes...)
}
