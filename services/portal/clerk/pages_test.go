package clerk_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

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
}
