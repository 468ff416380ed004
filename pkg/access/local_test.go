package access

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

func TestLocalToken(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	token, err := CreateLocalToken("127.0.0.1:8080")
	if err != nil {
		t.Fatal(err)
	}
	folder := localFolder()
	for path, want := range map[string]os.FileMode{folder: 0o700, filepath.Join(folder, "localhost_8080.token"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", path, info, err, want)
		}
	}
	for _, server := range []string{"http://localhost:8080", "http://127.0.0.1:8080/x", "https://[::1]:8080"} {
		secret, err := FindLocalToken(server)
		if err != nil {
			t.Fatalf("FindLocalToken(%s): %v", server, err)
		}
		if p, ok := token.Principal(secret); !ok || p.Role != Operator || p.Via != ViaLocal || !p.May(ManageAccounts) {
			t.Errorf("Principal = %+v, %t", p, ok)
		}
	}
	for _, server := range []string{"http://localhost:8081", "http://localhost", "http://example.org:8080"} {
		_, err := FindLocalToken(server)
		wantCode(t, err, reporting.NotFound)
	}
	for _, secret := range []string{"", "x", strings.Repeat("A", 43)} {
		if _, ok := token.Principal(secret); ok {
			t.Errorf("%q lets in", secret)
		}
	}
	if _, ok := (*LocalToken)(nil).Principal(""); ok {
		t.Error("without a token everybody is let in")
	}

	next, err := CreateLocalToken("localhost:8080") // after a kill
	if err != nil {
		t.Fatal(err)
	}
	if err := token.Remove(); err != nil { // that of before is not ours to remove any more
		t.Fatal(err)
	}
	secret, err := FindLocalToken("http://localhost:8080")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := token.Principal(secret); ok {
		t.Error("the token of before opens the new server, or the other way round")
	}
	if _, ok := next.Principal(secret); !ok {
		t.Error("the new token does not let in")
	}
	for range 2 {
		if err := next.Remove(); err != nil {
			t.Fatal(err)
		}
	}
	_, err = FindLocalToken("http://localhost:8080")
	wantCode(t, err, reporting.NotFound)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := next.Remove(); err != nil {
		t.Errorf("Remove without the folder: %v", err)
	}
}

// TestLocalTokenDistrusts what others may have put into a place where all may write.
func TestLocalTokenDistrusts(t *testing.T) {
	t.Parallel()
	const listen, server = "127.0.0.1:9", "http://127.0.0.1:9"
	for name, prepare := range map[string]func(t *testing.T, folder string){
		"LinkToFolder": func(t *testing.T, folder string) {
			other := t.TempDir()
			if err := os.Chmod(other, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(other, folder); err != nil {
				t.Fatal(err)
			}
		},
		"File": func(t *testing.T, folder string) {
			if err := os.WriteFile(folder, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"OthersMayRead": func(t *testing.T, folder string) {
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(folder, 0o755); err != nil {
				t.Fatal(err)
			}
		},
		"OfAnotherUser": func(t *testing.T, folder string) {
			if os.Getuid() != 0 { // only root can give a folder away; what others cannot write they cannot get at
				t.Logf("as user %d: the link in place of a folder stands for it", os.Getuid())
				if err := os.Symlink("/", folder); err != nil {
					t.Fatal(err)
				}
				return
			}
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Chown(folder, 12345, 12345); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "huizong-0")
			prepare(t, folder)
			_, err := createLocalToken(folder, listen)
			wantCode(t, err, reporting.Unavailable)
			_, err = findLocalToken(folder, server)
			wantCode(t, err, reporting.Unavailable)
		})
	}
	for name, prepare := range map[string]func(path string) error{
		"LinkToFile":    func(path string) error { os.WriteFile(path+"2", []byte("x"), 0o600); return os.Symlink(path+"2", path) },
		"OthersMayRead": func(path string) error { os.WriteFile(path, []byte("x"), 0o600); return os.Chmod(path, 0o644) },
		"Folder":        func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		t.Run("File"+name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "huizong-0")
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := prepare(filepath.Join(folder, "localhost_9.token")); err != nil {
				t.Fatal(err)
			}
			_, err := findLocalToken(folder, server)
			wantCode(t, err, reporting.Unavailable)
		})
	}
	t.Run("Planted", func(t *testing.T) { // a link where the new file goes is not written through
		t.Parallel()
		folder, victim := filepath.Join(t.TempDir(), "huizong-0"), filepath.Join(t.TempDir(), "victim")
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"localhost_9.token", "localhost_9.token.new"} {
			if err := os.Symlink(victim, filepath.Join(folder, name)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := createLocalToken(folder, listen); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(victim); err == nil {
			t.Error("the link was written through")
		}
		if _, err := findLocalToken(folder, server); err != nil {
			t.Error(err)
		}
	})
}

func TestTokenFile(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		":80": "localhost_80.token", "0.0.0.0:80": "localhost_80.token", "[::]:80": "localhost_80.token", "127.8.8.8:80": "localhost_80.token",
		"Bureau.example:443": "bureau.example_443.token", "10.0.0.1:1": "10.0.0.1_1.token", "[2001:db8::1]:1": "2001-db8--1_1.token",
	} {
		if got, err := tokenFile(listen); err != nil || got != want {
			t.Errorf("tokenFile(%q) = %q, %v; want %q", listen, got, err, want)
		}
	}
	for _, listen := range []string{"", "localhost", "localhost:", "localhost:0", "localhost:x", "../x:80", "a/b:80", `a\b:80`, "..:80"} {
		_, err := tokenFile(listen)
		wantCode(t, err, reporting.Invalid)
	}
}

func FuzzTokenFile(f *testing.F) {
	f.Add("http://../..:80")
	f.Fuzz(func(t *testing.T, server string) {
		u, err := url.Parse(server)
		if err != nil {
			return
		}
		if name, err := tokenFile(u.Host); err == nil && (filepath.Base(name) != name || !filepath.IsLocal(name)) {
			t.Errorf("tokenFile(%q) = %q leaves its folder", u.Host, name)
		}
	})
}
