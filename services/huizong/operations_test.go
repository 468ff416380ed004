package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// twoDays is a data directory as it was yesterday and is today, and what its server answers today.
type twoDays struct {
	yesterday, today string
	answers          string
	sheets           int // in today's journal
}

func makeTwoDays(t *testing.T) twoDays {
	t.Helper()
	_, manifest := writeKit(t, sample.Config{Seed: 5, Months: 1, Forms: fourForms})
	d := twoDays{yesterday: filepath.Join(t.TempDir(), "yesterday"), today: filepath.Join(t.TempDir(), "today")}
	sheets, err := readManifest(manifest)
	if err != nil {
		t.Fatal(err)
	}
	server := startProcess(t, d.today)
	d.sheets = len(sheets)
	for i, s := range sheets {
		if i == len(sheets)-3 {
			server.stop()
			copyFolder(t, d.today, d.yesterday)
			server = startProcess(t, d.today)
		}
		receipt, err := server.client.submit(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := server.outcome(t.Context(), receipt); err != nil {
			t.Fatal(err)
		}
	}
	d.answers = server.answers(t)
	server.stop()
	return d
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// refusedStart starts a server that is to be refused, and returns what it says.
func refusedStart(t *testing.T, data string, args ...string) string {
	t.Helper()
	out, err := command(t, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "warn"}, args...)...).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "what to do") {
		t.Fatalf("serve = %v, want a refusal:\n%s", err, out)
	}
	return string(out)
}

// follow runs the command that a refusal advises, and returns what it prints.
func follow(t *testing.T, refusal, verb string) string {
	t.Helper()
	for _, way := range strings.Split(refusal, "\n") {
		for _, text := range strings.Split(way, "  ") {
			_, line, found := strings.Cut(text, "huizong "+verb+" --data")
			if !found {
				continue
			}
			args := append(strings.Fields(verb), "--data")
			for _, word := range strings.Fields(line) {
				if word == "TEXT" {
					word = "as the test says"
				}
				args = append(args, strings.Trim(word, "'"))
			}
			out, err := command(t, args...).CombinedOutput()
			if err != nil {
				t.Fatalf("the advice huizong %s: %v\n%s", strings.Join(args, " "), err, out)
			}
			return string(out)
		}
	}
	t.Fatalf("no advice of huizong %s in:\n%s", verb, refusal)
	return ""
}

// lastEntry is the file of the journal's last entry.
func lastEntry(t *testing.T, data string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "envelopes", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no envelopes in %s: %v", data, err)
	}
	return files[len(files)-1]
}

