package numfmt

import (
	"slices"
	"strings"

	"github.com/xuri/nfp"

	"huizong/pkg/reporting"
)

// format is a format that does more than decimals and separators.
type format struct {
	sections []section
	date1904 bool
	unknown  bool // nfp loses the third comma of a row: what is shown is not known
}

// section is one of the parts between semicolons.
type section struct {
	condition string // "", or as >=
	operand   reporting.Decimal
	text      bool // for texts alone
	parts     []part
	places    int  // real decimals
	tricks    int  // digits behind a point that is only printed: 0\.0000 shows yuan as 万元
	commas    int  // each divides by a thousand
	percent   int  // each multiplies by a hundred
	grouped   bool //
	digits    int  // places of digits before the real point
	least     int  // of them zeros, which are always printed
	chinese   int  // [DBNum1], [DBNum2]
	kind      kind
}

type kind int

const (
	nothing kind = iota // only letters
	general
	decimal
	moment // a date or a time
	beyond // a fraction or an exponent, which change no value
)

// part is a piece of a section: letters, places of digits or a code of a date.
type part struct {
	letters string
	places  string // of digits: 0, # and ?
	point   bool   // the real decimal point
	date    string
	general bool
}

// sections cuts a format; what nfp calls the sections by their sign are here the first, second and third.
func sections(code string) []section {
	var list []section
	for _, s := range parse(code) {
		list = append(list, newSection(s))
	}
	return list
}

func newSection(tokens nfp.Section) section {
	s := section{text: tokens.Type == nfp.TokenSectionText}
	for i, token := range tokens.Items {
		s.take(token, i > 0 && tokens.Items[i-1].TType == nfp.TokenTypeThousandsSeparator, laterDigits(tokens.Items[i+1:]))
	}
	return s
}

// laterDigits reports whether places of digits follow before the point: a comma right before it, 0,.00, divides as one at the end does.
func laterDigits(tokens []nfp.Token) bool {
	for _, token := range tokens {
		switch token.TType {
		case nfp.TokenTypeDecimalPoint:
			return false
		case nfp.TokenTypeZeroPlaceHolder, nfp.TokenTypeHashPlaceHolder, nfp.TokenTypeDigitalPlaceHolder:
			return true
		}
	}
	return false
}

func (s *section) take(token nfp.Token, afterComma, digitsFollow bool) {
	switch token.TType {
	case nfp.TokenTypeCondition:
		s.setCondition(token)
	case nfp.TokenTypeSwitchArgument:
		switch strings.ToUpper(token.TValue) {
		case "[DBNUM1]":
			s.chinese = 1
		case "[DBNUM2]":
			s.chinese = 2
		}
	case nfp.TokenTypeCurrencyLanguage:
		for _, p := range token.Parts {
			if p.Token.TType == nfp.TokenSubTypeCurrencyString {
				s.letters(p.Token.TValue)
			}
		}
	case nfp.TokenTypeDateTimes, nfp.TokenTypeElapsedDateTimes:
		s.kind = moment
		s.parts = append(s.parts, part{date: strings.ToLower(token.TValue)})
	case nfp.TokenTypeGeneral:
		s.kind = general
		s.parts = append(s.parts, part{general: true})
	case nfp.TokenTypeZeroPlaceHolder, nfp.TokenTypeHashPlaceHolder, nfp.TokenTypeDigitalPlaceHolder:
		s.digitPlaces(token.TValue)
	case nfp.TokenTypeDecimalPoint:
		s.parts = append(s.parts, part{point: true, letters: "."})
	case nfp.TokenTypeThousandsSeparator:
		s.comma(token.TValue, digitsFollow)
	case nfp.TokenTypePercent:
		s.percent++
		s.letters("%")
	case nfp.TokenTypeFraction, nfp.TokenTypeExponential, nfp.TokenTypeDenominator:
		s.kind = beyond
	case nfp.TokenTypeTextPlaceHolder:
		s.parts = append(s.parts, part{general: true})
		if s.kind == nothing {
			s.kind = general
		}
	case nfp.TokenTypeAlignment, nfp.TokenTypeRepeatsChar, nfp.TokenTypeColor:
		// as wide as a character, filled with one, or coloured: nothing that is read
	case nfp.TokenTypeLiteral:
		if afterComma && token.TValue == "," && s.kind != moment {
			s.comma(",", digitsFollow) // nfp takes the second comma of 0,, for a letter
			return
		}
		s.letters(token.TValue)
	default:
		s.letters(token.TValue)
	}
}

