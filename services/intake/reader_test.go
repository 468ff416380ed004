package intake

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"

	"huizong/pkg/judge/judgetest"
)

// visits is a small sheet of the form enterprise_visits, for what its second line names: "" is nothing.
func visits(period string) string {
	if period != "" {
		period = "报表所属期：" + period
	}
	return "企业走访服务台账\n填报单位：城东街道,," + period + "\n" +
		"序号,走访日期,企业名称,统一社会信用代码,所属乡镇（街道）,所属行业,在岗职工人数,缺工人数,走访方式,反映的主要问题,是否办结,备注\n"
}

var june = visits("2020年6月")

// archive is a .zip of files.
func archive(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, content := range files {
		w, err := z.Create(fmt.Sprintf("%d.csv", i))
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, content)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestRealReader: what the judge recognises, the intake keeps, also out of an archive; and of what it cannot read nothing is kept through our fault.
func TestRealReader(t *testing.T) {
	c := newCounter(t)
	readers := judgetest.OpenBy(t, c.Catalogue, nil)
	c.Recogniser = readers
	if status, rec, text := c.recognise(t, clerk, "六月.csv", june); status != http.StatusCreated || rec.Form != "enterprise_visits" || rec.Org != "349981001" || rec.Period.String() != "2020-06" {
		t.Errorf("%d %s", status, text)
	}
	if status, rec, text := c.recognise(t, clerk, "六月.zip", archive(t, june, visits("2020年5月"))); status != http.StatusCreated || len(rec.Packed) != 2 || rec.Packed[1].Period.String() != "2020-05" {
		t.Errorf("%d %s", status, text)
	}
	if _, rec, text := c.recognise(t, clerk, "y.xlsx", "PK\x03\x04 and no more"); len(rec.Findings) != 1 || rec.Findings[0].Message == "" {
		t.Errorf("an unreadable file: %s", text)
	}
	// The period of the request lends its year to a month in the file's name.
	if _, rec, text := c.recognise(t, clerk, "3月.csv", visits(""), "period", "2019-06"); rec.Period.String() != "2019-03" {
		t.Errorf("hint not passed on: %s", text)
	}
	kept := len(filesIn(t, c.data))
	readers.Close()
	if status, _, text := c.recognise(t, clerk, "z.csv", visits("2020年4月")); status < 500 {
		t.Errorf("without readers: %d %s", status, text)
	}
	if now := len(filesIn(t, c.data)); now != kept {
		t.Errorf("%d files on the disk, %d before", now, kept)
	}
}
