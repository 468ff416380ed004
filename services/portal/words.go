package portal

import (
	"strings"

	"huizong/pkg/access"
	"huizong/pkg/audit"
	"huizong/pkg/phrase"
	"huizong/pkg/picture"
	"huizong/pkg/reporting"
)

// PermissionNames are the words of a permission.
var PermissionNames = map[access.Permission]reporting.Text{
	access.SendSubmissions:   {ZH: "报送报表", EN: "send sheets"},
	access.ReadSubmissions:   {ZH: "查看报表", EN: "see sheets"},
	access.ReviewSubmissions: {ZH: "退回、审核报表", EN: "return and approve sheets"},
	access.ConfirmMappings:   {ZH: "确认对应关系", EN: "confirm mappings"},
	access.ReadBoard:         {ZH: "查看报送情况", EN: "see who has sent what"},
	access.ReadFigures:       {ZH: "查询指标、报告", EN: "read figures and reports"},
	access.PublishReleases:   {ZH: "发布报告", EN: "publish reports"},
	access.ClosePeriods:      {ZH: "关闭、打开期别", EN: "close and open periods"},
	access.ManageQuarantine:  {ZH: "处理未能核对的报表", EN: "replay what could not be checked"},
	access.ReadAccounts:      {ZH: "查看账号", EN: "see accounts"},
	access.ManageAccounts:    {ZH: "建立、停用账号，重置密码", EN: "make and disable accounts, reset passwords"},
	access.GrantRoles:        {ZH: "授予角色，收回令牌", EN: "grant roles, revoke tokens"},
	access.ManageCalendar:    {ZH: "调整截止时间", EN: "set deadlines"},
	access.ReadSystem:        {ZH: "查看系统状况", EN: "see how the system is"},
	access.ReadAudit:         {ZH: "查看审计日志", EN: "read the audit log"},
}

var LevelNames = map[reporting.Level]reporting.Text{
	reporting.LevelCity: {ZH: "市", EN: "city"}, reporting.LevelTownship: {ZH: "乡镇街道", EN: "townships"},
	reporting.LevelSubUnit: {ZH: "局属单位", EN: "units of the bureau"}, reporting.LevelDirect: {ZH: "市直", EN: "directly under the city"},
}

var SeverityNames = map[reporting.Severity]reporting.Text{
	reporting.SeverityError:   {ZH: "错误", EN: "error"},
	reporting.SeverityWarning: {ZH: "提醒", EN: "warning"},
	reporting.SeverityNote:    {ZH: "说明", EN: "note"},
	Remarked:                  {ZH: "审核意见", EN: "remark"},
	picture.Cited:             {ZH: "取数", EN: "source"},
}

var RoleNames = map[access.Role]reporting.Text{
	"":                   {ZH: "未授予角色", EN: "no role yet"},
	access.Clerk:         {ZH: "填报员", EN: "clerk"},
	access.Reviewer:      {ZH: "审核员", EN: "reviewer"},
	access.Analyst:       {ZH: "分析员", EN: "analyst"},
	access.Administrator: {ZH: "系统管理员", EN: "system administrator"},
	access.Security:      {ZH: "安全管理员", EN: "security administrator"},
	access.Auditor:       {ZH: "审计员", EN: "auditor"},
	access.Operator:      {ZH: "本机命令行", EN: "command line"},
}

// RoleName is what people call a role.
func RoleName(r access.Role) reporting.Text { return RoleNames[r] }

// RolesWords are the names of the roles of an account.
func RolesWords(lang string, set access.RoleSet) string {
	var names []string
	for _, r := range set {
		names = append(names, phrase.Pick(lang, RoleNames[r]))
	}
	return strings.Join(names, phrase.Pick(lang, reporting.Text{ZH: "、", EN: ", "}))
}

// Remarked is the severity of what a reviewer says of a cell: it is shown among the findings.
const Remarked reporting.Severity = "remark"

// actionNames are the words of an action; one that has none is shown as it is.
var actionNames = map[audit.Action]reporting.Text{
	"session.begin": {ZH: "登录", EN: "signed in"}, "session.end": {ZH: "退出、结束登录", EN: "signed out, or ended a session"},
	"session.end-all": {ZH: "全部退出", EN: "signed out everywhere"}, "persons.look": {ZH: "查看含个人信息的报表", EN: "looked at a sheet with persons"},
	"account.forget-authenticator": {ZH: "停用他人的身份验证器", EN: "forgot another's authenticator"},
	"account.add":                  {ZH: "新建账号", EN: "made an account"}, "account.change": {ZH: "改角色或单位", EN: "changed role or unit"}, "account": {ZH: "停用、启用或解锁账号", EN: "disabled, enabled or unlocked an account"},
	"password.change": {ZH: "修改密码", EN: "changed the password"}, "password.reset": {ZH: "重置密码", EN: "reset a password"},
	"authenticator.add": {ZH: "启用身份验证器", EN: "set up an authenticator"}, "authenticator.remove": {ZH: "停用身份验证器", EN: "removed an authenticator"}, "authenticator.begin": {ZH: "开始设置身份验证器", EN: "began to set up an authenticator"},
	"token.make": {ZH: "发放令牌", EN: "made a token"}, "token.revoke": {ZH: "收回令牌", EN: "revoked a token"}, "route.refused": {ZH: "越权访问", EN: "asked for what is not allowed"}, "route.slowed": {ZH: "请求过于频繁", EN: "asked too often"},
	audit.Repaired: {ZH: "日志修复", EN: "the log was repaired"}, "submission.return": {ZH: "退回报表", EN: "returned a sheet"}, "submission.approve": {ZH: "审核通过", EN: "approved"},
	"period": {ZH: "关闭或打开期别", EN: "closed or opened a period"}, "deadline": {ZH: "调整截止时间", EN: "set a deadline"}, "mapping": {ZH: "确认对应关系", EN: "confirmed a mapping"}, "mapping.answer": {ZH: "回答读表的问题", EN: "answered a question about a sheet"},
	"release": {ZH: "发布报告", EN: "published a report"}, "export": {ZH: "导出", EN: "exported"}, "quarantine.replay": {ZH: "重新处理未能核对的报表", EN: "replayed what could not be checked"},
	"audit.read":   {ZH: "导出审计日志", EN: "read the audit log"},
	"audit.verify": {ZH: "校验审计日志", EN: "verified the audit log"}, "journal.verify": {ZH: "校验报送流水", EN: "verified the journal"},
	"journal.accept": {ZH: "接受报送流水的缺失", EN: "accepted what the journal lost"}, "definitions.adopt": {ZH: "采用新口径", EN: "adopted definitions"},
}

// factorNames are what a sign-in went by beside the password, or failed by.
var factorNames = map[access.Factor]reporting.Text{
	access.NoFactor:      {ZH: "只用密码", EN: "by password alone"},
	access.Authenticator: {ZH: "用了验证码", EN: "with a code"},
	access.RecoveryCode:  {ZH: "用了恢复码", EN: "with a recovery code"},
	access.MissingCode:   {ZH: "密码对，没给验证码", EN: "right password, no code"},
	access.WrongCode:     {ZH: "密码对，验证码错", EN: "right password, wrong code"},
}

func actionWords(lang string, action audit.Action) string {
	if name, known := actionNames[action]; known {
		return phrase.Pick(lang, name)
	}
	return string(action)
}
