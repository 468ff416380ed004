package admin

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/audit"
	"huizong/pkg/confined"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// Machine is what the administrator's pages show of the server itself. Its zero value shows nothing.
type Machine struct {
	Version      string
	Data         string // the data directory
	Drafts       []DraftDue
	UnitsFile    string // the file of units that was loaded
	UnitsHash    string // its SHA-256
	Reached      bool   // from other machines
	SecondFactor []access.Role
}

// DraftDue is a report that is drafted by itself.
type DraftDue struct {
	ID, Name string
	Due      reporting.Due // although sheets are missing
}

// health is how one part of the system is: green, amber or red, or only a fact.
type health struct {
	Name  reporting.Text
	Tone  string // green, amber, red or ""
	Value reporting.Text
	More  reporting.Text // what to do
	Href  string
}

// healthPage is how the system is.
type healthPage struct {
	Tone   string // the worst of all
	Parts  []health
	Facts  []health
	At     time.Time
	Result *checkResult
}

// patience of the page with each part.
const healthPatience = 3 * time.Second

func (p *Pages) healthPage(w http.ResponseWriter, r *http.Request) error {
	return p.showHealth(w, r, nil)
}

// showHealth shows the page, with what a verifying of the journal has just come to.
func (p *Pages) showHealth(w http.ResponseWriter, r *http.Request, result *checkResult) error {
	page := healthPage{Tone: "green", At: time.Now(), Result: result}
	for _, part := range []func(context.Context) health{p.databaseHealth, p.busHealth, p.readerHealth, p.diskHealth, p.backlogHealth, p.quarantineHealth, p.journalHealth, p.auditHealth, p.separationHealth, p.factorHealth} {
		ctx, cancel := context.WithTimeout(r.Context(), healthPatience)
		h := part(ctx)
		cancel()
		page.Parts = append(page.Parts, h)
		if h.Tone == "red" || h.Tone == "amber" && page.Tone == "green" {
			page.Tone = h.Tone
		}
	}
	page.Facts = p.particulars(page.At)
	who := access.From(r.Context())
	for i, part := range page.Parts {
		if strings.HasPrefix(part.Href, "/admin/audit") && !who.May(access.ReadAudit) || strings.HasPrefix(part.Href, "/admin/quarantine") && !who.May(access.ManageQuarantine) {
			page.Parts[i].Href = ""
		}
	}
	return p.Show(w, r, "health", reporting.Text{ZH: "运行", EN: "Health"}, page)
}

func (p *Pages) databaseHealth(ctx context.Context) health {
	return serverHealth(ctx, p.Facts.Ping, reporting.Text{ZH: "数据库", EN: "Database"},
		reporting.Text{ZH: "报表照常接收，不会丢失；核对和查询要等它恢复。可重启服务，或看运行日志。", EN: "Sheets are taken in and none is lost; checking and questions wait for it. Start the server anew, or see its log."})
}

func (p *Pages) busHealth(ctx context.Context) health {
	return serverHealth(ctx, p.Bus.Ready, reporting.Text{ZH: "消息总线", EN: "Message bus"},
		reporting.Text{ZH: "报表照常接收，恢复后自动补核对。", EN: "Sheets are taken in; they are checked when it is back."})
}

// serverHealth asks a server whether it answers; away is what that means where it does not.
func serverHealth(ctx context.Context, ask func(context.Context) error, name, away reporting.Text) health {
	began := time.Now()
	if err := ask(ctx); err != nil {
		return health{Name: name, Tone: "red", Value: reporting.Text{ZH: "没有应答", EN: "does not answer"}, More: away}
	}
	return health{Name: name, Tone: "green", Value: reporting.Textf("正常，%[1]d 毫秒应答", "well, answers in %[1]d ms", max(1, time.Since(began).Milliseconds()))}
}

// readerHealth says how the processes that read the files of strangers are kept from everything else.
func (p *Pages) readerHealth(context.Context) health {
	return readersHealth(p.Reader.Confinement())
}

