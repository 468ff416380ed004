package intake

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"huizong/pkg/originals"
	"huizong/pkg/reporting"
)

// firstLine recognises a file by its first line: form, period and further forms; "broken" breaks it, "unreadable" has a finding.
type firstLine struct{}

func (firstLine) Recognise(_ context.Context, _ string, file interface{ Disk() *os.File }, org string, hint reporting.Hint) (reporting.Recognition, error) {
	rec := reporting.Recognition{Org: org}
	text, err := io.ReadAll(io.NewSectionReader(file.Disk(), 0, 1<<20))
	if err != nil {
		return rec, err
	}
	words := strings.Fields(string(text))
	switch {
	case len(words) == 0:
	case words[0] == "broken":
		return rec, reporting.Errorf(reporting.Internal, "panic in the reader: index out of range")
	case words[0] == "unreadable":
		rec.Findings = []reporting.Finding{{Code: reporting.UnreadableFile, Severity: reporting.SeverityError, Message: "文件打不开"}}
	default:
		rec.Form, rec.Sure, rec.Period = words[0], reporting.Certain, hint.Period
		if len(words) > 1 {
			rec.Period, _ = reporting.ParsePeriod(words[1])
		}
		for _, form := range words[min(2, len(words)):] {
			rec.Further = append(rec.Further, reporting.Alternative{Form: form, Sheet: form})
		}
	}
	return rec, nil
}

// Ask of a file that says so is which of two columns is meant; once that is B, which of two sheets.
func (firstLine) Ask(_ context.Context, _ string, file interface{ Disk() *os.File }, _ reporting.Envelope, answers []reporting.Answer) (reporting.Asked, error) {
	text, err := io.ReadAll(io.NewSectionReader(file.Disk(), 0, 1<<20))
	if err != nil || !bytes.Contains(text, []byte("asks")) {
		return reporting.Asked{}, err
	}
	column := reporting.Question{ID: "f.month.1", Form: "f", Options: []reporting.Option{{ID: "B"}, {ID: "C"}}}
	sheet := reporting.Question{ID: "f.sheet.2", Form: "f", Options: []reporting.Option{{ID: "甲"}, {ID: "乙"}}}
	for _, a := range answers {
		if a.Question == column.ID && a.Option == "B" {
			column.Answer = "B"
			return reporting.Asked{Open: []reporting.Question{sheet}, Answered: []reporting.Question{column}}, nil
		}
	}
	return reporting.Asked{Open: []reporting.Question{column}}, nil
}

// Unpack takes a file that begins with "archive" for one, of a file a line.
func (firstLine) Unpack(_ context.Context, _ string, file interface{ Disk() *os.File }) ([]reporting.Packed, error) {
	text, err := io.ReadAll(io.NewSectionReader(file.Disk(), 0, 1<<20))
	if err != nil || !bytes.HasPrefix(text, []byte("archive\n")) {
		return nil, err
	}
	var files []reporting.Packed
	for i, line := range strings.Split(string(text), "\n")[1:] {
		files = append(files, reporting.Packed{Name: fmt.Sprintf("%d.txt", i), Data: []byte(line)})
	}
	return files, nil
}

const clerk = "clerk zhou 349981001"

