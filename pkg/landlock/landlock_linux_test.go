package landlock

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"huizong/pkg/landlock/landlocktest"
)

// kept runs work on a thread that is kept to the rules, and that ends with it.
func kept(t *testing.T, rules Rules, work func()) {
	t.Helper()
	failed := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: nobody else gets this thread
		err := Restrict(rules)
		if err == nil {
			work()
		}
		failed <- err
	}()
	if err := <-failed; err != nil {
		t.Fatal(err)
	}
}

func require(t *testing.T, version int) {
	t.Helper()
	landlocktest.Require(t, Version() >= version, fmt.Sprintf("Landlock %d of %d", Version(), version))
}

func mustWrite(t *testing.T, path string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("text"), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// TestFiles: a grant is for what lies at the path and below, for what it says, and for nothing else; what was open stays open.
func TestFiles(t *testing.T) {
	require(t, 3)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"read/deep/file", "make/old", "all/file", "one", "other/file", "open"} {
		mustWrite(t, at(name))
	}
	open, err := os.Open(at("open"))
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	read := func(name string) error { _, err := os.ReadFile(at(name)); return err }
	write := func(name string) error { return os.WriteFile(at(name), []byte("new"), 0o600) }
	list := func(name string) error { _, err := os.ReadDir(at(name)); return err }
	rules := Rules{Files: map[string]Access{at("read"): Read, at("make"): Make, at("all"): All, at("one"): Read | Make, at("nowhere"): All}}
	kept(t, rules, func() {
		for name, test := range map[string]struct {
			err   error
			could bool
		}{
			"read below":          {read("read/deep/file"), true},
			"list":                {list("read"), true},
			"write where reading": {write("read/deep/file"), false},
			"make where reading":  {write("read/new"), false},
			"remove":              {os.Remove(at("read/deep/file")), false},
			"make":                {appendTo(at("make/new")), true},
			"read what it makes":  {read("make/old"), false},
			"make a folder":       {os.Mkdir(at("make/folder"), 0o700), false},
			"cut":                 {os.Truncate(at("make/old"), 0), false},
			"all":                 {errors.Join(write("all/file"), os.Mkdir(at("all/folder"), 0o700), os.Rename(at("all/file"), at("all/folder/file")), read("all/folder/file")), true},
			"one file":            {errors.Join(read("one"), appendTo(at("one"))), true},
			"another file":        {read("other/file"), false},
			"list the parent":     {list("."), false},
			"out by a link":       {errors.Join(os.Symlink(at("other/file"), at("all/link")), read("all/link")), false},
			"out by dots":         {read("read/../other/file"), false},
			"the system's":        {func() error { _, err := os.ReadFile("/etc/passwd"); return err }(), false},
			"what was open":       {func() error { _, err := io.ReadAll(open); return err }(), true},
		} {
			if test.could && test.err != nil || !test.could && !errors.Is(test.err, os.ErrPermission) {
				t.Errorf("%s: %v, allowed %t", name, test.err, test.could)
			}
		}
	})
	if err := errors.Join(read("other/file"), write("read/new")); err != nil {
		t.Errorf("other threads are kept to the rules, too: %v", err)
	}
}

// appendTo writes to a file, which it makes where it is not there, and cuts none.
func appendTo(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString("more")
	return errors.Join(err, f.Close())
}

// TestRun: a program is run only where that is granted.
func TestRun(t *testing.T) {
	require(t, 1)
	program, err := filepath.EvalSymlinks("/bin/true")
	if err != nil {
		t.Fatal(err)
	}
	for access, may := range map[Access]bool{Read: false, Read | Run: true} {
		var out []byte
		var err error
		libraries := map[string]Access{"/lib": Read | Run, "/lib64": Read | Run, "/usr/lib": Read | Run, "/dev/null": Read | Make, program: access}
		kept(t, Rules{Files: libraries}, func() { out, err = exec.Command(program).CombinedOutput() })
		if (err == nil) != may {
			t.Errorf("with %#x: %v %s", access, err, out)
		}
	}
}

// TestNetwork: who is mute answers and asks nobody; who is alone does neither, and reaches no process outside.
func TestNetwork(t *testing.T) {
	require(t, since)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	abstract, err := net.Listen("unix", fmt.Sprintf("@huizong-landlock-%d", os.Getpid()))
	if err != nil {
		t.Fatal(err)
	}
	defer abstract.Close()
	dial := func(network, address string) error {
		conn, err := net.Dial(network, address)
		if err == nil {
			conn.Close()
		}
		return err
	}
	var plain net.ListenConfig
	plain.SetMultipathTCP(false) // that is another protocol, which the kernel does not forbid
	listen := func() error {
		l, err := plain.Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err == nil {
			l.Close()
		}
		return err
	}
	for name, test := range map[string]struct {
		rules Rules
		could string
	}{
		"Files": {Rules{}, "dial listen abstract signal"}, "Mute": {Rules{Mute: true}, "listen abstract signal"}, "Alone": {Rules{Alone: true}, ""},
	} {
		var could []string
		kept(t, test.rules, func() {
			for _, try := range []struct {
				name string
				err  error
			}{{"dial", dial("tcp", listener.Addr().String())}, {"listen", listen()}, {"abstract", dial("unix", abstract.Addr().String())}, {"signal", unix.Kill(os.Getppid(), 0)}} {
				if try.err == nil {
					could = append(could, try.name)
				} else if !errors.Is(try.err, os.ErrPermission) {
					t.Errorf("%s: %s: %v", name, try.name, try.err)
				}
			}
		})
		if got := strings.Join(could, " "); got != test.could {
			t.Errorf("%s could %q, want %q", name, got, test.could)
		}
	}
}

// TestGrantFails: a grant that cannot be given is an error that names the path, and no silent lack of it.
func TestGrantFails(t *testing.T) {
	require(t, 1)
	file := filepath.Join(t.TempDir(), "file")
	mustWrite(t, file)
	path := filepath.Join(file, "below")
	failed := make(chan error)
	go func() {
		runtime.LockOSThread()
		failed <- Restrict(Rules{Files: map[string]Access{path: Read}})
	}()
	if err := <-failed; !errors.Is(err, unix.ENOTDIR) || !strings.Contains(err.Error(), path) {
		t.Errorf("a path below a file: %v", err)
	}
}

// TestHandled: of each version of the kernel only what it knows is asked, with as much of the struct as it knows.
func TestHandled(t *testing.T) {
	for _, test := range []struct {
		version int
		rules   Rules
		fs, net uint64
		scoped  uint64
		size    uintptr
	}{
		{1, Rules{Alone: true}, first, 0, 0, 8},
		{2, Rules{Mute: true}, first | moving, 0, 0, 8},
		{3, Rules{}, first | moving | cutting, 0, 0, 8},
		{4, Rules{}, first | moving | cutting, 0, 0, 8},
		{4, Rules{Mute: true}, first | moving | cutting, unix.LANDLOCK_ACCESS_NET_CONNECT_TCP, 0, 16},
		{4, Rules{Alone: true}, first | moving | cutting, tcp, 0, 16},
		{5, Rules{Mute: true}, first | moving | cutting, unix.LANDLOCK_ACCESS_NET_CONNECT_TCP, 0, 16},
		{5, Rules{Alone: true}, first | moving | cutting | devices, tcp, 0, 16},
		{6, Rules{Alone: true}, first | moving | cutting | devices, tcp, others, 24},
		{99, Rules{Mute: true, Alone: true}, first | moving | cutting | devices, tcp, others, 24},
	} {
		got, size := handled(test.version, test.rules)
		if got.Handled_access_fs != test.fs || got.Handled_access_net != test.net || got.Scoped != test.scoped || size != test.size {
			t.Errorf("version %d, %+v: %+v of %d bytes", test.version, test.rules, got, size)
		}
	}
}
