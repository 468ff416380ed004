// Package portal is the shell of the pages and the API: the frame around every page, its menu, its words in both languages, the components
// that several rooms use, how errors are shown, and how files and lists go out. Each audience has a room of its own in a folder beside it, which sees
// the shell and no other room. Nothing here or in them changes a figure.
package portal

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
	"unicode"

	"huizong/pkg/access"
	"huizong/pkg/audit"
	"huizong/pkg/phrase"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
	"huizong/services/portal/built"
)

// static are our styles and small scripts. They are served under /static/ with the hash of their content, and kept for good.
//
//go:embed static
var static embed.FS

// Shell is what all pages have in common: the frame around them, the words of both languages, the pages for errors.
type Shell struct {
	Catalogue *reporting.Catalogue
	Person    func(account string) string // the display name of an account; "" where there is none
	Secure    bool                        // it is reached over TLS

	templates map[string]loadedPage // by language and name: zh/due
}

// NewShell has the pages of the rooms loaded.
func NewShell(s Shell, rooms ...Templates) (*Shell, error) {
	if err := s.load(append(rooms, ownTemplates)); err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	return &s, nil
}

// frame is what stands around a page.
type frame struct {
	Lang  string
	Title string
	Path  string
	Other string // the address of this page in the other language
	Who   access.Principal
	Role  string
	Unit  string
	Nav   []navItem
	Page  any // what the page itself shows
}

type navItem struct {
	Path, Name string
	Here       bool
}

// Show renders a page for the caller, in the language of the request.
func (s *Shell) Show(w http.ResponseWriter, r *http.Request, page string, title reporting.Text, data any) error {
	return s.ShowStatus(w, r, http.StatusOK, page, title, data)
}

func (s *Shell) ShowStatus(w http.ResponseWriter, r *http.Request, status int, page string, title reporting.Text, data any) error {
	lang, who := s.Language(w, r), access.From(r.Context())
	f := frame{Lang: lang, Title: phrase.Pick(lang, title), Path: r.URL.Path, Other: inOther(r, lang), Who: who, Role: RolesWords(lang, who.Roles()), Nav: navigation(r, lang, who), Page: data}
	if u := s.Catalogue.Unit(who.Unit); u != nil {
		f.Unit = phrase.Pick(lang, u.Name)
	}
	var body bytes.Buffer
	if err := s.execute(&body, lang, page, "frame.html", data, f); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", lang)
	w.WriteHeader(status)
	_, err := body.WriteTo(w)
	return err
}

// Language is that of the request: ?lang, which is remembered, or what was remembered; Chinese otherwise.
func (s *Shell) Language(w http.ResponseWriter, r *http.Request) string {
	if lang := r.URL.Query().Get("lang"); lang == "zh" || lang == "en" {
		http.SetCookie(w, &http.Cookie{Name: langCookie(s.Secure), Value: lang, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.Secure})
		return lang
	}
	if cookie, err := r.Cookie(langCookie(s.Secure)); err == nil && cookie.Value == "en" {
		return "en"
	}
	return "zh"
}

// langCookie is the name of the cookie that remembers the language.
func langCookie(secure bool) string {
	if secure {
		return "__Host-lang"
	}
	return "lang"
}

// inOther is the address of the page in the other language.
func inOther(r *http.Request, lang string) string {
	q := r.URL.Query()
	q.Set("lang", map[string]string{"zh": "en", "en": "zh"}[lang])
	return r.URL.Path + "?" + q.Encode()
}

// Words are the functions of the templates: how things are named and printed in a language.
func (s *Shell) Words(lang string) (template.FuncMap, error) {
	hashes, err := hashStatic()
	return template.FuncMap{
		"t":          func(zh, en string) string { return phrase.Pick(lang, reporting.Text{ZH: zh, EN: en}) },
		"text":       func(text reporting.Text) string { return phrase.Pick(lang, text) },
		"lang":       func() string { return lang },
		"static":     func(name string) string { return "/static/" + name + "?v=" + hashes[name] },
		"built":      built.Path,
		"unit":       func(code string) string { return phrase.Unit(s.Catalogue, lang, code) },
		"factor":     func(factor string) string { return phrase.Pick(lang, factorNames[access.Factor(factor)]) },
		"action":     func(action audit.Action) string { return actionWords(lang, action) },
		"permission": func(scope access.Permission) string { return phrase.Pick(lang, PermissionNames[scope]) },
		"person":     func(account string) string { return s.PersonWords(lang, account) },
		"form":       func(id string) string { return phrase.Form(s.Catalogue, lang, id) },
		"period":     func(period reporting.Period) string { return phrase.Period(lang, period) },
		"moment":     func(at time.Time) string { return at.In(reporting.Zone).Format("2006-01-02 15:04:05") },
		"minute":     func(at time.Time) string { return at.In(reporting.Zone).Format("01-02 15:04") },
		"day":        func(at time.Time) string { return phrase.Day(lang, at) },
		"short":      phrase.Short,
		"finding": func(f reporting.Finding) string {
			return phrase.Pick(lang, reporting.Text{ZH: f.Message, EN: f.MessageEN})
		},
		"severity": func(s reporting.Severity) string { return phrase.Pick(lang, SeverityNames[s]) },
		"sub":      func(a, b int) int { return a - b },
		"bytes":    phrase.Size,
		"role":     func(r any) string { return phrase.Pick(lang, RoleNames[access.Role(fmt.Sprint(r))]) }, // also of a log, where it is a text
		"roles":    func(set access.RoleSet) string { return RolesWords(lang, set) },
		"ending":   func(name string) string { return strings.TrimPrefix(path.Ext(name), ".") },
		"add":      func(a, b int) int { return a + b },
		"pair":     func(keysAndValues ...any) map[string]any { return pair(keysAndValues) },
	}, err
}

