package nats

import (
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	natsgo "github.com/nats-io/nats.go"
	"go.uber.org/zap"

	"huizong/pkg/reporting"
)

const (
	// headerRoom is what a message may have beside a body of MaxPayload.
	headerRoom = 64 << 10
	// What one process could exhaust by connecting, or subscribing, without end. The bus itself has one connection, and some dozen subscriptions.
	maxConnections, maxSubscriptions = 1000, 1000

	startTimeout = 30 * time.Second
	stopTimeout  = 30 * time.Second
)

// Config of the embedded server.
type Config struct {
	Dir    string      // folder of the streams; made if it is not there. It belongs to one process.
	Listen string      // host:port for other processes, port 0 for a free one; "" is this process only
	TLS    *tls.Config // for other processes; nil is without
	// Admit says how far the holder of a token may reach, of other processes; nil admits none. It may be called concurrently.
	Admit func(token string) (Reach, bool)
	Log   *zap.Logger // the server's own messages; nil is silence

	own string // secret of the bus inside this process; "" makes one
}

// Server is a NATS server inside this process, with JetStream on disk. It acknowledges a message after its fsync.
type Server struct {
	server *natsserver.Server
	guard  *guard
}

// StartServer starts the server and returns when it takes connections. Errors: invalid for a bad Listen, unavailable when it
// does not start, a port in use among others.
func StartServer(c Config) (*Server, error) {
	options, err := c.options()
	if err != nil {
		return nil, err
	}
	guard := newGuard(c)
	options.CustomClientAuthentication = guard
	server, err := natsserver.NewServer(options)
	if err == nil {
		err = guard.open(server)
	}
	if err != nil {
		return nil, reporting.Errorf(reporting.Unavailable, "start nats server: %v", err)
	}
	log := &serverLog{log: c.Log}
	if log.log == nil {
		log.log = zap.NewNop()
	}
	server.SetLoggerV2(log, false, false, false)
	s := &Server{server, guard}
	server.Start()
	if err := log.fatal(); err != nil {
		return nil, s.abandon(err)
	}
	if !server.ReadyForConnections(startTimeout) {
		return nil, s.abandon(fmt.Errorf("not ready within %s", startTimeout))
	}
	return s, nil
}

// abandon ends a server that did not start.
func (s *Server) abandon(err error) error {
	if closing := s.Close(); closing != nil {
		err = fmt.Errorf("%w; %w", err, closing)
	}
	return reporting.Errorf(reporting.Unavailable, "start nats server: %w", err)
}

func (c Config) options() (*natsserver.Options, error) {
	if c.Dir == "" {
		return nil, reporting.Errorf(reporting.Invalid, "nats server: Dir is missing")
	}
	o := &natsserver.Options{
		ServerName: "huizong",
		DontListen: c.Listen == "",
		MaxPayload: MaxPayload + headerRoom,
		JetStream:  true,
		StoreDir:   c.Dir,
		SyncAlways: true, // the default acknowledges before fsync
		MaxConn:    maxConnections,
		MaxSubs:    maxSubscriptions,
		NoSigs:     true, // signals are main's
	}
	if c.Listen == "" {
		return o, nil
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "nats server: Listen %q: want host:port", c.Listen)
	}
	if o.Port, err = strconv.Atoi(port); err != nil || o.Port < 0 || o.Port > 65535 {
		return nil, reporting.Errorf(reporting.Invalid, "nats server: Listen %q: bad port", c.Listen)
	}
	if o.Port == 0 {
		o.Port = natsserver.RANDOM_PORT
	}
	o.Host, o.TLSConfig = host, c.TLS
	return o, nil
}

// Connect connects from inside the process, without a socket.
func (s *Server) Connect(o Options) (*Bus, error) {
	bus, err := connect("", o, natsgo.InProcessServer(s.server), natsgo.Token(s.guard.own))
	if err != nil {
		return nil, fmt.Errorf("connect to the embedded nats server: %w", err)
	}
	return bus, nil
}

// URL is the address for other processes, with the port that was found; "" when the server does not listen.
func (s *Server) URL() string {
	addr := s.server.Addr()
	if addr == nil {
		return ""
	}
	return "nats://" + addr.String()
}

// Recheck ends at once the connections of other processes whose token is no longer let in, or not as it was. Call it whenever what Config.Admit says
// may have changed, after the change.
func (s *Server) Recheck() error { return s.guard.recheck() }

// Close stops the server and waits until its files are closed, but not for ever. Close connections before it. Closing twice is
// harmless.
func (s *Server) Close() error {
	done := make(chan struct{})
	go func() {
		s.server.Shutdown()
		s.server.WaitForShutdown()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-time.After(stopTimeout):
		return reporting.Errorf(reporting.Unavailable, "nats server did not stop within %s", stopTimeout)
	}
}

// serverLog gives the server's messages to zap. What the server calls fatal ends a program of its own; here it ends StartServer.
type serverLog struct {
	log *zap.Logger

	mu    sync.Mutex // guards first
	first error      // the first fatal message
}

func (l *serverLog) fatal() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.first
}

func (l *serverLog) Fatalf(format string, v ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.first == nil {
		l.first = fmt.Errorf(format, v...)
	}
	l.write(l.log.Error, format, v)
}

func (l *serverLog) Errorf(format string, v ...any)  { l.write(l.log.Error, format, v) }
func (l *serverLog) Warnf(format string, v ...any)   { l.write(l.log.Warn, format, v) }
func (l *serverLog) Noticef(format string, v ...any) { l.write(l.log.Debug, format, v) }
func (l *serverLog) Debugf(format string, v ...any)  { l.write(l.log.Debug, format, v) }
func (l *serverLog) Tracef(format string, v ...any)  { l.write(l.log.Debug, format, v) }

func (l *serverLog) write(to func(string, ...zap.Field), format string, v []any) {
	to("nats server", zap.String("text", fmt.Sprintf(format, v...)))
}
