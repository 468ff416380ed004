package portal

import (
	"embed"
	"html/template"
	"io"
	"io/fs"
	"reflect"

	"huizong/pkg/reporting"
)

// Templates are the pages of a room: a file each, pages/NAME.html, which defines "body" and may define "head", and pages/components*.html, which
// they share. Of says what each shows, by a value of its type; nil is nothing. A page that is shown anything else is an error, and portaltest.Check
// finds what a template asks for and its type has not.
type Templates struct {
	Files fs.FS
	Of    map[string]any
}

// Pages are the shell's: frame.html around every page, components*.html what those of several rooms share.
//
//go:embed pages
var Pages embed.FS

var ownTemplates = Templates{Pages, map[string]any{"error": errorPage{}}}

// loadedPage is a page in one language, and the type of what it shows.
type loadedPage struct {
	*template.Template
	of reflect.Type
}

// load parses every page once a language: its words stand in the templates, both languages beside each other.
func (s *Shell) load(rooms []Templates) error {
	s.templates = map[string]loadedPage{}
	for _, lang := range []string{"zh", "en"} {
		words, err := s.Words(lang)
		if err != nil {
			return err
		}
		base, err := template.New("").Option("missingkey=error").Funcs(words).ParseFS(Pages, "pages/frame.html", "pages/components*.html")
		if err != nil {
			return err
		}
		for _, room := range rooms {
			if err := s.loadRoom(lang, base, room); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Shell) loadRoom(lang string, base *template.Template, room Templates) error {
	own, err := base.Clone()
	if err != nil {
		return err
	}
	if shared, _ := fs.Glob(room.Files, "pages/components*.html"); len(shared) > 0 { // the pattern is a good one
		if own, err = own.ParseFS(room.Files, shared...); err != nil {
			return err
		}
	}
	for name, data := range room.Of {
		page, err := own.Clone()
		if err != nil {
			return err
		}
		if page, err = page.ParseFS(room.Files, "pages/"+name+".html"); err != nil {
			return err
		}
		s.templates[lang+"/"+name] = loadedPage{page, typeOf(data)}
	}
	return nil
}

// typeOf is the type of a page's data; a pointer to it is as good.
func typeOf(data any) reflect.Type {
	t := reflect.TypeOf(data)
	if t != nil && t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// Template is a page as it was parsed, before it was shown.
func (s *Shell) Template(lang, page string) *template.Template {
	return s.templates[lang+"/"+page].Template
}

// execute writes a part of a page. What the page shows has to be of its type.
func (s *Shell) execute(w io.Writer, lang, page, part string, shown, data any) error {
	t, there := s.templates[lang+"/"+page]
	if !there {
		return reporting.Errorf(reporting.Internal, "page %s: no such template", page)
	}
	if got := typeOf(shown); got != t.of {
		return reporting.Errorf(reporting.Internal, "page %s: it shows %v, not %v", page, t.of, got)
	}
	if err := t.ExecuteTemplate(w, part, data); err != nil {
		return reporting.Errorf(reporting.Internal, "page %s: %w", page, err)
	}
	return nil
}
