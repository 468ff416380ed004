package portal

import (
	"cmp"
	"net/http"
	"strings"

	"huizong/pkg/access"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
)

// places are the pages of the menu, in order, with the permission that each needs: who has it sees the entry.
var places = []struct {
	path  string
	needs access.Permission
	name  reporting.Text
}{
	{"/", access.SendSubmissions, reporting.Text{ZH: "我的报表", EN: "My forms"}},
	{"/history", access.SendSubmissions, reporting.Text{ZH: "历史版本", EN: "History"}},
	{"/templates", access.SendSubmissions, reporting.Text{ZH: "模板下载", EN: "Templates"}},
	{"/review", access.ReadBoard, reporting.Text{ZH: "报送情况", EN: "Reporting"}},
	{"/reminders", access.ReviewSubmissions, reporting.Text{ZH: "催报", EN: "Reminders"}},
	{"/periods", access.ClosePeriods, reporting.Text{ZH: "期别", EN: "Periods"}},
	{"/explore", access.ReadFigures, reporting.Text{ZH: "指标", EN: "Indicators"}},
	{"/reports", access.ReadFigures, reporting.Text{ZH: "报告", EN: "Reports"}},
	{"/releases", access.ReadFigures, reporting.Text{ZH: "发布", EN: "Releases"}},
	{"/warnings", access.ReadFigures, reporting.Text{ZH: "预警", EN: "Warnings"}},
	{"/data", access.ReadFigures, reporting.Text{ZH: "数据接口", EN: "Data"}},
	{"/admin/health", access.ReadSystem, reporting.Text{ZH: "运行", EN: "Health"}},
	{"/admin/accounts", access.ReadAccounts, reporting.Text{ZH: "账号", EN: "Accounts"}},
	{"/admin/units", access.ReadSystem, reporting.Text{ZH: "单位", EN: "Units"}},
	{"/admin/targets", access.ReadFigures, reporting.Text{ZH: "目标", EN: "Targets"}},
	{"/admin/calendar", access.ReadSystem, reporting.Text{ZH: "日程", EN: "Calendar"}},
	{"/admin/quarantine", access.ManageQuarantine, reporting.Text{ZH: "未能核对", EN: "Not checked"}},
	{"/admin/audit", access.ReadAudit, reporting.Text{ZH: "审计", EN: "Audit"}},
	{"/help", access.SignedIn, reporting.Text{ZH: "帮助", EN: "Help"}},
}

// navigation is the menu of the caller.
func navigation(r *http.Request, lang string, who access.Principal) []navItem {
	var items []navItem
	for _, place := range places {
		if who.Via == "" || who.Confined != "" || !who.May(place.needs) {
			continue
		}
		here := r.URL.Path == place.path || place.path != "/" && strings.HasPrefix(r.URL.Path, place.path+"/")
		items = append(items, navItem{Path: place.path, Name: phrase.Pick(lang, place.name), Here: here})
	}
	return items
}

// FirstPage is that of whoever belongs to no unit: the first of the menu that is the role's own.
func FirstPage(role access.Role) string {
	return cmp.Or(map[access.Role]string{access.Reviewer: "/review", access.Analyst: "/explore", access.Administrator: "/admin/health", access.Security: "/admin/accounts", access.Auditor: "/admin/audit"}[role], "/help")
}
