package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"huizong/pkg/audit"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/schemas"
)

// adopted is the last adoption of definitions in the journal.
func adopted(store *originals.Store) (last reporting.Envelope) {
	for _, e := range store.Adopted() {
		if e.Definitions != nil {
			last = e
		}
	}
	return last
}

// checkDefinitions refuses definitions that are not those by which the directory's sheets were judged. A directory that has adopted none, a
// new one or one of an older program, adopts those of its first start. Other templates of reports move no figure: they are noted and taken.
func (s *system) checkDefinitions(ctx context.Context, cfg systemConfig, log *zap.Logger) error {
	now, err := schemas.Contents(s.schemas)
	if err != nil {
		return err
	}
	last := adopted(s.store)
	if last.Definitions == nil {
		return s.adoptFirst(ctx, now, log)
	}
	if last.Definitions.SHA256 != now.SHA256 {
		return s.refuseDefinitions(cfg, last, now)
	}
	changes := changedFiles(*last.Definitions, now)
	if len(changes) == 0 {
		return nil
	}
	log.Warn("the templates of reports have changed", zap.Strings("files", changes))
	return s.adopt(ctx, now, "templates of reports: "+strings.Join(changes, ", "))
}

func (s *system) adoptFirst(ctx context.Context, now reporting.Definitions, log *zap.Logger) error {
	reason := "first start"
	if s.store.Submissions() > 0 {
		reason = "first start with a program that keeps them"
		log.Warn("the definitions of this start are adopted for the data directory", zap.String("sha256", now.SHA256))
	}
	return s.adopt(ctx, now, reason)
}

func (s *system) adopt(ctx context.Context, now reporting.Definitions, reason string) error {
	_, err := s.store.Append(ctx, reporting.Envelope{Kind: reporting.DefinitionsAdopted, By: "system", Reason: reason, Definitions: &now})
	return err
}

func (s *system) refuseDefinitions(cfg systemConfig, last reporting.Envelope, now reporting.Definitions) error {
	var changes []string
	for _, change := range changedFiles(*last.Definitions, now) {
		if name, _, _ := strings.Cut(change, " "); schemas.Decides(name) {
			changes = append(changes, change)
		}
	}
	err := reporting.Errorf(reporting.Conflict, "the definitions are not those of %s, adopted on %s by %s (%s): %s",
		cfg.Data, last.ReceivedAt.Local().Format(time.DateTime), last.By, last.Reason, someOf(changes, 8))
	forgotten := "did you forget --schemas DIR? Start with the folder of before"
	if cfg.Schemas != "" {
		forgotten = fmt.Sprintf("is %s the folder of before? Start with that one", cfg.Schemas)
	}
	return refuse(err, forgotten,
		"if the program was updated, or the change is meant, adopt them: "+cfg.commandLine("definitions adopt", "--reason", "TEXT")+"  (new sheets are judged by them; old ones only by huizong rebuild)")
}

// changedFiles says how the files of now differ from those of before, by name.
func changedFiles(before, now reporting.Definitions) []string {
	old := map[string]string{}
	for _, f := range before.Files {
		old[f.Name] = f.SHA256
	}
	var changes []string
	for _, f := range now.Files {
		sum, known := old[f.Name]
		delete(old, f.Name)
		switch {
		case !known:
			changes = append(changes, f.Name+" new")
		case sum != f.SHA256:
			changes = append(changes, f.Name+" changed")
		}
	}
	for _, f := range before.Files {
		if _, gone := old[f.Name]; gone {
			changes = append(changes, f.Name+" missing")
		}
	}
	return changes
}

// someOf joins the first of a list, and says how many more there are.
func someOf(all []string, most int) string {
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:most], ", "), len(all)-most)
}

func definitionsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "definitions", Short: "By what units, forms, indicators and checks a data directory judges: show, adopt"}
	cmd.AddCommand(definitionsShow(), definitionsAdopt())
	return cmd
}

func definitionsShow() *cobra.Command {
	var cfg systemConfig
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show --data DIR [--json]",
		Short: "Print what was adopted when, by whom and why",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, err := inspectJournal(cfg)
			if err != nil {
				return err
			}
			encoder := json.NewEncoder(cmd.OutOrStdout())
			var before reporting.Definitions
			for _, e := range store.Adopted() {
				if e.Definitions == nil {
					continue
				}
				if asJSON {
					err = errors.Join(err, encoder.Encode(e))
					continue
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s  %s  %s  %s\n", e.ReceivedAt.Local().Format(time.DateTime), e.Definitions.SHA256[:12], e.By, e.Reason)
				if before.SHA256 != "" {
					fmt.Fprintf(cmd.OutOrStdout(), "    %s\n", strings.Join(changedFiles(before, *e.Definitions), ", "))
				}
				before = *e.Definitions
			}
			return err
		},
	}
	journalFlags(cmd.Flags(), &cfg)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with every file and its hash")
	cmd.MarkFlagRequired("data")
	return cmd
}

func definitionsAdopt() *cobra.Command {
	var cfg systemConfig
	var by, reason string
	cmd := &cobra.Command{
		Use:   "adopt --data DIR [--schemas DIR] --reason TEXT",
		Short: "Judge by other definitions from here on",
		Long: `Judge by other definitions from here on: those in the program, with the folder --schemas over them.

The server must not run. It changes no outcome that was given; huizong rebuild decides everything again by the new ones.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return adoptDefinitions(cmd, cfg, by, reason) },
	}
	systemFlags(cmd.Flags(), &cfg)
	cmd.Flags().StringVar(&by, "by", os.Getenv("USER"), "who")
	cmd.Flags().StringVar(&reason, "reason", "", "why")
	cmd.MarkFlagRequired("data")
	cmd.MarkFlagRequired("reason")
	return cmd
}

func adoptDefinitions(cmd *cobra.Command, cfg systemConfig, by, reason string) (err error) {
	sys := &system{}
	defer func() { err = errors.Join(err, sys.close()) }()
	if err := sys.loadSchemas(cfg); err != nil { // what cannot be loaded is not adopted
		return err
	}
	now, err := schemas.Contents(sys.schemas)
	if err != nil {
		return err
	}
	if sys.lock, err = originals.AcquireLock(cfg.Data); err != nil {
		return err
	}
	if sys.store, err = openJournal(cfg); err != nil {
		return err
	}
	before := adopted(sys.store).Definitions
	if before == nil {
		before = &reporting.Definitions{}
	}
	changes := changedFiles(*before, now)
	if len(changes) == 0 {
		return reporting.Errorf(reporting.Conflict, "there is nothing to adopt: these definitions are those of %s already", cfg.Data)
	}
	e, err := sys.store.Append(cmd.Context(), reporting.Envelope{Kind: reporting.DefinitionsAdopted, By: by, Reason: reason, Definitions: &now})
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "已采用 adopted %s: %s\n", now.SHA256[:12], strings.Join(changes, ", "))
	return appendEvent(cmd.Context(), cfg.Data, audit.Event{Who: by, Action: "definitions.adopt", Object: e.ID, Detail: map[string]string{"reason": reason, "sha256": now.SHA256}})
}
