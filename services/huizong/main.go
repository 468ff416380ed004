// Command huizong is the whole product in one binary: the server with all its services, and the commands that talk to one.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"huizong/pkg/engine"
	"huizong/pkg/judge"
	"huizong/services/portal/submission"
)

func main() {
	engine.RunIfChild()                  // the embedded ClickHouse is this binary, started again
	judge.RunIfChild(submission.Views()) // and so is the reader of a stranger's file
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := root().ExecuteContext(ctx)
	stop()
	var status exitStatus
	switch {
	case err == nil:
	case errors.As(err, &status):
		os.Exit(int(status))
	default:
		fmt.Fprintln(os.Stderr, "huizong:", err)
		os.Exit(1)
	}
}

// exitStatus ends the process with a status when everything has been said already.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }
