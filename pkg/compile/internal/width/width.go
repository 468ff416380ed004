// Package width measures text as a typewriter would, where there is no font to ask.
package width

// Half is the width of a text in half characters: a Chinese character is two wide, a digit or a letter one.
func Half(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r >= 0x2E80 {
			n++
		}
	}
	return n
}
