package intake

import (
	"cmp"
	"context"
	"io"
	"sync"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
)

// Quota is what one account may hand in on one day, by the bureau's clock. What was refused does not count, since nothing of it stays.
type Quota struct {
	Files int   // default 500
	Bytes int64 // default 2 GB
}

// The defaults: a unit sends some twenty sheets a month, of well under a megabyte each.
const (
	DefaultQuotaFiles = 500
	DefaultQuotaBytes = 2 << 30
)

// quotas counts what each account has handed in today. A restart counts what is in the journal, which forgets no more than what waited
// for its confirmation and is gone with the restart.
type quotas struct {
	Quota
	now func() time.Time

	mu   sync.Mutex
	day  string
	used map[string]Quota
}

func newQuotas(q Quota, store *originals.Store, now func() time.Time) *quotas {
	q.Files, q.Bytes = cmp.Or(q.Files, DefaultQuotaFiles), cmp.Or(q.Bytes, DefaultQuotaBytes)
	c := &quotas{Quota: q, now: now, day: dayOf(now()), used: map[string]Quota{}}
	for e := range store.Envelopes() {
		if e.Kind == reporting.SubmissionReceived && dayOf(e.ReceivedAt) == c.day {
			c.add(e.By, 1, e.Size)
		}
	}
	return c
}

func dayOf(t time.Time) string { return t.In(reporting.Zone).Format(time.DateOnly) }

// add counts without asking. The caller holds mu, or is the only one.
func (c *quotas) add(account string, files int, bytes int64) {
	u := c.used[account]
	u.Files, u.Bytes = u.Files+files, u.Bytes+bytes
	c.used[account] = u
}

// free reports whether somebody has no quota: the one who runs the server, whose disk it is.
func free(who access.Principal) bool { return who.Account == string(access.Operator) }

// take counts if that is within the quota, and says which day it counted for.
func (c *quotas) take(who access.Principal, files int, bytes int64) (day string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if today := dayOf(c.now()); today != c.day {
		c.day, c.used = today, map[string]Quota{}
	}
	if free(who) {
		return c.day, nil
	}
	if u := c.used[who.Account]; u.Files+files > c.Files || u.Bytes+bytes > c.Bytes {
		return c.day, reporting.Errorf(reporting.TooMany, "今天报送的文件已达上限（每个账号每天 %d 份、共 %d MB），请明天再报，或联系市局管理员 / today's quota is used up (%[1]d files, %[2]d MB an account): send tomorrow, or ask the administrator",
			c.Files, c.Bytes>>20)
	}
	c.add(who.Account, files, bytes)
	return c.day, nil
}

// giveBack undoes what was counted, if its day has not ended.
func (c *quotas) giveBack(who access.Principal, day string, files int, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if day == c.day && !free(who) {
		c.add(who.Account, -files, -bytes)
	}
}

// more counts a submission of a file that is here already.
func (c *quotas) more(who access.Principal) error {
	_, err := c.take(who, 1, 0)
	return err
}

// hold is a file that came in and is counted. What is discarded is not counted any more.
type hold struct {
	*originals.Held
	giveBack func()
}

// Discard gives the file up, unless it was kept.
func (h *hold) Discard() {
	if h != nil && h.Held.Discard() {
		h.giveBack()
	}
}

// hold takes a file in, within the quota of who sends it. It is counted while it comes, so that many at once do not slip through
// together, and none is read further than that.
func (in *Intake) hold(ctx context.Context, who access.Principal, file io.Reader) (*hold, error) {
	day, err := in.quota.take(who, 1, 0)
	if err != nil {
		return nil, err
	}
	var over error
	m := &metered{Reader: file, take: func(n int64) error {
		_, over = in.quota.take(who, 0, n)
		return over
	}}
	giveBack := func() { in.quota.giveBack(who, day, 1, m.taken) }
	held, err := in.Store.Hold(ctx, m, in.MaxBytes)
	if err != nil {
		giveBack()
		if over != nil {
			return nil, over // its sender reads it, and no way that it went
		}
		return nil, in.readError(err)
	}
	return &hold{held, giveBack}, nil
}

// metered asks before it hands on what it has read.
type metered struct {
	io.Reader
	take  func(n int64) error
	taken int64
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	if refused := m.take(int64(n)); refused != nil {
		return 0, refused
	}
	m.taken += int64(n)
	return n, err
}
