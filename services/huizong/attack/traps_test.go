package attack

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"huizong/pkg/access"
	"huizong/pkg/annotate"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/services/portal/submission"
)

const (
	officeRelations    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	microsoftRelations = "http://schemas.microsoft.com/office/2006/relationships/"
)

// baits are parts that act when a workbook is opened: from which part a relation of which type leads to what, inside or outside of the file, and what the copy says of it.
var baits = []struct {
	from, kind, target string
	outside            bool
	says               string
}{
	{"xl/_rels/workbook.xml.rels", microsoftRelations + "vbaProject", "vbaProject.bin", false, "宏"},
	{"xl/_rels/workbook.xml.rels", officeRelations + "connections", "connections.xml", false, "外部数据连接"},
	{"xl/_rels/workbook.xml.rels", officeRelations + "externalLink", "externalLinks/externalLink1.xml", false, "与其他文件或程序的链接"},
	{"xl/worksheets/_rels/sheet1.xml.rels", officeRelations + "oleObject", "../embeddings/oleObject1.bin", false, "嵌入的对象"},
	{"xl/worksheets/_rels/sheet1.xml.rels", officeRelations + "hyperlink", `file:///\\evil.example\share\evil.exe`, true, "指向文件或网络共享的超链接"},
	{"_rels/.rels", microsoftRelations + "ui/extensibility", "customUI/customUI.xml", false, "自定义功能区"},
}

// baited is a workbook with all of them.
func baited(t *testing.T, book []byte) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{"xl/worksheets/_rels/sheet1.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>`}
	for _, f := range from.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(content)
	}
	for i, b := range baits {
		mode := ""
		if b.outside {
			mode = ` TargetMode="External"`
		} else {
			parts[strings.TrimPrefix(filepath.Join(filepath.Dir(filepath.Dir(b.from)), b.target), "/")] = "EVIL"
		}
		if !strings.Contains(parts[b.from], "</Relationships>") {
			t.Fatalf("%s has no relations: %.200s", b.from, parts[b.from])
		}
		parts[b.from] = strings.Replace(parts[b.from], "</Relationships>", fmt.Sprintf(`<Relationship Id="rBait%d" Type="%s" Target="%s"%s/></Relationships>`, i, b.kind, b.target, mode), 1)
	}
	parts["[Content_Types].xml"] = strings.Replace(parts["[Content_Types].xml"], "</Types>", `<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>`, 1)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range parts {
		part, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(part, content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestTraps: a workbook full of what acts when it is opened is sent, and comes back to its clerk without: the header says so to programs, a page and the copy itself to people. The
// original is as it was, and no browser opens it.
func TestTraps(t *testing.T) {
	c := theCity(t)
	kit, err := sample.Generate(sample.Config{Seed: 5, Months: 3, Forms: []string{"employment_monthly"}})
	if err != nil {
		t.Fatal(err)
	}
	var book []byte
	for _, f := range kit.Files {
		if filepath.Ext(f.Path) == ".xlsx" {
			book = baited(t, f.Bytes)
		}
	}
	clerk := c.people[access.Clerk]
	body, boundary := multipartBody(map[string]string{"org": unit, "form": "employment_monthly", "period": "2020-09"}, "x.xlsx", book)
	var receipt reporting.Receipt
	c.must(t, c.as(t, clerk.byToken, http.MethodPost, "/api/v1/submissions", body, "Content-Type", "multipart/form-data; boundary="+boundary), &receipt)
	var state submission.State
	for state.Pending = true; state.Pending; {
		c.must(t, c.as(t, clerk.byToken, http.MethodGet, "/api/v1/submissions/"+receipt.Submission+"?wait=30s", ""), &state)
	}
	answer := c.as(t, clerk.byToken, http.MethodGet, "/api/v1/submissions/"+receipt.Submission+"/annotated", "")
	t.Logf("%+v", state.Findings)
	said, err := url.PathUnescape(answer.header.Get("Huizong-Left-Out"))
	var removed []annotate.Removed
	if err != nil || json.Unmarshal([]byte(said), &removed) != nil || answer.status != http.StatusOK {
		t.Fatalf("the copy: %d, Huizong-Left-Out %q, %v", answer.status, said, err)
	}
	page := c.as(t, clerk.bySession, http.MethodGet, "/submissions/"+receipt.Submission+"/copy", "").body
	all := unzipped(t, answer.body)
	for _, b := range baits {
		for where, text := range map[string]string{"the header": said, "the page": page, "the copy": all} {
			if !strings.Contains(text, b.says) {
				t.Errorf("%s does not say that %s is left out", where, b.says)
			}
		}
	}
	for _, trap := range []string{"EVIL", "evil.example", "vbaProject", "oleObject", "customUI", "connections.xml", "externalLink"} {
		if strings.Contains(all, trap) {
			t.Errorf("the copy has %s", trap)
		}
	}
	if shown := c.as(t, clerk.bySession, http.MethodGet, "/submissions/"+receipt.Submission, "").body; !strings.Contains(shown, "/submissions/"+receipt.Submission+"/copy") {
		t.Error("the submission's page does not lead to what the copy has not")
	}
	original := c.as(t, clerk.byToken, http.MethodGet, "/api/v1/submissions/"+receipt.Submission+"/original", "")
	if original.body != string(book) || !strings.HasPrefix(original.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the original is not what was sent, or is shown: %v", original.header)
	}
	if harmless := c.as(t, clerk.bySession, http.MethodGet, "/submissions/"+c.submission[unit]+"/copy", ""); harmless.status != http.StatusOK || !strings.Contains(harmless.body, "什么也没有去掉") {
		t.Errorf("of a sheet without traps the page says: %d %.300s", harmless.status, harmless.body)
	}
}

// TestCopiesOfCells: of a file out of which nothing can be cut the page does not say that it held nothing.
func TestCopiesOfCells(t *testing.T) {
	c := theCity(t)
	for name, file := range map[string]string{"x.xlsx": "PK\x03\x04 damaged", "x.xls": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 damaged"} {
		body, boundary := multipartBody(map[string]string{"org": unit, "form": "employment_monthly", "period": "2020-10"}, name, []byte(file))
		var receipt reporting.Receipt
		c.must(t, c.as(t, c.people[access.Clerk].byToken, http.MethodPost, "/api/v1/submissions", body, "Content-Type", "multipart/form-data; boundary="+boundary), &receipt)
		var state submission.State
		for state.Pending = true; state.Pending; {
			c.must(t, c.as(t, c.people[access.Clerk].byToken, http.MethodGet, "/api/v1/submissions/"+receipt.Submission+"?wait=30s", ""), &state)
		}
		if page := c.as(t, c.people[access.Clerk].bySession, http.MethodGet, "/submissions/"+receipt.Submission+"/copy", "").body; !strings.Contains(page, "只列出了问题") || strings.Contains(page, "什么也没有去掉") {
			t.Errorf("of %s the page says: %s", name, page)
		}
	}
}

// unzipped are the names and contents of a package's parts, one behind the other.
func unzipped(t *testing.T, file string) string {
	t.Helper()
	from, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range from.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(f.Name + "\n")
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}
