package intake

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

const reviewer = "reviewer li"

// mustReceive has the unit send a sheet for June.
func (c counter) mustReceive(t *testing.T, org, content string) reporting.Envelope {
	t.Helper()
	sum, size, err := c.Store.Put(t.Context(), strings.NewReader(content), 1<<10)
	if err != nil {
		t.Fatal(err)
	}
	june := reporting.MonthPeriod(reporting.NewMonth(2020, 6))
	e, err := c.Store.Append(t.Context(), reporting.Envelope{Kind: reporting.SubmissionReceived, Org: org, Period: june, SHA256: sum, Size: size})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestReview: a return and an approval are entries of the journal, by whoever is signed in.
func TestReview(t *testing.T) {
	c := newCounter(t)
	sent := c.mustReceive(t, "349981001", "one")
	c.decide(t, sent, reporting.Accepted)

	var returned reporting.Envelope
	status, detail := c.json(t, reviewer, "/api/v1/submissions/"+sent.ID+"/return",
		`{"reason":" 与台账不符 ","remarks":[{"sheet":"报表","cell":"d9","text":"请核对"},{"text":"全表缺公章"}]}`, &returned)
	want := reporting.Envelope{Kind: reporting.SubmissionReturned, Subject: sent.ID, Org: "349981001", Form: "employment_monthly", Period: sent.Period, By: "li", Via: "http",
		Reason: "与台账不符", Remarks: []reporting.CellRemark{{Sheet: "报表", Cell: "D9", Text: "请核对"}, {Text: "全表缺公章"}},
		ID: returned.ID, ReceivedAt: returned.ReceivedAt, Previous: returned.Previous}
	if status != http.StatusCreated || !reflect.DeepEqual(returned, want) {
		t.Fatalf("return: %d %s %+v\nwant %+v", status, detail, returned, want)
	}
	var approved reporting.Envelope
	if status, detail := c.json(t, reviewer, "/api/v1/submissions/"+sent.ID+"/approve", ``, &approved); status != http.StatusCreated || approved.By != "li" {
		t.Errorf("approve: %d %s %+v", status, detail, approved)
	}
	if got := c.Store.Reviews(sent.ID); !reflect.DeepEqual(got, []reporting.Envelope{returned, approved}) {
		t.Errorf("the journal has %+v", got)
	}
}

func TestReviewRefused(t *testing.T) {
	c := newCounter(t)
	pending := c.mustReceive(t, "349981001", "waits")
	rejected := c.mustReceive(t, "349981001", "bad")
	c.decide(t, rejected, reporting.Rejected)
	older, newer := c.mustReceive(t, "349981002", "first"), c.mustReceive(t, "349981002", "second")
	c.decide(t, older, reporting.Accepted)
	c.decide(t, newer, reporting.Accepted)
	var entry reporting.Envelope
	if status, detail := c.json(t, reviewer, "/api/v1/submissions/"+newer.ID+"/approve", ``, &entry); status != http.StatusCreated {
		t.Fatalf("%d %s", status, detail)
	}
	before := c.Store.Len()
	reason := `{"reason":"不符"}`
	for name, test := range map[string]struct {
		who, path, body string
		status          int
		says            string
	}{
		"Pending":        {reviewer, pending.ID + "/return", reason, 409, "no outcome yet"},
		"Rejected":       {reviewer, rejected.ID + "/return", reason, 409, "was rejected"},
		"Replaced":       {reviewer, older.ID + "/return", reason, 409, newer.ID},
		"ApproveOld":     {reviewer, older.ID + "/approve", ``, 409, newer.ID},
		"ApproveTwice":   {reviewer, newer.ID + "/approve", ``, 409, "already, by li"},
		"OfAReview":      {reviewer, entry.ID + "/approve", ``, 404, "no submission"},
		"OfNothing":      {reviewer, "01ARZ3NDEKTSV4RRFFQ69G5FAV/return", reason, 404, "no submission"},
		"NoReason":       {reviewer, newer.ID + "/return", `{"reason":" "}`, 400, "needs a reason"},
		"InAnothersName": {reviewer, newer.ID + "/return", `{"reason":"x","by":"mayor"}`, 400, "unknown field"},
		"OfAnother":      {reviewer, newer.ID + "/return", `{"reason":"x","org":"349981001"}`, 400, "unknown field"},
		"NoCell":         {reviewer, newer.ID + "/return", `{"reason":"x","remarks":[{"cell":"九行","text":"x"}]}`, 400, "remark 1"},
		"NoWords":        {reviewer, newer.ID + "/return", `{"reason":"x","remarks":[{"cell":"A1","text":"x"},{"cell":"D9","text":" "}]}`, 400, "remark 2"},
		"TooManyWords":   {reviewer, newer.ID + "/return", `{"reason":"` + strings.Repeat("长", maxWords+1) + `"}`, 400, "longer"},
		"TooMany":        {reviewer, newer.ID + "/return", `{"reason":"x","remarks":[` + strings.Repeat(`{"text":"x"},`, maxRemarks) + `{"text":"x"}]}`, 400, "201 remarks"},
		"NoJSON":         {reviewer, newer.ID + "/return", `because`, 400, "JSON"},
		"ByAClerk":       {"clerk zhou 349981002", newer.ID + "/return", reason, 403, "submissions:review"},
		"ByAnAnalyst":    {"analyst wu", newer.ID + "/approve", ``, 403, "submissions:review"},
		"ByTheMinister":  {"administrator wang", newer.ID + "/return", reason, 403, "submissions:review"},
	} {
		status, detail := c.json(t, test.who, "/api/v1/submissions/"+test.path, test.body, &entry)
		if status != test.status || !strings.Contains(detail, test.says) {
			t.Errorf("%s: %d %q, want %d with %q", name, status, detail, test.status, test.says)
		}
	}
	if c.Store.Len() != before {
		t.Errorf("%d entries after refusals, want %d", c.Store.Len(), before)
	}
}

// TestReturnInClosedPeriod: the unit could not send anew; an approval asks nothing of it.
func TestReturnInClosedPeriod(t *testing.T) {
	c := newCounter(t)
	sent := c.mustReceive(t, "349981001", "one")
	c.decide(t, sent, reporting.Accepted)
	period := func(verb string) {
		t.Helper()
		var entry reporting.Envelope
		if status, detail := c.json(t, reviewer, "/api/v1/periods/2020H1/"+verb, `{"reason":"上报完毕","by":"mayor"}`, &entry); status != http.StatusCreated || entry.By != "li" {
			t.Fatalf("%s: %d %s, by %q", verb, status, detail, entry.By)
		}
	}
	var entry reporting.Envelope
	period("close")
	if status, detail := c.json(t, reviewer, "/api/v1/submissions/"+sent.ID+"/return", `{"reason":"不符"}`, &entry); status != http.StatusConflict || !strings.Contains(detail, "open the period first") {
		t.Errorf("return in a closed period: %d %s", status, detail)
	}
	if status, detail := c.json(t, reviewer, "/api/v1/submissions/"+sent.ID+"/approve", ``, &entry); status != http.StatusCreated {
		t.Errorf("approve in a closed period: %d %s", status, detail)
	}
	period("open")
	if status, detail := c.json(t, reviewer, "/api/v1/submissions/"+sent.ID+"/return", `{"reason":"不符"}`, &entry); status != http.StatusCreated {
		t.Errorf("return after it was opened again: %d %s", status, detail)
	}
}

func TestDeadlines(t *testing.T) {
	c := newCounter(t)
	const administrator = "administrator wang"
	for name, test := range map[string]struct {
		who, body string
		status    int
		want      *reporting.Deadline
	}{
		"OneMonth":     {administrator, `{"form":"employment_monthly","period":"2020-06","day":15,"reason":"端午"}`, 201, &reporting.Deadline{Day: 15, Time: "18:00"}},
		"Date":         {administrator, `{"form":"narrative_half_year","period":"2020H1","date":"2020-07-20","time":"09:00","reason":"会议"}`, 201, &reporting.Deadline{Date: "2020-07-20", Time: "09:00"}},
		"AllMonthly":   {administrator, `{"day":8,"reason":"提前"}`, 201, &reporting.Deadline{Day: 8, Time: "18:00"}},
		"AnothersName": {administrator, `{"day":8,"reason":"x","by":"mayor"}`, 400, nil},
		"NoReason":     {administrator, `{"day":8}`, 400, nil},
		"NoDay":        {administrator, `{"reason":"x"}`, 400, nil},
		"UnknownForm":  {administrator, `{"form":"x","day":8,"reason":"x"}`, 400, nil},
		"WrongPeriod":  {administrator, `{"form":"employment_monthly","period":"2020H1","day":8,"reason":"x"}`, 400, nil},
		"HalfForAll":   {administrator, `{"period":"2020H1","day":8,"reason":"x"}`, 400, nil},
		"DateForAll":   {administrator, `{"date":"2020-07-08","reason":"x"}`, 400, nil},
		"BadPeriod":    {administrator, `{"period":"June","day":8,"reason":"x"}`, 400, nil},
		"BadTime":      {administrator, `{"day":8,"time":"noon","reason":"x"}`, 400, nil},
		"ByAClerk":     {"clerk zhou 349981001", `{"day":28,"reason":"x"}`, 403, nil},
		"ByAReviewer":  {reviewer, `{"day":28,"reason":"x"}`, 403, nil},
	} {
		var e reporting.Envelope
		status, detail := c.json(t, test.who, "/api/v1/deadlines", test.body, &e)
		if status != test.status || !reflect.DeepEqual(e.Deadline, test.want) {
			t.Errorf("%s: %d %s %+v, want %d %+v", name, status, detail, e.Deadline, test.status, test.want)
		}
		if status == http.StatusCreated && (e.By != "wang" || e.Kind != reporting.DeadlineSet || e.Reason == "") {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if n := len(c.Store.Deadlines()); n != 3 || c.Store.Len() != 3 {
		t.Errorf("%d deadlines among %d entries, want 3 of 3", n, c.Store.Len())
	}
}

// TestForms: a page without script posts its form to the same routes, and is led on to a page.
func TestForms(t *testing.T) {
	c := newCounter(t)
	sent, other := c.mustReceive(t, "349981001", "one"), c.mustReceive(t, "349981002", "two")
	for _, e := range []reporting.Envelope{sent, other} {
		c.decide(t, e, reporting.Accepted)
	}
	const administrator = "administrator wang"
	for _, test := range []struct {
		name, who, path, form string
		status                int
		leads                 string
	}{
		{"Return", reviewer, "/api/v1/submissions/" + sent.ID + "/return", "reason=不符&sheet=&cell=d9&remark=请核对&sheet=&cell=&remark=&next=/review?done=returned", 303, "/review?done=returned"},
		{"HalfARemark", reviewer, "/api/v1/submissions/" + sent.ID + "/return", "reason=不符&sheet=&cell=d9&remark=", 400, ""},
		{"Approve", reviewer, "/api/v1/submissions/" + sent.ID + "/approve", "next=//elsewhere.example/", 303, "/"},
		{"ApproveMany", reviewer, "/api/v1/approvals", "submission=" + sent.ID + "&submission=" + other.ID + "&next=/review", 303, "/review"},
		{"ApproveNone", reviewer, "/api/v1/approvals", "next=/review", 400, ""},
		{"Close", reviewer, "/api/v1/periods/2020-06/close", "reason=上报完毕&next=/periods", 303, "/periods"},
		{"CloseWithoutReason", reviewer, "/api/v1/periods/2020-06/close", "next=/periods", 400, ""},
		{"Deadline", administrator, "/api/v1/deadlines", "form=employment_monthly&period=2020-06&day=&date=2020-07-15&time=18:00&reason=端午&next=/admin/calendar", 303, "/admin/calendar"},
		{"NoDay", administrator, "/api/v1/deadlines", "day=x&reason=端午", 400, ""},
	} {
		status, leads := c.form(t, test.who, test.path, test.form)
		if status != test.status || leads != test.leads {
			t.Errorf("%s: %d to %q, want %d to %q", test.name, status, leads, test.status, test.leads)
		}
	}
	reviews := c.Store.Reviews(sent.ID)
	want := []reporting.CellRemark{{Cell: "D9", Text: "请核对"}}
	if len(reviews) != 2 || !reflect.DeepEqual(reviews[0].Remarks, want) || reviews[1].Kind != reporting.SubmissionApproved || len(c.Store.Reviews(other.ID)) != 1 {
		t.Errorf("the journal has %+v", reviews)
	}
}

// form posts a page's form as a browser does, and says where the answer leads.
func (c counter) form(t *testing.T, who, path, fields string) (status int, leads string) {
	t.Helper()
	values, err := url.ParseQuery(fields)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, c.url+path, strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "text/html,*/*")
	request.Header.Set("Authorization", "Bearer "+who)
	response, err := http.DefaultTransport.RoundTrip(request) // which follows nothing
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode, response.Header.Get("Location")
}
