// Package portaltest has what the tests of the portal's rooms share.
package portaltest

import (
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
	"text/template/parse"

	"huizong/services/portal"
)

// Check fails for what a room's template asks for and the type of its page has not, in every branch of it, and for a page without a type.
func Check(t *testing.T, room portal.Templates) {
	t.Helper()
	for _, problem := range Problems(t, room) {
		t.Error(problem)
	}
}

// Problems are what Check fails for.
func Problems(t *testing.T, room portal.Templates) []string {
	t.Helper()
	shell, err := portal.NewShell(portal.Shell{}, room)
	if err != nil {
		t.Fatal(err)
	}
	words, err := shell.Words("zh")
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(room.Files, "pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	var problems []string
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if _, typed := room.Of[name]; !typed && name != "frame" && !strings.HasPrefix(name, "components") {
			problems = append(problems, name+" shows nothing that has a type")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(room.Of)) {
		c := &checker{words: words, page: shell.Template("zh", name), seen: map[string]bool{}}
		of := kind{of: reflect.TypeOf(room.Of[name])}
		for _, part := range []string{"head", "body"} {
			c.template(part, of)
		}
		problems = append(problems, c.problems...)
	}
	return problems
}

// kind is what is known of a value in a template: its type, or, of the argument of a component, what each name stands for. The zero value is
// nothing known: whatever is asked of it may be there.
type kind struct {
	of    reflect.Type
	named map[string]kind
}

func (k kind) String() string { return fmt.Sprintf("%v%v", k.of, slices.Sorted(maps.Keys(k.named))) }

type checker struct {
	words    template.FuncMap
	page     *template.Template
	seen     map[string]bool // templates with what they were given
	problems []string

	in   string // the template
	vars map[string]kind
}

func (c *checker) fail(node parse.Node, format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf("%s: %s: %s", c.in, node, fmt.Sprintf(format, args...)))
}

// template checks one of the page's templates, given a value of the kind.
func (c *checker) template(name string, dot kind) {
	t := c.page.Lookup(name)
	if t == nil || t.Tree == nil || c.seen[name+dot.String()] {
		return
	}
	c.seen[name+dot.String()] = true
	in, vars := c.in, c.vars
	c.in, c.vars = name, map[string]kind{"$": dot}
	c.node(t.Tree.Root, dot)
	c.in, c.vars = in, vars
}

func (c *checker) node(node parse.Node, dot kind) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, one := range n.Nodes {
			c.node(one, dot)
		}
	case *parse.ActionNode:
		c.pipe(n.Pipe, dot)
	case *parse.IfNode:
		c.pipe(n.Pipe, dot)
		c.node(n.List, dot)
		c.node(n.ElseList, dot)
	case *parse.WithNode:
		c.node(n.List, c.pipe(n.Pipe, dot))
		c.node(n.ElseList, dot)
	case *parse.RangeNode:
		c.node(n.List, c.each(n, dot))
		c.node(n.ElseList, dot)
	case *parse.TemplateNode:
		given := kind{of: reflect.TypeOf(nil)}
		if n.Pipe != nil {
			given = c.pipe(n.Pipe, dot)
		}
		if c.page.Lookup(n.Name) == nil {
			c.fail(n, "no such template")
		}
		c.template(n.Name, given)
	}
}

// each declares the variables of a range, and returns the kind of its elements.
func (c *checker) each(n *parse.RangeNode, dot kind) kind {
	over := c.commands(n.Pipe, dot)
	var key, element kind
	if t := plain(over.of); t != nil {
		switch t.Kind() {
		case reflect.Slice, reflect.Array:
			key, element = kind{of: reflect.TypeFor[int]()}, kind{of: t.Elem()}
		case reflect.Map:
			key, element = kind{of: t.Key()}, kind{of: t.Elem()}
		case reflect.Int:
			key, element = kind{of: t}, kind{of: t}
		default:
			c.fail(n.Pipe, "%v has no elements", over.of)
		}
	}
	switch names := n.Pipe.Decl; len(names) {
	case 1:
		c.vars[names[0].Ident[0]] = element
	case 2:
		c.vars[names[0].Ident[0]], c.vars[names[1].Ident[0]] = key, element
	}
	return element
}

