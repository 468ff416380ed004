package engine

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// The accounts with a password.
const (
	// Service may do what our services do: create, fill and drop databases whose name begins with "huizong", and see the system tables.
	Service = "huizong"
	// Analyst may read [Database], within limits of time and memory.
	Analyst = "analyst"
	// Database is the one that analysts' questions are about, and whose views they ask by name alone.
	Database = "huizong"
)

// Account is a name and a password that ClickHouse knows.
type Account struct {
	Name     string
	Password string
}

// passwordHash is what ClickHouse gets of the password.
func (a Account) passwordHash() string {
	sum := sha256.Sum256([]byte(a.Password))
	return hex.EncodeToString(sum[:])
}

// prefixLength is that of the beginning that our passwords at the child share: with "huizong:" or "analyst:" before it, it is whole in base64.
const prefixLength = 25

// headerPrefix is how the Authorization header of the account begins, as far as the child's configuration has it in clear. A request that has
// it comes to ClickHouse's own check of the whole password.
func (a Account) headerPrefix() string {
	return regexp.QuoteMeta(base64.StdEncoding.EncodeToString([]byte(a.Name + ":" + a.Password[:prefixLength])))
}

// newInner makes the accounts that the child knows, of this process and no other's. Their passwords begin with the same random letters.
func newInner() map[string]Account {
	prefix, accounts := rand.Text()[:prefixLength], map[string]Account{}
	for _, name := range []string{Service, Analyst} {
		accounts[name] = Account{name, prefix + rand.Text()}
	}
	return accounts
}

// loadAnalyst reads the analysts' account of the folder, and makes it where there is none. The password is random, belongs to the folder, and stays
// the same for as long as it exists. The file holds it in clear, readable by this user only: whoever may read it may read the tables too.
func loadAnalyst(dir string) (Account, error) {
	path := filepath.Join(dir, accountsName)
	passwords := map[string]string{}
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return Account{}, reporting.Errorf(reporting.Unavailable, "read engine accounts: %w", err)
	default:
		if err := json.Unmarshal(b, &passwords); err != nil {
			return Account{}, reporting.Errorf(reporting.Invalid, "read engine accounts %s (without the file new ones are made): %w", path, err)
		}
	}
	if passwords[Analyst] == "" {
		passwords[Analyst] = rand.Text()
		return Account{Analyst, passwords[Analyst]}, saveAccounts(path, map[string]string{Analyst: passwords[Analyst]})
	}
	return Account{Analyst, passwords[Analyst]}, nil
}

func saveAccounts(path string, passwords map[string]string) error {
	b, err := json.MarshalIndent(passwords, "", "  ")
	if err != nil {
		return err
	}
	return durable.WriteFile(path, append(b, '\n'))
}
