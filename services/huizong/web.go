package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/access"
)

// web is the way in over HTTP.
type web struct {
	listener net.Listener
	secure   bool
	url      string
	local    *access.LocalToken
	server   *http.Server
}

// tlsFolder is the folder of the data directory with the certificate that we made.
const tlsFolder = "tls"

// openWeb takes the address, and lets the command line on this machine in. Nothing is served before serve.
func openWeb(cfg serveConfig, out io.Writer) (w *web, err error) {
	w = &web{}
	if w.secure, err = cfg.TLS.needed(cfg.Listen); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if w.listener, err = net.Listen("tcp", cfg.Listen); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	defer func() {
		if err != nil {
			w.listener.Close()
		}
	}()
	w.server = &http.Server{ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	scheme := "http"
	if w.secure {
		scheme = "https"
		if w.server.TLSConfig, err = cfg.TLS.load(filepath.Join(cfg.Data, tlsFolder)); err != nil {
			return nil, err
		}
		fmt.Fprintf(out, "certificate: SHA-256 %s\n", fingerprint(w.server.TLSConfig.Certificates[0].Certificate[0]))
	}
	address := reachable(w.listener.Addr())
	w.url = scheme + "://" + address
	if w.local, err = access.CreateLocalToken(address); err != nil {
		return nil, err
	}
	return w, nil
}

// reachable is the address under which this machine reaches a listener: one that listens everywhere is on loopback too.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port))
}

// fingerprint is what a browser shows of a certificate.
func fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return strings.ToUpper(strings.ReplaceAll(fmt.Sprintf("% x", sum), " ", ":"))
}

// serve answers requests until the server is shut down.
func (w *web) serve(log *zap.Logger) error {
	w.server.ErrorLog = zap.NewStdLog(log)
	serve := func() error { return w.server.Serve(w.listener) }
	if w.secure {
		serve = func() error { return w.server.ServeTLS(w.listener, "", "") }
	}
	if err := serve(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("http: %w", err)
	}
	return nil
}

// shutDown lets requests under way come to their end, for a while.
func (w *web) shutDown(ctx context.Context) error {
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
	defer cancel()
	if err := w.server.Shutdown(grace); err != nil {
		return w.server.Close()
	}
	return nil
}

// close gives the address back and takes the local token away, whether it was served or not.
func (w *web) close() error {
	return errors.Join(ignoreClosed(w.listener.Close()), w.local.Remove())
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// announce prints the address, and writes it where other commands on this machine look.
func (w *web) announce(data string, out io.Writer) error {
	if err := writeServerFile(data, serverFile{URL: w.url, PID: os.Getpid()}); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "huizong: %s\n", w.url)
	return err
}

// tokenOf is what the command line shows a server: the token that it was given, or the local one of a server of this user.
func tokenOf(server, given string) string {
	if given != "" {
		return given
	}
	local, err := access.FindLocalToken(server)
	if err != nil { // the server will say that a token is needed
		return ""
	}
	return local
}