func (s *section) setCondition(token nfp.Token) {
	for _, p := range token.Parts {
		switch p.Token.TType {
		case nfp.TokenTypeOperator:
			s.condition = p.Token.TValue
		case nfp.TokenTypeOperand:
			s.operand, _ = reporting.ParseDecimal(p.Token.TValue)
		}
	}
}

func (s *section) letters(text string) { s.parts = append(s.parts, part{letters: text}) }

func (s *section) digitPlaces(places string) {
	if s.kind == nothing {
		s.kind = decimal
	}
	switch {
	case s.pointed():
		s.places += len(places)
	default:
		if s.digits > 0 && s.lastLetters() == "." {
			s.tricks = 0 // counted from the last point
		}
		if s.trick() {
			s.tricks += len(places)
		}
		s.digits += len(places)
		s.least += strings.Count(places, "0")
	}
	s.parts = append(s.parts, part{places: places})
}

// pointed reports whether the real decimal point has come.
func (s *section) pointed() bool {
	for _, p := range s.parts {
		if p.point {
			return true
		}
	}
	return false
}

// trick reports whether a printed point has come between places of digits.
func (s *section) trick() bool {
	digits := false
	for _, p := range s.parts {
		digits = digits || p.places != ""
		if digits && p.letters == "." && !p.point {
			return true
		}
	}
	// #\.0000 may begin with the places of # that nfp takes for letters
	return false
}

func (s *section) lastLetters() string {
	if len(s.parts) == 0 {
		return ""
	}
	return s.parts[len(s.parts)-1].letters
}

func (s *section) comma(text string, digitsFollow bool) {
	switch {
	case s.kind != decimal:
		s.letters(text)
	case digitsFollow && !s.pointed():
		s.grouped = true
	default:
		s.commas += len(text)
	}
}

// scale is the power of ten between what is stored and what is shown.
func (s *section) scale() int { return 2*s.percent - 3*s.commas - s.tricks }

// isPlain reports whether no number looks different but for its decimals: no letters, no scale, nothing hidden but zero.
func (f *format) isPlain() bool {
	if f.unknown {
		return false
	}
	numbers := 0
	for i, s := range f.sections {
		if s.text {
			continue
		}
		numbers++
		isZero := i == 2
		switch {
		case s.condition != "", s.scale() != 0, s.chinese > 0, s.kind == moment:
			return false
		case s.kind == nothing && !isZero:
			return false
		case s.least > 1:
			return false
		}
		allowed := plainLetters
		if i == 0 {
			allowed = plainBefore
		}
		if strings.Trim(s.printed(), allowed) != "" || s.kind == decimal && s.isParted() {
			return false
		}
	}
	return numbers > 0 || len(f.sections) == 0 || f.sections[0].text
}

// plainLetters say nothing of the number but its sign, or that it is in yuan as it stands under its header: ¥. In the first section, which
// shows what is above zero, a sign would say something else.
const (
	plainBefore  = " \t¥￥\u00a0"
	plainLetters = plainBefore + ".,-−–—+()"
)

// printed is all the letters but the point.
func (s *section) printed() string {
	all := ""
	for _, p := range s.parts {
		if !p.point {
			all += p.letters
		}
	}
	return all
}

// isParted reports whether letters stand between two places of digits.
func (s *section) isParted() bool {
	for i, p := range s.parts {
		if !p.point && p.letters != "" && s.isBetween(i) {
			return true
		}
	}
	return false
}

// for picks the section that shows the number, and says whether the section prints the sign itself.
func (f *format) pick(d reporting.Decimal) (s section, signed, ok bool) {
	var numbers []section
	for _, s := range f.sections {
		if !s.text {
			numbers = append(numbers, s)
		}
	}
	if len(numbers) == 0 {
		return section{}, false, false
	}
	if numbers[0].condition != "" || len(numbers) > 1 && numbers[1].condition != "" {
		for _, s := range numbers {
			if s.condition == "" || s.holds(d) {
				return s, false, true
			}
		}
		return section{}, false, false
	}
	switch {
	case d.Sign() < 0 && len(numbers) > 1:
		return numbers[1], true, true
	case d.Sign() == 0 && len(numbers) > 2:
		return numbers[2], false, true
	}
	return numbers[0], false, true
}

func (s *section) holds(d reporting.Decimal) bool {
	c := d.Cmp(s.operand)
	switch s.condition {
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	case ">=":
		return c >= 0
	case "<>":
		return c != 0
	}
	return c == 0
}

