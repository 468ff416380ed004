package clickhouse

import (
	"encoding/json"
	"slices"

	"huizong/pkg/reporting"
)

var (
	lineageColumns   = []string{"submission", "attempt", "position", "form", "sender", "sheet", "cell", "written"}
	factColumns      = slices.Concat(lineageColumns, []string{"indicator", "unit", "period_from", "period_to", "value", "key", "opened", "closed"})
	targetColumns    = slices.Concat(lineageColumns, []string{"indicator", "year", "level", "value"})
	baselineColumns  = slices.Concat(lineageColumns, []string{"indicator", "period_from", "period_to", "value"})
	narrativeColumns = slices.Concat(lineageColumns, []string{"section", "title", "body"})
	findingColumns   = []string{"submission", "attempt", "position", "code", "severity", "sheet", "cell", "value", "message", "message_en", "question"}
)

func lineage(e Entry, position int, l reporting.Lineage) []any {
	return []any{e.Decision.Submission, e.Attempt, uint32(position), e.Decision.Form, e.Decision.Org, l.Sheet, l.Cell, l.Written}
}

// addReading turns all that an entry says into rows of their tables.
func (b *blocks) addReading(e Entry, domainOf func(string) reporting.Domain) error {
	r := e.Reading
	for i, o := range r.Observations {
		if err := b.addFact(e, i, o, domainOf(o.Indicator)); err != nil {
			return err
		}
	}
	for i, t := range r.Targets {
		value, ok := toDecimal(t.Value, targetScale)
		if !ok || t.Year < 1900 || t.Year > 2200 {
			return unfit(e, "target of "+t.Indicator, t.Value, t.Lineage)
		}
		b.of("target", targetColumns...).add(append(lineage(e, i, t.Lineage), t.Indicator, uint16(t.Year), t.Level, value)...)
	}
	for i, l := range r.Baselines {
		value, ok := toDecimal(l.Value, targetScale)
		if !ok || !storable(l.Period) {
			return unfit(e, "baseline of "+l.Indicator, l.Value, l.Lineage)
		}
		b.of("baseline", baselineColumns...).add(append(lineage(e, i, l.Lineage),
			l.Indicator, day(l.Period.Start()), day(l.Period.End()), value)...)
	}
	for i, n := range r.Narratives {
		b.of("narrative", narrativeColumns...).add(append(lineage(e, i, n.Lineage), n.Section, n.Title, n.Body)...)
	}
	return nil
}

func (b *blocks) addFact(e Entry, position int, o reporting.Observation, domain reporting.Domain) error {
	switch domain {
	case reporting.Employment, reporting.InsuranceFund, reporting.LaborDispute:
	default:
		return reporting.Errorf(reporting.Internal, "submission %s: indicator %q has no domain (%q)", e.Decision.Submission, o.Indicator, domain)
	}
	value, ok := toDecimal(o.Value, factScale)
	if !ok || !storable(o.Period) {
		return unfit(e, o.Indicator, o.Value, o.Lineage)
	}
	b.of("fact_"+string(domain), factColumns...).add(append(lineage(e, position, o.Lineage),
		o.Indicator, o.Unit, day(o.Period.Start()), day(o.Period.End()), value, o.Key, optionalDay(o.Opened), optionalDay(o.Closed))...)
	return nil
}

// unfit says that a value has more digits than its column, or no time. Reading lets no such value through (package normalize); if one comes
// all the same, the error carries the finding with which the submission is to be rejected (reporting.FindingOf).
func unfit(e Entry, what string, value reporting.Decimal, l reporting.Lineage) error {
	return reporting.Errorf(reporting.Internal, "submission %s: %s in %s!%s: %s does not fit its column: %w",
		e.Decision.Submission, what, l.Sheet, l.Cell, value, unfitFinding(l.Sheet, l.Cell))
}

// unfitFinding does not repeat the number: it may be a person's.
func unfitFinding(sheet, cell string) *reporting.FileError {
	return &reporting.FileError{Code: reporting.OutOfBounds, Sheet: sheet, Cell: cell, Offset: -1, Reason: reporting.Textf(
		"这里的数位数太多，保存不了：整数最多 20 位，小数最多 4 位（比率 10 位）；请核对是否多写了数字、用错了单位",
		"the number has too many digits to be stored: 20 may stand before the point, and 4 after it (10 of a ratio): look for a digit too many, or a wrong unit")}
}

func (b *blocks) addFindings(e Entry) {
	for i, f := range e.Decision.Findings {
		b.of("finding", findingColumns...).add(e.Decision.Submission, e.Attempt, uint32(i),
			string(f.Code), string(f.Severity), f.Sheet, f.Cell, f.Value, f.Message, f.MessageEN, questionText(f.Question))
	}
}

// questionText is a finding's question as it is stored.
func questionText(q *reporting.Question) string {
	if q == nil {
		return ""
	}
	text, err := json.Marshal(q)
	if err != nil { // of a value that is plain text
		panic(err)
	}
	return string(text)
}
