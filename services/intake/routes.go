package intake

import (
	"net/http"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/reporting"
)

// Endpoints are the service's routes over HTTP: all that writes to the journal, and what a person does about a submission that could
// not be decided.
func (in *Intake) Endpoints() []endpoint.Endpoint {
	return []endpoint.Endpoint{
		{
			Method: http.MethodPost, Path: "/api/v1/submissions", Needs: access.SendSubmissions, Tag: "submissions", Handle: in.postSubmission,
			Summary: "Send a sheet, or as JSON confirm one that was recognised (sha256, org, form, period, answers); the answer is its receipt, with those of the further forms in the file", Status: http.StatusCreated, Answer: reporting.Receipt{},
			Body: endpoint.Multipart{
				{Name: "org", About: "code of the unit that sends", Required: true, Example: "349981001"},
				{Name: "form", About: "id of the form; empty: it is recognised", Example: "employment_monthly"},
				{Name: "period", About: "what it is for", Required: true, Example: "2020-06"},
				{Name: "answers", About: "to what the sheet asks, a list as JSON; they are remembered for the unit and the layout", Example: `[{"question":"employment_monthly.month.0123456789abcdef","option":"C"}]`},
				{Name: "file", About: "the sheet, up to 64 MB", Required: true},
			},
		},
		{
			Method: http.MethodPost, Path: "/api/v1/recognitions", Needs: access.SendSubmissions, Tag: "submissions", Handle: in.postRecognition,
			Summary: "Say which form, unit and period a file seems to be; nothing is sent by it", Status: http.StatusCreated, Answer: reporting.Recognition{},
			Body: endpoint.Multipart{
				{Name: "org", About: "code of the unit that is to send it; empty: one's own, or the one that the sheet names", Example: "349981001"},
				{Name: "period", About: "the month that is collected; empty: the last one that has ended. It lends its year to a month without one", Example: "2020-06"},
				{Name: "file", About: "the sheet, up to 64 MB", Required: true},
			},
		},
		{
			Method: http.MethodGet, Path: "/api/v1/recognitions", Needs: access.SendSubmissions, Tag: "submissions", Handle: in.listRecognitions,
			Summary: "What one has had recognised within the last hour, the newest first", Answer: []reporting.Recognition{},
		},
		{
			Method: http.MethodPost, Path: "/api/v1/submissions/{id}/return", Needs: access.ReviewSubmissions, Tag: "submissions", Handle: in.postReturn, Audit: "submission.return",
			Summary: "Return an accepted submission to its sender, with remarks; what stands goes on to stand", Status: http.StatusCreated, Body: Return{}, Answer: reporting.Envelope{},
		},
		{
			Method: http.MethodPost, Path: "/api/v1/submissions/{id}/approve", Needs: access.ReviewSubmissions, Tag: "submissions", Handle: in.postApprove, Audit: "submission.approve",
			Summary: "Approve an accepted submission", Status: http.StatusCreated, Answer: reporting.Envelope{},
		},
		{
			Method: http.MethodPost, Path: "/api/v1/approvals", Needs: access.ReviewSubmissions, Tag: "submissions", Handle: in.postApprovals, Audit: "submission.approve",
			Summary: "Approve several accepted submissions; the answer says which were refused, and why", Body: Approvals{}, Answer: Approved{},
		},
		{
			Method: http.MethodGet, Path: "/api/v1/deadlines", Needs: access.ReadSystem, Tag: "calendar", Handle: in.listDeadlines,
			Summary: "The deadlines that were set, in order", Answer: []reporting.Envelope{},
		},
		{
			Method: http.MethodPost, Path: "/api/v1/deadlines", Needs: access.ManageCalendar, Tag: "calendar", Handle: in.postDeadline, Audit: "deadline",
			Summary: "Set until when a form is due, for a period or from now on", Status: http.StatusCreated, Body: DeadlineOrder{}, Answer: reporting.Envelope{},
		},
		{
			Method: http.MethodPost, Path: "/api/v1/periods/{period}/{verb}", Needs: access.ClosePeriods, Tag: "periods", Handle: in.postPeriod, Audit: "period",
			Summary: "Close a period, or open it again; verb is close or open", Status: http.StatusCreated, Body: PeriodOrder{}, Answer: reporting.Envelope{},
		},
		{
			Method: http.MethodGet, Path: "/api/v1/mappings", Needs: access.ConfirmMappings, Tag: "mappings", Handle: in.listMappings,
			Summary: "What was confirmed for a unit, in order", Answer: []reporting.Envelope{}, Query: []endpoint.Parameter{{Name: "org", About: "code of a unit; empty: all"}},
		},
		{
			Method: http.MethodPost, Path: "/api/v1/mappings", Needs: access.ConfirmMappings, Tag: "mappings", Handle: in.postMapping, Audit: "mapping",
			Summary: "Confirm what a text on a unit's sheets means", Status: http.StatusCreated, Body: Confirmation{}, Answer: reporting.Envelope{},
		},
		{
			Method: http.MethodPost, Path: "/api/v1/answers", Needs: access.ConfirmMappings, Tag: "mappings", Handle: in.postAnswers, Audit: answerAction,
			Summary: "Answer what a recognised file (sha256) or a submission asks; it is remembered for the unit and the layout, and holds for what is sent from then on", Status: http.StatusCreated, Body: Answering{}, Answer: []reporting.Envelope{},
		},
		{
			Method: http.MethodPost, Path: "/api/v1/quarantine/{id}/replay", Needs: access.ManageQuarantine, Tag: "quarantine", Handle: in.replay, Audit: "quarantine.replay",
			Summary: "Decide a submission again that could not be decided", Status: http.StatusCreated, Answer: reporting.Envelope{},
		},
	}
}
