package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"huizong/pkg/access"
	"huizong/services/portal"
	"huizong/services/portal/account"
)

// demoAccounts are one of each role; the clerk is of the unit that has still something to send.
func demoAccounts(unit string) []account.NewAccount {
	return []account.NewAccount{
		{Name: "zhoumin", Display: "周敏", Role: access.Clerk, Unit: unit},
		{Name: "shenhe", Display: "审核一", Role: access.Reviewer},
		{Name: "fenxi", Display: "综合科", Role: access.Analyst},
		{Name: "guanli", Display: "信息中心", Role: access.Administrator},
		{Name: "anquan", Display: "办公室", Role: access.Security},
		{Name: "shenji", Display: "审计一", Role: access.Auditor},
	}
}

// makeDemoAccounts makes them and prints how to sign in. Their passwords are random: the demo's server may be reached by others.
func makeDemoAccounts(cmd *cobra.Command, c client, unit string) error {
	rows := [][]string{{"角色", "账号", "密码"}}
	for _, one := range demoAccounts(unit) {
		answer, err := c.post(cmd.Context(), "/api/v1/accounts", one)
		if err != nil {
			return err
		}
		var made account.OneTime
		if err := json.Unmarshal(answer, &made); err != nil {
			return fmt.Errorf("demo account: %w", err)
		}
		password := strings.ToLower(rand.Text()[:16])
		if err := choosePassword(c, made, password); err != nil {
			return fmt.Errorf("demo account %s: %w", made.Name, err)
		}
		rows = append(rows, []string{portal.RoleName(one.Role).ZH, made.Name, password})
	}
	fmt.Fprintln(cmd.OutOrStdout(), "\n演示账号：")
	printTable(cmd, rows, make([]bool, len(rows[0])))
	return nil
}

// choosePassword signs in as a person does, and changes the one-time password.
func choosePassword(c client, made account.OneTime, password string) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, step := range []struct {
		path string
		form url.Values
	}{
		{"/sign-in", url.Values{"name": {made.Name}, "password": {made.Password}}},
		{"/password", url.Values{"old": {made.Password}, "password": {password}, "again": {password}}},
	} {
		response, err := browser.PostForm(c.server+step.path, step.form)
		if err != nil {
			return err
		}
		response.Body.Close()
		if response.StatusCode != http.StatusSeeOther {
			return fmt.Errorf("%s answered %s", step.path, response.Status)
		}
	}
	return nil
}
