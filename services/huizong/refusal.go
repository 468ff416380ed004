package main

import (
	"fmt"
	"strings"
)

// refusal is why a data directory is not opened, and what mends it: ways of which one is to be chosen. docs/operations.md has them all.
type refusal struct {
	err  error
	ways []string
}

func (r *refusal) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v\nwhat to do (docs/operations.md):", r.err)
	for _, way := range r.ways {
		fmt.Fprintf(&b, "\n  - %s", way)
	}
	return b.String()
}

func (r *refusal) Unwrap() error { return r.err }

// refuse is an error with ways out.
func refuse(err error, ways ...string) error { return &refusal{err, ways} }

// commandLine is a command for the same data directory and servers, as an operator would type it.
func (cfg systemConfig) commandLine(verb string, more ...string) string {
	words := append([]string{"huizong", verb, "--data", quote(cfg.Data)}, more...)
	for _, f := range []struct{ name, value string }{
		{"--schemas", cfg.Schemas}, {"--journal-head", cfg.Journal.Head}, {"--journal-key", cfg.Journal.Key},
		{"--engine", cfg.Engine}, {"--clickhouse", cfg.ClickHouse}, {"--nats", cfg.NATS},
	} {
		if f.value != "" {
			words = append(words, f.name, quote(f.value))
		}
	}
	return strings.Join(words, " ")
}

// quote quotes a word for a shell where it needs that.
func quote(word string) string {
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,", r)
	}) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