func readersHealth(how confined.Confinement) health {
	h := health{Name: reporting.Text{ZH: "读表进程", EN: "Readers of sheets"}}
	switch {
	case how.Whole():
		h.Tone, h.Value = "green", reporting.Text{ZH: "隔离：不能读写其他文件，不能联网，内存和时间有上限", EN: "kept apart: no other files, no network, limited memory and time"}
	case how.Limits:
		h.Tone, h.Value = "amber", reporting.Text{ZH: "内存和时间有上限，但没有完全隔离", EN: "limited memory and time, but not kept apart in full"}
		h.More = reporting.Text{ZH: "这台机器的内核没有 Landlock（需要 Linux 5.13 以上并启用），或不能过滤系统调用。请升级内核。", EN: "This kernel has no Landlock (Linux 5.13 or later, with it enabled), or no filter of calls. Use a newer one."}
	default:
		h.Tone, h.Value = "amber", reporting.Text{ZH: "只是单独的进程，没有隔离", EN: "processes of their own, not kept apart"}
		h.More = reporting.Text{ZH: "只有 Linux 能隔离读表进程。正式使用请装在 Linux 上。", EN: "Only Linux can keep them apart: use it for work in earnest."}
	}
	return h
}

// What is little room on a disk.
const (
	littleRoom = 5 << 30
	noRoom     = 1 << 30
)

func (p *Pages) diskHealth(context.Context) health {
	h := health{Name: reporting.Text{ZH: "磁盘", EN: "Disk"}}
	free, total, ok := diskRoom(p.Machine.Data)
	if !ok {
		h.Value = reporting.Text{ZH: "这里看不到", EN: "cannot be seen here"}
		return h
	}
	h.Value = reporting.Textf("剩余 %[1]s，共 %[2]s", "%[1]s free of %[2]s", roomWords(free), roomWords(total))
	h.Tone = "green"
	switch {
	case free < noRoom:
		h.Tone, h.More = "red", reporting.Text{ZH: "快满了：满了就不能再接收报表。请马上清理或换大盘。", EN: "Almost full: then nothing can be taken in. Make room now."}
	case free < littleRoom || free < total/20:
		h.Tone, h.More = "amber", reporting.Text{ZH: "剩余不多，请安排扩容。", EN: "Not much is left: plan for more."}
	}
	return h
}

func roomWords(bytes uint64) string {
	if bytes >= 1<<40 {
		return fmt.Sprintf("%.1f TB", float64(bytes)/(1<<40))
	}
	return fmt.Sprintf("%.1f GB", float64(bytes)/(1<<30))
}

// From when on a submission waits too long.
const (
	longWait    = 5 * time.Minute
	tooLongWait = time.Hour
)

func (p *Pages) backlogHealth(ctx context.Context) health {
	h := health{Name: reporting.Text{ZH: "待核对的报表", EN: "Sheets to be checked"}}
	decided, err := p.Facts.DecidedAll(ctx)
	if err != nil {
		h.Tone, h.Value = "amber", reporting.Text{ZH: "数据库没有应答，数不出来", EN: "unknown: the database does not answer"}
		return h
	}
	waiting, oldest := 0, time.Time{}
	for e := range p.Store.Envelopes() {
		if e.Kind.Decides() && !decided[e.ID] {
			if waiting++; oldest.IsZero() {
				oldest = e.ReceivedAt
			}
		}
	}
	h.Tone, h.Value = "green", reporting.Text{ZH: "没有积压", EN: "none waits"}
	if waiting == 0 {
		return h
	}
	age := time.Since(oldest)
	h.Value = reporting.Text{ZH: fmt.Sprintf("%d 份，最早的等了%s", waiting, ageWords("zh", age)), EN: fmt.Sprintf("%d, the oldest for %s", waiting, ageWords("en", age))}
	switch {
	case age > tooLongWait:
		h.Tone = "red"
	case age > longWait:
		h.Tone = "amber"
	}
	if h.Tone != "green" {
		h.More = reporting.Text{ZH: "请看运行日志。", EN: "See the log of the server."}
	}
	return h
}

func ageWords(lang string, age time.Duration) string {
	days, hours, minutes := int(age.Hours())/24, int(age.Hours())%24, int(age.Minutes())%60
	switch {
	case days > 0:
		return phrase.Pick(lang, reporting.Textf(" %[1]d 天 %[2]d 小时", "%[1]d d %[2]d h", days, hours))
	case hours > 0:
		return phrase.Pick(lang, reporting.Textf(" %[1]d 小时 %[2]d 分", "%[1]d h %[2]d min", hours, minutes))
	case minutes > 0:
		return phrase.Pick(lang, reporting.Textf(" %[1]d 分钟", "%[1]d min", minutes))
	}
	return phrase.Pick(lang, reporting.Textf(" %[1]d 秒", "%[1]d s", int(age.Seconds())))
}

