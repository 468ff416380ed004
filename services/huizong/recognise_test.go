package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// TestRecogniseAndConfirm drops a clerk's sheets without a word about them, confirms what they were recognised as, and finds each
// decided as if it had been sent with all its particulars.
func TestRecogniseAndConfirm(t *testing.T) {
	kit, err := sample.Generate(sample.Config{Seed: 9, Months: 1})
	if err != nil {
		t.Fatal(err)
	}
	server := startProcess(t, t.TempDir())
	sent := 0
	for _, f := range kit.Files {
		rec := server.recognise(t, f)
		if f.Expect != reporting.Accepted || rec.Period != f.Period {
			continue // wrong, or it names no month: a person has to say
		}
		sent++
		body, err := server.post(t.Context(), "/api/v1/submissions", map[string]string{"sha256": rec.SHA256, "org": f.Org})
		if err != nil {
			t.Fatal(err)
		}
		var receipt reporting.Receipt
		if err := json.Unmarshal(body, &receipt); err != nil {
			t.Fatal(err)
		}
		got, err := server.outcome(t.Context(), receipt)
		if err != nil || got.Outcome != reporting.Accepted || got.Form != f.Form || got.Org != f.Org || got.Period != f.Period {
			t.Errorf("%s: %s as %s of %s for %s with %v, %v", f.Path, got.Outcome, got.Form, got.Org, got.Period, got.Findings, err)
		}
	}
	if sent < 30 {
		t.Errorf("only %d sheets could be confirmed", sent)
	}
}

// recognise puts the file, and says nothing of it but who would send it.
func (p *process) recognise(tb testing.TB, f sample.File) reporting.Recognition {
	tb.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("org", f.Org)
	form.WriteField("period", "2020-01")
	part, err := form.CreateFormFile("file", f.Path)
	if err != nil {
		tb.Fatal(err)
	}
	part.Write(f.Bytes)
	form.Close()
	request, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, p.server+"/api/v1/recognitions", &body)
	if err != nil {
		tb.Fatal(err)
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	data, err := p.do(request)
	if err != nil {
		tb.Fatalf("%s: %v", f.Path, err)
	}
	var rec reporting.Recognition
	if err := json.Unmarshal(data, &rec); err != nil {
		tb.Fatal(err)
	}
	return rec
}

// TestSeveralFormsInAFile sends a workbook with two forms, and without a word about them: it becomes a submission of each.
func TestSeveralFormsInAFile(t *testing.T) {
	server := startProcess(t, t.TempDir())
	receipt, err := server.submit(t.Context(), sheet{path: twoForms(t), org: "349981100", period: "2020-06"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]reporting.Outcome{}
	for _, one := range receipt.All() {
		st, err := server.outcome(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		got[st.Form] = st.Outcome
		if st.Outcome != reporting.Accepted || one.SHA256 != receipt.SHA256 {
			t.Errorf("%+v: %s with %v", one, st.Outcome, st.Findings)
		}
	}
	if len(got) != 2 || got["employment_monthly"] == "" || got["enterprise_visits"] == "" {
		t.Errorf("sent as %v", got)
	}
	// An archive is unpacked; with a form it is refused, and told to be unpacked.
	receipt, err = server.submit(t.Context(), sheet{path: archiveOf(t, twoForms(t)), org: "349981100", period: "2020-04"})
	if err != nil || len(receipt.All()) != 2 || receipt.All()[1].Form != "enterprise_visits" {
		t.Fatalf("%+v, %v", receipt, err)
	}
	if st, err := server.outcome(t.Context(), receipt); err != nil || st.FileName != "六月.xlsx" {
		t.Errorf("%+v, %v", st, err)
	}
	receipt, err = server.submit(t.Context(), sheet{path: archiveOf(t, twoForms(t)), org: "349981100", form: "employment_monthly", period: "2020-04"})
	if err != nil {
		t.Fatal(err)
	}
	if st, err := server.outcome(t.Context(), receipt); err != nil || len(st.Findings) != 1 || !strings.Contains(st.Findings[0].Message, "请先解压") {
		t.Errorf("%+v, %v", st, err)
	}
	// Under the name of one form it is that one, and the other sheet is named.
	receipt, err = server.submit(t.Context(), sheet{path: twoForms(t), org: "349981100", form: "employment_monthly", period: "2020-05"})
	if err != nil || len(receipt.Further) > 0 {
		t.Fatalf("%+v, %v", receipt, err)
	}
	st, err := server.outcome(t.Context(), receipt)
	if err != nil || !slices.ContainsFunc(st.Findings, func(f reporting.Finding) bool { return f.Code == reporting.UnreadSheet && f.Sheet == "走访" }) {
		t.Errorf("%v, %v", st.Findings, err)
	}
}

func archiveOf(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	for name, content := range map[string][]byte{"报送/" + filepath.Base(path): data, "__MACOSX/._x": nil} {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "报送.zip")
	if err := os.WriteFile(to, archive.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

// twoForms is a workbook with form 1 and form 3 of a township.
func twoForms(t *testing.T) string {
	t.Helper()
	book := excelize.NewFile()
	fill := func(name string, rows ...[]any) {
		if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := book.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	jobs := [][]any{{"就业创业工作月报表"}, {"序号", "指标名称", "计量单位", "本月数", "本年累计"}}
	for i, label := range []string{"城镇新增就业人数", "失业人员再就业人数", "就业困难人员就业人数", "期末城镇登记失业人数", "期末城镇登记劳动力人数", "引进外埠人员", "举办线下招聘会", "开发公益性岗位", "集中政策宣讲", "案外调解劳动争议"} {
		jobs = append(jobs, []any{i + 1, label, "", 5, 30})
	}
	fill("月报", jobs...)
	fill("走访", []any{"走访企业台账"}, []any{"序号", "走访日期", "企业名称", "统一社会信用代码", "走访人员", "企业诉求"},
		[]any{1, "2020-06-03", "示例市青篱农业有限公司", "91349981MA0000001N", "江晓禾", "无"})
	if err := book.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "六月.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}
