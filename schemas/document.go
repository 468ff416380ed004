package schemas

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"

	"huizong/pkg/reporting"
)

// document is one YAML file: decoded strictly, and kept as a tree so that a wrong value can be named with its line.
type document struct {
	path string
	root *yaml.Node
}

// readDocument decodes the file into value. A key that value does not know is an error: a misspelled key must not be a rule that
// silently never runs.
func readDocument(fsys fs.FS, path string, value any) (*document, error) {
	data, err := fs.ReadFile(fsys, path)
	if err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "read %s: %w", path, err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(value); err != nil && !errors.Is(err, io.EOF) {
		return nil, reporting.Errorf(reporting.Invalid, "%s", yamlMessage(path, err))
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "%s", yamlMessage(path, err))
	}
	return &document{path: path, root: &root}, nil
}

var yamlLine = regexp.MustCompile(`line (\d+): `)

// yamlMessage turns the library's "yaml: line 3: …" into "path:3: …".
func yamlMessage(path string, err error) string {
	text := err.Error()
	if m := yamlLine.FindStringSubmatchIndex(text); m != nil {
		return fmt.Sprintf("%s:%s: %s", path, text[m[2]:m[3]], text[m[1]:])
	}
	return path + ": " + text
}

// errorf is an error at the value that the keys lead to: names of mappings and indexes of lists.
func (d *document) errorf(keys []any, format string, args ...any) error {
	return reporting.Errorf(reporting.Invalid, "%s:%d: %s", d.path, d.line(keys...), fmt.Sprintf(format, args...))
}

// line is where the value stands, or the nearest thing above it that is there.
func (d *document) line(keys ...any) int {
	node := d.root
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	line := max(node.Line, 1)
	for _, key := range keys {
		next := child(node, key)
		if next == nil {
			break
		}
		node, line = next, next.Line
	}
	return line
}

func child(node *yaml.Node, key any) *yaml.Node {
	switch k := key.(type) {
	case int:
		if node.Kind == yaml.SequenceNode && k < len(node.Content) {
			return node.Content[k]
		}
	case string:
		for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == k {
				return node.Content[i+1]
			}
		}
	default:
		panic("key of type " + strconv.Quote(fmt.Sprintf("%T", key)))
	}
	return nil
}

func at(keys ...any) []any { return keys }
