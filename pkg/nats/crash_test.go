package nats

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"huizong/pkg/reporting"
)

// crashDir is set in a process that TestDeadlyMessage starts to be killed.
const crashDir = "HUIZONG_TEST_CRASH_DIR"

const deadlyExit = 3

// deadlyWork is how long the handler works before it dies. The server notes a delivery some milliseconds after it, so one that
// died in no time would not be counted; see Consume.
const deadlyWork = 20 * time.Millisecond

// TestDeadlyMessage shows that a message which kills its process, the embedded server with it, each time it is delivered, ends in
// the quarantine. The test starts itself anew until then.
func TestDeadlyMessage(t *testing.T) {
	if dir := os.Getenv(crashDir); dir != "" {
		dieOfMessage(t, dir)
		return
	}
	t.Parallel()
	dir := t.TempDir()
	b := start(t, Config{Dir: dir})
	b.mustPublish(t, "m1", "deadly")
	b.bus.Close()
	if err := b.server.Close(); err != nil {
		t.Fatal(err)
	}

	deaths := 0
	for ; ; deaths++ {
		child := exec.CommandContext(b.ctx, os.Args[0], "-test.run=^TestDeadlyMessage$")
		child.Env = append(os.Environ(), crashDir+"="+dir)
		out, err := child.CombinedOutput()
		if err == nil {
			break
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != deadlyExit {
			t.Fatalf("child: %v\n%s", err, out)
		}
		if deaths > 50 {
			t.Fatal("the message kills without end")
		}
	}
	t.Logf("quarantined after %d deaths", deaths)

	b = start(t, Config{Dir: dir})
	q, err := b.bus.Quarantined(b.ctx, "m1")
	if err != nil || string(q.Data) != "deadly" {
		t.Errorf("Quarantined = %+v, %v", q, err)
	}
}

// dieOfMessage is the process: it dies at the first message, or returns when the message is in the quarantine.
func dieOfMessage(t *testing.T, dir string) {
	b := start(t, Config{Dir: dir})
	moved := make(chan bool, 1)
	watch, err := b.bus.Consume(b.ctx, ConsumerConfig{Stream: quarantineStream, Durable: "watch"}, func(context.Context, Message) {
		moved <- true
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(watch.Stop)
	b.mustConsume(t, ConsumerConfig{MaxDeliver: 3, AckWait: 50 * time.Millisecond}, func(context.Context, Message) {
		<-time.After(deadlyWork)
		os.Exit(deadlyExit) // no defer runs and no file is flushed, as with a kill
	})
	receive(t, moved)
	if _, err := b.bus.Quarantined(b.ctx, "m1"); reporting.CodeOf(err) != "" {
		t.Fatal(err)
	}
}
