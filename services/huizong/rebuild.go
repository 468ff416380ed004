package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"huizong/services/worker"
)

func rebuildCommand() *cobra.Command {
	var cfg systemConfig
	cmd := &cobra.Command{
		Use:   "rebuild --data DIR",
		Short: "Drop NATS and ClickHouse state and decide every submission again from the originals",
		Long: `Drop NATS and ClickHouse state and decide every submission again from the originals.

The server must not run. Originals and envelopes are only read. Outcomes, facts and figures come out as they were.

A submission that cannot be decided holds up no other. At the end they are listed, with the reason, and the exit status is 1.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return rebuild(cmd, cfg) },
	}
	systemFlags(cmd.Flags(), &cfg)
	cmd.Flags().BoolVar(&cfg.takeOver, "take-over", false, "drop what a NATS or ClickHouse server holds also where it is another data directory's, which is gone for good")
	cmd.Flags().BoolVar(&cfg.newPersonKey, "new-person-key", false, "make a new key of persons, because the old one is lost: every person's hash changes")
	cmd.Flags().String("log-level", "warn", "debug, info, warn or error")
	cmd.MarkFlagRequired("data")
	return cmd
}

func rebuild(cmd *cobra.Command, cfg systemConfig) error {
	if _, err := os.Stat(filepath.Join(cfg.Data, "envelopes")); err != nil {
		return fmt.Errorf("%s holds no submissions: %w", cfg.Data, err)
	}
	log, err := newLogger(cmd)
	if err != nil {
		return err
	}
	defer log.Sync()
	cfg.fresh = true
	sys, err := openSystem(cmd.Context(), cfg, log)
	if err != nil {
		return err
	}
	defer sys.close()
	if cfg.NATS != "" {
		if err := sys.connectBus(cmd.Context(), serveConfig{systemConfig: cfg}, keys{}, log); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancelCause(cmd.Context())
	defer cancel(nil)
	go func() { cancel(sys.held.watch(ctx)) }()
	w := worker.New(worker.Config{Store: sys.store, Facts: sys.facts, Catalogue: sys.catalogue, Judge: sys.judge, Log: log, Tries: filepath.Join(cfg.Data, triesFolder)})
	progress := func(int, int) {}
	if watched(cmd) {
		bar := progressbar.NewOptions(0, progressbar.OptionSetWriter(cmd.ErrOrStderr()), progressbar.OptionSetDescription("rebuild"), progressbar.OptionShowCount())
		progress = func(done, total int) {
			bar.ChangeMax(total)
			bar.Set(done)
		}
		defer fmt.Fprintln(cmd.ErrOrStderr())
	}
	undecided, err := w.Replay(ctx, progress)
	if err != nil || len(undecided) == 0 {
		return err
	}
	for _, u := range undecided {
		fmt.Fprintln(cmd.OutOrStdout(), undecidedLine(u.Submission, u.Org, u.Form, u.Period, u.Reason))
	}
	return fmt.Errorf("%d could not be decided, see above; all others are. Mend what is wrong and rebuild again; what could not be decided when it came either is then replayed on the running server: huizong quarantine replay SUBMISSION", len(undecided))
}

// drop removes what the directory's own NATS and ClickHouse hold, unless ClickHouse knows submissions that the journal lacks: with it the
// last trace of them would go. One that does not start any more is not asked, nor one that is said to be another's.
func (s *system) drop(ctx context.Context, cfg systemConfig, log *zap.Logger) error {
	if _, err := os.Stat(filepath.Join(cfg.Data, clickhouseFolder)); err == nil && cfg.ClickHouse == "" && !cfg.takeOver {
		if err := s.openFacts(ctx, cfg, log); err != nil {
			log.Warn("ClickHouse cannot be asked what it knows; it is made anew", zap.Error(err))
		} else if err := s.checkKnown(ctx, cfg); err != nil {
			return err
		}
		if err := s.closeFacts(); err != nil {
			return err
		}
	}
	return dropState(cfg.Data)
}

// dropState removes what can be made again. The caller holds the directory's lock, so it never pulls the ground from under a server.
// The accounts stay: the analysts' password is not to change with a rebuild.
func dropState(dir string) error {
	if err := os.RemoveAll(filepath.Join(dir, natsFolder)); err != nil {
		return err
	}
	entries, err := os.ReadDir(filepath.Join(dir, clickhouseFolder))
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	for _, e := range entries {
		if e.Name() == "accounts.json" || e.Name() == "strays" { // what lies there cannot be made again
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, clickhouseFolder, e.Name())); err != nil {
			return err
		}
	}
	return nil
}
