package biff

import "huizong/pkg/reporting"

// What is read on over, since no value hangs on it. It is said once for a sheet, at the first place.
const (
	noteFormat = iota // the text of a number format is broken
	noteLong          // a boolean has a byte too many
	noteBehind        // records stand behind the end of the sheet
	noteKinds
)

var noteTexts = [noteKinds]reporting.Text{
	noteFormat: reporting.Textf("这一格的数字格式在文件中已损坏，按存储的数读取，请核对显示的内容", "the number format of the cell is damaged in the file: what is stored was read; compare it with what the cell shows"),
	noteLong:   reporting.Textf("文件中这一格的记录多出一个字节，不影响内容，照常读取", "the record of the cell has a byte too many in the file; no value hangs on it, and it was read"),
	noteBehind: reporting.Textf("文件中这张表的末尾之后还有多余的记录，其中没有单元格，照常读取", "records stand behind the end of the sheet in the file; none holds a cell, and the sheet was read"),
}

func (r *sheetReader) note(kind int, cell string) {
	if r.noted[kind] {
		return
	}
	r.noted[kind] = true
	text := noteTexts[kind]
	r.head.Noted = append(r.head.Noted, reporting.Finding{Code: reporting.ValueAssumed, Severity: reporting.SeverityNote, Sheet: r.head.Name, Cell: cell, Message: text.ZH, MessageEN: text.EN})
}
