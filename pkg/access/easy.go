package access

import (
	_ "embed"
	"iter"
	"slices"
	"strings"
	"unicode"

	"github.com/trustelem/zxcvbn"
	"golang.org/x/text/unicode/norm"
)

// commonText is what passwords are commonly made of, one a line: favourites of leaked lists, Chinese and Western, and what lies near at
// hand in an office like ours.
//
//go:embed common.txt
var commonText string

// placesText is places and office words, which stand before a year.
//
//go:embed places.txt
var placesText string

var commonWords = parseWords(commonText + placesText + withLevels(placesText))

// withLevels is the words in pinyin with the level of a place behind them: xihuqu, changshashi.
func withLevels(text string) string {
	var b strings.Builder
	for word := range words(text) {
		if word[0] < 0x80 {
			for _, level := range []string{"shi", "qu", "xian", "zhen"} {
				b.WriteString(word + level + "\n")
			}
		}
	}
	return b.String()
}

// minRest is how many characters of a password must not be accounted for by common parts.
const minRest = 6

// fewGuesses is how many tries at most an attacker who knows how passwords are made needs for one that is refused: with the hashes in
// hand, a day's work of a few machines.
const fewGuesses = 1e10

// maxEstimated is how many letters the estimator looks at: its work grows with the square.
const maxEstimated = 64

// isGuessable reports whether the estimator, which knows English words, names, keyboards, dates and what is done to them, and is given our
// words, comes to few guesses. Of a long password its beginning is enough to be good.
func isGuessable(password string, own ...string) bool {
	letters := []rune(fold(password))
	var words []string
	for _, text := range own {
		words = append(words, pieces(text)...)
	}
	words = append(words, commonList...)
	return zxcvbn.PasswordStrength(string(letters[:min(len(letters), maxEstimated)]), words).Guesses < fewGuesses
}

// commonList is the words of the lists, for the estimator, which takes the first of them for the most common.
var commonList = slices.Collect(words(commonText + placesText))

// words are those of a list; lines that begin with # are not of it.
func words(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			for word := range strings.FieldsSeq(line) {
				if !yield(fold(word)) {
					return
				}
			}
		}
	}
}

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
	list := wordList{}
	for word := range words(text) {
		list.add([]rune(word))
	}
	return list
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
		for _, piece := range pieces(text) {
			all.add([]rune(piece))
		}
	}
	return all
}

// pieces are a name and its parts, as far as they are long enough to be a part of a password.
func pieces(text string) []string {
	parts := strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.DeleteFunc(append(parts, fold(text)), func(piece string) bool {
		letters := len([]rune(piece))
		return letters < 2 || letters == 2 && len(piece) == letters // two Chinese letters are a name
	})
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
