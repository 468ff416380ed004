package access

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"huizong/pkg/reporting"
)

// LocalToken lets the command line of the one who runs the server in, without an account: who can read that person's files can read the
// data anyway. It is a random secret in a file that only the same user of the operating system can read:
//
//	TMPDIR/huizong-<uid>/<host>_<port>.token
//
// A server makes it anew at each start. What is left of a killed server opens nothing.
type LocalToken struct {
	folder, name string
	secret       string
	sum          digest
}

// OperatorHere is the one who runs the server, by the local token.
var OperatorHere = Principal{Account: string(Operator), Name: string(Operator), Role: Operator, Via: ViaLocal}

// CreateLocalToken makes the token of the server that listens on the address, host:port, in place of what another has left. Error:
// unavailable where the folder is not ours alone: somebody may have put it there to read what comes.
func CreateLocalToken(listen string) (*LocalToken, error) {
	t, err := createLocalToken(localFolder(), listen)
	if err != nil {
		return nil, fmt.Errorf("make the local token of %s: %w", listen, err)
	}
	return t, nil
}

// FindLocalToken returns the token that a server on this machine at the URL has made for this user. Errors: not_found where there is
// none; unavailable where the folder or the file is not ours alone.
func FindLocalToken(server string) (string, error) {
	secret, err := findLocalToken(localFolder(), server)
	if err != nil {
		return "", fmt.Errorf("find the local token of %s: %w", server, err)
	}
	return secret, nil
}

// Principal is the operator, for who has the secret.
func (t *LocalToken) Principal(secret string) (Principal, bool) {
	sum := sha256.Sum256([]byte(secret))
	if t == nil || subtle.ConstantTimeCompare(sum[:], t.sum[:]) != 1 {
		return Principal{}, false
	}
	return OperatorHere, true
}

// Remove removes the file, unless another server has taken its place. Removing twice is harmless.
func (t *LocalToken) Remove() error {
	root, err := openPrivate(t.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("remove the local token: %w", err)
	}
	defer root.Close()
	if secret, err := readPrivate(root, t.name); err != nil || secret != t.secret {
		return nil
	}
	if err := root.Remove(t.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return reporting.Errorf(reporting.Unavailable, "remove the local token: %w", err)
	}
	return nil
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}

func localFolder() string { return filepath.Join(os.TempDir(), "huizong-"+strconv.Itoa(os.Getuid())) }

func createLocalToken(folder, listen string) (*LocalToken, error) {
	name, err := tokenFile(listen)
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, reporting.Errorf(reporting.Unavailable, "%w", err)
	}
	root, err := openPrivate(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	secret, sum := newSecret("")
	if err := writePrivate(root, name, secret); err != nil {
		return nil, reporting.Errorf(reporting.Unavailable, "%w", err)
	}
	return &LocalToken{folder: folder, name: name, secret: secret, sum: sum}, nil
}

func findLocalToken(folder, server string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", reporting.Errorf(reporting.Invalid, "%w", err)
	}
	port := u.Port()
	if port == "" {
		port = defaultPorts[u.Scheme]
	}
	name, err := tokenFile(net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return "", err
	}
	root, err := openPrivate(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return "", reporting.Errorf(reporting.NotFound, "there is none")
	}
	if err != nil {
		return "", err
	}
	defer root.Close()
	secret, err := readPrivate(root, name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", reporting.Errorf(reporting.NotFound, "there is none")
	}
	return secret, err
}

// tokenFile is the file's name for an address. All names of this machine's loopback are one, and so is "every address", which a client
// reaches by it.
func tokenFile(hostPort string) (string, error) {
	host, port, err := net.SplitHostPort(hostPort)
	if err != nil {
		return "", reporting.Errorf(reporting.Invalid, "%w", err)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return "", reporting.Errorf(reporting.Invalid, "the port %q is no number", port)
	}
	host = strings.ToLower(host)
	if ip := net.ParseIP(host); host == "" || host == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		host = "localhost"
	}
	if strings.ContainsAny(host, `/\`) || strings.HasPrefix(host, ".") {
		return "", reporting.Errorf(reporting.Invalid, "the host %q is no name", host)
	}
	return strings.ReplaceAll(host, ":", "-") + "_" + port + ".token", nil
}

// openPrivate opens a folder that is nobody else's: in a place where everybody may make folders, the name alone says nothing. What is
// done through the root is done in the folder that was looked at, whatever becomes of its name.
func openPrivate(folder string) (*os.Root, error) {
	named, err := os.Lstat(folder)
	if err != nil {
		return nil, foreign(err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, foreign(err)
	}
	opened, err := root.Stat(".")
	switch {
	case err != nil:
	case !named.IsDir() || !os.SameFile(named, opened):
		err = fmt.Errorf("%s is not a folder, or a link to one", folder)
	default:
		err = private(opened)
	}
	if err != nil {
		root.Close()
		return nil, foreign(err)
	}
	return root, nil
}

func readPrivate(root *os.Root, name string) (string, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", foreign(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a file", name)
	}
	if err == nil {
		err = private(info)
	}
	if err != nil {
		return "", foreign(err)
	}
	data, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil {
		return "", foreign(err)
	}
	return strings.TrimSpace(string(data)), nil
}

// writePrivate gives the file its name when it is whole: a command line that looks meanwhile finds the old one, all or none.
func writePrivate(root *os.Root, name, secret string) error {
	temp := name + ".new"
	if err := root.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(secret + "\n")
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return root.Rename(temp, name)
}

// private refuses what another user owns, or may read or write.
func private(info fs.FileInfo) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok:
		return fmt.Errorf("the owner of %s is not known", info.Name())
	case int(stat.Uid) != os.Getuid():
		return fmt.Errorf("it belongs to user %d, not to %d", stat.Uid, os.Getuid())
	case info.Mode().Perm()&0o077 != 0:
		return fmt.Errorf("others have rights on it (%s): only its owner may", info.Mode().Perm())
	}
	return nil
}

// foreign gives its code to what keeps the file from us.
func foreign(err error) error { return reporting.Errorf(reporting.Unavailable, "%w", err) }
