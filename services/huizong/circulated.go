package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"huizong/pkg/reporting"
)

// verifyFile says of a file that somebody has which release it is of, and whether it is as it was released. It asks the server for the
// releases only: the file stays where it is.
func (f *releaseFlags) verifyFile(cmd *cobra.Command, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return reporting.Errorf(reporting.Invalid, "读不到文件 %s，请核对路径 / the file cannot be read: %w", path, err)
	}
	var list []reporting.Release
	if _, err := f.read(cmd, "/api/v1/releases", &list); err != nil {
		return err
	}
	words, genuine := judgeFile(data, list)
	fmt.Fprintf(cmd.OutOrStdout(), "%s：%s\n", path, words)
	if !genuine {
		return exitStatus(2)
	}
	return nil
}

// judgeFile looks for the file among the releases by its bytes, and else by the moment that its data are of, which every format carries.
func judgeFile(data []byte, list []reporting.Release) (words string, genuine bool) {
	if len(data) == 0 {
		return "是空文件，没有可核对的内容", false
	}
	sum := sha256.Sum256(data)
	by := map[int]int{}
	for _, r := range list {
		by[r.Supersedes] = r.Number
	}
	for _, r := range list {
		for _, file := range r.Files {
			if file.SHA256 == hex.EncodeToString(sum[:]) {
				words = fmt.Sprintf("第%d号发布（%s）的 %s，与发布时逐字节相同", r.Number, r.Period.Label(), file.Name)
				if later := by[r.Number]; later != 0 {
					words += fmt.Sprintf("；该号已由第%d号取代", later)
				}
				return words, true
			}
		}
	}
	cutoff, how := cutoffOf(data), "发布后改动过，或者是同一时间另编的稿"
	if cut(data) {
		how = "文件不完整，是传送或保存时被截断的"
	}
	for _, r := range list {
		if !cutoff.IsZero() && r.Cutoff.Truncate(time.Second).Equal(cutoff) {
			return fmt.Sprintf("标明的数据截止时间与第%d号发布（%s）相同，但内容与存档不同：%s", r.Number, r.Period.Label(), how), false
		}
	}
	return "不是本系统发布的文件，或者已面目全非", false
}

// cut reports whether a file of one of our formats lacks its end.
func cut(data []byte) bool {
	_, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	tail := bytes.TrimSpace(data)
	return bytes.HasPrefix(data, []byte("PK")) && err != nil ||
		bytes.HasPrefix(data, []byte("%PDF-")) && !bytes.HasSuffix(tail, []byte("%%EOF")) ||
		bytes.HasPrefix(data, []byte("<!DOCTYPE html>")) && !bytes.HasSuffix(tail, []byte("</html>"))
}

var (
	createdAt = regexp.MustCompile(`<dcterms:created[^>]*>([^<]{1,40})<`) // of .docx and .xlsx
	cutoffAt  = regexp.MustCompile(`cutoff="([^"]{1,40})"`)               // of .pdf and .html
)

// cutoffOf is the moment that a report's data are of, as the file says; zero where it says none.
func cutoffOf(data []byte) time.Time {
	found := cutoffAt.FindSubmatch(data)
	if found == nil { // of an archive that was cut: its parts are not compressed
		found = createdAt.FindSubmatch(data)
	}
	if z, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
		found = createdAt.FindSubmatch(coreProperties(z))
	}
	if found == nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, string(found[1]))
	if err != nil {
		return time.Time{}
	}
	return at
}

// coreProperties reads what a document says of itself, as far as that is reasonably long: the file comes from anywhere.
func coreProperties(z *zip.Reader) []byte {
	const most = 1 << 16
	f, err := z.Open("docProps/core.xml")
	if err != nil {
		return nil
	}
	defer f.Close()
	data, _ := io.ReadAll(io.LimitReader(f, most)) // of what is damaged, what could be read
	return data
}
