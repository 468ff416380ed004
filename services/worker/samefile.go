package worker

import (
	"context"
	"slices"

	"huizong/pkg/change"
	"huizong/pkg/reporting"
)

// sameFile notes that the very same file was accepted before. Where it still stands nothing changes. Where another one has taken its place
// since, it comes back, with a finding: A, then B, then A again may be a slip.
func (w *Worker) sameFile(ctx context.Context, e reporting.Envelope, form *reporting.Form, reading reporting.Reading) ([]reporting.Finding, error) {
	if !w.Store.SentBefore(e.SHA256, e.ID) {
		return nil, nil
	}
	earlier, err := w.Facts.SameFile(ctx, e.Org, form.ID, e.Period, e.SHA256, e.ID)
	if err != nil || earlier == "" {
		return nil, err
	}
	standings, err := w.Facts.StandingsBefore(ctx, form.ID, e.Org, e.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range standings {
		if form.Slot(s.Period) != form.Slot(e.Period) || s.Submission == earlier {
			continue
		}
		if s.Period.Last > e.Period.Last {
			return nil, nil // a later ledger counts, which is another finding
		}
		message := reporting.Textf("这个文件与 %s 完全相同，那一份后来被 %s（%s）代替：现在又改回了这一份的数据，请确认没有报错文件",
			"this file is the same as %s, which was replaced by %s (%s): it puts that one back; please check that it is the right file", earlier, s.Submission, w.fileName(s.Submission))
		return []reporting.Finding{{Code: reporting.DuplicateFile, Severity: reporting.SeverityWarning, Message: message.ZH, MessageEN: message.EN}}, nil
	}
	was, err := w.Facts.MonthHashes(ctx, earlier)
	if err != nil {
		return nil, err
	}
	if is := change.MonthHashes(w.Catalogue, form, stands(e, form, reading)); len(was) > 0 && !slices.Equal(was, is) {
		message := reporting.Textf("这个文件与已受理的 %s 完全相同，但那以后确认过名称，这一次读出的数据不同，现在以这一次为准",
			"this file is the same as %s, which was accepted; names were confirmed since, so that it is read otherwise now: this reading stands", earlier)
		return []reporting.Finding{{Code: reporting.DuplicateFile, Severity: reporting.SeverityWarning, Message: message.ZH, MessageEN: message.EN}}, nil
	}
	message := reporting.Textf("这个文件与已受理的 %s 完全相同，数据没有变化", "this file is the same as %s, which was accepted: nothing changes", earlier)
	return []reporting.Finding{{Code: reporting.DuplicateFile, Severity: reporting.SeverityNote, Message: message.ZH, MessageEN: message.EN}}, nil
}
