package intake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

const asking = "employment_monthly 2020-06 asks"

// answered lists the answers in the journal, each with who gave it, and with the submissions between them.
func (c counter) answered() string {
	var all []string
	for e := range c.Store.Envelopes() {
		switch e.Kind {
		case reporting.MappingConfirmed:
			all = append(all, e.Org+" "+e.By+" "+e.Mapping.Question+"="+e.Mapping.Choice)
		case reporting.SubmissionReceived:
			all = append(all, "sent")
		}
	}
	return strings.Join(all, ", ")
}

// TestAnswers: answers come with a file, with its confirmation, by themselves, and over NATS. Each is in the journal before what it comes with,
// signed, and in the audit log.
func TestAnswers(t *testing.T) {
	c := newCounter(t)
	subject := requestBy(t, "349981002", "m1")
	over := func(data string, headers map[string]string) error {
		_, err := c.Bus.Request(t.Context(), subject, []byte(data), headers)
		return err
	}
	ways := []struct {
		give func() (int, any)
		want string
	}{
		{func() (int, any) {
			return c.status(c.post(t, "org", "349981001", "period", "2020-06", "form", "employment_monthly", "file:a.csv", asking, "answers", `[{"question":"f.month.1","option":"B"},{"question":"f.sheet.2","option":"乙"}]`))
		}, "349981001 tester f.month.1=B, 349981001 tester f.sheet.2=乙, sent"},
		{func() (int, any) {
			_, rec, _ := c.recognise(t, clerk, "b.csv", asking)
			return c.status2(c.json(t, clerk, "/api/v1/submissions", `{"sha256":"`+rec.SHA256+`","answers":[{"question":"f.month.1","option":"C"}]}`, new(json.RawMessage)))
		}, "349981001 zhou f.month.1=C, sent"},
		{func() (int, any) {
			_, rec, _ := c.recognise(t, clerk, "b.csv", asking)
			return c.status2(c.json(t, clerk, "/api/v1/answers", `{"sha256":"`+rec.SHA256+`","by":"somebody","answers":[{"question":"f.month.1","option":"C"}]}`, new(json.RawMessage)))
		}, "349981001 zhou f.month.1=C"},
		{func() (int, any) {
			_, data := c.post(t, "org", "349981001", "period", "2020-06", "file:a.csv", asking)
			var receipt reporting.Receipt
			if err := json.Unmarshal(data, &receipt); err != nil {
				t.Fatal(err)
			}
			return c.status2(c.json(t, clerk, "/api/v1/answers", `{"submission":"`+receipt.Submission+`","answers":[{"question":"f.month.1","option":"C"}]}`, new(json.RawMessage)))
		}, "sent, 349981001 zhou f.month.1=C"},
		{func() (int, any) {
			return 201, over(asking, map[string]string{"period": "2020-06", "answers": `[{"question":"f.month.1","option":"B"}]`})
		}, "349981002 zhou f.month.1=B, sent"},
		{func() (int, any) {
			return 201, over("", map[string]string{"answer-to": c.lastSent(), "answers": `[{"question":"f.sheet.2","option":"甲"},{"question":"f.month.1","option":"B"}]`})
		}, "349981002 zhou f.sheet.2=甲, 349981002 zhou f.month.1=B"},
	}
	given := 0
	for i, way := range ways {
		before := c.answered()
		if status, err := way.give(); status != http.StatusCreated || err != nil && fmt.Sprint(err) != "" {
			t.Fatalf("way %d: %d %v", i, status, err)
		}
		if got := strings.TrimPrefix(strings.TrimPrefix(c.answered(), before), ", "); got != way.want {
			t.Errorf("way %d: %s, want %s", i, got, way.want)
		}
		given += strings.Count(way.want, "=")
	}
	said := 0
	for _, d := range c.notes.list {
		if d.Action != answerAction {
			continue
		}
		for name := range d.Detail {
			if strings.HasPrefix(name, "f.") {
				said++
			}
		}
		if d.Who.Account == "" || !strings.HasPrefix(d.Object, "34998100") || d.Outcome != "ok" {
			t.Errorf("noted: %+v", d)
		}
	}
	if said != given {
		t.Errorf("the audit log has %d answers, want %d", said, given)
	}
}