// Show prints the number.
func (f *format) Show(number string) reporting.Shown {
	d, err := reporting.ParseDecimal(number)
	if err != nil || f.unknown {
		return reporting.Shown{Text: number}
	}
	s, signed, ok := f.pick(d)
	if !ok {
		return reporting.Shown{Text: d.String(), Exact: true}
	}
	negative := d.Sign() < 0 && !signed
	shown := reporting.Shown{Scale: s.scale()}
	switch s.kind {
	case moment:
		return reporting.Shown{Text: s.date(d, f.date1904)}
	case beyond:
		return reporting.Shown{Text: d.String(), Exact: true}
	case decimal:
		shown.Text, shown.Exact = s.number(d.Abs())
	default:
		shown.Text = s.general(d.Abs())
		shown.Exact = s.kind == general
	}
	if negative && shown.Text != "" {
		shown.Text = "-" + shown.Text
	}
	shown.Text = strings.TrimSpace(shown.Text)
	if shown.Exact {
		shown.Before, shown.After = s.around()
	}
	return shown
}

// around is what is printed before and behind the number.
func (s *section) around() (before, after string) {
	begun := false
	for _, p := range s.parts {
		switch {
		case p.places != "" || p.general || p.point:
			begun, after = true, ""
		case begun:
			after += p.letters
		default:
			before += p.letters
		}
	}
	return strings.TrimSpace(before), strings.TrimSpace(after)
}

func (s *section) general(d reporting.Decimal) string {
	var b strings.Builder
	for _, p := range s.parts {
		if p.general {
			b.WriteString(s.numerals(d.String()))
		} else {
			b.WriteString(p.letters)
		}
	}
	return b.String()
}

// power is ten to the exponent.
func power(exponent int) reporting.Decimal {
	one := reporting.Int(1)
	if exponent < 0 {
		return reporting.NewDecimal(one.Unscaled(0), -exponent)
	}
	ten := reporting.Int(10)
	for range exponent {
		one = one.Mul(ten)
	}
	return one
}

// number fills the places with the digits of the number. What stands between two places is printed there; false says that it is no
// point, so that the text is no number.
func (s *section) number(d reporting.Decimal) (text string, exact bool) {
	whole, fraction, _ := strings.Cut(d.Mul(power(2*s.percent-3*s.commas)).Text(s.places), ".")
	if whole == "0" && s.least == 0 {
		whole = ""
	}
	if n := s.least - len(whole); n > 0 {
		whole = strings.Repeat("0", n) + whole
	}
	grouped := s.grouped && s.tricks == 0
	var b strings.Builder
	exact = true
	left, pointed := s.digits, false
	for i, p := range s.parts {
		switch {
		case p.point:
			pointed = true
			if hasDigits(fraction, s.parts[i+1:]) {
				b.WriteByte('.')
			}
		case p.places != "" && pointed:
			n := min(len(p.places), len(fraction))
			digits := fraction[:n]
			fraction = fraction[n:]
			if strings.Trim(fraction, "0") == "" {
				digits = trimOptional(digits, p.places)
			}
			b.WriteString(digits)
		case p.places != "":
			if grouped {
				b.WriteString(group(whole))
				whole = ""
				continue
			}
			for range p.places {
				if n := len(whole) - left; n >= 0 { // more digits than places go to the first one
					b.WriteString(whole[:n+1])
					whole = whole[n+1:]
				}
				left--
			}
		default:
			letters := p.letters
			if s.isBetween(i) && (pointed || !isPoint(letters) && !(left%3 == 0 && isBlank(letters))) {
				exact = false // two numbers, for what a person knows
			}
			b.WriteString(letters)
		}
	}
	return s.numerals(b.String()), exact && (s.tricks == 0 || s.places == 0)
}

// isBetween reports whether the part stands between two places of digits.
func (s *section) isBetween(at int) bool {
	hasPlaces := func(p part) bool { return p.places != "" }
	return slices.ContainsFunc(s.parts[:at], hasPlaces) && slices.ContainsFunc(s.parts[at+1:], hasPlaces)
}

// isPoint reports whether the letters are a point that is only printed; isBlank, whether they part thousands.
func isPoint(letters string) bool { return letters == "." }
func isBlank(letters string) bool { return strings.TrimSpace(letters) == "" }

// hasDigits reports whether a digit is printed behind the point.
func hasDigits(fraction string, parts []part) bool {
	places := ""
	for _, p := range parts {
		places += p.places
	}
	return strings.Contains(places, "0") || strings.Trim(fraction, "0") != "" || places == ""
}

// trimOptional drops the zeros at the end that stand in places of #.
func trimOptional(digits, places string) string {
	for len(digits) > 0 && digits[len(digits)-1] == '0' && places[len(digits)-1] != '0' {
		digits = digits[:len(digits)-1]
	}
	return digits
}

func group(whole string) string {
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	return whole
}
