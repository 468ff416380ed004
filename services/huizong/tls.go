package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"huizong/pkg/reporting"
)

// tlsConfig says how the server is reached over TLS.
type tlsConfig struct {
	Mode string // auto, on or off
	Cert string // files in PEM; "" makes a certificate
	Key  string
}

// needed reports whether the address is served over TLS: auto is, but on loopback, where nobody listens in.
func (c tlsConfig) needed(listen string) (bool, error) {
	switch c.Mode {
	case "on":
		return true, nil
	case "off":
		return false, nil
	case "auto":
		_, _, err := net.SplitHostPort(listen)
		return c.Cert != "" || !isLoopback(listen), err
	}
	return false, reporting.Errorf(reporting.Invalid, "tls %q: want auto, on or off", c.Mode)
}

// isLoopback reports whether an address is reached from this machine alone.
func isLoopback(listen string) bool {
	host, _, _ := net.SplitHostPort(listen)
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// load reads the certificate, or makes one that is kept in the folder: browsers will ask whether it can be trusted, and the answer is its
// fingerprint, which the server prints.
func (c tlsConfig) load(folder string) (*tls.Config, error) {
	cert, key := c.Cert, c.Key
	if cert == "" {
		cert, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
		if err := makeCertificate(cert, key); err != nil {
			return nil, fmt.Errorf("make a certificate: %w", err)
		}
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// certificateLife is how long a certificate that we make is good for.
const certificateLife = 2 * 365 * 24 * time.Hour

// makeCertificate makes a certificate for this machine's names and addresses, where there is none or it ends within a month.
func makeCertificate(certFile, keyFile string) error {
	if pair, err := tls.LoadX509KeyPair(certFile, keyFile); err == nil && time.Until(pair.Leaf.NotAfter) > 30*24*time.Hour {
		return nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(certFile), 0o700); err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return err
	}
	names, addresses := ownNames()
	template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: "Huizong"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true, DNSNames: names, IPAddresses: addresses}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	// The key first: a certificate without its key would be made again at the next start, and a key alone too.
	if err := os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), 0o600); err != nil {
		return err
	}
	return os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600)
}

// ownNames are the names and addresses under which the machine may be reached.
func ownNames() (names []string, addresses []net.IP) {
	names = []string{"localhost"}
	if host, err := os.Hostname(); err == nil && host != "localhost" {
		names = append(names, host)
	}
	list, err := net.InterfaceAddrs()
	if err != nil {
		return names, []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	for _, address := range list {
		if network, ok := address.(*net.IPNet); ok && !network.IP.IsLinkLocalUnicast() {
			addresses = append(addresses, network.IP)
		}
	}
	return names, addresses
}
