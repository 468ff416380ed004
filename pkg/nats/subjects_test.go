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

// subjects are all subjects of ours. A new constant has to be entered here: TestSubjectsAreKnown compares.
var subjects = []struct {
	constant, subject string
}{
	{"receivedSubject", receivedSubject + "*"},
	{"decidedSubject", decidedSubject + "*"},
	{"sendSubject", sendSubject + "*"},
	{"outcomeSubject", outcomeSubject + "*"},
	{"compilerSubject", compilerSubject + "*"},
}

// TestSubjectsAreKnown: subject.go, the list that the attacks go through, and docs/subjects.md name the same subjects.
func TestSubjectsAreKnown(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("subject.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/subjects.md")
	if err != nil {
		t.Fatal(err)
	}
	var inSource, inPage, known []string
	for _, m := range regexp.MustCompile(`(?m)^\t\w+ += ("huizong\.[a-z.]+")`).FindAllStringSubmatch(string(source), -1) {
		inSource = append(inSource, strings.Trim(m[1], `"`)+"*")
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `(huizong\\.[a-z.]+)<").FindAllStringSubmatch(string(page), -1) {
		inPage = append(inPage, m[1]+"*")
	}
	for _, s := range subjects {
		known = append(known, s.subject)
	}
	slices.Sort(known)
	for where, list := range map[string][]string{"subject.go": inSource, "docs/subjects.md": inPage} {
		slices.Sort(list)
		if !slices.Equal(list, known) {
			t.Errorf("%s has %v, the attacks go through %v", where, list, known)
		}
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
	for _, subject := range []string{sendSubject + "349981002", sendSubject + "349981001.other", compilerSubject + "figures", receivedSubject + "349981001", "$JS.API.STREAM.DELETE." + Submissions} {
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
