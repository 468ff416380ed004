package portal

import (
	"net/http"
	"strings"
	"time"

	"huizong/pkg/nats"
	"huizong/pkg/reporting"
)

// quarantinePage lists the submissions that could not be decided, and why.
type quarantinePage struct {
	Held []heldLine
	Ask  *heldLine // to be removed, after one more question
	Done *reporting.Text
}

type heldLine struct {
	nats.Quarantined
	Envelope *reporting.Envelope // nil where it is no submission
	Words    reporting.Text      // the reason, for people
}

// reasonWords say what to do about a reason. The reason itself is for whoever mends the fault.
func reasonWords(reason string) reporting.Text {
	for _, known := range []struct {
		part  string
		words reporting.Text
	}{
		{"altered", reporting.Text{ZH: "磁盘上的原件和收妥时不一样了。请从备份恢复原件，再重新处理。", EN: "The original on disk is not what was received. Restore it from the backup, then replay it."}},
		{"missing", reporting.Text{ZH: "磁盘上的原件不见了。请从备份恢复原件，再重新处理。", EN: "The original is gone from the disk. Restore it from the backup, then replay it."}},
		{"panic", reporting.Text{ZH: "核对程序遇到了没料到的情况。请把下面的原因报给维护人员，更新版本后重新处理。", EN: "The program met what it does not know. Report the reason below, and replay it with the next version."}},
		{"without an answer", reporting.Text{ZH: "几次都没有核对完就中断了。请看磁盘、内存是否充足，再重新处理。", EN: "It was broken off several times. See whether there is room on the disk and in memory, then replay it."}},
	} {
		if strings.Contains(reason, known.part) {
			return known.words
		}
	}
	return reporting.Text{ZH: "几次都没能核对。请看下面的原因，排除故障后重新处理。", EN: "It could not be checked. See the reason below, mend the fault and replay it."}
}

var quarantineDone = map[string]*reporting.Text{
	"replay": {ZH: "已重新送去核对，结果稍后可见；若再次失败会回到这里。", EN: "It is being checked again. Where that fails it comes back here."},
	"remove": {ZH: "已从隔离区移除。", EN: "Removed from the quarantine."},
}

func (p *Portal) quarantinePage(w http.ResponseWriter, r *http.Request) error {
	held, err := p.Bus.ListQuarantine(r.Context())
	if err != nil {
		return err
	}
	page := quarantinePage{Done: quarantineDone[r.URL.Query().Get("done")]}
	for _, q := range held {
		line := heldLine{Quarantined: q, Words: reasonWords(q.Reason)}
		if e, err := p.Store.Envelope(q.ID); err == nil && e.Kind == reporting.SubmissionReceived {
			line.Envelope = &e
		}
		if q.ID == r.URL.Query().Get("remove") {
			page.Ask = &line
		}
		page.Held = append(page.Held, line)
	}
	return p.show(w, r, "quarantine", reporting.Text{ZH: "隔离", EN: "Quarantine"}, page)
}

func (p *Portal) replayHeld(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if err := p.Bus.Replay(r.Context(), id); err != nil {
		return err
	}
	if _, err := p.await(r.Context(), id, replayPatience); err != nil && reporting.CodeOf(err) != reporting.NotFound {
		return err
	}
	http.Redirect(w, r, "/admin/quarantine?done=replay", http.StatusSeeOther)
	return nil
}

// replayPatience is how long the page waits for the outcome of a replay, so that what is back in the quarantine is seen at once.
const replayPatience = 2 * time.Second

func (p *Portal) removeHeld(w http.ResponseWriter, r *http.Request) error {
	if err := p.Bus.Remove(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/quarantine?done=remove", http.StatusSeeOther)
	return nil
}
