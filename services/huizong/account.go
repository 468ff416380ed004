package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"huizong/pkg/access"
	"huizong/services/portal/account"
)

func accountCommand() *cobra.Command {
	var c client
	cmd := &cobra.Command{Use: "account", Short: "Who may sign in: add, list, reset, disable, enable, unlock, forget-authenticator"}
	cmd.PersistentFlags().StringVar(&c.server, "server", defaultServer, "address of the server (or HUIZONG_SERVER)")
	cmd.AddCommand(accountAdd(&c), accountList(&c), accountReset(&c))
	for verb, short := range map[string]string{
		"disable":              "Let an account sign in no more; its past stays",
		"enable":               "Let a disabled account sign in again",
		"unlock":               "Forgive an account its failed sign-ins",
		"forget-authenticator": "Let an account sign in with its password alone: the phone was lost",
	} {
		cmd.AddCommand(accountAlter(&c, verb, short))
	}
	return cmd
}

func accountAdd(c *client) *cobra.Command {
	var one account.NewAccount
	var role string
	var also []string
	cmd := &cobra.Command{
		Use:   "add NAME [--role ROLE [--also ROLE]... [--unit UNIT]]",
		Short: "Make an account and print its one-time password",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			one.Name, one.Role = args[0], access.Role(role)
			for _, a := range also {
				one.Also = append(one.Also, access.Role(a))
			}
			return printOneTime(cmd, *c, "/api/v1/accounts", one)
		},
	}
	cmd.Flags().StringVar(&role, "role", "", "clerk, reviewer, analyst, administrator, security or auditor; without one the account may do nothing yet")
	cmd.Flags().StringSliceVar(&also, "also", nil, "further roles of administration, security and auditor, where one person holds them")
	cmd.Flags().StringVar(&one.Unit, "unit", "", "code of a clerk's unit")
	cmd.Flags().StringVar(&one.Display, "display", "", "name for people")
	return cmd
}

func accountReset(c *client) *cobra.Command {
	return &cobra.Command{
		Use:   "reset NAME",
		Short: "Give an account a new one-time password and end its sessions",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return printOneTime(cmd, *c, "/api/v1/accounts/"+url.PathEscape(args[0])+"/reset", struct{}{})
		},
	}
}

// printOneTime asks for a one-time password and prints it.
func printOneTime(cmd *cobra.Command, c client, path string, body any) error {
	answer, err := c.post(cmd.Context(), path, body)
	if err != nil {
		return err
	}
	var made account.OneTime
	if err := json.Unmarshal(answer, &made); err != nil {
		return fmt.Errorf("account: %w", err)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "账号 %s  一次性密码 %s  （7 天内登录并修改）\n", made.Name, made.Password)
	return nil
}

func accountAlter(c *client, verb, short string) *cobra.Command {
	return &cobra.Command{
		Use:   verb + " NAME",
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, err := c.post(cmd.Context(), "/api/v1/accounts/"+url.PathEscape(args[0])+"/"+verb, struct{}{})
			return err
		},
	}
}

func accountList(c *client) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "All accounts",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			body, err := c.get(cmd.Context(), "/api/v1/accounts", nil)
			if err != nil {
				return err
			}
			var accounts []access.Account
			if err := json.Unmarshal(body, &accounts); err != nil {
				return fmt.Errorf("accounts: %w", err)
			}
			rows := [][]string{{"账号", "姓名", "角色", "单位", "状态", "上次登录"}}
			for _, a := range accounts {
				rows = append(rows, []string{a.Name, a.Display, rolesText(a), a.Unit, strings.Join(accountStates(a), "、"), localTime(a.LastSignIn)})
			}
			printTable(cmd, rows, make([]bool, len(rows[0])))
			return nil
		},
	}
}

// rolesText is all roles of an account.
func rolesText(a access.Account) string {
	var names []string
	for _, r := range a.Roles() {
		names = append(names, string(r))
	}
	return strings.Join(names, "+")
}

// accountStates are what is particular about an account.
func accountStates(a access.Account) []string {
	var states []string
	for _, s := range []struct {
		is   bool
		name string
	}{{a.Disabled, "停用"}, {!a.OneTimeUntil.IsZero(), "未改一次性密码"}, {!a.LockedUntil.IsZero(), "锁定"}, {a.TOTP, "双重验证"}} {
		if s.is {
			states = append(states, s.name)
		}
	}
	return states
}

func localTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Local().Format(time.DateTime)
}
