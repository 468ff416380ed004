package clickhouse

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// ledgerPrefix marks the typed tables of ledger rows. Only tables of that name can be written through reporting.LedgerRow.
const ledgerPrefix = "ledger_"

var ledgerLineage = []string{"submission", "attempt", "form", "sender", "sheet", "row"}

// ledgerColumn is one field of a ledger's table.
type ledgerColumn struct {
	name, kind string // kind: the type of the column, without Nullable
	nullable   bool
}

// ledgerOf returns the fields of a ledger's table, without the lineage.
func ledgerOf(columns []tableColumn) []ledgerColumn {
	var fields []ledgerColumn
	for _, c := range columns {
		if slices.Contains(ledgerLineage, c.Name) {
			continue
		}
		kind, nullable := strings.CutPrefix(c.Type, "Nullable(")
		if nullable {
			kind = strings.TrimSuffix(kind, ")")
		}
		fields = append(fields, ledgerColumn{c.Name, kind, nullable})
	}
	return fields
}

// addLedger turns an entry's ledger rows into rows of their tables.
func (b *blocks) addLedger(e Entry, tables map[string][]ledgerColumn) error {
	for _, row := range e.Reading.Rows {
		columns, ok := tables[row.Table]
		if !ok {
			return reporting.Errorf(reporting.Internal, "submission %s: no ledger table %q", e.Decision.Submission, row.Table)
		}
		values, err := ledgerValues(row, columns)
		if err != nil {
			return reporting.Errorf(reporting.Internal, "submission %s: %s!%d: %w", e.Decision.Submission, row.Sheet, row.Row, err)
		}
		names := ledgerLineage
		for _, c := range columns {
			names = append(names[:len(names):len(names)], c.name)
		}
		b.of(row.Table, names...).add(append(
			[]any{e.Decision.Submission, e.Attempt, e.Decision.Form, e.Decision.Org, row.Sheet, uint32(row.Row)}, values...)...)
	}
	return nil
}

// ledgerValues puts a row's fields into the order of the table's columns. A column that the row does not name is NULL.
func ledgerValues(row reporting.LedgerRow, columns []ledgerColumn) ([]any, error) {
	fields := make(map[string]any, len(row.Fields))
	for _, f := range row.Fields {
		if _, twice := fields[f.Name]; twice {
			return nil, reporting.Errorf(reporting.Internal, "%s: field %q is given twice", row.Table, f.Name)
		}
		fields[f.Name] = f.Value
	}
	values := make([]any, len(columns))
	for i, c := range columns {
		value, ok := c.convert(fields[c.name])
		if number, is := fields[c.name].(reporting.Decimal); is && !ok && c.holdsNumbers() {
			return nil, reporting.Errorf(reporting.Internal, "%s: field %q: %v does not fit %s: %w", row.Table, c.name, number, c.kind,
				unfitFinding(row.Sheet, fmt.Sprintf("A%d", row.Row)))
		}
		if !ok {
			return nil, reporting.Errorf(reporting.Internal, "%s: field %q: %v (%T) does not fit %s", row.Table, c.name, fields[c.name], fields[c.name], c.kind)
		}
		values[i] = value
		delete(fields, c.name)
	}
	for name := range fields {
		return nil, reporting.Errorf(reporting.Internal, "%s: no field %q", row.Table, name)
	}
	return values, nil
}

// convert gives a field's value the Go type of its column, and returns false where it does not fit exactly.
func (c ledgerColumn) convert(value any) (any, bool) {
	switch v := value.(type) {
	case nil:
		return nil, c.nullable
	case string:
		return v, c.kind == "String"
	case bool:
		return v, c.kind == "Bool"
	case reporting.Date:
		if v == 0 {
			return nil, c.nullable && c.kind == "Date32"
		}
		return day(v), c.kind == "Date32"
	case reporting.Period: // a month: its first day
		return day(v.Start()), c.kind == "Date32" && v.Len() == 1
	case reporting.Decimal:
		return c.convertNumber(v)
	}
	return nil, false
}

// holdsNumbers reports whether the column is one of numbers: what does not fit it is too great, and not of a wrong kind.
func (c ledgerColumn) holdsNumbers() bool { return c.kind == "UInt32" || c.kind == "Decimal(38, 4)" }

func (c ledgerColumn) convertNumber(v reporting.Decimal) (any, bool) {
	switch c.kind {
	case "UInt32":
		n := v.Unscaled(0)
		return uint32(n.Uint64()), v.IsInteger() && v.Sign() >= 0 && n.IsUint64() && n.Uint64() <= math.MaxUint32
	case "Decimal(38, 4)":
		return toDecimal(v, factScale)
	}
	return nil, false
}
