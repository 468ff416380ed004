package admin

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// Undecided is a submission that could not be decided through our own fault, and was not decided since.
type Undecided struct {
	Submission string           `json:"submission"`
	Org        string           `json:"org"`
	Form       string           `json:"form"`
	Period     reporting.Period `json:"period"`
	FileName   string           `json:"file_name"`
	ReceivedAt time.Time        `json:"received_at"`
	By         string           `json:"by"`
	Since      time.Time        `json:"since"`    // when it was given up
	Reason     string           `json:"reason"`   // for the person who mends the fault
	Replayed   bool             `json:"replayed"` // it is being decided again
}

// Words say what to do about the reason, for people.
func (u Undecided) Words() reporting.Text { return reasonWords(u.Reason) }

// undecided lists the submissions that could not be decided, in order. The outcome in the database is what counts; the journal has the reason,
// except where a rebuild gave up: it writes none.
func (p *Pages) undecided(ctx context.Context) ([]Undecided, error) {
	found, err := p.Facts.Undecided(ctx)
	if err != nil {
		return nil, err
	}
	last := map[string]string{} // submission → its last replay
	for _, r := range p.Store.Replays() {
		last[r.Subject] = r.ID
	}
	list := []Undecided{}
	for _, f := range found {
		e, err := p.Store.Envelope(f.Submission)
		if err != nil {
			return nil, reporting.Errorf(reporting.Internal, "undecided submission: %w", err)
		}
		u := Undecided{Submission: f.Submission, Org: f.Org, Form: f.Form, Period: f.Period, FileName: f.FileName, ReceivedAt: f.ReceivedAt, By: e.By,
			Since: f.DecidedAt, Replayed: last[f.Submission] > f.Entry}
		if said, there := p.Store.Undecided(f.Entry); there {
			u.Since, u.Reason = said.ReceivedAt, said.Reason
		}
		list = append(list, u)
	}
	return list, nil
}

// listQuarantine shows the submissions that could not be decided, and why.
func (p *Pages) listQuarantine(w http.ResponseWriter, r *http.Request) error {
	list, err := p.undecided(r.Context())
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, list)
}

// quarantinePage lists the submissions that could not be decided, and why.
type quarantinePage struct {
	Held    []Undecided
	Waiting bool // one is being decided again
	Done    *reporting.Text
}

// reasonWords say what to do about a reason, by the words of the error that it was. The reason itself is for the person who mends the fault.
func reasonWords(reason string) reporting.Text {
	for _, known := range []struct {
		part  string
		words reporting.Text
	}{
		{"altered", reporting.Text{ZH: "磁盘上的原件和收妥时不一样了。请从备份恢复原件，再重新处理。", EN: "The original on disk is not what was received. Restore it from the backup, then replay it."}},
		{"is not in the store", reporting.Text{ZH: "磁盘上的原件不见了。请从备份恢复原件，再重新处理。", EN: "The original is gone from the disk. Restore it from the backup, then replay it."}},
		{"panic", reporting.Text{ZH: "核对程序遇到了没料到的情况。请把下面的原因报给维护人员，更新版本后重新处理。", EN: "The program met what it does not know. Report the reason below, and replay it with the next version."}},
		{"process ended", reporting.Text{ZH: "几次核对到它时程序都中断了。请看磁盘、内存是否充足，再重新处理。", EN: "The program ended several times while it was at it. See whether there is room on the disk and in memory, then replay it."}},
	} {
		if strings.Contains(reason, known.part) {
			return known.words
		}
	}
	return reporting.Text{ZH: "几次都没能核对。请看下面的原因，排除故障后重新处理。", EN: "It could not be checked. See the reason below, mend the fault and replay it."}
}

var quarantineDone = map[string]*reporting.Text{
	"replay": {ZH: "已重新送去核对，结果稍后可见；若再次失败会回到这里。", EN: "It is being checked again. Where that fails it comes back here."},
}

func (p *Pages) quarantinePage(w http.ResponseWriter, r *http.Request) error {
	held, err := p.undecided(r.Context())
	if err != nil {
		return err
	}
	page := quarantinePage{Held: held, Done: quarantineDone[r.URL.Query().Get("done")]}
	for i, u := range held {
		page.Waiting = page.Waiting || u.Replayed
		held[i].Reason = cmp.Or(u.Reason, "huizong rebuild")
	}
	return p.Show(w, r, "quarantine", reporting.Text{ZH: "未能核对", EN: "Not checked"}, page)
}
