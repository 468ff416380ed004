package nats

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	natsserver "github.com/nats-io/nats-server/v2/server"

	"huizong/pkg/reporting"
)

// TestSubjectsAreKnown: subject.go, the list that the attacks go through, and docs/subjects.md name the same subjects.
func TestSubjectsAreKnown(t *testing.T) {
	t.Parallel()
	named := map[string][]string{}
	for file, line := range map[string]string{"subject.go": `(?m)^\t\w+ += "(huizong\.[a-z.]+)"`, "../../docs/subjects.md": "(?m)^\\| `(huizong\\.[a-z.]+)<", "../../services/huizong/attack/testdata/subjects.txt": `(?m)^(huizong\.[a-z.]+) `} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(line).FindAllStringSubmatch(string(text), -1) {
			named[file] = append(named[file], m[1])
		}
		slices.Sort(named[file])
	}
	for file, list := range named {
		if !slices.Equal(list, named["subject.go"]) {
			t.Errorf("%s has %v, subject.go %v", file, list, named["subject.go"])
		}
	}
	if len(named) != 3 {
		t.Errorf("subjects are named in %d files", len(named))
	}
}

// TestStreamIsKept: where somebody deletes the stream, it is there again within moments, its consumer goes on, and it is told. Until then the bus is not
// ready.
func TestStreamIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := make(chan string, 10)
	b.mustConsume(t, ConsumerConfig{}, func(ctx context.Context, m Message) { m.Ack(ctx); got <- m.MsgID })
	b.mustPublish(t, "m1", "before")
	receive(t, got)
	if err := b.bus.js.DeleteStream(b.ctx, Submissions); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "Ready", b.bus.Ready(b.ctx), "unavailable")
	go b.bus.KeepStreams(b.ctx, 1)
	receive(t, b.bus.Restored())
	if err := b.bus.Ready(b.ctx); err != nil {
		t.Errorf("Ready with the stream: %v", err)
	}
	b.mustPublish(t, "m2", "after")
	for receive(t, got) != "m2" {
	}
}

// TestServerOfOnesOwn: the configuration that docs/subjects.md gives keeps a unit's program where the embedded server keeps it.
func TestServerOfOnesOwn(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/subjects.md")
	if err != nil {
		t.Fatal(err)
	}
	_, config, _ := strings.Cut(string(page), "```nats\n")
	config, _, ok := strings.Cut(config, "```")
	if !ok {
		t.Fatal("docs/subjects.md has no configuration")
	}
	file := filepath.Join(t.TempDir(), "nats.conf")
	if err := os.WriteFile(file, []byte(strings.Replace(config, "STORE", t.TempDir(), 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	options, err := natsserver.ProcessConfigFile(file)
	if err != nil {
		t.Fatal(err)
	}
	options.Host, options.Port, options.NoSigs, options.NoLog = "127.0.0.1", natsserver.RANDOM_PORT, true, true
	server, err := natsserver.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}
	server.Start()
	t.Cleanup(func() { server.Shutdown(); server.WaitForShutdown() })
	if !server.ReadyForConnections(patience) {
		t.Fatal("the server is not ready")
	}
	as := func(user, password string) *Bus {
		bus, err := Dial("nats://"+user+":"+password+"@"+server.Addr().String(), Options{Token: "of the command line"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(bus.Close)
		return bus
	}
	b := bundle{ctx: t.Context(), bus: as("huizong", "change-me")}
	if err := b.bus.EnsureStreams(b.ctx, 1); err != nil {
		t.Fatal(err)
	}
	serving, err := b.bus.Serve(b.ctx, ServeConfig{Subject: AllSend}, func(_ context.Context, r Request) (Reply, error) {
		unit, id := Sender(r.Subject)
		return Reply{Data: []byte(unit + " " + id)}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(serving.Stop)
	unit := as("unit", "change-me-too")
	if reply, err := unit.Request(b.ctx, sendSubject+"349981001", nil, nil); err != nil || string(reply.Data) != "349981001 3f1c9a2b7d4e" {
		t.Errorf("a request of the unit: %q, %v", reply.Data, err)
	}
	for _, subject := range []string{sendSubject + "349981002", sendSubject + "349981001.other", receivedSubject + "349981001", "$JS.API.STREAM.DELETE." + Submissions} {
		_, err := unit.Request(b.ctx, subject, nil, nil)
		wantCode(t, "a request to "+subject, err, reporting.Forbidden)
	}
	if err := unit.conn.PublishRequest(sendSubject+"349981001", "$JS.API.STREAM.DELETE."+Submissions, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := unit.Request(b.ctx, sendSubject+"349981001", nil, nil); err != nil {
		t.Errorf("a request after the attack: %v", err)
	}
	if there, err := b.bus.hasStream(b.ctx); err != nil || !there {
		t.Errorf("the stream is gone: %v", err)
	}
}