// TestJournalThatLost damages a data directory behind the server's back. Each start is refused, says so with the command that mends it, and
// the command does; verify finds it as well. Where two damages are mended alike, one of them is followed to its end.
func TestJournalThatLost(t *testing.T) {
	d := makeTwoDays(t)
	for _, test := range []struct {
		name   string
		damage func(t *testing.T, data string)
		says   string
		lost   int // submissions that are to be sent again
	}{
		{"LastRemoved", func(t *testing.T, data string) { must(t, os.Remove(lastEntry(t, data))) }, "the last 1 are missing", 1},
		{"LastCut", func(t *testing.T, data string) { must(t, os.Truncate(lastEntry(t, data), 30)) }, "unexpected end", 1},
		{"LastEdited", func(t *testing.T, data string) {
			text, err := os.ReadFile(lastEntry(t, data))
			must(t, err)
			must(t, os.WriteFile(lastEntry(t, data), []byte(strings.Replace(string(text), `"via": "http"`, `"via": "nats"`, 1)), 0o600))
		}, "was altered", 1},
		{"Yesterday", func(t *testing.T, data string) {
			must(t, os.RemoveAll(filepath.Join(data, "envelopes")))
			copyFolder(t, filepath.Join(d.yesterday, "envelopes"), filepath.Join(data, "envelopes"))
		}, "the last 3 are missing, or an old backup was put back", 3},
		{"YesterdayWithItsHead", func(t *testing.T, data string) {
			must(t, os.RemoveAll(filepath.Join(data, "envelopes")))
			copyFolder(t, filepath.Join(d.yesterday, "envelopes"), filepath.Join(data, "envelopes"))
			head, err := os.ReadFile(filepath.Join(d.yesterday, "journal.head"))
			must(t, err)
			must(t, os.WriteFile(filepath.Join(data, "journal.head"), head, 0o600))
		}, "ClickHouse has decided 3 submissions that the journal has not", 3},
		{"HeadRemoved", func(t *testing.T, data string) { must(t, os.Remove(filepath.Join(data, "journal.head"))) }, "journal.head is missing", 0},
		{"KeyRemoved", func(t *testing.T, data string) { must(t, os.Remove(filepath.Join(data, "journal.key"))) }, "journal.key is missing", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "data")
			copyFolder(t, d.today, data)
			test.damage(t, data)
			if out, err := command(t, "verify", "--data", data).CombinedOutput(); err == nil || !strings.Contains(string(out), test.says) {
				t.Errorf("verify = %v, want %q:\n%s", err, test.says, out)
			}
			said := refusedStart(t, data)
			if !strings.Contains(said, test.says) {
				t.Errorf("serve says\n%s\nwant %q", said, test.says)
			}
			if out, err := command(t, "rebuild", "--data", data).CombinedOutput(); err == nil || !strings.Contains(string(out), test.says) {
				t.Errorf("a hasty rebuild = %v, want %q:\n%s", err, test.says, out)
			}
			accepted := follow(t, said, "journal accept")
			if n := strings.Count(accepted, "has to be sent again"); n != test.lost {
				t.Errorf("%d submissions have to be sent again, want %d:\n%s", n, test.lost, accepted)
			}
			if slices.Contains([]string{"LastCut", "LastEdited", "Yesterday"}, test.name) { // as LastRemoved and YesterdayWithItsHead
				return
			}
			if test.lost > 0 {
				if said := refusedStart(t, data); !strings.Contains(said, "was accepted without them") {
					t.Errorf("serve before the rebuild says\n%s", said)
				}
				follow(t, accepted, "rebuild")
			}
			server := startProcess(t, data)
			if got := server.answers(t); (got == d.answers) != (test.lost == 0) {
				t.Errorf("the answers are those of before: %t, with %d lost", got == d.answers, test.lost)
			}
			server.stop()
			if out, err := command(t, "verify", "--data", data).CombinedOutput(); err != nil {
				t.Errorf("verify at the end: %v\n%s", err, out)
			}
			store, err := originals.Inspect(data, originals.Options{})
			must(t, err)
			last := store.Adopted()[len(store.Adopted())-1]
			if last.Kind != reporting.JournalAccepted || last.Reason != "as the test says" || len(last.Loss.Submissions) != test.lost {
				t.Errorf("the journal says %+v of %+v", last, last.Loss)
			}
		})
	}
	t.Run("Stray", func(t *testing.T) { // what lies in the folder of envelopes and is none may be one under another name: who has put it there decides
		t.Parallel()
		data := filepath.Join(t.TempDir(), "data")
		copyFolder(t, d.today, data)
		must(t, os.WriteFile(filepath.Join(data, "envelopes", "a copy.json"), []byte("{}"), 0o600))
		said := refusedStart(t, data)
		if out, err := command(t, "verify", "--data", data).CombinedOutput(); err == nil || !strings.Contains(string(out), "mv -n ") {
			t.Errorf("verify = %v:\n%s", err, out)
		}
		_, move, found := strings.Cut(said, "mv -n ")
		move, _, _ = strings.Cut(move, "\n")
		if out, err := exec.Command("sh", "-c", "mv -n "+move).CombinedOutput(); !found || err != nil {
			t.Fatalf("the advice %q: %v\n%s", move, err, out)
		}
		if server := startProcess(t, data); server.answers(t) != d.answers {
			t.Error("the answers are not those of before")
		}
	})
	t.Run("FolderRemoved", func(t *testing.T) { // verify says what a start says
		t.Parallel()
		data := filepath.Join(t.TempDir(), "data")
		copyFolder(t, d.today, data)
		must(t, os.RemoveAll(filepath.Join(data, "envelopes")))
		if out, err := command(t, "verify", "--data", data).CombinedOutput(); err == nil || !strings.Contains(string(out), "the journal has 0 entries, and has had") || !strings.Contains(string(out), "journal accept") {
			t.Errorf("verify = %v:\n%s", err, out)
		}
		if out, err := command(t, "verify", "--data", data+"-typo").CombinedOutput(); err == nil {
			t.Errorf("verify of a folder that is none:\n%s", out)
		}
	})
	t.Run("YesterdayRestored", func(t *testing.T) { // the other advice: the newest backup is put back
		t.Parallel()
		data := filepath.Join(t.TempDir(), "data")
		copyFolder(t, d.today, data)
		must(t, os.RemoveAll(filepath.Join(data, "envelopes")))
		copyFolder(t, filepath.Join(d.yesterday, "envelopes"), filepath.Join(data, "envelopes"))
		refusedStart(t, data)
		must(t, os.RemoveAll(filepath.Join(data, "envelopes")))
		copyFolder(t, filepath.Join(d.today, "envelopes"), filepath.Join(data, "envelopes"))
		server := startProcess(t, data)
		if got := server.answers(t); got != d.answers {
			t.Error(firstDifference(got, d.answers))
		}
	})
	t.Run("HeadElsewhere", func(t *testing.T) { // everything of yesterday but the head, which is kept elsewhere
		t.Parallel()
		data, safe := filepath.Join(t.TempDir(), "data"), t.TempDir()
		copyFolder(t, d.yesterday, data)
		for _, name := range []string{"journal.head", "journal.key"} {
			kept, err := os.ReadFile(filepath.Join(d.today, name))
			must(t, err)
			must(t, os.WriteFile(filepath.Join(safe, name), kept, 0o600))
		}
		said := refusedStart(t, data, "--journal-head", filepath.Join(safe, "journal.head"), "--journal-key", filepath.Join(safe, "journal.key"))
		if !strings.Contains(said, "the last 3 are missing") {
			t.Errorf("serve says\n%s", said)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestPersonKeyLost: a key of persons that is missing, cut or another's beside submissions is refused, and a rebuild with a new one comes to
// the same figures.
func TestPersonKeyLost(t *testing.T) {
	d := makeTwoDays(t)
	key := filepath.Join(d.today, personKeyFile)
	whole, err := os.ReadFile(key)
	must(t, err)
	for _, test := range []struct {
		name, says string
		key        []byte // nil is none
	}{
		{"Missing", "is missing", nil},
		{"Cut", "is damaged: it has 17 bytes", whole[:17]},
		{"Empty", "is damaged: it has 0 bytes", []byte{}},
		{"Another", "is another one", slices.Repeat([]byte{7}, personKeySize)},
	} {
		t.Run(test.name, func(t *testing.T) {
			must(t, os.RemoveAll(key))
			if test.key != nil {
				must(t, os.WriteFile(key, test.key, 0o600))
			}
			said := refusedStart(t, d.today)
			if !strings.Contains(said, test.says) || !strings.Contains(said, key) {
				t.Errorf("serve says\n%s\nwant %q", said, test.says)
			}
			if now, _ := os.ReadFile(key); string(now) != string(test.key) {
				t.Errorf("the refusal has changed the key")
			}
			if test.name != "Cut" {
				return
			}
			follow(t, said, "rebuild")
			server := startProcess(t, d.today)
			if got := server.answers(t); got != d.answers {
				t.Error(firstDifference(got, d.answers))
			}
			server.stop()
			whole, err = os.ReadFile(key)
			must(t, err)
			if aside, _ := filepath.Glob(key + ".*"); len(aside) != 1 {
				t.Errorf("the old key was kept in %v", aside)
			}
		})
	}
	t.Run("PutBack", func(t *testing.T) {
		must(t, os.WriteFile(key, whole, 0o600))
		startProcess(t, d.today).stop()
	})
}

// TestSchemasForgotten: a directory that was made with the bureau's own definitions is not opened without them.
func TestSchemasForgotten(t *testing.T) {
	form, err := os.ReadFile(filepath.Join("..", "..", "docs", "examples", "eighteenth_form.yaml"))
	must(t, err)
	own, data := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(own, filepath.FromSlash(name))
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, []byte(text), 0o600))
	}
	write("forms/labour_inspections.yaml", string(form))
	startProcess(t, data, "--schemas", own).stop()

	said := refusedStart(t, data)
	if !strings.Contains(said, "forms/labour_inspections.yaml missing") || !strings.Contains(said, "did you forget --schemas DIR?") {
		t.Errorf("serve without --schemas says\n%s", said)
	}
	startProcess(t, data, "--schemas", own).stop() // the first advice

	write("forms/labour_inspections.yaml", string(form)+"\n# a change that is meant\n")
	said = refusedStart(t, data, "--schemas", own)
	if !strings.Contains(said, "forms/labour_inspections.yaml changed") {
		t.Errorf("serve with a changed form says\n%s", said)
	}
	follow(t, said, "definitions adopt") // the second
	startProcess(t, data, "--schemas", own).stop()

	write("reports/half_year/ours.txt", "words that move no figure") // noted, not refused
	startProcess(t, data, "--schemas", own).stop()
	out, err := command(t, "definitions", "show", "--data", data).CombinedOutput()
	if err != nil || strings.Count(string(out), "\n    ") != 2 || !strings.Contains(string(out), "as the test says") || !strings.Contains(string(out), "reports/half_year/ours.txt new") {
		t.Errorf("definitions show = %v:\n%s", err, out)
	}
}

