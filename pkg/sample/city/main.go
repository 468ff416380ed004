// Command city writes the sheets of the fictional city into a folder: what the demo sends, and what they must come to.
package main

import (
	"flag"
	"fmt"
	"os"

	"huizong/pkg/sample"
)

func main() {
	dir := flag.String("dir", "city", "the folder")
	seed := flag.Int64("seed", 1, "another seed makes another city")
	flag.Parse()
	if err := write(*dir, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "city:", err)
		os.Exit(1)
	}
}

func write(dir string, seed int64) error {
	kit, err := sample.Generate(sample.Config{Seed: seed})
	if err != nil {
		return err
	}
	if err := kit.Write(dir); err != nil {
		return err
	}
	return kit.WriteTruth(dir, fmt.Sprintf("%dH1", sample.DefaultYear))
}
