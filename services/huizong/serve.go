package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.uber.org/zap"

	"huizong/pkg/audit"
	"huizong/pkg/endpoint"
	"huizong/pkg/reporting"
	"huizong/services/compiler"
	"huizong/services/intake"
	"huizong/services/portal/admin"
	"huizong/services/portal/rooms"
	"huizong/services/worker"
)

// serveConfig is the configuration of `huizong serve`.
type serveConfig struct {
	systemConfig
	Listen       string
	Workers      int
	TLS          tlsConfig
	SecondFactor []string // roles; none of them is the default
	// TrustedProxies are addresses or networks of proxies that pass requests on.
	TrustedProxies []string
	Quota          intake.Quota
	QuotaMB        int64
}

func serveCommand() *cobra.Command {
	var cfg serveConfig
	cmd := &cobra.Command{
		Use:   "serve --data DIR",
		Short: "Run all services in one process",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, err := newLogger(cmd)
			if err != nil {
				return err
			}
			defer log.Sync()
			if cfg.Quota.Files < 1 || cfg.QuotaMB < 1 {
				return reporting.Errorf(reporting.Invalid, "quota-files %d, quota-mb %d: want 1 or more", cfg.Quota.Files, cfg.QuotaMB)
			}
			return serve(cmd.Context(), cfg, log, cmd.OutOrStdout())
		},
	}
	systemFlags(cmd.Flags(), &cfg.systemConfig)
	cmd.Flags().IntVar(&cfg.SQLPort, "sql-port", 0, "port on this machine for SQL over HTTP, with the read-only account analyst (default: none)")
	cmd.Flags().StringVar(&cfg.Listen, "listen", "127.0.0.1:8080", "address of the portal and the API")
	cmd.Flags().StringVar(&cfg.TLS.Mode, "tls", "auto", "on, off (behind a proxy that has it), or auto: on but for loopback")
	cmd.Flags().StringVar(&cfg.TLS.Cert, "tls-cert", "", "certificate chain in PEM (default: one that the server makes itself)")
	cmd.Flags().StringVar(&cfg.TLS.Key, "tls-key", "", "its private key in PEM")
	cmd.Flags().StringSliceVar(&cfg.SecondFactor, "second-factor", nil, "roles that have to sign in with an authenticator: clerk, reviewer, analyst, administrator, security, auditor; or none (default: reviewer, administrator, security, auditor, and on loopback none)")
	cmd.Flags().StringSliceVar(&cfg.TrustedProxies, "trusted-proxies", nil, "addresses or networks of proxies whose X-Forwarded-For is believed, e.g. 10.0.0.5,10.1.0.0/24")
	cmd.Flags().IntVar(&cfg.Quota.Files, "quota-files", intake.DefaultQuotaFiles, "files that one account may hand in on one day")
	cmd.Flags().Int64Var(&cfg.QuotaMB, "quota-mb", intake.DefaultQuotaBytes>>20, "megabytes that one account may hand in on one day")
	cmd.Flags().IntVar(&cfg.Workers, "workers", worker.DefaultWorkers, "submissions that are judged at a time")
	cmd.Flags().StringVar(&cfg.Fonts, "fonts", "", "folder of the fonts of .pdf reports (default: the one that make installed)")
	cmd.Flags().StringVar(&cfg.NATSListen, "nats-listen", "", "address on which the embedded NATS server takes other programs, e.g. 127.0.0.1:4222")
	cmd.Flags().String("log-level", "info", "debug, info, warn or error")
	cmd.MarkFlagRequired("data")
	return cmd
}

const schemasUsage = "folder with the bureau's own units, forms, indicators, checks and reports: they take the place of those of the same name, or stand beside them; a data directory wants those that were adopted for it (default: the fictional city)"

// journalFlags say where the journal is.
func journalFlags(flags *pflag.FlagSet, cfg *systemConfig) {
	flags.StringVar(&cfg.Data, "data", "", "data directory, which belongs to one process: originals, journal, releases, accounts, audit log, person key, state of NATS and ClickHouse")
	flags.StringVar(&cfg.Journal.Head, "journal-head", "", "file of the journal's signed head, better on another disk (default: journal.head in the data directory)")
	flags.StringVar(&cfg.Journal.Key, "journal-key", "", "file of the ed25519 key that signs it, in PEM (default: journal.key in the data directory, made at the first start)")
}

func systemFlags(flags *pflag.FlagSet, cfg *systemConfig) {
	journalFlags(flags, cfg)
	flags.StringVar(&cfg.Schemas, "schemas", "", schemasUsage)
	flags.StringVar(&cfg.Engine, "engine", "", "library or binary of the embedded ClickHouse (default: the one that make installed, or clickhouse on PATH)")
	flags.StringVar(&cfg.ClickHouse, "clickhouse", "", "host:port of a ClickHouse server, native protocol (default: the embedded one)")
	flags.StringVar(&cfg.Account, "clickhouse-account", "huizong", "account on that server")
	flags.StringVar(&cfg.Password, "clickhouse-password", "", "its password")
	flags.StringVar(&cfg.NATS, "nats", "", "URL of a NATS server, configured as docs/subjects.md says (default: the embedded one)")
}

func newLogger(cmd *cobra.Command) (*zap.Logger, error) {
	level, _ := cmd.Flags().GetString("log-level")
	c := zap.NewProductionConfig()
	if level != "" {
		parsed, err := zap.ParseAtomicLevel(level)
		if err != nil {
			return nil, fmt.Errorf("log-level: %w", err)
		}
		c.Level = parsed
	}
	c.Sampling = nil
	return c.Build()
}

// stopGrace is how long requests under way may take when the server stops.
const stopGrace = 10 * time.Second