// pair makes the argument of a component out of names and values.
func pair(keysAndValues []any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		m[fmt.Sprint(keysAndValues[i])] = keysAndValues[i+1]
	}
	return m
}

// hashStatic is the hash of each static file, by name.
func hashStatic() (map[string]string, error) {
	hashes := map[string]string{}
	err := fs.WalkDir(static, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := static.ReadFile(name)
		sum := sha256.Sum256(data)
		hashes[strings.TrimPrefix(name, "static/")] = hex.EncodeToString(sum[:6])
		return err
	})
	return hashes, err
}

// StaticFile serves a style or a script. Its address changes with its content, so that it may be kept for good.
func (s *Shell) StaticFile(w http.ResponseWriter, r *http.Request) error {
	data, err := static.ReadFile("static/" + path.Clean("/" + r.PathValue("file"))[1:])
	if err != nil {
		return reporting.Errorf(reporting.NotFound, "there is no %s", r.URL.Path)
	}
	if r.URL.Query().Get("v") != "" {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, r.PathValue("file"), time.Time{}, bytes.NewReader(data))
	return nil
}

// BuiltFile serves a chart script, the API viewer, or another file that was built from npm packages.
func (s *Shell) BuiltFile(w http.ResponseWriter, r *http.Request) error {
	return built.Serve(w, r, r.PathValue("file"))
}

// errorPage is what a person is shown of an error.
type errorPage struct {
	Status        int
	Title, Advice reporting.Text
	Detail        string // in the words of the program
}

// ErrorPage shows an error to a person: what happened, and what to do.
func (s *Shell) ErrorPage(w http.ResponseWriter, r *http.Request, status int, err error) {
	code := reporting.CodeOf(err)
	words, known := errorWords[code]
	if !known {
		words = errorWords[reporting.Internal]
	}
	advice, detail := words.advice, problem.Detail(err)
	if said, both := InBoth(err); both {
		advice, detail = said, "" // it knows better what to do
	}
	if err := s.ShowStatus(w, r, status, "error", words.title, errorPage{status, words.title, advice, detail}); err != nil {
		http.Error(w, http.StatusText(status), status)
	}
}

// InBoth is the text of an error for whoever sends sheets, which is said in Chinese / in English.
func InBoth(err error) (reporting.Text, bool) {
	zh, en, both := strings.Cut(err.Error(), " / ")
	return reporting.Text{ZH: zh + "。", EN: en + "."}, both && strings.ContainsFunc(zh, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

var errorWords = map[reporting.Code]struct{ title, advice reporting.Text }{
	reporting.Invalid:         {reporting.Text{ZH: "这样填不对", EN: "This is not right"}, reporting.Text{ZH: "请返回上一页改正后再提交。", EN: "Please go back, correct it and send it again."}},
	reporting.NotFound:        {reporting.Text{ZH: "没有这个页面", EN: "Not found"}, reporting.Text{ZH: "地址可能有误，或者它不属于您的单位。", EN: "The address may be wrong, or it is not your unit's."}},
	reporting.Conflict:        {reporting.Text{ZH: "现在不能这样做", EN: "Not now"}, reporting.Text{ZH: "情况已经变化，请刷新页面再看。", EN: "Things have changed: reload the page."}},
	reporting.Unauthenticated: {reporting.Text{ZH: "请先登录", EN: "Please sign in"}, reporting.Text{ZH: "登录已过期或尚未登录。", EN: "Your session has ended, or you are not signed in."}},
	reporting.Forbidden:       {reporting.Text{ZH: "没有权限", EN: "Not permitted"}, reporting.Text{ZH: "您的账号不能做这件事。如有需要，请联系市局管理员。", EN: "Your account may not do this. Ask the administrator of the bureau if it should."}},
	reporting.TooMany:         {reporting.Text{ZH: "太频繁了", EN: "Too often"}, reporting.Text{ZH: "请稍等片刻再试。", EN: "Please wait a moment."}},
	reporting.Unavailable:     {reporting.Text{ZH: "服务暂时不可用", EN: "Not available right now"}, reporting.Text{ZH: "请稍后再试；已经给出回执的报表不会丢失。", EN: "Try again shortly; whatever has a receipt is not lost."}},
	reporting.Internal:        {reporting.Text{ZH: "系统出错了", EN: "Something went wrong here"}, reporting.Text{ZH: "错误已记录，请稍后再试或联系市局管理员；已经给出回执的报表不会丢失。", EN: "It has been logged. Try again later or tell the administrator; whatever has a receipt is not lost."}},
}

// FragmentHeader marks a request of a script, which wants a piece of the page.
const FragmentHeader = "X-Fragment"

// Fragment answers with a part of a page: a template of it by its name.
func (s *Shell) Fragment(w http.ResponseWriter, r *http.Request, page, part string, data any) error {
	lang := s.Language(w, r)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", lang)
	return s.execute(w, lang, page, part, data, data)
}

// PersonWords is how a person is named: by the display name of the account, where there is one.
func (s *Shell) PersonWords(lang, account string) string {
	if account == string(access.Operator) {
		return phrase.Pick(lang, RoleNames[access.Operator])
	}
	return cmp.Or(s.Person(account), account)
}
