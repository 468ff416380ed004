package access

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// commonText is what passwords are commonly made of, one a line: favourites of leaked lists, Chinese and Western, and what lies near at
// hand in an office like ours.
//
//go:embed common.txt
var commonText string

var commonWords = parseWords(commonText)

// minRest is how many characters of a password must not be accounted for by common parts.
const minRest = 6

// isWeak reports whether next to nothing is left of the password once its common parts are taken out: words of the list and of own,
// repetitions, rows of the alphabet and of the keyboard, dates, telephone numbers. A list of whole passwords would have to be very long
// to find passwordpassword1 and woaini1314520 at twelve characters and more; their parts are few.
func isWeak(password string, own ...string) bool {
	words := commonWords.with(own)
	plain := once([]rune(fold(password)))
	return min(words.rest(plain), words.rest(once([]rune(unleet(string(plain)))))) < minRest
}

// fold makes one of what differs by case or by width.
func fold(text string) string { return strings.ToLower(norm.NFKC.String(text)) }

// unleet undoes the common disguises.
var unleet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i").Replace

// once is the shortest beginning that the text repeats: all of it where it repeats nothing.
func once(text []rune) []rune {
	for n := 1; n <= len(text)/2; n++ {
		if isRepeated(text, n) {
			return text[:n]
		}
	}
	return text
}

func isRepeated(text []rune, n int) bool {
	for i := n; i < len(text); i++ {
		if text[i] != text[i-n] {
			return false
		}
	}
	return true
}

// wordList is words by their first letter.
type wordList map[rune][][]rune

func parseWords(text string) wordList {
	words := wordList{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			words.add([]rune(fold(line)))
		}
	}
	return words
}

func (w wordList) add(word []rune) {
	w[word[0]] = append(w[word[0]], word)
}

// with is the list and the words of own that are long enough to be a part of a password; so are the pieces of them.
func (w wordList) with(own []string) wordList {
	all := wordList{}
	for first, words := range w {
		all[first] = slices.Clip(words)
	}
	for _, text := range own {
		pieces := strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for _, piece := range append(pieces, fold(text)) {
			if word := []rune(piece); len(word) >= 3 || len(piece) > len(word) && len(word) == 2 { // two Chinese letters are a name
				all.add(word)
			}
		}
	}
	return all
}

// rest counts the characters that common parts do not account for, where they are taken out so that the fewest remain.
func (w wordList) rest(text []rune) int {
	least := make([]int, len(text)+1) // of what begins at each place
	for i := len(text) - 1; i >= 0; i-- {
		from := text[i:]
		least[i] = least[i+1] + 1
		for _, word := range w[from[0]] {
			if len(word) <= len(from) && slices.Equal(word, from[:len(word)]) {
				least[i] = min(least[i], least[i+len(word)])
			}
		}
		for n := max(repetition(from), row(from)); n >= 3; n-- {
			least[i] = min(least[i], least[i+n])
		}
		if n := number(from); n > 0 {
			least[i] = min(least[i], least[i+n])
		}
	}
	return least[0]
}

// repetition is the length of a run of one character; less than three is none.
func repetition(text []rune) int {
	n := 1
	for n < len(text) && text[n] == text[0] {
		n++
	}
	return n
}

// rows are the lines that fingers walk along, forth and back.
var rows = bothWays("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./", "!@#$%^&*()_+",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.", "qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "147258369", "159357",
	"!qaz@wsx#edc$rfv%tgb", "13579", "24680")

func bothWays(lines ...string) [][]rune {
	var all [][]rune
	for _, line := range lines {
		back := []rune(line)
		slices.Reverse(back)
		all = append(all, []rune(line), back)
	}
	return all
}

// row is the length of the longest walk along a row; less than three is none.
func row(text []rune) int {
	longest := 0
	for _, line := range rows {
		for i, r := range line {
			if r != text[0] {
				continue
			}
			n := 0
			for n < len(text) && i+n < len(line) && line[i+n] == text[n] {
				n++
			}
			longest = max(longest, n)
		}
	}
	return longest
}

// number is the length of a number that others know of a person: an ID number, a telephone number, a date, a year.
func number(text []rune) int {
	n := 0
	for n < len(text) && n < 18 && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	digits := string(text[:n])
	switch {
	case n == 17 && len(text) > 17 && text[17] == 'x' && isDate(digits[6:14]), n == 18 && isDate(digits[6:14]):
		return 18
	case n >= 11 && digits[0] == '1' && digits[1] >= '3':
		return 11
	case n >= 8 && isDate(digits[:8]):
		return 8
	case n >= 4 && isYear(digits[:4]):
		return 4
	}
	return 0
}

func isYear(d string) bool { return strings.HasPrefix(d, "19") || strings.HasPrefix(d, "20") }

func isDate(d string) bool {
	return isYear(d) && d[4:6] >= "01" && d[4:6] <= "12" && d[6:8] >= "01" && d[6:8] <= "31"
}
