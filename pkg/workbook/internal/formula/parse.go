// Package formula works out the few formulas that people put into a form: SUM, ROUND and + − × ÷ over cells of the same sheet,
// for files whose writer stored no results (most libraries do not). Arithmetic is exact decimals.
//
// It never guesses. Anything else — another function, another sheet, text in arithmetic, a cycle, a division by zero —
// leaves the cell without a value, which the layers above report.
package formula

import (
	"cmp"
	"errors"
	"strconv"
	"strings"

	"huizong/pkg/reporting"
)

// errUnknown says that a formula is not one of those that we work out.
var errUnknown = errors.New("formula is not evaluated")

// places is how far a division is carried: more than the fifteen digits that a spreadsheet itself keeps.
const places = 20

// maxNesting bounds brackets and signs, which cost stack.
const maxNesting = 100

// evaluate works out the text of a formula, with or without the leading equals sign.
func evaluate(text string, from *evaluator) (reporting.Decimal, error) {
	p := &parser{rest: strings.TrimPrefix(strings.TrimSpace(text), "="), cells: from}
	v, err := p.expression()
	if err != nil {
		return v, err
	}
	if p.space(); p.rest != "" {
		return v, errUnknown
	}
	return v, nil
}

// parser is a recursive descent over what is left of the text.
type parser struct {
	rest  string
	depth int
	cells *evaluator
}

func (p *parser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// take consumes the byte when it comes next.
func (p *parser) take(c byte) bool {
	p.space()
	if p.rest == "" || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *parser) expression() (reporting.Decimal, error) {
	v, err := p.term()
	for err == nil {
		var next reporting.Decimal
		switch {
		case p.take('+'):
			if next, err = p.term(); err == nil {
				v = v.Add(next)
			}
		case p.take('-'):
			if next, err = p.term(); err == nil {
				v = v.Sub(next)
			}
		default:
			return v, nil
		}
	}
	return v, err
}

func (p *parser) term() (reporting.Decimal, error) {
	v, err := p.factor()
	for err == nil {
		var next reporting.Decimal
		switch {
		case p.take('*'):
			if next, err = p.factor(); err == nil {
				v, err = bounded(v.Mul(next))
			}
		case p.take('/'):
			if next, err = p.factor(); err != nil {
				return v, err
			}
			if next.Sign() == 0 {
				return v, errUnknown
			}
			v = v.Quo(next, places)
		default:
			return v, nil
		}
	}
	return v, err
}

// bounded refuses numbers that no form holds: a few multiplications could make them as long as the memory.
func bounded(v reporting.Decimal) (reporting.Decimal, error) {
	const maxScale, maxLength = 60, 120
	if v.Scale() > maxScale || len(v.String()) > maxLength {
		return v, errUnknown
	}
	return v, nil
}

func (p *parser) factor() (reporting.Decimal, error) {
	if p.depth++; p.depth > maxNesting {
		return reporting.Decimal{}, errUnknown
	}
	defer func() { p.depth-- }()
	switch {
	case p.take('+'):
		return p.factor()
	case p.take('-'):
		v, err := p.factor()
		return v.Neg(), err
	case p.take('('):
		v, err := p.expression()
		if err == nil && !p.take(')') {
			err = errUnknown
		}
		return v, err
	case p.takeWord("SUM("):
		return p.sum()
	case p.takeWord("ROUND("):
		return p.round()
	}
	if ref, rest, ok := cutReference(p.rest); ok {
		p.rest = rest
		return p.cells.value(ref.row, ref.col)
	}
	return p.number()
}

func (p *parser) takeWord(word string) bool {
	if len(p.rest) < len(word) || !strings.EqualFold(p.rest[:len(word)], word) {
		return false
	}
	p.rest = p.rest[len(word):]
	return true
}

func (p *parser) sum() (total reporting.Decimal, err error) {
	for {
		v, err := p.argument()
		if err != nil {
			return v, err
		}
		total = total.Add(v)
		if p.take(')') {
			return total, nil
		}
		if !p.take(',') {
			return total, errUnknown
		}
	}
}

func (p *parser) round() (reporting.Decimal, error) {
	v, err := p.expression()
	if err != nil || !p.take(',') {
		return v, cmp.Or(err, errUnknown)
	}
	digits, err := p.expression()
	if err != nil || !p.take(')') || !digits.IsInteger() || digits.Sign() < 0 || digits.Cmp(reporting.Int(places)) > 0 {
		return v, cmp.Or(err, errUnknown)
	}
	n, _ := strconv.Atoi(digits.String())
	return v.Round(n), nil
}

// argument is an area, a single cell (whose text counts as nothing, unlike in arithmetic) or an expression.
func (p *parser) argument() (reporting.Decimal, error) {
	p.space()
	if area, rest, ok := cutArea(p.rest); ok {
		p.rest = rest
		return p.cells.sum(area)
	}
	return p.expression()
}

func (p *parser) number() (reporting.Decimal, error) {
	n := 0
	for n < len(p.rest) && ('0' <= p.rest[n] && p.rest[n] <= '9' || p.rest[n] == '.') {
		n++
	}
	v, err := reporting.ParseDecimal(p.rest[:n])
	if err != nil {
		return v, errUnknown
	}
	p.rest = p.rest[n:]
	if p.take('%') {
		v = v.Mul(reporting.NewDecimal(reporting.Int(1).Unscaled(0), 2))
	}
	return v, nil
}