// recognise has somebody put a file.
func (c counter) recognise(t *testing.T, who, name, content string, fields ...string) (int, reporting.Recognition, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		form.WriteField(fields[i], fields[i+1])
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(part, content)
	form.Close()
	response, err := postAs(who, c.url+"/api/v1/recognitions", form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var rec reporting.Recognition
	if err := json.Unmarshal(data, &rec); err != nil {
		t.Errorf("%s: %v", data, err)
	}
	return response.StatusCode, rec, string(data)
}

// TestRecogniseAndConfirm: a file that was recognised is nothing until its sender confirms it, and then one submission.
func TestRecogniseAndConfirm(t *testing.T) {
	c := newCounter(t)
	const sheet = "employment_monthly 2020-06"
	status, rec, text := c.recognise(t, clerk, "../六月.xlsx", sheet)
	if status != http.StatusCreated || rec.SHA256 != hash([]byte(sheet)) || rec.Size != int64(len(sheet)) || rec.FileName != "六月.xlsx" || rec.Form != "employment_monthly" || rec.Org != "349981001" || rec.Period.String() != "2020-06" {
		t.Fatalf("%d %s", status, text)
	}
	if c.Store.Len() != 0 {
		t.Error("a recognition is in the journal")
	}
	var receipt, again reporting.Receipt
	if status, detail := c.json(t, clerk, "/api/v1/submissions", `{"sha256":"`+rec.SHA256+`"}`, &receipt); status != http.StatusCreated {
		t.Fatalf("confirm: %d %s", status, detail)
	}
	e, err := c.Store.Envelope(receipt.Submission)
	if err != nil || e.Form != "employment_monthly" || e.Org != "349981001" || e.Period.String() != "2020-06" || e.FileName != "六月.xlsx" || e.By != "zhou" || e.SHA256 != rec.SHA256 || e.Size != rec.Size {
		t.Errorf("envelope %+v, %v", e, err)
	}
	// A second click is the same submission; another month is another.
	if c.json(t, clerk, "/api/v1/submissions", `{"sha256":"`+rec.SHA256+`","org":"349981001","form":"employment_monthly","period":"2020-06"}`, &again); again.Submission != receipt.Submission {
		t.Errorf("confirmed again: %+v, want %+v", again, receipt)
	}
	if c.json(t, clerk, "/api/v1/submissions", `{"sha256":"`+rec.SHA256+`","period":"2020-05","file_name":"五月.xlsx"}`, &again); again.Submission == receipt.Submission || again.Period.String() != "2020-05" {
		t.Errorf("confirmed as of May: %+v", again)
	}
	if list := c.Recognised("zhou"); len(list) != 1 || list[0].Submission != again.Submission {
		t.Errorf("pending: %+v", list)
	}
	if c.Store.Len() != 2 {
		t.Errorf("%d envelopes, want 2", c.Store.Len())
	}
}

func TestConfirmRefused(t *testing.T) {
	c := newCounter(t)
	_, rec, _ := c.recognise(t, clerk, "x.csv", "employment_monthly 2020-06")
	_, unknown, _ := c.recognise(t, clerk, "y.csv", "unreadable")
	if len(unknown.Findings) != 1 || unknown.Findings[0].Message == "" {
		t.Errorf("an unreadable file: %+v", unknown)
	}
	c.post(t, "org", "349981001", "period", "2020-06", "file:z.csv", "sent, and not recognised")
	before := c.Store.Len()
	for name, test := range map[string]struct {
		who, body string
		status    int
	}{
		"NoSum":            {clerk, `{}`, 400},
		"NeverPut":         {clerk, `{"sha256":"` + hash([]byte("never")) + `","period":"2020-06"}`, 404},
		"PutByAnother":     {"clerk wu 349981001", `{"sha256":"` + rec.SHA256 + `"}`, 404},
		"OnlyInTheStore":   {clerk, `{"sha256":"` + hash([]byte("sent, and not recognised")) + `","period":"2020-06"}`, 404},
		"ForAnotherUnit":   {clerk, `{"sha256":"` + rec.SHA256 + `","org":"349981002"}`, 403},
		"UnknownForm":      {clerk, `{"sha256":"` + rec.SHA256 + `","form":"x"}`, 400},
		"WrongPeriod":      {clerk, `{"sha256":"` + rec.SHA256 + `","period":"2020H1"}`, 400},
		"PeriodNotKnown":   {clerk, `{"sha256":"` + unknown.SHA256 + `","form":"employment_monthly"}`, 400},
		"NotTheirBusiness": {"analyst wu", `{"sha256":"` + rec.SHA256 + `"}`, 403},
	} {
		var receipt reporting.Receipt
		if status, detail := c.json(t, test.who, "/api/v1/submissions", test.body, &receipt); status != test.status {
			t.Errorf("%s: %d %s, want %d", name, status, detail, test.status)
		}
	}
	if c.Store.Len() != before {
		t.Errorf("%d envelopes after refusals, want %d", c.Store.Len(), before)
	}
}

func TestRecognitionRefused(t *testing.T) {
	c := newCounter(t)
	for name, test := range map[string]struct {
		who, content string
		fields       []string
		status       int
	}{
		"ForAnotherUnit": {clerk, "x", []string{"org", "349981002"}, 403},
		"NoSuchUnit":     {"any", "x", []string{"org", "nowhere"}, 403},
		"BadPeriod":      {clerk, "x", []string{"period", "June"}, 400},
		"TooLarge":       {clerk, strings.Repeat("x", 1<<20+1), nil, 400},
		"ByAReviewer":    {reviewer, "x", nil, 403},
		"Breaks":         {clerk, "broken", nil, 500},
	} {
		if status, _, text := c.recognise(t, test.who, "x.csv", test.content, test.fields...); status != test.status {
			t.Errorf("%s: %d %s, want %d", name, status, text, test.status)
		}
	}
	if list := c.Recognised("zhou"); len(list) != 0 {
		t.Errorf("pending: %+v", list)
	}
	if left := filesIn(t, c.data); len(left) > 0 {
		t.Errorf("%q on the disk after refusals", left)
	}
	// The place of the one that broke is free again.
	for range 100 {
		if status, _, text := c.recognise(t, clerk, "x.csv", "employment_monthly"); status != http.StatusCreated {
			t.Fatalf("after a break: %d %s", status, text)
		}
	}
	// Nothing but the collected month lends a period where the sheet is silent.
	if _, rec, _ := c.recognise(t, clerk, "x.csv", "employment_monthly", "period", "2020-03"); rec.Period.String() != "2020-03" {
		t.Errorf("hint not passed on: %s", rec.Period)
	}
}

// TestPending: what was put is forgotten after an hour, and nobody sees what another has put.
func TestPending(t *testing.T) {
	now := time.Date(2020, 7, 1, 9, 0, 0, 0, time.UTC)
	s := newPending(func() time.Time { return now })
	store, err := originals.Open(t.TempDir(), originals.Options{})
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]*hold{}
	put := func(account, sum string) {
		h, err := store.Hold(t.Context(), strings.NewReader(account+sum), 1<<10)
		if err != nil {
			t.Fatal(err)
		}
		held[account+sum] = &hold{h, func() {}}
		s.put(account, reporting.Recognition{SHA256: sum, PutAt: now}, reporting.Hint{}, held[account+sum])
	}
	put("zhou", "a")
	put("wu", "a")
	now = now.Add(40 * time.Minute)
	put("zhou", "b")
	sums := func() string {
		var all []string
		for _, rec := range s.list("zhou") {
			all = append(all, rec.SHA256)
		}
		return strings.Join(all, " ")
	}
	if got := sums(); got != "b a" {
		t.Errorf("listed %q, want the newest first", got)
	}
	now = now.Add(20*time.Minute + time.Second)
	if _, err := s.take("zhou", "a"); reporting.CodeOf(err) != reporting.NotFound {
		t.Errorf("taken after an hour: %v", err)
	}
	if _, err := s.take("zhou", "b"); err != nil {
		t.Errorf("taken within the hour: %v", err)
	}
	if got := sums(); got != "b" {
		t.Errorf("listed %q", got)
	}
	if err := held["zhoub"].Keep(); err != nil {
		t.Fatal(err)
	}
	put("zhou", "c")
	if _, err := held["zhoua"].Open(); reporting.CodeOf(err) != reporting.NotFound {
		t.Errorf("a file that was forgotten is still held: %v", err)
	}
	if len(s.files) != 2 {
		t.Errorf("%d files are remembered, want the two of the last hour", len(s.files))
	}
	for n := range maxPending {
		now = now.Add(time.Millisecond)
		put("wang", strconv.Itoa(n))
	}
	put("wang", "one more")
	if n := len(s.list("wang")); n != maxPending {
		t.Errorf("%d pending, want %d", n, maxPending)
	}
	if _, err := s.take("wang", "0"); reporting.CodeOf(err) != reporting.NotFound {
		t.Errorf("the oldest is still there: %v", err)
	}
}

