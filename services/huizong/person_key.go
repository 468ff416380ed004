package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

const (
	personKeyFile = "person.key"
	personKeySize = 32
)

// personKey is the secret under which persons are told apart without their numbers being stored. A new directory makes one, and its
// journal holds its fingerprint. One that is missing, cut or another's beside submissions is refused: under a new key no person is who they
// were, until a rebuild.
func (s *system) personKey(ctx context.Context, cfg systemConfig) ([]byte, error) {
	path := filepath.Join(cfg.Data, personKeyFile)
	if cfg.newPersonKey {
		return s.makeKey(ctx, path, "huizong rebuild --new-person-key")
	}
	key, wrong, err := s.readKey(path)
	switch {
	case err != nil:
		return nil, err
	case wrong == "" && s.namedKey() == "":
		return key, s.nameKey(ctx, key, "first start with a program that names it")
	case wrong == "":
		return key, nil
	case s.store.Submissions() == 0:
		return s.makeKey(ctx, path, "first start")
	}
	return nil, s.refuseKey(cfg, path, wrong)
}

// checkPersonKey refuses as personKey does, and changes nothing.
func (s *system) checkPersonKey(cfg systemConfig) error {
	path := filepath.Join(cfg.Data, personKeyFile)
	_, wrong, err := s.readKey(path)
	if err != nil || wrong == "" || s.store.Submissions() == 0 {
		return err
	}
	return s.refuseKey(cfg, path, wrong)
}

func (s *system) refuseKey(cfg systemConfig, path, wrong string) error {
	return refuse(reporting.Errorf(reporting.Conflict, "the key of persons %s %s, and %d submissions were judged under it", path, wrong, s.store.Submissions()),
		"put person.key back from a backup of the data directory",
		"if no backup has it, make a new one and decide everything again, since every person's hash changes: "+cfg.commandLine("rebuild", "--new-person-key"))
}

// readKey reads the key, and says what is wrong with it.
func (s *system) readKey(path string) (key []byte, wrong string, err error) {
	key, err = os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "is missing", nil
	case err != nil:
		return nil, "", fmt.Errorf("person key: %w", err)
	case len(key) != personKeySize:
		return nil, fmt.Sprintf("is damaged: it has %d bytes, not %d", len(key), personKeySize), nil
	case s.namedKey() != "" && s.namedKey() != keyFingerprint(key):
		return nil, "is another one than the journal names", nil
	}
	return key, "", nil
}

// namedKey is the fingerprint of the key that the journal names last; "" where it names none.
func (s *system) namedKey() (known string) {
	for _, e := range s.store.Adopted() {
		if e.PersonKey != "" {
			known = e.PersonKey
		}
	}
	return known
}

// makeKey makes a key. An old one, whatever it is, is kept under another name. If we crash before the entry, the next start finds a key that
// the journal does not name, and says so.
func (s *system) makeKey(ctx context.Context, path, reason string) ([]byte, error) {
	if _, err := os.Stat(path); err == nil {
		if err := durable.Real.Aside(path, path+"."+durable.Stamp(time.Now())); err != nil {
			return nil, fmt.Errorf("person key: %w", err)
		}
	}
	key := make([]byte, personKeySize)
	rand.Read(key) // never fails
	if err := durable.WriteFile(path, key); err != nil {
		return nil, fmt.Errorf("person key: %w", err)
	}
	return key, s.nameKey(ctx, key, reason)
}

func (s *system) nameKey(ctx context.Context, key []byte, reason string) error {
	_, err := s.store.Append(ctx, reporting.Envelope{Kind: reporting.PersonKeyMade, By: "system", Reason: reason, PersonKey: keyFingerprint(key)})
	return err
}

// keyFingerprint names a key without telling it.
func keyFingerprint(key []byte) string {
	sum := sha256.Sum256(append([]byte("huizong person key\n"), key...))
	return hex.EncodeToString(sum[:16])
}
