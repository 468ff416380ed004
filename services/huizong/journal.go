package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"huizong/pkg/audit"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
)

// openJournal opens the store, or says what is wrong with its journal and what mends it.
func openJournal(cfg systemConfig) (*originals.Store, error) {
	store, err := originals.Open(cfg.Data, cfg.Journal)
	return store, refuseJournal(cfg, err)
}

// refuseJournal says what mends a journal that cannot be opened, where something does.
func refuseJournal(cfg systemConfig, err error) error {
	var d *originals.Damage
	var stray *originals.Stray
	switch {
	case errors.As(err, &d):
		return refuse(err, waysOut(cfg, d)...)
	case errors.As(err, &stray):
		return refuse(err,
			"if it is an entry under another name, give it its own back: the id that it holds, and .json",
			fmt.Sprintf("else move it out of the folder: mv -n %s %s", quote(stray.Path), quote(filepath.Join(cfg.Data, "stray-"+filepath.Base(stray.Path)))))
	}
	return err
}

// waysOut are what can be done about a damaged journal, the best first.
func waysOut(cfg systemConfig, d *originals.Damage) []string {
	accept := cfg.commandLine("journal accept", "--lost", strconv.Itoa(d.Lost), "--reason", "TEXT")
	switch d.Kind {
	case originals.HeadMissing, originals.HeadDamaged, originals.HeadForeign, originals.KeyMissing:
		return []string{
			fmt.Sprintf("say where they are kept, by --journal-head FILE and --journal-key FILE, if not at %s and %s", d.Path, d.KeyPath),
			"put the file back from where a copy of it is kept",
			"if there is no copy, take the journal as it is: " + accept,
		}
	}
	return []string{
		fmt.Sprintf("put the newest backup of %s and %s back: what holds is the journal that its head belongs to", filepath.Join(cfg.Data, "envelopes"), filepath.Join(cfg.Data, "originals")),
		fmt.Sprintf("if no backup has them, go on without the %d: %s  and then: %s", d.Lost, accept, cfg.commandLine("rebuild")),
	}
}

// lacking are the submissions that ClickHouse has decided and the journal has not, as far as has tells.
func (s *system) lacking(ctx context.Context, has func(id string) bool) ([]reporting.LostSubmission, error) {
	decided, err := s.facts.DecidedAll(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for id := range decided {
		if !has(id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	lost := make([]reporting.LostSubmission, 0, len(ids))
	for _, id := range ids {
		d, _, err := s.facts.Outcome(ctx, id)
		if err != nil {
			return nil, err
		}
		lost = append(lost, reporting.LostSubmission{ID: id, Org: d.Org, Form: d.Form, Period: d.Period, FileName: d.FileName, SHA256: d.SHA256})
	}
	return lost, nil
}

// checkKnown refuses a journal that is shorter than what ClickHouse knows: an old backup of it was put back, with its head. A rebuild may go on
// without what somebody has accepted as lost; a server may not, for it would show it.
func (s *system) checkKnown(ctx context.Context, cfg systemConfig) error {
	lost, err := s.lacking(ctx, func(id string) bool {
		_, err := s.store.Envelope(id)
		return err == nil
	})
	accepted := !slices.ContainsFunc(lost, func(l reporting.LostSubmission) bool { return !s.store.Lost(l.ID) })
	if err != nil || len(lost) == 0 || accepted && cfg.fresh {
		return err
	}
	err = reporting.Errorf(reporting.Conflict, "ClickHouse has decided %d submissions that the journal has not, the last is %s of %s (%s %s): the journal is older than ClickHouse, or is another's",
		len(lost), lost[len(lost)-1].ID, lost[len(lost)-1].Org, lost[len(lost)-1].Form, lost[len(lost)-1].Period)
	rebuild := cfg.commandLine("rebuild")
	if accepted {
		return refuse(err, "the journal was accepted without them; take them out of ClickHouse as well: "+rebuild)
	}
	return refuse(err,
		fmt.Sprintf("put the newest backup of %s and %s back", filepath.Join(cfg.Data, "envelopes"), filepath.Join(cfg.Data, "originals")),
		fmt.Sprintf("if no backup has them, go on without the %d: %s  and then: %s", len(lost), cfg.commandLine("journal accept", "--lost", strconv.Itoa(len(lost)), "--reason", "TEXT"), rebuild))
}

func journalCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "journal", Short: "The journal's head, and a journal that has lost something"}
	cmd.AddCommand(journalHead(), journalAccept())
	return cmd
}

func journalHead() *cobra.Command {
	var cfg systemConfig
	cmd := &cobra.Command{
		Use:   "head --data DIR",
		Short: "Print how far the journal has come: noted elsewhere, it proves later that nothing was altered or lost",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, err := inspectJournal(cfg)
			if err != nil {
				return err
			}
			encoder := json.NewEncoder(cmd.OutOrStdout())
			encoder.SetIndent("", "  ")
			return encoder.Encode(store.Head())
		},
	}
	journalFlags(cmd.Flags(), &cfg)
	cmd.MarkFlagRequired("data")
	return cmd
}

