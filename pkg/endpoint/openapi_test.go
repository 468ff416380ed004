package endpoint

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/reporting"
)

// part and whole are what a route of the test answers.
type part struct {
	Name string `json:"name"`
}

type whole struct {
	Count  int                `json:"count"`
	At     time.Time          `json:"at"`
	Period reporting.Period   `json:"period"` // writes itself as text
	Exact  json.Number        `json:"exact"`
	Amount *reporting.Decimal `json:"amount"`
	Parts  []part             `json:"parts"`
	Maybe  []*part            `json:"maybe"`
	By     map[string]part    `json:"by"`
	Last   *part              `json:"last,omitempty"`
	Hidden string             `json:"-"`
}

var described = []Endpoint{
	{Method: "GET", Path: "/api/v1/things/{id}", Needs: access.ReadFigures, Tag: "things", Summary: "one thing", Query: []Parameter{{Name: "period", About: "a month", Required: true, Example: "2020-06"}}, Answer: whole{}, Media: []string{"text/csv"}},
	{Method: "PUT", Path: "/api/v1/things/{id}", Needs: access.ReadFigures, Tag: "things", Body: part{}, Status: http.StatusNoContent},
	{Method: "POST", Path: "/api/v1/files", Needs: access.Anyone, Audit: "file", Body: Multipart{{Name: "file", About: "the sheet", Required: true}, {Name: "org"}}, Answer: []part{}, Status: http.StatusCreated},
	{Method: "GET", Path: "/api/v1/rows/{path...}", Needs: access.SignedIn, Answer: Table{"org", "value"}},
	{Method: "GET", Path: "/{$}", Needs: access.SignedIn, Page: true},
}

// TestDocument: the document is valid, names each route once with what it needs and takes, and has no page in it.
func TestDocument(t *testing.T) {
	doc, err := Document("Huizong", "1.2.3", described)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	if doc.Info.Version != "1.2.3" || doc.Paths.Len() != 3 || doc.Paths.Value("/") != nil {
		t.Errorf("paths %v", doc.Paths.InMatchingOrder())
	}
	get, put := doc.Paths.Value("/api/v1/things/{id}").Get, doc.Paths.Value("/api/v1/things/{id}").Put
	if get.OperationID != "getApiV1ThingsId" || put.OperationID != "putApiV1ThingsId" || !strings.Contains(get.Description, string(access.ReadFigures)) || len(*get.Security) != 1 {
		t.Errorf("%+v, %+v", get, put)
	}
	if id, period := get.Parameters.GetByInAndName("path", "id"), get.Parameters.GetByInAndName("query", "period"); id == nil || !id.Required || period == nil || !period.Required || period.Example != "2020-06" {
		t.Errorf("parameters %+v", get.Parameters)
	}
	if content := get.Responses.Status(200).Value.Content; content["application/json"] == nil || content["text/csv"] == nil || put.Responses.Status(204) == nil || get.Responses.Default().Value.Content["application/problem+json"] == nil {
		t.Errorf("answers %+v", content)
	}
	post := doc.Paths.Value("/api/v1/files").Post
	form := post.RequestBody.Value.Content["multipart/form-data"].Schema.Value
	if len(*post.Security) != 0 || form.Properties["file"].Value.Format != "binary" || len(form.Required) != 1 || form.Properties["org"] == nil {
		t.Errorf("a form with a file: %+v", form)
	}
	rows := doc.Paths.Value("/api/v1/rows/{path}").Get.Responses.Status(200).Value.Content["application/json"].Schema.Value
	if items := rows.Items.Value; len(items.Properties) != 2 || items.Properties["org"] == nil || items.AdditionalProperties.Has == nil || *items.AdditionalProperties.Has {
		t.Errorf("rows: %+v", rows)
	}
}

// TestDescribedAsWritten: what encoding/json writes of a type, also of its zero value, is what the document says of it, and another value is not.
func TestDescribedAsWritten(t *testing.T) {
	doc, err := Document("Huizong", "1", described)
	if err != nil {
		t.Fatal(err)
	}
	schema := doc.Paths.Value("/api/v1/things/{id}").Get.Responses.Status(200).Value.Content["application/json"].Schema.Value
	amount := reporting.Int(7)
	for name, value := range map[string]whole{
		"zero": {Exact: "0", Period: reporting.MonthPeriod(reporting.NewMonth(2020, 6))},
		"full": {Count: 1, At: time.Now(), Period: reporting.MonthPeriod(reporting.NewMonth(2020, 6)), Exact: "1.50", Amount: &amount, Parts: []part{{"a"}}, Maybe: []*part{nil, {"b"}}, By: map[string]part{"x": {"c"}}, Last: &part{}},
	} {
		written, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		var read any
		if err := json.Unmarshal(written, &read); err != nil {
			t.Fatal(err)
		}
		if err := schema.VisitJSON(read); err != nil {
			t.Errorf("%s: %s: %v", name, written, err)
		}
	}
	for _, wrong := range []string{`{"count": "1"}`, `{"period": 6}`, `{"parts": {}}`, `{"last": "x"}`, `{"by": {"x": 1}}`, `{"maybe": [1]}`} {
		var read any
		if err := json.Unmarshal([]byte(wrong), &read); err != nil {
			t.Fatal(err)
		}
		if schema.VisitJSON(read) == nil {
			t.Errorf("the document allows %s", wrong)
		}
	}
	if schema.Properties["Hidden"] != nil || doc.Components.Schemas["Part"] == nil || doc.Components.Schemas["Period"] != nil {
		t.Errorf("schemas %v", doc.Components.Schemas)
	}
}