// serve runs all services until ctx ends or one of them fails, and prints the address when it is ready. Whatever it started has
// ended when it returns.
func serve(ctx context.Context, cfg serveConfig, log *zap.Logger, out io.Writer) (err error) {
	sys, err := openSystem(ctx, cfg.systemConfig, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sys.close()) }()
	accounts, err := openAccounts(cfg, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, accounts.Close()) }()
	auditLog, err := audit.Open(cfg.Data, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, auditLog.Close()) }()
	web, err := openWeb(cfg, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, web.close()) }()
	holders := keys{accounts, web.local}
	if err := sys.connectBus(ctx, cfg, holders, log); err != nil {
		return err
	}

	cfg.Quota.Bytes = cfg.QuotaMB << 20
	in := intake.New(intake.Config{Store: sys.store, Bus: sys.bus, Catalogue: sys.catalogue, Facts: sys.facts, Recogniser: sys.judge, Sender: holders.sender, Quota: cfg.Quota,
		Note: noteIn(auditLog), Log: log})
	wo := worker.New(worker.Config{Store: sys.store, Facts: sys.facts, Bus: sys.bus, Catalogue: sys.catalogue, Judge: sys.judge, Log: log, Workers: cfg.Workers,
		Tries: filepath.Join(cfg.Data, triesFolder)})
	reports, err := sys.openReports(cfg)
	if err != nil {
		return err
	}
	co := compiler.New(compiler.Config{Reports: reports, Bus: sys.bus, Log: log})
	po, err := rooms.New(rooms.Config{Store: sys.store, Facts: sys.facts, Answers: reports.Answers, Reports: reports, Bus: sys.bus, Catalogue: sys.catalogue,
		Reader: sys.judge, Intake: in, Accounts: accounts, Audit: auditLog, Note: noteIn(auditLog), Sender: holders.sender, Log: log, Machine: machineOf(cfg, sys), Secure: web.secure, SQLPort: cfg.SQLPort})
	if err != nil {
		return err
	}
	endpoints := slices.Concat(in.Endpoints(), po.Endpoints())
	proxies, err := prefixes(cfg.TrustedProxies)
	if err != nil {
		return err
	}
	accounts.KnowUnits(unitNames(sys.catalogue)...)
	gate := &endpoint.Gate{Proxies: proxies, Keys: holders, Note: noteIn(auditLog), Log: log, Secure: web.secure, ErrorPage: po.ErrorPage}
	if web.server.Handler, err = gate.Handler(endpoints); err != nil {
		return err
	}
	if err := po.Describe(version(), endpoints); err != nil {
		return err
	}
	if err := web.announce(cfg.Data, out); err != nil {
		return err
	}
	if sys.server != nil && sys.server.URL() != "" {
		fmt.Fprintf(out, "nats: %s\n", sys.server.URL())
	}
	return runAll(ctx,
		in.Run, wo.Run, co.Run, po.Run, auditLog.Run, sys.held.watch,
		func(ctx context.Context) error { return sys.bus.KeepStreams(ctx, 1) },
		func(context.Context) error { return web.serve(log) },
		func(ctx context.Context) error {
			<-ctx.Done()
			return web.shutDown(ctx)
		})
}

// machineOf is what the administrator is shown of this server.
func machineOf(cfg serveConfig, sys *system) admin.Machine {
	const units = "units/city.yaml"
	m := admin.Machine{Reached: cfg.reached(), SecondFactor: cfg.factorRoles(), Version: version(), Data: cfg.Data, UnitsFile: "schemas/" + units}
	for _, id := range slices.Sorted(maps.Keys(sys.templates)) {
		if t := sys.templates[id]; t.Due != nil {
			m.Drafts = append(m.Drafts, admin.DraftDue{ID: id, Name: t.Name, Due: *t.Due})
		}
	}
	if own := filepath.Join(cfg.Schemas, units); cfg.Schemas != "" {
		if _, err := os.Stat(own); err == nil {
			m.UnitsFile = own
		}
	}
	if file, err := fs.ReadFile(sys.schemas, units); err == nil {
		m.UnitsHash = fmt.Sprintf("%x", sha256.Sum256(file))
	}
	return m
}

// prefixes reads addresses and networks.
func prefixes(texts []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range texts {
		if ip, err := netip.ParseAddr(text); err == nil {
			all = append(all, netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, reporting.Errorf(reporting.Invalid, "trusted-proxies %q: want an address or a network", text)
		}
		all = append(all, prefix.Masked())
	}
	return all, nil
}

// unitNames are the names of all units, in both languages.
func unitNames(c *reporting.Catalogue) []string {
	var names []string
	for _, u := range c.Units {
		names = append(names, u.Name.ZH, u.Name.EN)
	}
	return names
}

// runAll runs the services side by side. The first that fails ends all; it returns when all have ended.
func runAll(ctx context.Context, services ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error)
	for _, run := range services {
		go func() { ended <- run(ctx) }()
	}
	var errs []error
	for range services {
		err := <-ended
		if err != nil && (ctx.Err() == nil || reporting.CodeOf(err) != reporting.Canceled) {
			errs = append(errs, err)
		}
		if err != nil {
			cancel()
		}
	}
	return errors.Join(errs...)
}

// serverFile holds the address of the server of a data directory, for other commands on the machine.
type serverFile struct {
	URL string `json:"url"`
	PID int    `json:"pid"`
}

const serverFileName = "server.json"

func writeServerFile(dir string, f serverFile) error {
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, serverFileName)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // an old one may have other rights
		return fmt.Errorf("server file: %w", err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return fmt.Errorf("server file: %w", err)
	}
	return nil
}

func readServerFile(dir string) (serverFile, error) {
	var f serverFile
	data, err := os.ReadFile(filepath.Join(dir, serverFileName))
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(data, &f)
}
