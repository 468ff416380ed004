package change

import (
	"fmt"
	"strconv"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// ledger finds the rows of a ledger by the form's key: a case is the same one in whichever row it stands.
type ledger struct {
	form *reporting.Form
	keys []string       // the fields of a row that together are its key
	rows map[string]row // by key
	at   map[cellRow]string
}

// row is a row of a ledger and the submission that it stands in.
type row struct {
	submission string
	reporting.LedgerRow
}

type cellRow struct {
	submission, sheet string
	row               int32
}

// keyed reports whether the rows of the form's ledgers can be told apart.
func keyed(form *reporting.Form) bool {
	return form.Table != "" && len(form.Key) > 0
}

func newLedger(form *reporting.Form, sheets []reporting.Stood) *ledger {
	l := &ledger{form: form, rows: map[string]row{}, at: map[cellRow]string{}}
	if !keyed(form) {
		return l
	}
	for _, id := range form.Key {
		column := form.Columns[form.Column(id)]
		if column.Type == reporting.IDNumber {
			l.keys = append(l.keys, column.Field+"_key")
		} else {
			l.keys = append(l.keys, column.Field)
		}
	}
	for _, s := range sheets {
		for _, r := range s.Rows {
			key := l.key(r)
			l.rows[key] = row{s.Submission, r}
			at := cellRow{s.Submission, r.Sheet, r.Row}
			if other, twice := l.at[at]; twice && other != key {
				key = "" // two records side by side in one row
			}
			l.at[at] = key
		}
	}
	return l
}

func (l *ledger) key(r reporting.LedgerRow) string {
	parts := make([]string, len(l.keys))
	for i, name := range l.keys {
		parts[i] = text(field(r, name))
	}
	return strings.Join(parts, "\x00")
}

// of is the key of the row that a value was read from.
func (l *ledger) of(f reporting.Fact) string {
	return l.at[cellRow{f.Submission, f.Sheet, rowOf(f.Cell)}]
}

// rowOf is the row in the name of a cell.
func rowOf(cell string) int32 {
	n, _ := strconv.Atoi(strings.TrimLeft(cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	return int32(n)
}

func field(r reporting.LedgerRow, name string) any {
	for _, f := range r.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return nil
}

// text is a field as it is compared and shown: a month is its first day, as the table has it.
func text(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case reporting.Period:
		return v.Start().String()
	default:
		return fmt.Sprint(v)
	}
}

// name is what a clerk calls the row: its key, with the headers of its columns. Of a person it is what the table shows.
func (l *ledger) name(r reporting.LedgerRow) string {
	var parts []string
	for _, id := range l.form.Key {
		i := l.form.Column(id)
		column := l.form.Columns[i]
		name := column.Field
		if column.Type == reporting.IDNumber {
			name = "id_masked"
		}
		parts = append(parts, label.ColumnName(l.form, i)+" "+text(field(r, name)))
	}
	return strings.Join(parts, "，")
}

// differences lists what two rows do not say alike, as "立案日期 2020-03-05", of each.
func (l *ledger) differences(a, b reporting.LedgerRow) (before, after string) {
	var was, is []string
	for i, column := range l.form.Columns {
		x, y := text(field(a, column.Field)), text(field(b, column.Field))
		if column.Field == "" || column.Type == reporting.IDNumber || x == y {
			continue
		}
		name := label.ColumnName(l.form, i)
		was, is = append(was, name+" "+orNothing(x)), append(is, name+" "+orNothing(y))
	}
	return strings.Join(was, "，"), strings.Join(is, "，")
}

// same reports whether the other has the row too, and says the same in it: then it is not the row that moves anything.
func (l *ledger) same(other *ledger, key string) bool {
	was, stood := l.rows[key]
	is, stands := other.rows[key]
	before, after := l.differences(was.LedgerRow, is.LedgerRow)
	return stood && stands && before == after
}

func orNothing(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
