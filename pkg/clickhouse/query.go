package clickhouse

import (
	"context"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"

	"huizong/pkg/reporting"
)

// brokenTries is how often an operation that may be repeated is tried when its connection breaks. After a server's restart each
// pooled connection is stale, and the pool notices only those whose end has reached us.
const brokenTries = 3

// retry repeats an idempotent operation on another connection when its own was found broken. Any other error is the caller's: the
// worker has a back-off, we have none.
func (s *Store) retry(ctx context.Context, operation func() error) error {
	for try := 1; ; try++ {
		err := operation()
		if err == nil || try == brokenTries || !broken(err) || ctx.Err() != nil {
			return err
		}
	}
}

// params are the values of a query's {name:Type} places. They travel beside the text, never in it.
type params map[string]any

func (p params) named() []any {
	args := make([]any, 0, len(p))
	for name, value := range p {
		args = append(args, driver.Named(name, value))
	}
	return args
}

// row is what scanning needs of the driver's rows.
type row interface {
	Scan(dest ...any) error
}

// selectAll runs a query and reads all of its rows. What a broken connection had brought is dropped with it.
func selectAll[T any](ctx context.Context, s *Store, operation, query string, p params, scan func(row) (T, error)) ([]T, error) {
	var all []T
	err := s.retry(ctx, func() error {
		all = nil
		rows, err := s.conn.Query(ctx, query, p.named()...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			one, err := scan(rows)
			if err != nil {
				return err
			}
			all = append(all, one)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, translate(operation, err)
	}
	return all, nil
}

func scanString(r row) (s string, err error) { return s, r.Scan(&s) }

// forever is later than any receipt, and the last second that DateTime64(3) holds without surprises.
var forever = time.Date(2299, 12, 31, 0, 0, 0, 0, time.UTC)

// moment is the as_of of a view: the zero Time is now.
func moment(asOf time.Time) time.Time {
	if asOf.IsZero() {
		return forever
	}
	return asOf.UTC().Truncate(time.Millisecond)
}

// within adds a period's days as from and to, and any_period: whether it is the zero Period, which stands for all time.
func (p params) within(period reporting.Period) params {
	p["any_period"] = period.IsZero()
	if period.IsZero() {
		period = reporting.Period{First: reporting.NewMonth(1900, 1), Last: reporting.NewMonth(2199, 12)}
	}
	p["from"], p["to"] = dayParam(period.Start()), dayParam(period.End())
	return p
}

// dayParam is a day as a parameter of type Date32; the driver would send a time.Time as seconds.
func dayParam(d reporting.Date) string { return d.String() }