func (c *checker) pipe(p *parse.PipeNode, dot kind) kind {
	value := c.commands(p, dot)
	for _, name := range p.Decl {
		c.vars[name.Ident[0]] = value
	}
	return value
}

func (c *checker) commands(p *parse.PipeNode, dot kind) (value kind) {
	for _, command := range p.Cmds {
		value = c.command(command, dot)
	}
	return value
}

// command is a value, or a call of a word.
func (c *checker) command(n *parse.CommandNode, dot kind) kind {
	var args []kind
	for _, arg := range n.Args[1:] {
		args = append(args, c.value(arg, dot))
	}
	word, called := n.Args[0].(*parse.IdentifierNode)
	if !called {
		return c.value(n.Args[0], dot)
	}
	switch word.Ident {
	case "pair":
		named := map[string]kind{}
		for i := 0; i+1 < len(args); i += 2 {
			if name, ok := n.Args[1+i].(*parse.StringNode); ok {
				named[name.Text] = args[i+1]
			}
		}
		return kind{named: named}
	case "or", "and":
		return args[len(args)-1]
	case "index":
		if t := plain(args[0].of); t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Map) {
			return kind{of: t.Elem()}
		}
		return kind{}
	}
	if f := c.words[word.Ident]; f != nil {
		return c.result(n, reflect.TypeOf(f), args)
	}
	return kind{} // eq, len, print and the like
}

// result is what a function returns. Its arguments have to be of its types.
func (c *checker) result(n parse.Node, f reflect.Type, args []kind) kind {
	for i, arg := range args {
		want := f.In(min(i, f.NumIn()-1))
		if f.IsVariadic() && i >= f.NumIn()-1 {
			want = f.In(f.NumIn() - 1).Elem()
		}
		if arg.of != nil && !arg.of.AssignableTo(want) && !(arg.of.Kind() == reflect.Pointer && arg.of.Elem().AssignableTo(want)) {
			c.fail(n, "argument %d is %v, not %v", i+1, arg.of, want)
		}
	}
	return kind{of: f.Out(0)}
}

func (c *checker) value(n parse.Node, dot kind) kind {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return c.fields(n, dot, n.Ident)
	case *parse.VariableNode:
		return c.fields(n, c.vars[n.Ident[0]], n.Ident[1:])
	case *parse.ChainNode:
		return c.fields(n, c.value(n.Node, dot), n.Field)
	case *parse.PipeNode:
		return c.pipe(n, dot)
	}
	return kind{} // a constant fits where it stands, or the page does not parse
}

// fields follows names from a value.
func (c *checker) fields(n parse.Node, from kind, names []string) kind {
	for _, name := range names {
		if from.named != nil {
			next, there := from.named[name]
			if !there {
				c.fail(n, "the component is not given %s", name)
			}
			from = next
			continue
		}
		if from.of == nil || plain(from.of).Kind() == reflect.Interface {
			return kind{}
		}
		next, there := member(from.of, name)
		if !there {
			c.fail(n, "%v has no %s", from.of, name)
			return kind{}
		}
		from = kind{of: next}
	}
	return from
}

// member is the type of a field, or of what a method returns. A map has none: a key that it lacks is an error when the page is shown, and index has to be
// used, which gives nothing then.
func member(of reflect.Type, name string) (reflect.Type, bool) {
	t := plain(of)
	if method, ok := reflect.PointerTo(t).MethodByName(name); ok {
		return method.Type.Out(0), true
	}
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	field, ok := t.FieldByName(name)
	return field.Type, ok && field.IsExported()
}

// plain is the type that a pointer points to.
func plain(t reflect.Type) reflect.Type {
	if t != nil && t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
