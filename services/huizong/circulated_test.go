package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"strings"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/compile/compiletest"
	"huizong/pkg/compile/docx"
	"huizong/pkg/compile/html"
	"huizong/pkg/compile/pdf"
	"huizong/pkg/compile/xlsx"
	"huizong/pkg/reporting"
)

// A file in circulation is known by its bytes; one that was changed, in any format, by what it says of itself.
func TestJudgeFile(t *testing.T) {
	d, err := compile.Compile(compiletest.Input(t))
	if err != nil {
		t.Fatal(err)
	}
	fonts, err := pdf.LoadFonts(os.DirFS("../../deploy/fonts"))
	if err != nil {
		t.Fatal(err)
	}
	for ending, write := range map[string]func(io.Writer, *compile.Document) error{"docx": docx.Write, "html": html.Write, "xlsx": xlsx.Write,
		"pdf": func(w io.Writer, d *compile.Document) error { return pdf.Write(w, d, fonts) }} {
		var sent, kept bytes.Buffer
		if err := write(&sent, d); err != nil {
			t.Fatal(err)
		}
		if err := write(&kept, d.Companion); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(sent.Bytes())
		list := []reporting.Release{
			{Number: 1, Period: d.Period, Cutoff: d.Cutoff, Files: []reporting.ReleaseFile{{Name: "half-year-2020H1." + ending, SHA256: hex.EncodeToString(sum[:])}}},
			{Number: 2, Period: d.Period, Cutoff: d.Cutoff.AddDate(0, 0, 1), Supersedes: 1},
		}
		if words, genuine := judgeFile(sent.Bytes(), list); !genuine || !strings.Contains(words, "第1号发布（2020年上半年）的 half-year-2020H1."+ending) || !strings.Contains(words, "已由第2号取代") {
			t.Errorf("%s: %s", ending, words)
		}
		if words, genuine := judgeFile(kept.Bytes(), list); genuine || !strings.Contains(words, "第1号发布（2020年上半年）相同，但内容与存档不同") {
			t.Errorf("%s with other bytes: %s", ending, words)
		}
		changed := bytes.Replace(sent.Bytes(), []byte("zh-CN"), []byte("zh-TW"), 1)
		if words, genuine := judgeFile(changed, list); genuine || !strings.Contains(words, "发布后改动过") {
			t.Errorf("%s, changed: %s", ending, words)
		}
		if words, genuine := judgeFile(sent.Bytes()[:sent.Len()-20], list); genuine || !strings.Contains(words, "第1号发布（2020年上半年）相同，但内容与存档不同：文件不完整") {
			t.Errorf("%s, cut: %s", ending, words)
		}
		if words, genuine := judgeFile(nil, list); genuine || words != "是空文件，没有可核对的内容" {
			t.Errorf("empty: %s", words)
		}
		if words, genuine := judgeFile(sent.Bytes(), list[1:]); genuine || !strings.Contains(words, "不是本系统发布") {
			t.Errorf("%s of nobody: %s", ending, words)
		}
	}
	for _, rubbish := range [][]byte{[]byte("PK\x03\x04rubbish"), []byte(`cutoff="yesterday"`)} {
		if words, genuine := judgeFile(rubbish, nil); genuine || !strings.Contains(words, "不是本系统发布") {
			t.Errorf("%q: %s", rubbish, words)
		}
	}
}
