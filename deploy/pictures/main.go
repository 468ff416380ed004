// Command pictures makes the pictures of README.md: it signs in to the demo's server as two of its people, and writes what they see. The
// demo's output, which names the server and the passwords, is its input.
package main

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"huizong/services/portal/browsertest"
)

func main() {
	sheets := flag.String("sheets", "bin/city", "folder of the city's sheets")
	out := flag.String("out", "docs/pictures", "folder of the pictures")
	flag.Parse()
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	spoiled, err := firstLeft(filepath.Join(*sheets, "to-send.csv"))
	if err == nil {
		err = take(*out, demo(text), spoiled)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// firstLeft is the first sheet that the demo leaves to be sent: the one with faults.
func firstLeft(list string) (string, error) {
	data, err := os.ReadFile(list)
	if err != nil {
		return "", err
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) < 2 {
		return "", fmt.Errorf("%s has no sheet: %w", list, err)
	}
	return filepath.Join(filepath.Dir(list), rows[1][0]), nil
}

// demo is the output of the demo.
type demo string

// after is the word behind another one.
func (d demo) after(word string) string {
	_, rest, _ := strings.Cut(string(d), word)
	first, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	first, _, _ = strings.Cut(first, "\n")
	return first
}

func (d demo) signIn(page *browsertest.Page, account string) {
	page.Open(d.after("门户地址：") + "/sign-in")
	page.Type("#name", account)
	page.Type("#password", d.after("  "+account+" "))
	page.Follow("css=main button")
}

// width and height of the pictures.
const width, height = 1320, 700

// take writes the two pictures: a clerk's rejected sheet with its marked cells, and the analysts' table of the half-year.
func take(out string, d demo, spoiled string) error {
	defer browsertest.Close()
	t := &tab{}
	defer t.end()
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	page := browsertest.New(t)
	d.signIn(page, "zhoumin")
	page.Upload("#files", spoiled)
	page.WaitFor("确认报送")
	page.Click("确认报送")
	page.WaitFor("没有计入")
	page.Follow("去更正")
	page.WaitFor("css=.sheet td.here")
	if err := write(filepath.Join(out, "clerk.png"), page.View(width, height)); err != nil {
		return err
	}
	page = browsertest.New(t)
	d.signIn(page, "fenxi")
	page.Open(d.after("门户地址：") + "/explore?period=2020H1")
	return write(filepath.Join(out, "analyst.png"), page.View(width, height))
}

// write keeps the picture small: it has 256 colors.
func write(path string, data []byte) error {
	full, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return err
	}
	picture := image.NewPaletted(full.Bounds(), palette(full))
	draw.Draw(picture, picture.Bounds(), full, image.Point{}, draw.Src)
	var packed bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&packed, picture); err != nil {
		return err
	}
	return os.WriteFile(path, packed.Bytes(), 0o644)
}

// palette is the most frequent colors of the picture, without those that are near to one of them.
func palette(picture image.Image) color.Palette {
	times := map[color.Color]int{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			times[picture.At(x, y)]++
		}
	}
	var chosen color.Palette
	for _, c := range slices.SortedFunc(maps.Keys(times), func(a, b color.Color) int { return times[b] - times[a] }) {
		if len(chosen) < 256 && !slices.ContainsFunc(chosen, func(other color.Color) bool { return near(c, other) }) {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// near reports whether no eye tells the colors apart.
func near(a, b color.Color) bool {
	r, g, bl, _ := a.RGBA()
	r2, g2, bl2, _ := b.RGBA()
	off := func(x, y uint32) int { return max(int(x), int(y)) - min(int(x), int(y)) }
	return off(r, r2)+off(g, g2)+off(bl, bl2) < 10<<8
}

// tab is what a page of the tests stands on, for a program: what fails ends it.
type tab struct {
	testing.TB
	cleanups []func()
}

func (t *tab) Helper()                           {}
func (t *tab) Cleanup(f func())                  { t.cleanups = append(t.cleanups, f) }
func (t *tab) Errorf(format string, args ...any) { log.Printf(format, args...) }
func (t *tab) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
func (t *tab) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func (t *tab) end() {
	for _, f := range t.cleanups {
		f()
	}
}
