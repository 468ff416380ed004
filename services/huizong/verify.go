package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"huizong/pkg/audit"
	"huizong/pkg/originals"
	"huizong/pkg/release"
	"huizong/pkg/reporting"
	"huizong/schemas"
)

// verdictLine is a line of the verdict.
type verdictLine struct {
	What    reporting.Text `json:"what"`
	OK      bool           `json:"ok"`
	Skipped bool           `json:"skipped,omitempty"` // it could not be looked at, and is not wrong
	Says    string         `json:"says"`
}

// verdict is what verify finds.
type verdict struct {
	OK     bool          `json:"ok"`
	Checks []verdictLine `json:"checks"`
}

func verifyCommand() *cobra.Command {
	var cfg systemConfig
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify --data DIR [--json]",
		Short: "Check that nothing in a data directory was lost or altered: journal, head, originals, releases, audit log, keys",
		Long: `Check that nothing in a data directory was lost or altered: the journal's chain and its head, every original, every file of every
release, the audit log, the key of persons, the definitions, and whether ClickHouse knows submissions that the journal lacks.

It only reads, and may run beside the server; what ClickHouse knows is then not compared, because the server did that at its start.
Exit status 0: all is as it was written; 1: something is not.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, err := newLogger(cmd)
			if err != nil {
				return err
			}
			defer log.Sync()
			v := verify(cmd.Context(), cfg, log)
			if asJSON {
				err = json.NewEncoder(cmd.OutOrStdout()).Encode(v)
			} else {
				printVerdict(cmd, v)
			}
			if err == nil && !v.OK {
				err = exitStatus(1)
			}
			return err
		},
	}
	systemFlags(cmd.Flags(), &cfg)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().String("log-level", "error", "debug, info, warn or error")
	cmd.MarkFlagRequired("data")
	return cmd
}

// verify looks at everything, also where something before it is wrong.
func verify(ctx context.Context, cfg systemConfig, log *zap.Logger) verdict {
	var v verdict
	add := func(zh, en, says string, err error) {
		c := verdictLine{What: reporting.Text{ZH: zh, EN: en}, OK: err == nil, Says: says}
		if err != nil {
			c.Says = err.Error()
		}
		v.Checks = append(v.Checks, c)
	}
	skip := func(zh, en, why string) {
		v.Checks = append(v.Checks, verdictLine{What: reporting.Text{ZH: zh, EN: en}, OK: true, Skipped: true, Says: why})
	}
	sys := &system{}
	var err error
	if sys.store, err = inspectJournal(cfg); err != nil {
		add("报送流水", "journal", "", err)
		skip("报表原件", "originals", "cannot be compared without the journal")
	} else {
		head := sys.store.Head()
		says := fmt.Sprintf("%d entries, the last of %s; head %s signed", sys.store.Len(), head.At.Local().Format(time.DateTime), head.SHA256[:min(12, len(head.SHA256))])
		if n := sys.store.Uncounted(); n > 0 {
			says += fmt.Sprintf("; %d behind it, of a crash or of this moment", n)
		}
		add("报送流水", "journal", says, nil)
		add("报表原件", "originals", fmt.Sprintf("%d submissions, every file as it was sent", sys.store.Submissions()), sys.store.Verify(ctx))
		add("人员密钥", "person key", "is the one that the journal names", sys.checkPersonKey(cfg))
		sys.verifyDefinitions(cfg, add)
		sys.verifyKnown(ctx, cfg, log, add, skip)
	}
	releases, err := release.Check(filepath.Join(cfg.Data, releasesFolder))
	add("发布的报告", "releases", fmt.Sprintf("%d, every file as it was released", releases), err)
	events, err := audit.Check(ctx, cfg.Data)
	if reporting.CodeOf(err) == reporting.NotFound && sys.store != nil && sys.store.Submissions() == 0 {
		err = nil // the first start is under way
	}
	add("审计日志", "audit log", fmt.Sprintf("%d events, the chain holds", events), err)
	v.OK = true
	for _, c := range v.Checks {
		v.OK = v.OK && c.OK
	}
	return v
}

// inspectJournal is openJournal for who only reads.
func inspectJournal(cfg systemConfig) (*originals.Store, error) {
	store, err := originals.Inspect(cfg.Data, cfg.Journal)
	if err == nil && store.Len() == 0 { // of a folder that is none
		_, err = os.Stat(filepath.Join(cfg.Data, "envelopes"))
	}
	return store, refuseJournal(cfg, err)
}

func (s *system) verifyDefinitions(cfg systemConfig, add func(zh, en, says string, err error)) {
	last := adopted(s.store)
	err := s.loadSchemas(cfg)
	var now reporting.Definitions
	if err == nil {
		now, err = schemas.Contents(s.schemas)
	}
	if err == nil && last.Definitions != nil && last.Definitions.SHA256 != now.SHA256 {
		err = s.refuseDefinitions(cfg, last, now)
	}
	add("口径", "definitions", "are those adopted, "+now.SHA256[:min(12, len(now.SHA256))], err)
}

// verifyKnown compares the journal with what ClickHouse knows, where no server has it.
func (s *system) verifyKnown(ctx context.Context, cfg systemConfig, log *zap.Logger, add func(zh, en, says string, err error), skip func(zh, en, why string)) {
	const zh, en = "结果库", "outcomes"
	if _, err := os.Stat(filepath.Join(cfg.Data, clickhouseFolder)); err != nil && cfg.ClickHouse == "" {
		skip(zh, en, "ClickHouse has no state: the next start, or huizong rebuild, makes it")
		return
	}
	lock, err := originals.AcquireLock(cfg.Data)
	if err != nil {
		skip(zh, en, "the server is running, and compared them at its start")
		return
	}
	s.lock = lock
	if err := s.openFacts(ctx, cfg, log); err != nil {
		skip(zh, en, fmt.Sprintf("ClickHouse cannot be asked: %v", err))
	} else {
		add(zh, en, "ClickHouse knows no submission that the journal lacks", s.checkKnown(ctx, cfg))
	}
	if err := s.close(); err != nil {
		log.Error("close", zap.Error(err))
	}
}

func printVerdict(cmd *cobra.Command, v verdict) {
	out := cmd.OutOrStdout()
	for _, c := range v.Checks {
		mark := "完好 ok   "
		switch {
		case !c.OK:
			mark = "有误 WRONG"
		case c.Skipped:
			mark = "未查 -    "
		}
		fmt.Fprintf(out, "%s  %s %s: %s\n", mark, c.What.ZH, c.What.EN, strings.ReplaceAll(c.Says, "\n", "\n            "))
	}
	if v.OK {
		fmt.Fprintln(out, "结论：全部完好  verdict: nothing was lost or altered")
	} else {
		fmt.Fprintln(out, "结论：发现问题，见上  verdict: something is wrong, see above")
	}
}