// TestConfirmedAtOnce: however many clicks arrive together, there is one submission.
func TestConfirmedAtOnce(t *testing.T) {
	c := newCounter(t)
	_, rec, _ := c.recognise(t, clerk, "x.csv", "employment_monthly 2020-06")
	var clicks sync.WaitGroup
	for range 8 {
		clicks.Go(func() {
			var receipt reporting.Receipt
			if status, detail := c.json(t, clerk, "/api/v1/submissions", `{"sha256":"`+rec.SHA256+`"}`, &receipt); status != http.StatusCreated {
				t.Errorf("%d %s", status, detail)
			}
		})
	}
	clicks.Wait()
	if n := c.Store.Len(); n != 1 {
		t.Errorf("%d submissions, want 1", n)
	}
}

// TestWithoutScript: a browser's plain forms are led to the pages that show what came of them.
func TestWithoutScript(t *testing.T) {
	c := newCounter(t)
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	send := func(path, contentType string, body io.Reader) string {
		t.Helper()
		request, err := http.NewRequest(http.MethodPost, c.url+path, body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("Authorization", "Bearer "+clerk)
		request.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
		response, err := browser.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return fmt.Sprint(response.StatusCode, " ", response.Header.Get("Location"))
	}
	body := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\nemployment_monthly 2020-06\r\n--b--\r\n"
	if got := send("/api/v1/recognitions", "multipart/form-data; boundary=b", strings.NewReader(body)); got != "303 /confirm" {
		t.Errorf("recognised: %s", got)
	}
	rec := c.Recognised("zhou")[0]
	got := send("/api/v1/submissions", "application/x-www-form-urlencoded", strings.NewReader(url.Values{"sha256": {rec.SHA256}, "form": {rec.Form}, "period": {"2020-05"}}.Encode()))
	if want := "303 /submissions/" + c.Recognised("zhou")[0].Submission; got != want || c.Recognised("zhou")[0].Submission == "" {
		t.Errorf("confirmed: %s, want %s", got, want)
	}
}

// TestBrokenForm: a form that cannot be read is its sender's fault, not ours.
func TestBrokenForm(t *testing.T) {
	store, err := originals.Open(t.TempDir(), originals.Options{})
	if err != nil {
		t.Fatal(err)
	}
	in := New(Config{Store: store})
	for name, body := range map[string]string{
		"Cut":    "--x\r\nContent-Disposition: form-data; name=\"org\"\r\n\r\n34",
		"Header": "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\x00\"\r\n\r\n",
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		if _, err := in.receive(httptest.NewRecorder(), r, "org"); reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
}

func TestCleanName(t *testing.T) {
	for name, want := range map[string]string{`C:\桌面\6月.xlsx`: "6月.xlsx", "../../etc/passwd": "passwd", "a\r\nb\x00.csv": "ab.csv", "cod\u202excs.exe": "codxcs.exe", "/": ""} {
		if got := cleanName(name); got != want {
			t.Errorf("cleanName(%q) = %q, want %q", name, got, want)
		}
	}
}

// TestSeveralFormsBothWays: over HTTP and over NATS a file with two forms, and an archive of two files, become a submission of each form.
func TestSeveralFormsBothWays(t *testing.T) {
	c := newCounter(t)
	const two = "employment_monthly 2020-06 enterprise_visits"
	for file, want := range map[string]string{
		two:                                      "employment_monthly enterprise_visits",
		"archive\n" + two + "\nwage 2020-06":     "employment_monthly enterprise_visits ?",
		"archive\n" + two + "\n" + two + " wage": "employment_monthly enterprise_visits employment_monthly enterprise_visits",
	} {
		for _, way := range []string{"http", "nats"} {
			var receipt reporting.Receipt
			var data []byte
			if way == "nats" {
				reply, err := c.Bus.Request(t.Context(), requestBy(t, "349981002", "m1"), []byte(file), map[string]string{"period": "2020-06", "file-name": "x"})
				if err != nil {
					t.Fatal(err)
				}
				data = reply.Data
			} else {
				var status int
				if status, data = c.post(t, "org", "349981002", "period", "2020-06", "file:x", file); status != http.StatusCreated && status != http.StatusAccepted {
					t.Fatalf("%d %s", status, data)
				}
			}
			if err := json.Unmarshal(data, &receipt); err != nil {
				t.Fatal(err)
			}
			var forms []string
			ids := map[string]bool{}
			for _, one := range receipt.All() {
				forms, ids[one.Submission] = append(forms, cmp.Or(one.Form, "?")), true
				if e, err := c.Store.Envelope(one.Submission); err != nil || e.Via != way || e.Form != one.Form {
					t.Errorf("%s: %+v, %v", way, e, err)
				}
			}
			if got := strings.Join(forms, " "); got != want || len(ids) != len(forms) {
				t.Errorf("%q by %s: receipts of %q, want %q", file, way, got, want)
			}
		}
	}
}

// TestArchiveRecognised: each file of an archive is recognised by itself and waits for its confirmation; the archive is given up.
func TestArchiveRecognised(t *testing.T) {
	c := newCounter(t)
	status, rec, text := c.recognise(t, clerk, "六月.zip", "archive\nemployment_monthly 2020-06\nenterprise_visits 2020-05", "org", "349981001")
	if status != http.StatusCreated || rec.FileName != "六月.zip" || len(rec.Packed) != 2 || rec.Packed[0].Form != "employment_monthly" || rec.Packed[1].FileName != "1.txt" {
		t.Fatalf("%d %s", status, text)
	}
	if list := c.Recognised("zhou"); len(list) != 2 {
		t.Errorf("%d files wait: %+v", len(list), list)
	}
	var receipt reporting.Receipt
	if status, _ := c.json(t, clerk, "/api/v1/submissions", `{"sha256":"`+rec.Packed[1].SHA256+`"}`, &receipt); status != http.StatusCreated || receipt.Form != "enterprise_visits" {
		t.Errorf("%d %+v", status, receipt)
	}
	if status, _ := c.json(t, clerk, "/api/v1/submissions", `{"sha256":"`+rec.SHA256+`"}`, &receipt); status != http.StatusNotFound {
		t.Errorf("the archive itself: %d", status)
	}
}
