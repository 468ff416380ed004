package compile

import (
	"errors"
	"fmt"
	"slices"

	"huizong/pkg/reporting"
)

// Problem is one mistake in a template.
type Problem struct {
	File    string
	Line    int
	Column  int // in characters
	Message string
}

// Error prints file:line:column, which editors follow.
func (p Problem) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}

// problems collects the mistakes of one file, so that its author sees all of them at once.
type problems struct {
	file  string
	found []Problem
}

func (p *problems) add(at position, format string, args ...any) {
	p.found = append(p.found, Problem{File: p.file, Line: at.line, Column: at.column, Message: fmt.Sprintf(format, args...)})
}

// err joins the problems in the order of the text, or returns nil.
func (p *problems) err() error {
	slices.SortStableFunc(p.found, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	joined := make([]error, len(p.found))
	for i, f := range p.found {
		joined[i] = f
	}
	if len(joined) == 0 {
		return nil
	}
	return &reporting.Error{Code: reporting.Invalid, Err: errors.Join(joined...)}
}
