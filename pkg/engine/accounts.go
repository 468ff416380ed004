package engine

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"huizong/pkg/reporting"
)

// The accounts with a password.
const (
	// Service may do what our services do: create, fill and drop databases whose name begins with "huizong", and see the system tables.
	Service = "huizong"
	// Analyst may read the database "huizong", within limits of time and memory.
	Analyst = "analyst"
)

// Account is a name and a password that ClickHouse knows.
type Account struct {
	Name     string
	Password string
}

// passwordHash is what ClickHouse is told of the password.
func (a Account) passwordHash() string {
	sum := sha256.Sum256([]byte(a.Password))
	return hex.EncodeToString(sum[:])
}

// loadAccounts reads the accounts of the folder; it makes those that are missing. The passwords are random, belong to the folder, and stay the same
// for as long as it exists. The file holds them in clear, readable by this user only: whoever may read it may read the tables too.
func loadAccounts(dir string) (map[string]Account, error) {
	path := filepath.Join(dir, accountsName)
	passwords := map[string]string{}
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return nil, reporting.Errorf(reporting.Unavailable, "read engine accounts: %w", err)
	default:
		if err := json.Unmarshal(b, &passwords); err != nil {
			return nil, reporting.Errorf(reporting.Invalid, "read engine accounts %s (without the file new ones are made): %w", path, err)
		}
	}
	accounts := map[string]Account{}
	var made bool
	for _, name := range []string{Service, Analyst} {
		if passwords[name] == "" {
			passwords[name] = rand.Text()
			made = true
		}
		accounts[name] = Account{Name: name, Password: passwords[name]}
	}
	if !made {
		return accounts, nil
	}
	return accounts, saveAccounts(path, passwords)
}

func saveAccounts(path string, passwords map[string]string) error {
	b, err := json.MarshalIndent(passwords, "", "  ")
	if err != nil {
		return err
	}
	if err := writeFile(path, append(b, '\n')); err != nil {
		return reporting.Errorf(reporting.Unavailable, "write engine accounts: %w", err)
	}
	return nil
}

// writeFile replaces a file as a whole, for this user only: after a crash the old or the new content is there.
func writeFile(path string, b []byte) error {
	tmp := path + ".tmp"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
