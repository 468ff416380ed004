package compile_test

import (
	"strings"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/compile/compiletest"
	"huizong/pkg/reporting"
)

// Date, number, who signs, to whom and which annexes can be said; what is not sent stands in the companion.
func TestWhatStandsAroundTheText(t *testing.T) {
	in := compiletest.Input(t)
	before := document(t, in)
	in.Parameters["issue_date"], in.Parameters["document_number"], in.Parameters["signer"] = "2020-07-15", "示人社〔2020〕12号", "张某"
	in.Parameters["recipient"], in.Parameters["annexes"] = "示例市人民政府", "2"
	d := document(t, in)
	if d.Date != "2020年7月15日" || d.Number != "示人社〔2020〕12号" || d.Signer != "张某" || d.Recipient != "示例市人民政府：" {
		t.Errorf("the report is of %s, %s, %s, %s", d.Date, d.Number, d.Signer, d.Recipient)
	}
	if len(before.Annexes) != 2 || len(d.Annexes) != 1 || d.Annexes[0].Title != before.Annexes[1].Title {
		t.Errorf("annexes: %d of %d", len(d.Annexes), len(before.Annexes))
	}
	if kept := d.Companion.Annexes[0].Title; kept != before.Annexes[0].Title {
		t.Errorf("what is not sent is lost: the companion begins with %s", kept)
	}
	in.Parameters["annexes"] = "无"
	if d := document(t, in); len(d.Annexes) != 0 || len(d.Companion.Annexes) != len(before.Companion.Annexes)+2 {
		t.Errorf("without annexes: %d sent, %d kept", len(d.Annexes), len(d.Companion.Annexes))
	}
}

func TestWhatStandsAroundTheTextWrong(t *testing.T) {
	for name, text := range map[string]string{"issue_date": "明天", "annexes": "1、7"} {
		in := compiletest.Input(t)
		in.Parameters[name] = text
		if _, err := compile.Compile(in); reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%s: %s: %v, want an invalid input", name, text, err)
		}
	}
}

// A report that is not finished says what is open; why it goes out stands in its text, and only then.
func TestUnfinished(t *testing.T) {
	const reason = "梅林镇受灾，数据后补"
	in := compiletest.Input(t)
	in.Parameters["recruitment_site"] = ""
	d := document(t, in)
	list := strings.Join(d.Unfinished, "")
	if !strings.Contains(list, "数据不全：共") || !strings.Contains(list, "未报齐：云梯畲族乡") || !strings.Contains(list, "待填：公共招聘网名称。") {
		t.Errorf("unfinished = %s", list)
	}
	if strings.Contains(text(d), "未完成之处") {
		t.Error("the text explains what nobody has explained")
	}
	in.Parameters["unfinished"] = reason + "。"
	if got := text(document(t, in)); !strings.Contains(got, "说明：编制时尚有未完成之处。"+list+"原因："+reason+"。\n") {
		t.Errorf("the reason does not stand in\n%s", got)
	}
	in.Template, in.Narratives = load(t, "完。"), nil
	in.Parameters = map[string]string{"unfinished": reason, "site": "某网"}
	if d := document(t, in); len(d.Unfinished) != 0 || strings.Contains(text(d), reason) {
		t.Errorf("a finished report explains itself: %s", text(d))
	}
}
