package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/clickhouse"
	"huizong/pkg/compile"
	"huizong/pkg/durable"
	"huizong/pkg/engine"
	"huizong/pkg/judge"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/pkg/workbook"
	"huizong/schemas"
)

// systemConfig says where everything is.
type systemConfig struct {
	Data       string // the data directory
	Schemas    string // folder with the bureau's own units, forms and reports, over the embedded ones; "" is none
	Engine     string // library, or binary, of the embedded ClickHouse; "" looks for one
	ClickHouse string // host:port of a ClickHouse server; "" embeds one
	SQLPort    int    // of the embedded one's HTTP interface on loopback, for analysts; 0 is a free one that is not published
	Account    string // of that server
	Password   string
	NATS       string // URL of a NATS server; "" embeds one
	Fonts      string // folder of the fonts of .pdf reports; "" looks for one
	NATSListen string // address on which the embedded NATS server takes others; "" takes none
	Journal    originals.Options

	fresh        bool // drop what NATS and ClickHouse hold, once the journal is found whole
	takeOver     bool // drop also what is another journal's
	newPersonKey bool // make a new one, whatever is there
}

// system is what the services stand on: the data directory, which is this process's alone, ClickHouse, and NATS.
type system struct {
	lock      *originals.Lock
	store     *originals.Store
	schemas   fs.FS
	catalogue *reporting.Catalogue
	templates map[string]*compile.Template
	judge     *judge.Room
	engine    *engine.Engine
	facts     *clickhouse.Store
	server    *nats.Server
	bus       *nats.Bus
	held      *holding
}

// The folders of the data directory that can be made again. The others cannot: docs/operations.md says what to back up.
const (
	natsFolder       = "nats"
	clickhouseFolder = "clickhouse"
	triesFolder      = "tries" // what the worker is at; a rebuild keeps it, for it may die of the same sheet
)

// openSystem opens the data directory and starts or connects to ClickHouse. NATS comes with connectBus: a rebuild needs none.
func openSystem(ctx context.Context, cfg systemConfig, log *zap.Logger) (sys *system, err error) {
	sys = &system{}
	defer func() {
		if err != nil {
			err = errors.Join(err, sys.close())
		}
	}()
	if err = sys.loadSchemas(cfg); err != nil {
		return sys, err
	}
	keepPrivate(cfg.Data, log)
	if sys.lock, err = originals.AcquireLock(cfg.Data); err != nil {
		return sys, err
	}
	if err = clearWay(cfg.Data, log); err != nil {
		return sys, err
	}
	if sys.store, err = openJournal(cfg); err != nil {
		return sys, err
	}
	if n := sys.store.Uncounted(); n > 0 {
		log.Warn("the journal is longer than its head: entries of a crash, whose senders have no receipts, or added by somebody", zap.Int("entries", n))
	}
	if err = sys.checkDefinitions(ctx, cfg, log); err != nil {
		return sys, err
	}
	key, err := sys.personKey(ctx, cfg)
	if err != nil {
		return sys, err
	}
	if sys.judge, err = judge.Open(judge.Config{Catalogue: sys.catalogue, PersonKey: key, Mappings: sys.store.Mappings, Reading: workbook.DefaultLimits()}); err != nil {
		return sys, err
	}
	if cfg.fresh {
		if err = sys.drop(ctx, cfg, log); err != nil {
			return sys, err
		}
	}
	if err = sys.openFacts(ctx, cfg, log); err != nil {
		return sys, err
	}
	if sys.held, err = newHolding(sys.store, cfg, log); err != nil {
		return sys, err
	}
	if err = sys.ownFacts(ctx, cfg); err != nil {
		return sys, err
	}
	return sys, sys.checkKnown(ctx, cfg)
}

// loadSchemas reads the definitions, and refuses what does not fit together.
func (s *system) loadSchemas(cfg systemConfig) (err error) {
	if s.schemas, err = schemas.Over(cfg.Schemas); err != nil {
		return err
	}
	if s.catalogue, err = schemas.Load(s.schemas); err != nil {
		return err
	}
	s.templates, err = loadTemplates(s.schemas, s.catalogue)
	return err
}