// TestVerify looks at a whole data directory beside its server at work, and names each thing that somebody alters when it has stopped.
func TestVerify(t *testing.T) {
	_, manifest := writeKit(t, sample.Config{Seed: 5, Months: 1, Forms: fourForms})
	data := filepath.Join(t.TempDir(), "data")
	server := startProcess(t, data)
	server.run(t, "submit", "--manifest", manifest, "--json")
	server.run(t, "report", "half-year", "--period", "2020H1", "--release", "--unfinished", "test", "--reason", "test")
	verified := func(data string) (v verdict, status int) {
		t.Helper()
		cmd := command(t, "verify", "--data", data, "--json")
		out, _ := cmd.Output()
		if err := json.Unmarshal(out, &v); err != nil {
			t.Fatalf("verify printed %s: %v", out, err)
		}
		return v, cmd.ProcessState.ExitCode()
	}
	sending := make(chan struct{})
	go func() {
		defer close(sending)
		cmd := command(t, "submit", "--manifest", manifest, "--json")
		cmd.Env = append(cmd.Env, "HUIZONG_SERVER="+server.server)
		cmd.Run()
	}()
	for range 3 {
		if v, status := verified(data); status != 0 || !v.OK {
			t.Errorf("beside the server at work: status %d, %+v", status, v)
		}
	}
	<-sending
	server.stop()
	v, status := verified(data)
	if status != 0 || !v.OK || len(v.Checks) != 7 || slices.ContainsFunc(v.Checks, func(l verdictLine) bool { return l.Skipped || l.Says == "" }) {
		t.Errorf("stopped: status %d, %+v", status, v)
	}
	one := func(pattern string) func(data string) string {
		return func(data string) string {
			found, err := filepath.Glob(filepath.Join(data, pattern))
			if err != nil || len(found) == 0 {
				t.Fatalf("no %s: %v", pattern, err)
			}
			return found[0]
		}
	}
	for _, test := range []struct {
		what string
		file func(data string) string
	}{
		{"journal", one("envelopes/*.json")}, {"originals", one("originals/*/*")}, {"releases", one("releases/1/*.docx")}, {"releases", one("releases/1/release.json")},
		{"audit log", one("audit/*.jsonl")}, {"person key", one(personKeyFile)}, {"journal", one("journal.head")},
	} {
		damaged := filepath.Join(t.TempDir(), "data")
		copyFolder(t, data, damaged)
		path := test.file(damaged)
		bytes, err := os.ReadFile(path)
		must(t, err)
		for i := 0; i < len(bytes); i += 16 { // both places of the head
			bytes[i] ^= 1
		}
		must(t, os.WriteFile(path, bytes, 0o600))
		v, status := verified(damaged)
		if i := slices.IndexFunc(v.Checks, func(l verdictLine) bool { return !l.OK }); status != 1 || v.OK || i < 0 || v.Checks[i].What.EN != test.what {
			t.Errorf("%s altered: status %d, %+v", path, status, v)
		}
	}
}
