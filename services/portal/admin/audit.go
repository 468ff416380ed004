package admin

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/audit"
	"huizong/pkg/endpoint"
	"huizong/pkg/phrase"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// The actions of verifying. When somebody did last is read from the log itself.
const (
	verifyAuditAction   = "audit.verify"
	verifyJournalAction = "journal.verify"
)

// AuditPage is a part of the audit log, the newest first.
type AuditPage struct {
	Events []audit.Event `json:"events"`
	Next   uint64        `json:"next,omitempty"` // before of the next page; 0 where there is none
}

// AuditCheck is what a reading of the whole log has come to.
type AuditCheck struct {
	OK      bool   `json:"ok"`
	Events  uint64 `json:"events"`
	Head    string `json:"head"` // hash of the last one: note it elsewhere, and nothing before it can be altered unseen
	Problem string `json:"problem,omitempty"`
}

// The bounds of a page of the log.
const (
	eventsOnPage   = 100
	maxEventsAsked = 1000
)

// auditFilter reads what the request narrows the log to.
func auditFilter(q url.Values) (audit.Filter, error) {
	f := audit.Filter{Who: q.Get("who"), Action: audit.Action(q.Get("action")), Newest: true, Limit: eventsOnPage}
	var err error
	if f.From, err = momentOf("from", q.Get("from"), 0); err != nil {
		return f, err
	}
	if f.To, err = momentOf("to", q.Get("to"), 1); err != nil {
		return f, err
	}
	if text := q.Get("before"); text != "" {
		if f.Before, err = strconv.ParseUint(text, 10, 64); err != nil {
			return f, reporting.Errorf(reporting.Invalid, "before %q: want the number of an event", text)
		}
	}
	if text := q.Get("limit"); text != "" {
		if f.Limit, err = strconv.Atoi(text); err != nil || f.Limit < 1 || f.Limit > maxEventsAsked {
			return f, reporting.Errorf(reporting.Invalid, "limit %q: want 1 to %d", text, maxEventsAsked)
		}
	}
	return f, nil
}

// momentOf reads a moment, or the beginning of a day and so many days later.
func momentOf(name, text string, days int) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, reporting.Zone)
	if err != nil {
		return time.Time{}, reporting.Errorf(reporting.Invalid, "%s %q: want 2020-07-01 or 2020-07-01T08:00:00+08:00", name, text)
	}
	return day.AddDate(0, 0, days), nil
}

// auditEvents answers with a page of the log, or with the whole of it.
func (p *Pages) auditEvents(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Query().Get("format") == "jsonl" {
		portal.Download(w, "audit-"+time.Now().In(reporting.Zone).Format("20060102-1504")+".jsonl", "jsonl")
		return p.Audit.Export(r.Context(), w)
	}
	filter, err := auditFilter(r.URL.Query())
	if err != nil {
		return err
	}
	page, err := p.eventsOf(r, filter)
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, page)
}

// eventsOf reads one more than asked for, to know whether there are more.
func (p *Pages) eventsOf(r *http.Request, f audit.Filter) (AuditPage, error) {
	limit := f.Limit
	f.Limit++
	events, err := p.Audit.Events(r.Context(), f)
	if err != nil {
		return AuditPage{}, err
	}
	page := AuditPage{Events: events}
	if len(events) > limit {
		page.Events = events[:limit]
		page.Next = events[limit-1].Seq
	}
	if page.Events == nil {
		page.Events = []audit.Event{}
	}
	return page, nil
}

func (p *Pages) checkAudit(r *http.Request) (AuditCheck, error) {
	seq, head := p.Audit.Head()
	check := AuditCheck{OK: true, Events: seq, Head: head}
	err := p.Audit.Verify(r.Context())
	if reporting.CodeOf(err) == reporting.Internal && err != nil {
		check.OK, check.Problem = false, err.Error()
		return check, nil
	}
	return check, err
}

// verifyAudit answers with the check. That the log was altered is its answer, and a failure in the log.
func (p *Pages) verifyAudit(w http.ResponseWriter, r *http.Request) error {
	check, err := p.checkAudit(r)
	if err != nil {
		return err
	}
	err = problem.JSON(w, http.StatusOK, check)
	if !check.OK {
		return endpoint.Answered(errors.New(check.Problem), err)
	}
	return err
}

// logPage is the audit log, for people.
type logPage struct {
	AuditPage
	Query   url.Values
	People  []access.Account
	Things  []portal.Option
	Older   string
	Newest  string // "" where this is the first page
	Length  int
	Seq     uint64
	Head    string
	Journal int
	Checks  []checkLine
	Result  *checkResult
}

// checkLine is when something was verified last.
type checkLine struct {
	Name reporting.Text
	Path string
	Last *audit.Event
	May  bool
}

// checkResult is what a verifying has just come to.
type checkResult struct {
	OK      bool
	Text    reporting.Text
	Problem string
}

func (p *Pages) auditPage(w http.ResponseWriter, r *http.Request) error {
	return p.showLog(w, r, nil)
}