func (p *Pages) quarantineHealth(ctx context.Context) health {
	h := health{Name: reporting.Text{ZH: "未能核对的报表", EN: "Sheets not checked"}, Href: "/admin/quarantine"}
	held, err := p.Facts.Undecided(ctx)
	switch {
	case err != nil:
		h.Tone, h.Value = "amber", reporting.Text{ZH: "数据库没有应答，数不出来", EN: "unknown: the database does not answer"}
	case len(held) > 0:
		h.Tone, h.Value = "red", reporting.Textf("%[1]d 份，因系统故障", "%[1]d, through our own fault", len(held))
		h.More = reporting.Text{ZH: "请排除故障，再重新处理。", EN: "Mend the fault, then replay them."}
	default:
		h.Tone, h.Value = "green", reporting.Text{ZH: "没有", EN: "none"}
	}
	return h
}

// checkedWithin is how old a verification may be.
const checkedWithin = 30 * 24 * time.Hour

func (p *Pages) journalHealth(ctx context.Context) health {
	h := health{Name: reporting.Text{ZH: "报送流水", EN: "Journal"}, Value: reporting.Textf("%[1]d 条记录", "%[1]d entries", p.Store.Len())}
	return p.verified(ctx, h, verifyJournalAction)
}

func (p *Pages) auditHealth(ctx context.Context) health {
	h := health{Name: reporting.Text{ZH: "审计日志", EN: "Audit log"}, Value: reporting.Textf("%[1]d 条记录", "%[1]d events", p.Audit.Len())}
	return p.verified(ctx, h, verifyAuditAction)
}

// verified adds when the chain was read through last: at the start of the server, or when somebody asked.
func (p *Pages) verified(ctx context.Context, h health, action audit.Action) health {
	h.Href = "/admin/audit#checks"
	last, err := p.Audit.Events(ctx, audit.Filter{Action: action, Newest: true, Limit: 1})
	h.Tone = "green"
	switch {
	case err != nil:
		h.Tone = "amber"
		h.More = reporting.Text{ZH: "审计日志读不出来。", EN: "The audit log cannot be read."}
	case len(last) > 0 && last[0].Outcome == audit.Failed:
		h.Tone = "red"
		h.More = reporting.Text{ZH: "上次校验不通过，请立即上报。", EN: "It was not whole when it was verified last: report it."}
	case len(last) > 0 && time.Since(last[0].At) < checkedWithin:
		at := last[0].At.In(reporting.Zone).Format("2006-01-02 15:04")
		h.More = reporting.Textf("%[1]s 全部校验过，完好。", "Verified as a whole at %[1]s.", at)
	default:
		at := p.Started.In(reporting.Zone).Format("2006-01-02 15:04")
		h.More = reporting.Textf("启动时（%[1]s）核对过链条；近一个月没有全部校验过，点本页下方的按钮或到审计页校验。", "Its chain was read at the start (%[1]s); it was not verified as a whole within a month: the button below or the audit page does it.", at)
	}
	return h
}

// particulars are what is neither well nor ill.
func (p *Pages) particulars(now time.Time) []health {
	sessions, people := 0, 0
	for _, a := range p.Accounts.List() {
		if n := len(p.Accounts.Sessions(a.Name)); n > 0 {
			sessions, people = sessions+n, people+1
		}
	}
	secure := reporting.Text{ZH: "没有（只供本机使用，或前面有代理）", EN: "none (for this machine alone, or behind a proxy)"}
	if p.Secure {
		secure = reporting.Text{ZH: "TLS", EN: "TLS"}
	}
	age := now.Sub(p.Started)
	return []health{
		{Name: reporting.Text{ZH: "版本", EN: "Version"}, Value: reporting.Text{ZH: p.Machine.Version, EN: p.Machine.Version}},
		{Name: reporting.Text{ZH: "已运行", EN: "Up for"}, Value: reporting.Text{ZH: ageWords("zh", age), EN: ageWords("en", age)}},
		{Name: reporting.Text{ZH: "在线", EN: "Signed in"}, Value: reporting.Textf("%[1]d 人（%[2]d 处登录）", "%[1]d people (%[2]d sessions)", people, sessions)},
		{Name: reporting.Text{ZH: "加密", EN: "Encryption"}, Value: secure},
		{Name: reporting.Text{ZH: "数据目录", EN: "Data directory"}, Value: reporting.Text{ZH: p.Machine.Data, EN: p.Machine.Data}},
	}
}

