package clickhouse

import (
	"context"
	"errors"
	"net"
	"net/http"
	"regexp"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"

	"huizong/pkg/reporting"
)

// DefaultDatabase is the database that analysts are granted.
const DefaultDatabase = "huizong"

const (
	defaultConns = 8
	dialTimeout  = 10 * time.Second // also the wait for a free connection of the pool
	readTimeout  = time.Minute      // between two packets of an answer
	idleHTTP     = 5 * time.Second  // of a connection over HTTP, which costs nothing to make again on the same machine
	answerWait   = 10 * time.Minute // for the beginning of an answer over HTTP, which brings no packets meanwhile
	connLifetime = 10 * time.Minute // so that connections spread again after a server came back
)

// Config says where ClickHouse is and who we are there.
type Config struct {
	Addr string // host:port of the native protocol; empty with DialContext
	// DialContext connects to the embedded engine, wherever it is now, so that its moves are survived; it uses HTTP. nil dials Addr.
	DialContext func(ctx context.Context, addr string) (net.Conn, error)
	Account     string
	Password    string
	Database    string // "" is DefaultDatabase
	MaxConns    int    // 0 is 8
	Version     string // of the program, recorded with each decision
}

// Store is a pool of connections to one database. It is safe for concurrent use, and survives a server that goes away and comes
// back, also at another address: a call in between is Unavailable, the next one connects anew.
type Store struct {
	conn     driver.Conn
	server   driver.Conn // the same server and account without a database
	database string
	version  string
	tables   knownTables
}

var identifier = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Open prepares a Store. It connects to nothing yet: Ping does, and Migrate makes the database where there is none.
func Open(_ context.Context, cfg Config) (*Store, error) {
	if cfg.Database == "" {
		cfg.Database = DefaultDatabase
	}
	if !identifier.MatchString(cfg.Database) {
		return nil, reporting.Errorf(reporting.Invalid, "database %q: want lower-case letters, digits and _", cfg.Database)
	}
	if cfg.Addr == "" && cfg.DialContext == nil {
		return nil, reporting.Errorf(reporting.Invalid, "clickhouse: no address given")
	}
	if cfg.MaxConns == 0 {
		cfg.MaxConns = defaultConns
	}
	s := &Store{database: cfg.Database, version: cfg.Version}
	var err error
	if s.server, err = driver.Open(cfg.options()); err != nil {
		return nil, translate("open clickhouse", err)
	}
	options := cfg.options()
	options.Auth.Database = cfg.Database
	options.DialStrategy = s.dial
	if s.conn, err = driver.Open(options); err != nil {
		return nil, translate("open clickhouse", err)
	}
	return s, nil
}

func (cfg Config) options() *driver.Options {
	o := &driver.Options{
		Addr:            []string{cfg.Addr},
		Auth:            driver.Auth{Username: cfg.Account, Password: cfg.Password},
		DialContext:     cfg.DialContext,
		DialTimeout:     dialTimeout,
		ReadTimeout:     readTimeout,
		MaxOpenConns:    cfg.MaxConns,
		MaxIdleConns:    cfg.MaxConns,
		ConnMaxLifetime: connLifetime,
	}
	if cfg.DialContext != nil {
		o.Protocol, o.Addr, o.ReadTimeout = driver.HTTP, []string{"127.0.0.1"}, answerWait
		o.TransportFunc = func(t *http.Transport) (http.RoundTripper, error) {
			t.Proxy = nil                // whatever the environment says: it is another process of ours
			t.IdleConnTimeout = idleHTTP // before the engine ends it: a question must not meet the end
			return t, nil
		}
	}
	return o
}

// dial makes sure that the database is there before a connection names it, and says so in our words where it is not. It costs a query for each
// new connection, of which there are few.
func (s *Store) dial(ctx context.Context, connID int, options *driver.Options, dial driver.Dial) (driver.DialResult, error) {
	var n uint64
	err := s.server.QueryRow(ctx, "SELECT count() FROM system.databases WHERE name = {name:String}", driver.Named("name", s.database)).Scan(&n)
	if err == nil && n == 0 {
		err = reporting.Errorf(reporting.Unavailable, "no database %s: it has not been made yet, or %s may not see it", s.database, options.Auth.Username)
	}
	if err != nil {
		return driver.DialResult{}, err
	}
	return driver.DefaultDialStrategy(ctx, connID, options, dial)
}

// Ping reports whether the server answers and lets us in.
func (s *Store) Ping(ctx context.Context) error {
	return translate("ping clickhouse", s.retry(ctx, func() error { return s.conn.Ping(ctx) }))
}

// Close ends the connections. Calls that are under way may fail.
func (s *Store) Close() error {
	return translate("close clickhouse", errors.Join(s.conn.Close(), s.server.Close()))
}
