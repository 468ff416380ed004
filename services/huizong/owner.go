package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/oklog/ulid/v2"
	"go.uber.org/zap"

	"huizong/pkg/clickhouse"
	"huizong/pkg/lease"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
)

// holding are the leases that this process has on servers that others can reach.
type holding struct {
	claim lease.Claim
	log   *zap.Logger
	ctx   context.Context // ends with the system
	end   context.CancelFunc
	ended chan struct{} // one for each lease
	count int
	lost  chan error
}

func newHolding(store *originals.Store, cfg systemConfig, log *zap.Logger) (*holding, error) {
	dir, err := filepath.Abs(cfg.Data)
	if err != nil {
		return nil, err
	}
	host, err := os.Hostname()
	if err != nil {
		return nil, err
	}
	place, err := placeOf(dir, host)
	if err != nil {
		return nil, err
	}
	h := &holding{log: log, ended: make(chan struct{}), lost: make(chan error, 2), // ClickHouse and NATS
		claim: lease.Claim{ID: ulid.Make().String(), Journal: store.Name(), Place: place, Directory: dir, Host: host, PID: os.Getpid()}}
	h.ctx, h.end = context.WithCancel(context.Background())
	return h, nil
}

// placeOf names the file of the directory's lock on this boot of this machine: the holder of that lock knows that another process of the same
// place is dead, whatever its number was.
func placeOf(dir, host string) (string, error) {
	info, err := os.Stat(filepath.Join(dir, "lock"))
	if err != nil {
		return "", err
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		boot = []byte(host) // not on Linux
	}
	file := dir
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		file = fmt.Sprintf("%d:%d", stat.Dev, stat.Ino)
	}
	return strings.TrimSpace(string(boot)) + " " + file, nil
}

// hold acquires a lease and renews it until release. The loss of a lease is passed to watch.
func (h *holding) hold(ctx context.Context, board lease.Board, name string) error {
	l, err := lease.Acquire(ctx, board, name, h.claim, func(c lease.Claim) {
		h.log.Warn("another one had it a moment ago; looking whether it is at work", zap.String("server", name), zap.String("other", c.Who()))
	})
	if reporting.CodeOf(err) == reporting.Conflict {
		return refuse(err, "end that one first: on its machine, huizong stop --data DIR", "or give this one a server of its own; without --nats and --clickhouse it brings its own")
	}
	if err != nil {
		return fmt.Errorf("lease of %s: %w", name, err)
	}
	h.count++
	go func() {
		defer func() { h.ended <- struct{}{} }()
		if err := l.Run(h.ctx, func(err error) { h.log.Warn("lease not renewed", zap.String("server", name), zap.Error(err)) }); err != nil {
			h.lost <- fmt.Errorf("this server was paused or cut off, and another has taken its place: %w", err)
		}
	}()
	return nil
}

// watch waits until a lease is lost, or ctx ends.
func (h *holding) watch(ctx context.Context) error {
	select {
	case err := <-h.lost:
		return err
	case <-ctx.Done():
		return nil
	}
}

// release gives all leases up.
func (h *holding) release() {
	h.end()
	for range h.count {
		<-h.ended
	}
}

// ownFacts makes sure that ClickHouse has the facts of this journal, and no other process is at work on them. A rebuild drops them.
func (s *system) ownFacts(ctx context.Context, cfg systemConfig) error {
	if cfg.ClickHouse != "" {
		if err := s.held.hold(ctx, s.facts.Leases(), "ClickHouse "+cfg.ClickHouse); err != nil {
			return err
		}
	}
	own := func() error { return s.facts.Own(ctx, s.held.claim.Journal, s.held.claim.Directory, s.held.claim.Host) }
	err := own()
	if err == nil && cfg.fresh {
		err = s.checkKnown(ctx, cfg)
	}
	if err != nil && !errors.Is(err, clickhouse.ErrOwned) {
		return err
	}
	switch {
	case cfg.fresh && cfg.ClickHouse != "" && (err == nil || cfg.takeOver && errors.Is(err, clickhouse.ErrOwned)):
		if err := errors.Join(s.facts.Drop(ctx), s.migrate(ctx)); err != nil {
			return err
		}
		return own()
	case errors.Is(err, clickhouse.ErrOwned) && cfg.ClickHouse == "":
		return refuse(fmt.Errorf("%s: %w", filepath.Join(cfg.Data, clickhouseFolder), err), "put the folder of this directory back, or drop it and decide everything again from this journal: "+cfg.commandLine("rebuild", "--take-over"))
	case errors.Is(err, clickhouse.ErrOwned):
		return refuse(fmt.Errorf("ClickHouse %s: %w", cfg.ClickHouse, err), waysOfOwned(cfg)...)
	}
	return err
}

// ownStreams makes sure that NATS has the messages of this journal, and no other process is at work on them. A rebuild drops them.
func (s *system) ownStreams(ctx context.Context, cfg systemConfig) error {
	if cfg.NATS != "" || cfg.NATSListen != "" {
		if err := s.held.hold(ctx, s.bus.Leases(), "NATS "+cfg.NATS+cfg.NATSListen); err != nil {
			return err
		}
	}
	own := func() error { return s.bus.Own(ctx, s.held.claim.Journal, s.held.claim.Directory) }
	err := own()
	switch {
	case cfg.fresh && (err == nil || cfg.takeOver && errors.Is(err, nats.ErrOwned)):
		if err := s.bus.DeleteState(ctx); err != nil {
			return err
		}
		return own()
	case errors.Is(err, nats.ErrOwned) && cfg.NATS == "":
		return refuse(fmt.Errorf("%s: %w", filepath.Join(cfg.Data, natsFolder), err), "drop the messages, which come again from this journal: "+cfg.commandLine("rebuild"))
	case errors.Is(err, nats.ErrOwned):
		return refuse(fmt.Errorf("NATS %s: %w", cfg.NATS, err), waysOfOwned(cfg)...)
	}
	return err
}

// waysOfOwned are what can be done about a server that another directory has used.
func waysOfOwned(cfg systemConfig) []string {
	return []string{
		"give this one a server of its own; without --nats and --clickhouse it brings its own",
		"if that directory is gone for good, or brings its own server now, delete what it left there and decide everything again from this journal: " + cfg.commandLine("rebuild", "--take-over"),
	}
}
