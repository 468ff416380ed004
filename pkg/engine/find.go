package engine

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"huizong/pkg/reporting"
)

// PathVar is the environment variable that stands in for an empty Config.Path.
const PathVar = "HUIZONG_ENGINE"

// program is what runs ClickHouse: a library that a child of ours loads, or a binary of its own.
type program struct {
	path    string
	library bool
}

// command is the child, not yet started.
func (p program) command(args []string) *exec.Cmd {
	as := childArg
	if !p.library {
		as, args = programArg, append([]string{"local"}, args...)
	}
	exe := self
	if exe == "" {
		exe, _ = os.Executable() // it was found once, in find
	}
	cmd := exec.Command(exe, append([]string{as, p.path}, args...)...)
	cmd.Args[0] = filepath.Base(os.Args[0])
	return cmd
}

// find says which engine Start runs. The path, or where it is empty that in HUIZONG_ENGINE, is taken as it is: a library, a folder with one,
// or a clickhouse binary. Without either it is the first of
//
//   - the library beside the running binary: in its folder, in ../lib, in ../deploy/engine where `make engine` puts it;
//   - the library in deploy/engine of the working folder, or of the Go module it is in, so that tests find it;
//   - `clickhouse` on PATH.
//
// Returns Unavailable, naming what to do, if there is none.
func find(path string) (program, error) {
	if path == "" {
		path = os.Getenv(PathVar)
	}
	if path != "" {
		return named(path)
	}
	for _, dir := range libraryFolders() {
		if lib, ok := libraryIn(dir); ok {
			return program{path: lib, library: true}, nil
		}
	}
	if bin, err := exec.LookPath("clickhouse"); err == nil {
		if bin, err = filepath.Abs(bin); err == nil {
			return program{path: bin}, nil
		}
	}
	return program{}, reporting.Errorf(reporting.Unavailable, "no ClickHouse engine for %s/%s found: "+
		"run `make engine` to fetch the library (Linux on x86-64), or install clickhouse so that it is on PATH, "+
		"or name a library or binary by --engine or in %s, or give the address of a running server with --clickhouse", runtime.GOOS, runtime.GOARCH, PathVar)
}

// named is the engine that somebody asked for by its path. No other is used in its place.
func named(path string) (program, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return program{}, reporting.Errorf(reporting.Invalid, "engine %q: %w", path, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return program{}, reporting.Errorf(reporting.Unavailable, "engine as configured: %w", err)
	}
	if info.IsDir() {
		lib, ok := libraryIn(path)
		if !ok {
			return program{}, reporting.Errorf(reporting.Unavailable, "engine as configured: no library in folder %s", path)
		}
		return program{path: lib, library: true}, nil
	}
	ext := filepath.Ext(path)
	return program{path: path, library: ext == ".so" || ext == ".dylib"}, nil
}

// libraryFolders are the folders to look into, in order. One that cannot be found out is left out.
func libraryFolders() []string {
	var dirs []string
	if exe, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		bin := filepath.Dir(exe)
		dirs = append(dirs, bin, filepath.Join(bin, "..", "lib"), filepath.Join(bin, "..", "deploy", "engine"))
	}
	if wd, err := os.Getwd(); err == nil {
		dirs = append(dirs, filepath.Join(wd, "deploy", "engine"))
		if root, ok := moduleRoot(wd); ok {
			dirs = append(dirs, filepath.Join(root, "deploy", "engine"))
		}
	}
	return dirs
}

// moduleRoot is the nearest folder above, or dir itself, that has a go.mod.
func moduleRoot(dir string) (string, bool) {
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}

// libraryIn looks for the library of this platform: in the folder itself, and where npm puts it.
func libraryIn(dir string) (string, bool) {
	npm := filepath.Join(dir, "node_modules", "@chdb", "lib-"+npmPlatform())
	for _, d := range []string{dir, npm} {
		for _, name := range []string{"libchdb.so", "libchdb.dylib"} {
			lib := filepath.Join(d, name)
			if info, err := os.Stat(lib); err == nil && info.Mode().IsRegular() {
				return lib, true
			}
		}
	}
	return "", false
}

// npmPlatform is the platform as npm's packages name it: linux-x64-gnu, darwin-arm64.
func npmPlatform() string {
	name := runtime.GOOS + "-" + strings.Replace(runtime.GOARCH, "amd64", "x64", 1)
	if runtime.GOOS == "linux" {
		name += "-gnu"
	}
	return name
}