func journalAccept() *cobra.Command {
	var cfg systemConfig
	a := originals.Acceptance{}
	cmd := &cobra.Command{
		Use:   "accept --data DIR --lost N --reason TEXT",
		Short: "Take a damaged journal as it is: what is lost is recorded, and a new head signed",
		Long: `Take a damaged journal as it is, because no backup has what it lost.

The server must not run. What does not hold is put aside, in DIR/envelopes-put-aside, and nothing is deleted. The journal gets an
entry that says what was lost, who accepted it and why, and a new head; the audit log says so as well. Afterwards: huizong rebuild.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, err := newLogger(cmd)
			if err != nil {
				return err
			}
			defer log.Sync()
			return acceptJournal(cmd, cfg, a, log)
		},
	}
	systemFlags(cmd.Flags(), &cfg)
	cmd.Flags().IntVar(&a.Lost, "lost", 0, "how many entries are lost, as the refusal says: who accepts has to know")
	cmd.Flags().StringVar(&a.Reason, "reason", "", "why")
	cmd.Flags().StringVar(&a.By, "by", os.Getenv("USER"), "who")
	cmd.Flags().String("log-level", "warn", "debug, info, warn or error")
	for _, name := range []string{"data", "lost", "reason"} {
		cmd.MarkFlagRequired(name)
	}
	return cmd
}

func acceptJournal(cmd *cobra.Command, cfg systemConfig, a originals.Acceptance, log *zap.Logger) (err error) {
	sys := &system{}
	defer func() { err = errors.Join(err, sys.close()) }()
	if sys.lock, err = originals.AcquireLock(cfg.Data); err != nil {
		return err
	}
	// ClickHouse tells whose sheets are lost. Where it was never there, or was deleted, nobody knows.
	if _, err := os.Stat(filepath.Join(cfg.Data, clickhouseFolder)); err == nil || cfg.ClickHouse != "" {
		if err := sys.openFacts(cmd.Context(), cfg, log); err != nil {
			return fmt.Errorf("ClickHouse knows what the journal lost, and cannot be asked: %w", err)
		}
		a.Missing = func(has func(string) bool) ([]reporting.LostSubmission, error) {
			return sys.lacking(cmd.Context(), has)
		}
	}
	e, aside, err := originals.Accept(cmd.Context(), cfg.Data, cfg.Journal, a)
	if err != nil {
		return refuseJournal(cfg, err)
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "已接受 accepted: 条目 entry %s，缺少 lost: %d\n", e.ID, a.Lost)
	for _, l := range e.Loss.Submissions {
		fmt.Fprintf(out, "  需重新报送 has to be sent again: %s  %s  %s  %s  %s\n", l.Org, l.Form, l.Period, l.FileName, l.ID)
	}
	if aside != "" {
		fmt.Fprintf(out, "原文件移至 put aside: %s\n", aside)
	}
	if a.Lost > 0 {
		fmt.Fprintf(out, "下一步 now: %s\n", cfg.commandLine("rebuild"))
	}
	return appendEvent(cmd.Context(), cfg.Data, audit.Event{Who: a.By, Action: "journal.accept", Object: e.ID, Detail: map[string]string{"reason": a.Reason, "lost": strconv.Itoa(a.Lost)}})
}

// appendEvent writes what an operator did without a server into the audit log.
func appendEvent(ctx context.Context, dir string, e audit.Event) error {
	log, err := audit.Open(dir, time.Now)
	if err != nil {
		return err
	}
	e.Role, e.Via, e.Outcome = "operator", "local", audit.OK
	_, err = log.Append(ctx, e)
	return err
}
