package biff

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"huizong/pkg/reporting"
)

// function is a function by its number. Where arguments are not counted in the formula, there are so many.
type function struct {
	name      string
	arguments int
	text      bool // it may give a text
}

var functions = map[uint16]function{
	0: {"COUNT", 0, false}, 1: {"IF", 0, true}, 4: {"SUM", 0, false}, 5: {"AVERAGE", 0, false}, 6: {"MIN", 0, false}, 7: {"MAX", 0, false},
	24: {"ABS", 1, false}, 39: {"MOD", 2, false}, 65: {"DATE", 3, false}, 228: {"SUMPRODUCT", 0, false}, 25: {"INT", 1, false}, 27: {"ROUND", 2, false}, 36: {"AND", 0, false}, 37: {"OR", 0, false}, 38: {"NOT", 1, false},
	169: {"COUNTA", 0, false}, 183: {"PRODUCT", 0, false}, 212: {"ROUNDUP", 2, false}, 213: {"ROUNDDOWN", 2, false},
	344: {"SUBTOTAL", 0, false}, 345: {"SUMIF", 0, false}, 346: {"COUNTIF", 2, false},
}

// operators of two operands, by their token from 3 on.
var operators = []string{"+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>"}

// source puts a formula's tokens back into text.
type source struct {
	rest       []byte
	stack      []string
	arithmetic bool // nothing in it gives a text
}

// unknownFormula stands for a formula that is not put back into text.
const unknownFormula = "?"

// formulaSource is the text of the formula in the record, and whether it can only give a number. A formula that has more in it than
// arithmetic on this sheet is not put into text.
func (r *sheetReader) formulaSource() (text string, arithmetic bool) {
	n := int(le.Uint16(r.data[20:]))
	if r.book.version != biff8 || len(r.data) < 22+n {
		return unknownFormula, false
	}
	s := source{rest: r.data[22 : 22+n], arithmetic: true}
	for len(s.rest) > 0 {
		if !s.token() || len(s.stack) > 100 {
			return unknownFormula, false
		}
	}
	if len(s.stack) != 1 || len(s.stack[0]) > 8192 {
		return unknownFormula, false
	}
	return s.stack[0], s.arithmetic
}

func (s *source) take(n int) []byte {
	if len(s.rest) < n {
		return nil
	}
	b := s.rest[:n]
	s.rest = s.rest[n:]
	return b
}

func (s *source) push(text string) bool {
	s.stack = append(s.stack, text)
	return true
}

func (s *source) pop(n int) []string {
	if n > len(s.stack) {
		return nil
	}
	top := slices.Clone(s.stack[len(s.stack)-n:])
	s.stack = s.stack[:len(s.stack)-n]
	return top
}

// token reads one token. Its operands have come before it.
func (s *source) token() bool {
	id := s.take(1)[0]
	if id >= 0x20 {
		id = id&0x1F | 0x20 // without the class
	}
	switch {
	case 0x03 <= id && id <= 0x0E:
		if id == 0x08 {
			s.arithmetic = false
		}
		two := s.pop(2)
		return two != nil && s.push(two[0]+operators[id-3]+two[1])
	case id == 0x12, id == 0x13:
		one := s.pop(1)
		return one != nil && s.push(string("+-"[id-0x12])+one[0])
	case id == 0x14:
		one := s.pop(1)
		return one != nil && s.push(one[0]+"%")
	case id == 0x15:
		one := s.pop(1)
		return one != nil && s.push("("+one[0]+")")
	case id == 0x19:
		return s.attribute()
	case id == 0x1E:
		b := s.take(2)
		return b != nil && s.push(strconv.Itoa(int(le.Uint16(b))))
	case id == 0x1F:
		b := s.take(8)
		return b != nil && s.push(strconv.FormatFloat(math.Float64frombits(le.Uint64(b)), 'f', -1, 64))
	case id == 0x21, id == 0x22:
		return s.function(id)
	case id == 0x24:
		b := s.take(4)
		return b != nil && s.push(reference(b, b[2:]))
	case id == 0x3A, id == 0x3B: // of another sheet: a number, but not one that can be calculated here
		return s.take(map[byte]int{0x3A: 6, 0x3B: 10}[id]) != nil && s.push(unknownFormula)
	case id == 0x25:
		b := s.take(8)
		return b != nil && s.push(reference(b, b[4:])+":"+reference(b[2:], b[6:]))
	}
	return false
}

// attribute reads a token that tells how to calculate or print: of those only the sum of one argument matters.
func (s *source) attribute() bool {
	b := s.take(3)
	switch {
	case b == nil || b[0]&0x04 != 0:
		return false
	case b[0]&0x10 != 0:
		one := s.pop(1)
		return one != nil && s.push("SUM("+one[0]+")")
	}
	return true
}

func (s *source) function(id byte) bool {
	count := -1
	if id == 0x22 {
		b := s.take(1)
		if b == nil {
			return false
		}
		count = int(b[0] & 0x7F)
	}
	b := s.take(2)
	if b == nil {
		return false
	}
	f, known := functions[le.Uint16(b)]
	if !known {
		return false
	}
	if count < 0 {
		count = f.arguments
	}
	s.arithmetic = s.arithmetic && !f.text
	arguments := s.pop(count)
	return arguments != nil && s.push(f.name+"("+strings.Join(arguments, ",")+")")
}

func reference(row, col []byte) string {
	return reporting.CellName(int32(le.Uint16(row)), int32(le.Uint16(col)&0xFF))
}