// FactorRoles are those that need a second factor unless the operator says otherwise: who administers, and who sees all sheets.
var FactorRoles = []access.Role{access.Reviewer, access.Administrator, access.Security, access.Auditor}

// separationHealth warns where one person holds what three should.
func (p *Pages) separationHealth(context.Context) health {
	h := health{Name: reporting.Text{ZH: "三员分立", EN: "Separation of administration"}, Tone: "amber"}
	held := map[access.Role]bool{}
	var several, hiring []string
	for _, a := range p.Accounts.List() {
		if a.Disabled {
			continue
		}
		for _, r := range a.Roles() {
			held[r] = true
		}
		if len(a.Also) > 0 {
			several = append(several, a.Name)
		}
		if a.Roles().Granting(access.ManageAccounts) != "" && a.Roles().Granting(access.GrantRoles) != "" {
			hiring = append(hiring, a.Name)
		}
	}
	names := strings.Join(several, "、")
	switch {
	case len(several) > 0:
		h.Value = reporting.Textf("一人兼任：%[1]s", "held together by %[1]s", names)
		h.More = reporting.Text{ZH: "系统管理员、安全管理员、审计员最好由三个人担任：兼任的人做的事，没有别人把关。", EN: "The roles of system administrator, security administrator and auditor are for three people: nobody checks what one does who holds several."}
		if len(hiring) > 0 {
			more := reporting.Textf("%[1]s 还能自建一个审核员账号、自己登录去看报表，只有审计日志会留下痕迹。", " %[1]s can make a reviewer's account and sign in with it, to be seen in the audit log alone.", strings.Join(hiring, "、"))
			h.More = reporting.Text{ZH: h.More.ZH + more.ZH, EN: h.More.EN + more.EN}
		}
	case !held[access.Auditor]:
		h.Value = reporting.Text{ZH: "没有审计员", EN: "there is no auditor"}
		h.More = reporting.Text{ZH: "审计日志没有人看。请由安全管理员授予一个账号审计员的角色。", EN: "Nobody reads the audit log: have a security administrator grant somebody the role of auditor."}
	case !held[access.Administrator] || !held[access.Security]:
		h.Value = reporting.Text{ZH: "缺系统管理员或安全管理员", EN: "there is no system or no security administrator"}
	default:
		h.Tone, h.Value = "green", reporting.Text{ZH: "三员由不同的人担任", EN: "held by different people"}
	}
	return h
}

// factorHealth warns where a password alone lets those in who administer or see all sheets.
func (p *Pages) factorHealth(context.Context) health {
	h := health{Name: reporting.Text{ZH: "双重验证", EN: "Second factor"}, Tone: "green"}
	var without []string
	for _, r := range FactorRoles {
		if !slices.Contains(p.Machine.SecondFactor, r) {
			without = append(without, portal.RoleNames[r].ZH)
		}
	}
	switch {
	case len(without) == 0:
		h.Value = reporting.Text{ZH: "管理员、审核员、审计员都需要", EN: "needed of administrators, reviewers and auditors"}
	case p.Machine.Reached:
		h.Tone, h.Value = "amber", reporting.Text{ZH: "放宽了：" + strings.Join(without, "、") + "凭密码即可登录", EN: "relaxed: some who administer or review sign in with the password alone"}
		h.More = reporting.Text{ZH: "启动参数 --second-factor 放宽了默认要求。", EN: "The server was started with a --second-factor below the default."}
	case len(p.Machine.SecondFactor) > 0:
		h.Value = reporting.Text{ZH: "只供本机使用；需要的：" + portal.RolesWords("zh", p.Machine.SecondFactor), EN: "for this machine alone; needed of: " + portal.RolesWords("en", p.Machine.SecondFactor)}
	default:
		h.Value = reporting.Text{ZH: "只供本机使用，不强制", EN: "for this machine alone: not enforced"}
	}
	return h
}
