package fault_test

import (
	"errors"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fault"
)

// TestWords: whatever is wrong with a file, a clerk reads it in the language asked for, whole, with the place.
func TestWords(t *testing.T) {
	errs := map[string]*reporting.FileError{
		"damaged":          fault.Damaged("xl/a.xml", 12, "style %d", 3),
		"whole":            fault.Damaged("", fault.NoOffset, "cut short"),
		"other format":     fault.OtherFormat("旧文件", "an old file"),
		"password":         fault.Encrypted(),
		"archive":          fault.EncryptedArchive(),
		"guarded":          fault.EncryptedByOffice(true),
		"perhaps guarded":  fault.EncryptedByOffice(false),
		"too many bytes":   fault.TooLarge("", fault.TooManyBytes(64<<20)),
		"bomb":             fault.TooLarge("", fault.Bomb()),
		"packed":           fault.TooLarge("", fault.TooMuchPacked(200, 64<<20)),
		"text":             fault.TooLarge("", fault.TextTooLong()),
		"columns":          fault.TooLarge("", fault.TooManyColumns(256)),
		"rows":             fault.TooLarge("", fault.TooManyRows(100)),
		"far":              fault.TooLarge("", fault.FarAway()),
		"cells":            fault.TooLarge("", fault.TooManyCells(100)),
		"from outside":     fault.Unreadable("", fault.FromOutside("DDE")),
		"a linked picture": fault.Unreadable("", fault.LinkedPicture(`\\server\`+strings.Repeat("长", 500))),
		"a quote":          fault.StrayQuote("B7"),
		"a panic":          fault.Internal("boom"),
	}
	for kind := fault.Saveable; kind <= fault.Program; kind++ {
		errs["kind "+string('0'+rune(kind))] = fault.NotTable(kind, "图片", "a picture")
	}
	for name, err := range errs {
		zh, en := err.Reason.ZH, err.Reason.EN
		if len(zh) < 20 || len(en) < 20 || strings.Contains(zh+en, "%!") || len(zh) > 800 || strings.ContainsAny(en, "，。") || !strings.ContainsAny(zh, "，。") {
			t.Errorf("%s: %q, %q", name, zh, en)
		}
	}
	if e := errs["damaged"]; e.Code != reporting.UnreadableFile || e.Part != "xl/a.xml" || e.Offset != 12 || !strings.Contains(e.Reason.ZH, "xl/a.xml") || !strings.Contains(e.Error(), "style 3") {
		t.Errorf("a damaged part: %v", e)
	}
	if e := errs["a quote"]; e.Cell != "B7" || !strings.Contains(e.Reason.EN, "B7") {
		t.Errorf("a stray quote: %v", e)
	}
	if finding, ok := reporting.FindingOf(errors.Join(errs["guarded"])); !ok || finding.Code != reporting.EncryptedFile || errs["perhaps guarded"].Code != reporting.UnreadableFile {
		t.Errorf("only what is certain is told as encrypted: %+v", finding)
	}
	if strings.Contains(errs["whole"].Reason.ZH, "（") {
		t.Errorf("a file as a whole has no place: %s", errs["whole"].Reason.ZH)
	}
}
