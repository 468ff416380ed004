package main

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport are the packages that need a reason, with those of the product that have one. No other imports them, and what has no line here may be imported by all.
var mayImport = map[string][]string{
	"C":                 nil,
	"plugin":            nil,
	"testing":           nil,
	"net/http/httptest": nil,
	"net/http/pprof":    nil,
	"expvar":            nil,
	"net/smtp":          nil,
	"os/exec":           {"pkg/engine", "pkg/confined", "services/huizong"}, // the engine, the readers, and the server of `huizong demo`: all of them this program, or the engine's
	"unsafe":            {"pkg/engine", "pkg/landlock", "pkg/confined", "pkg/workbook/internal/arena"},
	"text/template":     {"pkg/engine"}, // its configuration, of values of our own
	"math/rand":         nil,
	"math/rand/v2":      {"pkg/clickhouse"},             // ids of attempts: no secret
	"crypto/md5":        {"pkg/workbook/internal/biff"}, // sheets of Excel 97 that are locked with the password that everybody has
	"crypto/rc4":        {"pkg/workbook/internal/biff"},
	"crypto/sha1":       nil,
	"crypto/des":        nil,
	"crypto/dsa":        nil,
	"crypto/rsa":        nil,
	"crypto/aes":        nil,
	"crypto/cipher":     nil,
	"crypto/elliptic":   {"services/huizong"},
}

// product are the packages of ours that the binary is made of, with their files.
func product(t *testing.T) map[string][]string {
	t.Helper()
	list, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Dir,GoFiles", ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := map[string][]string{}
	for decoder := json.NewDecoder(strings.NewReader(string(list))); ; {
		var p struct {
			ImportPath, Dir string
			GoFiles         []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if name, ours := strings.CutPrefix(p.ImportPath, "huizong/"); ours {
			for _, file := range p.GoFiles {
				packages[name] = append(packages[name], filepath.Join(p.Dir, file))
			}
		}
	}
	if len(packages) < 30 {
		t.Fatalf("the binary is made of %d packages only", len(packages))
	}
	return packages
}

// TestSource: what docs/security.md says of the source as a whole. A package that needs a reason is imported where it has one; regular expressions and texts with
// verbs are constants; nothing turns off the check of a certificate, or puts a text into a page as it is.
func TestSource(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for name, files := range product(t) {
		for _, path := range files {
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range file.Imports {
				what, _ := strconv.Unquote(spec.Path.Value)
				if who, needsReason := mayImport[what]; needsReason && !slices.Contains(who, name) {
					t.Errorf("%s imports %s: why?", path, what)
				}
				seen[what+" "+name] = true
			}
			for _, declared := range file.Decls {
				_, inFunction := declared.(*ast.FuncDecl)
				ast.Inspect(declared, func(n ast.Node) bool {
					if what := dangerous(n, inFunction && !ofDefinitions(path)); what != "" {
						t.Errorf("%s: %s", set.Position(n.Pos()), what)
					}
					return true
				})
			}
		}
	}
	for what, who := range mayImport {
		for _, name := range who {
			if !seen[what+" "+name] && !(what == "crypto/elliptic" || what == "os/exec") {
				t.Errorf("%s may import %s, and does not: the table says too much", name, what)
			}
		}
	}
}

// ofDefinitions reports whether regular expressions are made there of the bureau's forms and units, which whoever runs the server writes.
func ofDefinitions(path string) bool {
	return strings.HasSuffix(path, "/schemas/forms.go") || strings.HasSuffix(path, "/pkg/normalize/units.go")
}

// dangerous says what is wrong with a piece of source. What is made when the program starts is made of nothing that comes in.
func dangerous(n ast.Node, later bool) string {
	switch n := n.(type) {
	case *ast.Ident:
		if n.Name == "InsecureSkipVerify" {
			return "a certificate is not checked"
		}
	case *ast.CallExpr:
		from, name := called(n)
		switch {
		case later && from == "regexp" && strings.Contains(name, "Compile") && !constant(n.Args[0]):
			return "a regular expression is made of what comes in"
		case from == "template" && slices.Contains([]string{"HTML", "HTMLAttr", "JS", "JSStr", "CSS", "Srcset", "URL"}, name) && !ownPicture(n.Args[0]):
			return "a text is put into a page as it is"
		case from == "exec" && strings.HasPrefix(name, "Command") && shell(n):
			return "a shell is started"
		}
	}
	return ""
}

// called is the function of another package that is called, with the package's name.
func called(call *ast.CallExpr) (from, name string) {
	if s, ok := call.Fun.(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok {
			return x.Name, s.Sel.Name
		}
	}
	return "", ""
}

// constant reports whether an expression is made of literals, of names that stand for constants of the same file, and of quoted ones.
func constant(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.BinaryExpr:
		return constant(e.X) && constant(e.Y)
	case *ast.ParenExpr:
		return constant(e.X)
	case *ast.Ident:
		return e.Obj != nil && e.Obj.Kind == ast.Con
	}
	return false
}

// ownPicture is the one address that stands in a page as it is: a picture that we have drawn, in base64.
func ownPicture(e ast.Expr) bool {
	b, ok := e.(*ast.BinaryExpr)
	if !ok {
		return false
	}
	begins, ok := b.X.(*ast.BasicLit)
	return ok && begins.Value == `"data:image/png;base64,"`
}

func shell(call *ast.CallExpr) bool {
	return slices.ContainsFunc(call.Args, func(e ast.Expr) bool {
		l, ok := e.(*ast.BasicLit)
		return ok && slices.Contains([]string{`"sh"`, `"/bin/sh"`, `"bash"`, `"/bin/bash"`, `"cmd"`, `"-c"`}, l.Value)
	})
}

// never are what a script of ours, or a template of a page, does not do: read text as a page or as a script, keep something in the browser, speak with another
// window, or reach what all objects share.
var never = map[string]*regexp.Regexp{
	".js":   regexp.MustCompile(`(?:inner|outer)HTML\s*\+?=[^=]|insertAdjacentHTML|document\.write|\beval\(|new Function|set(?:Timeout|Interval)\(\s*["'\x60]|postMessage|localStorage|sessionStorage|indexedDB|document\.cookie|__proto__|Object\.(?:assign|setPrototypeOf)|importScripts|serviceWorker`),
	".html": regexp.MustCompile(`(?i)<script(?:\s+(?:defer|type="module"))*\s*>|\son[a-z]+\s*=|javascript:|<(?:object|embed|applet|frame|marquee|font)\b|https?://(?:[^"]*\.)?(?:cdn|googleapis|jsdelivr)`),
}

// TestScripts: none of our scripts and pages does what it never does, so that a text stays a text in the browser.
func TestScripts(t *testing.T) {
	t.Parallel()
	tried := map[string]int{}
	for _, folder := range []string{"../portal/static", "../portal/pages", "../portal/clerk/pages", "../portal/review/pages", "../portal/analyst/pages", "../portal/admin/pages", "../portal/account/pages", "../portal/api/pages", "../portal/bundle/src"} {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			forbidden := never[filepath.Ext(path)]
			if err != nil || entry.IsDir() || forbidden == nil {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			tried[filepath.Ext(path)]++
			if found := forbidden.Find(text); found != nil {
				t.Errorf("%s has %q", path, found)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if tried[".js"] < 7 || tried[".html"] < 20 {
		t.Errorf("looked through: %v", maps.Clone(tried))
	}
}