func (p *Pages) showLog(w http.ResponseWriter, r *http.Request, result *checkResult) error {
	q := r.URL.Query()
	filter, err := auditFilter(q)
	if err != nil {
		return err
	}
	page := logPage{Query: q, People: p.Accounts.List(), Length: p.Audit.Len(), Journal: p.Store.Len(), Result: result}
	if page.AuditPage, err = p.eventsOf(r, filter); err != nil {
		return err
	}
	page.Seq, page.Head = p.Audit.Head()
	lang := p.Language(w, r)
	page.Things = append(page.Things, portal.Option{Name: phrase.Pick(lang, reporting.Text{ZH: "全部", EN: "all"}), Chosen: filter.Action == ""})
	for _, thing := range actionThings {
		page.Things = append(page.Things, portal.Option{Value: thing.value, Name: phrase.Pick(lang, thing.name), Chosen: string(filter.Action) == thing.value})
	}
	if page.Next > 0 {
		page.Older = portal.AddQuery(r.URL.RequestURI(), "before", strconv.FormatUint(page.Next, 10))
	}
	if filter.Before > 0 {
		page.Newest = portal.AddQuery(r.URL.RequestURI(), "before", "")
	}
	if page.Checks, err = p.checks(r); err != nil {
		return err
	}
	return p.Show(w, r, "audit", reporting.Text{ZH: "审计", EN: "Audit"}, page)
}

// checks are the two that can be verified, and when each was last.
func (p *Pages) checks(r *http.Request) ([]checkLine, error) {
	who := access.From(r.Context())
	lines := []checkLine{
		{Name: reporting.Text{ZH: "审计日志", EN: "Audit log"}, Path: "/admin/audit/verify", May: who.May(access.ReadAudit)},
		{Name: reporting.Text{ZH: "报送流水和原件", EN: "Journal and originals"}, Path: "/admin/journal/verify", May: who.May(access.ReadSystem)},
	}
	for i, action := range []audit.Action{verifyAuditAction, verifyJournalAction} {
		last, err := p.Audit.Events(r.Context(), audit.Filter{Action: action, Newest: true, Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(last) > 0 {
			lines[i].Last = &last[0]
		}
	}
	return lines, nil
}

func (p *Pages) verifyAuditPage(w http.ResponseWriter, r *http.Request) error {
	check, err := p.checkAudit(r)
	if err != nil {
		return err
	}
	result := &checkResult{OK: check.OK, Problem: check.Problem, Text: reporting.Textf("审计日志完好：%[1]d 条记录逐条相扣，没有被改动或删除。", "The audit log is whole: its %[1]d events are chained to each other, none was altered or removed.", check.Events)}
	if !check.OK {
		result.Text = reporting.Text{ZH: "审计日志被改动过，请立即停用并上报：", EN: "The audit log was altered. Stop and report it:"}
		return endpoint.Answered(errors.New(check.Problem), p.showLog(w, r, result))
	}
	return p.showLog(w, r, result)
}

func (p *Pages) verifyJournalPage(w http.ResponseWriter, r *http.Request) error {
	n := p.Store.Len()
	err := p.Store.Verify(r.Context())
	if err != nil && reporting.CodeOf(err) != reporting.Internal {
		return err
	}
	if err != nil {
		return endpoint.Answered(err, p.showJournalCheck(w, r, &checkResult{Problem: err.Error(), Text: reporting.Text{ZH: "报送流水或原件与记录不符，请立即上报，并从备份恢复：", EN: "The journal or the originals are not what they were. Report it, and restore them from the backup:"}}))
	}
	return p.showJournalCheck(w, r, &checkResult{OK: true, Text: reporting.Textf("报送流水完好：%[1]d 条记录和它们的原件都与哈希一致。", "The journal is whole: its %[1]d entries and their originals have the hashes that they should.", n)})
}

// showJournalCheck shows the result beside the log, to who reads the log, and to others beside how the system is.
func (p *Pages) showJournalCheck(w http.ResponseWriter, r *http.Request, result *checkResult) error {
	if access.From(r.Context()).May(access.ReadAudit) {
		return p.showLog(w, r, result)
	}
	return p.showHealth(w, r, result)
}

// actionThings are what the log can be narrowed to.
var actionThings = []struct {
	value string
	name  reporting.Text
}{
	{"session", reporting.Text{ZH: "登录、退出", EN: "signing in and out"}},
	{"password", reporting.Text{ZH: "密码", EN: "passwords"}},
	{"authenticator", reporting.Text{ZH: "身份验证器", EN: "authenticators"}},
	{"account", reporting.Text{ZH: "账号", EN: "accounts"}},
	{"token", reporting.Text{ZH: "令牌", EN: "tokens"}},
	{"submission", reporting.Text{ZH: "退回、审核", EN: "returns and approvals"}},
	{"period", reporting.Text{ZH: "期别", EN: "periods"}},
	{"deadline", reporting.Text{ZH: "截止时间", EN: "deadlines"}},
	{"mapping", reporting.Text{ZH: "对应关系", EN: "mappings"}},
	{"release", reporting.Text{ZH: "发布", EN: "releases"}},
	{"export", reporting.Text{ZH: "导出", EN: "exports"}},
	{"quarantine", reporting.Text{ZH: "未能核对", EN: "not checked"}},
	{"audit", reporting.Text{ZH: "审计", EN: "audit"}},
	{"journal", reporting.Text{ZH: "报送流水", EN: "journal"}},
	{"definitions", reporting.Text{ZH: "口径", EN: "definitions"}},
	{"persons", reporting.Text{ZH: "查看个人信息", EN: "looks at persons"}},
	{"route", reporting.Text{ZH: "越权访问", EN: "what was refused"}},
}
