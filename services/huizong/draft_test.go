package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDraftCommands: what the compiler has put into its folder comes out over HTTP, listed and as files. How it gets there is tested with
// the compiler.
func TestDraftCommands(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	folder := filepath.Join(data, draftsFolder, "half-year-2020H1")
	files := map[string]string{
		"draft.json": `{"report":"half_year","period":"2020H1","cutoff":"2020-07-01T09:00:00+08:00","because":"deadline","inputs":"x",` +
			`"missing":[{"form":"fund_monthly","title":"社会保险基金收支情况月报表","org":"349981SB","name":"社会保险管理中心","period":"2020-06"}],"files":["half-year-2020H1.html"]}`,
		"half-year-2020H1.html": "<p>草稿</p>",
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	server := startProcess(t, data)
	if words, status := server.run(t, "draft", "list"); status != 0 || !strings.Contains(words, "2020H1") || !strings.Contains(words, "到达截止时间") {
		t.Errorf("draft list = %d, %s", status, words)
	}
	if words, status := server.run(t, "draft", "list", "--json"); status != 0 || !strings.Contains(words, `"org":"349981SB"`) {
		t.Errorf("draft list --json = %d, %s", status, words)
	}
	out := t.TempDir()
	if words, status := server.run(t, "draft", "show", "2020H1", "--out", out); status != 0 || !strings.Contains(words, "缺报：2020-06  社会保险管理中心") {
		t.Errorf("draft show = %d, %s", status, words)
	}
	if page, err := os.ReadFile(filepath.Join(out, "half-year-2020H1.html")); err != nil || string(page) != files["half-year-2020H1.html"] {
		t.Errorf("the draft's file = %s, %v", page, err)
	}
	if page, err := server.get(t.Context(), "/api/v1/drafts/half_year/2019H1/files/half-year-2019H1.html", nil); err == nil {
		t.Errorf("a draft that is not there is %s", page)
	}
}
