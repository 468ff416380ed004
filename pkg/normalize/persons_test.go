package normalize_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"huizong/pkg/match"
	"huizong/pkg/reporting"
	"huizong/pkg/reporting/reportingtest"
	"huizong/pkg/validate"
)

// persons is a ledger in which all goes wrong that can make a reader repeat a person's number or name.
const persons = `
姓名 | 身份证号码 | 培训类别 | 班期编号 | 开班日期 | 结业日期 | 证书等级 | 是否鉴定 | 所在单位 | 补贴金额（元）
张三丰 | '349981198001010017 | 创业培训 | A1 | 2020-05-11 | 2020-06-15 | 无 | 否 | | 1000
张三丰 | '349981198001010017 | 创业培训 | A1 | 2020-05-11 | 2020-06-15 | 无 | 否 | | 1000
李四海 | '349981198001010018 | 创业培训 | A1 | 2020-05-11 | 2020-06-15 | 无 | 否 | | 1000
'349981198001010025 | 王五洲 | 创业培训 | A1 | 2020-05-11 | 2020-06-15 | 无 | 否 | | 1000
赵六一 | '349981198001010033 | '349981198001010033 | A1 | '349981198001010033 | 2020-06-15 | 无 | 否 | | '349981198001010033元
 | '349981198001010041
'349981198001010033
填报人：钱柏 | | 审核人：钱柏
`

// TestPersonsStayInTheOriginals: neither findings nor table nor reading hold a full ID number or name.
func TestPersonsStayInTheOriginals(t *testing.T) {
	period, _ := reporting.ParsePeriod("2020-06")
	sheet := reportingtest.Sheet(t, persons)
	layout, findings := match.New(catalogue.Forms).Find([]*reporting.Sheet{sheet}, match.Expected{Form: "training_ledger", Period: period})
	table, reading, more := reader.Read(layout, "349981ZJ", period)
	findings = append(append(findings, more...), checker.Check(table, validate.History{})...)
	if !found(findings, reporting.DuplicateRow) || !found(findings, reporting.BadIDNumber) {
		t.Fatalf("findings %v, want duplicate_row and bad_id_number", findings)
	}
	table.Form = nil
	for name, value := range map[string]any{"findings": findings, "table": table, "reading": reading} {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"349981198001010017", "349981198001010018", "349981198001010025", "349981198001010033", "349981198001010041", "张三丰", "李四海", "王五洲", "赵六一"} {
			if strings.Contains(string(text), secret) {
				t.Errorf("%s hold %s", name, secret)
			}
		}
	}
	if row := reading.Rows[0]; !strings.Contains(mustJSON(t, row), "349981********0017") || !strings.Contains(mustJSON(t, row), "张*") {
		t.Errorf("the ledger's row is %s, want the masked person", mustJSON(t, row))
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestReadingIsDeterministic reads laid-out papers of all forms twice, by two readers.
func TestReadingIsDeterministic(t *testing.T) {
	for _, form := range catalogue.Forms {
		p, _ := layOut(form, 3, draw(3))
		_, one, findings := read(p.sheets(), form.ID, p.org.Code, p.period)
		_, two, again := read(p.sheets(), form.ID, p.org.Code, p.period)
		if !reflect.DeepEqual(one, two) || !reflect.DeepEqual(findings, again) {
			t.Errorf("%s: two readings differ", form.ID)
		}
	}
}

// TestOtherFormIsNotTakenForThisOne sends each form as each other: nothing of it may be accepted.
func TestOtherFormIsNotTakenForThisOne(t *testing.T) {
	for _, form := range catalogue.Forms {
		for _, as := range catalogue.Forms {
			if as == form {
				continue
			}
			p, _ := layOut(form, 4, nil)
			_, _, findings := read(p.sheets(), as.ID, p.org.Code, p.period)
			if !reporting.HasErrors(findings) {
				t.Errorf("%s sent as %s: no error", form.ID, as.ID)
			}
			p.above = nil // and without its title
			_, _, findings = read(p.sheets(), as.ID, p.org.Code, p.period)
			if !reporting.HasErrors(findings) {
				t.Errorf("%s sent as %s without a title: no error", form.ID, as.ID)
			}
		}
	}
}

// TestFormIsRecognised finds each form without being told which it is, also without its title.
func TestFormIsRecognised(t *testing.T) {
	for _, form := range catalogue.Forms {
		for _, title := range []bool{true, false} {
			p, _ := layOut(form, 4, nil)
			if !title {
				p.above = nil
			}
			table, _, findings := read(p.sheets(), "", p.org.Code, p.period)
			if table == nil || table.Form != form {
				t.Errorf("%s, title %v: not recognised: %v", form.ID, title, findings)
			}
		}
	}
}