// TestAnswersRefused: an answer that does not fit is an error that says so, and leaves nothing: no entry, no submission.
func TestAnswersRefused(t *testing.T) {
	c := newCounter(t)
	_, rec, _ := c.recognise(t, clerk, "b.csv", asking)
	_, plain, _ := c.recognise(t, clerk, "c.csv", "employment_monthly 2020-06")
	c.post(t, "org", "349981001", "period", "2020-06", "file:a.csv", asking)
	submission, before := c.lastSent(), c.answered()
	one := func(question, option string) string {
		return fmt.Sprintf(`[{"question":%q,"option":%q}]`, question, option)
	}
	many := "[" + strings.Repeat(`{"question":"f.month.1","option":"B"},`, maxAnswers) + `{"question":"f.month.1","option":"B"}]`
	for name, refused := range map[string]struct{ answers, says string }{
		"Unknown":       {one("f.month.2", "B"), "does not ask"},
		"NoQuestion":    {one("", "B"), "does not ask"},
		"NoOption":      {one("f.month.1", "D"), "B, C"},
		"EmptyOption":   {one("f.month.1", ""), "no option"},
		"NotYet":        {one("f.sheet.2", "甲"), "does not ask"},
		"Twice":         {`[{"question":"f.month.1","option":"B"},{"question":"f.month.1","option":"C"}]`, "twice"},
		"TooMany":       {many, "at a time"},
		"None":          {`[]`, ""},
		"NoList":        {`{"question":"f.month.1"}`, ""},
		"OneFitsNotAll": {`[{"question":"f.month.1","option":"B"},{"question":"f.sheet.2","option":"丙"}]`, "甲, 乙"},
	} {
		if status, data := c.post(t, "org", "349981001", "period", "2020-06", "file:a.csv", asking, "answers", refused.answers); status != http.StatusBadRequest || !strings.Contains(string(data), refused.says) {
			t.Errorf("%s with the file: %d %s", name, status, data)
		}
		for _, body := range []string{`"sha256":"` + rec.SHA256 + `"`, `"submission":"` + submission + `"`} {
			if status, detail := c.json(t, clerk, "/api/v1/answers", `{`+body+`,"answers":`+refused.answers+`}`, new(json.RawMessage)); status != http.StatusBadRequest || !strings.Contains(detail, refused.says) {
				t.Errorf("%s by itself: %d %s", name, status, detail)
			}
		}
	}
	fits := one("f.month.1", "B")
	for name, refused := range map[string]struct {
		who, path, body string
		status          int
	}{
		"OfNothing":       {clerk, "/api/v1/answers", `{"answers":` + fits + `}`, http.StatusBadRequest},
		"OfTwo":           {clerk, "/api/v1/answers", `{"sha256":"` + rec.SHA256 + `","submission":"` + submission + `","answers":` + fits + `}`, http.StatusBadRequest},
		"AnotherUnit":     {"clerk sun 349981003", "/api/v1/answers", `{"submission":"` + submission + `","answers":` + fits + `}`, http.StatusNotFound},
		"AnothersFile":    {"clerk sun 349981001", "/api/v1/answers", `{"sha256":"` + rec.SHA256 + `","answers":` + fits + `}`, http.StatusNotFound},
		"NoSubmission":    {clerk, "/api/v1/answers", `{"submission":"01J","answers":` + fits + `}`, http.StatusNotFound},
		"NobodyMay":       {"analyst li", "/api/v1/answers", `{"submission":"` + submission + `","answers":` + fits + `}`, http.StatusForbidden},
		"ConfirmedPlain":  {clerk, "/api/v1/submissions", `{"sha256":"` + plain.SHA256 + `","answers":` + fits + `}`, http.StatusBadRequest},
		"AnotherLayout":   {clerk, "/api/v1/answers", `{"sha256":"` + plain.SHA256 + `","answers":` + fits + `}`, http.StatusBadRequest},
		"AsAMapping":      {clerk, "/api/v1/mappings", `{"org":"349981001","question":"f.month.1","choice":"B","text":"x","by":"y"}`, http.StatusBadRequest},
		"NeverGiven":      {clerk, "/api/v1/mappings", `{"org":"349981001","question":"f.month.1","by":"y"}`, http.StatusBadRequest},
		"ConfirmedOption": {clerk, "/api/v1/submissions", `{"sha256":"` + rec.SHA256 + `","answers":` + one("f.month.1", "Z") + `}`, http.StatusBadRequest},
	} {
		if status, detail := c.json(t, refused.who, refused.path, refused.body, new(json.RawMessage)); status != refused.status || detail == "" {
			t.Errorf("%s: %d %s", name, status, detail)
		}
	}
	if status, data := c.post(t, "org", "349981001", "period", "2020-06", "file:a.zip", "archive\n"+asking, "answers", fits); status != http.StatusBadRequest {
		t.Errorf("with an archive: %d %s", status, data)
	}
	for name, headers := range map[string]map[string]string{
		"anothers submission": {"answer-to": submission, "answers": fits}, "no answers": {"answer-to": submission}, "no submission": {"answer-to": "01J", "answers": fits},
		"no option": {"period": "2020-06", "answers": one("f.month.1", "Z")},
	} {
		if _, err := c.Bus.Request(t.Context(), requestBy(t, "349981002", "m1"), []byte(asking), headers); reporting.CodeOf(err) != reporting.Invalid && reporting.CodeOf(err) != reporting.NotFound {
			t.Errorf("over NATS, %s: %v", name, err)
		}
	}
	if got := c.answered(); got != before {
		t.Errorf("something stays: %s, before %s", got, before)
	}
	if strings.Contains(before, "=") {
		t.Error("an answer that fits nothing is in the journal")
	}
}

func (c counter) lastSent() (id string) {
	for e := range c.Store.Envelopes() {
		if e.Kind == reporting.SubmissionReceived {
			id = e.ID
		}
	}
	return id
}

func (c counter) status(status int, body []byte) (int, any) {
	if status == http.StatusCreated {
		return status, nil
	}
	return status, string(body)
}

func (c counter) status2(status int, detail string) (int, any) { return status, detail }