// clearWay moves aside a file that stands where a folder of ours is to be, and the other way round: what can be made again does not stop the start. In
// the journal, the releases and the audit log, which cannot, what is strange does: it may be a part of them.
func clearWay(data string, log *zap.Logger) error {
	for name, folder := range map[string]bool{natsFolder: true, filepath.Join(natsFolder, "jetstream"): true, clickhouseFolder: true, serverFileName: false} {
		path := filepath.Join(data, name)
		info, err := os.Lstat(path)
		if err != nil || info.IsDir() == folder || folder && info.Mode()&fs.ModeSymlink != 0 { // a link leads to another disk
			continue
		}
		aside := path + ".stray-" + durable.Stamp(time.Now())
		if err := durable.Real.Aside(path, aside); err != nil {
			return reporting.Errorf(reporting.Unavailable, "move %s aside: %w", path, err)
		}
		log.Warn("not ours: moved aside", zap.String("path", path), zap.String("to", aside))
	}
	return nil
}

func loadTemplates(files fs.FS, c *reporting.Catalogue) (map[string]*compile.Template, error) {
	folders, err := fs.ReadDir(files, "reports")
	if err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	templates := map[string]*compile.Template{}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		t, err := compile.LoadTemplate(files, "reports/"+folder.Name(), c)
		if err != nil {
			return nil, err
		}
		templates[t.ID] = t
	}
	return templates, nil
}

// openFacts connects to ClickHouse and brings its tables to what this version wants.
func (s *system) openFacts(ctx context.Context, cfg systemConfig, log *zap.Logger) error {
	c := clickhouse.Config{Addr: cfg.ClickHouse, Account: cfg.Account, Password: cfg.Password, Version: version()}
	if cfg.ClickHouse == "" {
		var err error
		if s.engine, err = engine.Start(ctx, engine.Config{Dir: filepath.Join(cfg.Data, clickhouseFolder), Path: cfg.Engine, SQLPort: cfg.SQLPort, Log: log}); err != nil {
			return err
		}
		account := s.engine.Account(engine.Service)
		c.Account, c.Password = account.Name, account.Password
		c.DialContext = func(ctx context.Context, addr string) (net.Conn, error) { return s.engine.DialContext(ctx, addr) }
	}
	var err error
	if s.facts, err = clickhouse.Open(ctx, c); err != nil {
		return err
	}
	return s.migrate(ctx)
}

func (s *system) migrate(ctx context.Context) error {
	return s.facts.Migrate(ctx, schemas.Sub("clickhouse"))
}

// connectBus starts NATS, which takes other programs by their tokens, or connects to it.
func (s *system) connectBus(ctx context.Context, cfg serveConfig, holders keys, log *zap.Logger) error {
	options := nats.Options{OnError: func(err error) { log.Warn("nats", zap.Error(err)) }}
	var err error
	if cfg.NATS != "" {
		s.bus, err = nats.Dial(cfg.NATS, options)
	} else {
		s.bus, err = s.startBus(cfg, holders, log, options)
	}
	if err != nil {
		return err
	}
	if err := s.ownStreams(ctx, cfg.systemConfig); err != nil {
		return err
	}
	return s.bus.EnsureStreams(ctx, 1)
}

func (s *system) startBus(cfg serveConfig, holders keys, log *zap.Logger, options nats.Options) (*nats.Bus, error) {
	c := nats.Config{Dir: filepath.Join(cfg.Data, natsFolder), Listen: cfg.NATSListen, Admit: holders.reach, Log: log}
	if cfg.NATSListen != "" {
		secure, err := cfg.TLS.needed(cfg.NATSListen)
		if err != nil {
			return nil, fmt.Errorf("nats-listen: %w", err)
		}
		if secure {
			if c.TLS, err = cfg.TLS.load(filepath.Join(cfg.Data, tlsFolder)); err != nil {
				return nil, err
			}
		}
	}
	var err error
	if s.server, err = nats.StartServer(c); err != nil {
		return nil, err
	}
	holders.Watch(func() {
		if err := s.server.Recheck(); err != nil {
			log.Error("connections of NATS not ended", zap.Error(err))
		}
	})
	return s.server.Connect(options)
}

// close ends what openSystem and connectBus began, in reverse order.
func (s *system) close() error {
	var errs []error
	if s.held != nil {
		s.held.release()
	}
	if s.bus != nil {
		s.bus.Close()
	}
	if s.server != nil {
		errs = append(errs, s.server.Close())
	}
	errs = append(errs, s.closeFacts())
	if s.judge != nil {
		s.judge.Close()
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Release())
	}
	return errors.Join(errs...)
}

// closeFacts ends what openFacts began.
func (s *system) closeFacts() (err error) {
	if s.facts != nil {
		err = s.facts.Close()
	}
	if s.engine != nil {
		s.engine.Close()
	}
	s.facts, s.engine = nil, nil
	return err
}
