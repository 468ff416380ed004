package originals

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

const keyFile = "journal.key"

// openKey reads the key that signs the head: PEM, as `openssl genpkey -algorithm ed25519` writes it. With a public key a journal can be
// checked, and not written.
func (p *pointer) openKey() error {
	data, err := os.ReadFile(p.keyPath)
	if errors.Is(err, fs.ErrNotExist) {
		return &Damage{Kind: KeyMissing, Path: p.path, KeyPath: p.keyPath}
	}
	if err != nil {
		return durable.Error("read the journal's key", err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return &Damage{Kind: KeyMissing, Path: p.path, KeyPath: p.keyPath}
	}
	var key any
	if block.Type == "PUBLIC KEY" {
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	} else {
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	switch key := key.(type) {
	case ed25519.PrivateKey:
		p.key, p.public = key, key.Public().(ed25519.PublicKey)
	case ed25519.PublicKey:
		p.public = key
		if !p.readOnly {
			return reporting.Errorf(reporting.Invalid, "%s is a public key: it can check a journal, and the private one is needed to write it", p.keyPath)
		}
	default:
		return reporting.Errorf(reporting.Invalid, "%s holds no ed25519 key: %v", p.keyPath, err)
	}
	return nil
}

func (p *pointer) makeKey() error {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("make the journal's key: %w", err)
	}
	data, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return fmt.Errorf("make the journal's key: %w", err)
	}
	if err := p.disk.Replace(p.keyPath, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: data})); err != nil {
		return durable.Error("make the journal's key", err)
	}
	p.key, p.public = private, public
	return nil
}
