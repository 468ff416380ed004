package clerk_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/services/portal/portaltest"
)

func TestMain(m *testing.M) { os.Exit(portaltest.Main(m)) }

// TestPages: a clerk's pages over sheets that the worker has decided, accepted and rejected, in both languages, and those of another unit, which are not there.
func TestPages(t *testing.T) {
	s := portaltest.Open(t, "employment_monthly", "training_ledger")
	own := portaltest.Clerk
	e := s.Of(t, own.Unit, "employment_monthly")
	for _, lang := range []string{"lang=zh", "lang=en"} {
		for _, page := range []string{"/?", "/?period=2020-02&", "/templates?", "/templates?period=2020-02&", "/help?", "/history?", "/history?form=employment_monthly&period=2020-02&page=2&", "/history?at=" + e.ID + "&",
			"/submissions/" + e.ID + "?", "/submissions/" + e.ID + "/receipt?", "/sent?id=" + e.ID + "&"} {
			s.Get(t, own, page+lang, "</main>")
		}
		for _, sent := range s.Sent { // of each that was rejected too, with its findings beside its sheet
			who := own
			who.Unit = sent.Org
			s.Get(t, who, "/submissions/"+sent.ID+"?at=2&severity=error&"+lang, "</main>")
		}
	}
	s.Get(t, own, "/submissions/"+e.ID, "已受理")
	s.Get(t, own, "/history", s.Catalogue.Form("employment_monthly").Title.ZH)
	other := s.Of(t, "349981002", "employment_monthly")
	s.Refused(t, own, "/submissions/"+other.ID, http.StatusNotFound)
	s.Refused(t, own, "/history?org=349981002", http.StatusNotFound)
	s.Refused(t, own, "/history?period=x", http.StatusBadRequest)
	s.Refused(t, portaltest.Reviewer, "/history", http.StatusNotFound)
	for who, leads := range map[string]string{s.Get(t, own, "/"): "</main>"} {
		if !strings.Contains(who, leads) {
			t.Error("a clerk's first page is not the own")
		}
	}
	s.Refused(t, portaltest.Reviewer, "/", http.StatusSeeOther)
}

// TestSending: a file is recognised, confirmed and sent; the very same one again is said to be there.
func TestSending(t *testing.T) {
	s := portaltest.Open(t, "employment_monthly")
	own := portaltest.Clerk
	e := s.Of(t, own.Unit, "employment_monthly")
	file, err := s.Store.OpenFile(e.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("period", "2020-02")
	part, err := form.CreateFormFile("file", e.FileName)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(part, file); err != nil {
		t.Fatal(err)
	}
	form.Close()
	s.Send(t, own, http.MethodPost, "/confirm", form.FormDataContentType(), &body, http.StatusSeeOther)
	page := s.Get(t, own, "/confirm", "同一个文件")
	if sum := regexp.MustCompile(`name="file" value="([0-9a-f]{64})"`).FindStringSubmatch(page); sum == nil || sum[1] != e.SHA256 {
		t.Fatalf("the page to confirm holds %v", sum)
	}
	fields := url.Values{"file": {e.SHA256}, "name": {e.FileName}, "form": {"employment_monthly"}, "period": {"2020-02"}}
	s.Post(t, own, "/send", fields, http.StatusSeeOther)
	fields.Set("form", "-")
	s.Post(t, own, "/send", fields, http.StatusSeeOther) // left out
	fields.Del("name")
	s.Post(t, own, "/send", fields, http.StatusBadRequest)
	s.Post(t, portaltest.Reviewer, "/send", url.Values{}, http.StatusForbidden)
	s.Get(t, own, "/?period=2020-02", "第 2 版")

	// A workbook of two forms is offered as both, and sent as both.
	body.Reset()
	form = multipart.NewWriter(&body)
	form.WriteField("period", "2020-03")
	if part, err = form.CreateFormFile("file", "三月.xlsx"); err != nil {
		t.Fatal(err)
	}
	if err := twoForms(t).Write(part); err != nil {
		t.Fatal(err)
	}
	form.Close()
	s.Send(t, own, http.MethodPost, "/confirm", form.FormDataContentType(), &body, http.StatusSeeOther)
	page = s.Get(t, own, "/confirm", "三月.xlsx", "走访企业台账", "就业创业工作月报表")
	sums := regexp.MustCompile(`name="file" value="([0-9a-f]{64})"`).FindAllStringSubmatch(page, -1)
	if len(sums) != 2 || sums[0][1] != sums[1][1] {
		t.Fatalf("the page to confirm holds %v", sums)
	}
	sum := sums[0][1]
	s.Post(t, own, "/send", url.Values{"file": {sum, sum}, "name": {"三月.xlsx", "三月.xlsx"}, "form": {"employment_monthly", "enterprise_visits"}, "period": {"2020-03", "2020-03"}}, http.StatusSeeOther)
	receipts := map[string]bool{}
	for _, link := range regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{26}`).FindAllString(s.Get(t, own, "/?period=2020-03"), -1) {
		receipts[link] = true
	}
	if len(receipts) != 2 {
		t.Errorf("receipts of the two forms: %v", receipts)
	}
}

// twoForms is a workbook with form 1 and form 3 of a township.
func twoForms(t *testing.T) *excelize.File {
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
	for i, label := range strings.Fields("城镇新增就业人数 失业人员再就业人数 就业困难人员就业人数 期末城镇登记失业人数 期末城镇登记劳动力人数 引进外埠人员 举办线下招聘会 开发公益性岗位 集中政策宣讲 案外调解劳动争议") {
		jobs = append(jobs, []any{i + 1, label, "", 5, 30})
	}
	fill("月报", jobs...)
	fill("走访", []any{"走访企业台账"}, []any{"序号", "走访日期", "企业名称", "统一社会信用代码", "走访人员", "企业诉求"},
		[]any{1, "2020-03-03", "示例市青篱农业有限公司", "91349981MA0000001N", "江晓禾", "无"})
	if err := book.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	return book
}
