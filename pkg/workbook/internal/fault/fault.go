// Package fault words what is wrong with a file, in one place, so that every reader says it in the same way.
//
// A clerk reads Reason: what is wrong, and what to do. An operator reads the part, the offset and Err.
package fault

import (
	"fmt"

	"huizong/pkg/reporting"
)

// NoOffset says that the byte is not known.
const NoOffset = -1

// Damaged says that the part is broken at the offset. The cause is for the operator.
func Damaged(part string, offset int64, cause string, args ...any) *reporting.FileError {
	return &reporting.FileError{
		Code:   reporting.UnreadableFile,
		Part:   part,
		Offset: offset,
		Reason: reporting.Textf(
			"文件已损坏或不完整%[1]s，不能保证读全，因此没有采用。请用 Excel 或 WPS 打开原文件，另存为 .xlsx 后重新报送；如果打不开，请从最初的表重新导出。",
			"The file is damaged or incomplete%[2]s and cannot be read in full, so nothing of it was used. Open the original in Excel or WPS, save it as .xlsx and send it again; if it does not open, export it afresh.",
			place("（%s 处）", part), place(" (at %s)", part)),
		Err: fmt.Errorf(cause, args...),
	}
}

// place is the part in the words, or nothing where it is the file as a whole.
func place(words, part string) string {
	if part == "" {
		return ""
	}
	return fmt.Sprintf(words, part)
}

// Unreadable refuses a file for a reason that has its own sentence.
func Unreadable(part string, why reporting.Text) *reporting.FileError {
	return &reporting.FileError{Code: reporting.UnreadableFile, Part: part, Offset: NoOffset, Reason: why}
}

// Other is a kind of file that is no table: what it takes to send what is in it depends on that.
type Other int

// The kinds of other files.
const (
	Saveable Other = iota // a spreadsheet program opens it
	Archive
	Document // a table may stand in it, but no spreadsheet program opens it
	Picture
	Program
)

// toDo is what helps with each kind.
var toDo = map[Other]reporting.Text{
	Saveable: {ZH: saveAsZH + "只改文件的后缀名没有用。", EN: saveAsEN + " Renaming the file is not enough."},
	Archive:  {ZH: "请先解压，再把里面的每张表分别报送。", EN: "Unpack it and send each sheet in it by itself."},
	Document: {ZH: "请把其中的表格复制到 Excel 或 WPS 新建的工作簿里，或填到本系统提供的模板里，存成 .xlsx 再报送。只改文件的后缀名没有用。",
		EN: "Copy the table in it into a new workbook of Excel or WPS, or into the template that this system provides, and send that as .xlsx. Renaming the file is not enough."},
	Picture: {ZH: "图片里的数字读不出来，请把内容填到 Excel 或 WPS 的表里，或本系统提供的模板里，存成 .xlsx 再报送。",
		EN: "Numbers in a picture cannot be read: type them into a workbook of Excel or WPS, or into the template that this system provides, and send that as .xlsx."},
	Program: {ZH: "可能选错了文件，请核对后报送报表本身。", EN: "Perhaps it is the wrong file: look again and send the sheet itself."},
}

// NotTable says that the file is something else, and what to do.
func NotTable(kind Other, zh, en string) *reporting.FileError {
	return Unreadable("", reporting.Text{
		ZH: "这是" + zh + "，不是电子表格。" + toDo[kind].ZH,
		EN: "This is " + en + ", not a spreadsheet. " + toDo[kind].EN,
	})
}

// OtherFormat says that the file is a spreadsheet of a kind that is not read, and how to save it properly.
func OtherFormat(zh, en string) *reporting.FileError {
	return Unreadable("", reporting.Text{
		ZH: "这是" + zh + "，本系统不读取这种格式。" + saveAsZH,
		EN: "This is " + en + ", a format that is not read here. " + saveAsEN,
	})
}

const (
	saveAsZH = "请用 Excel 或 WPS 打开要报送的表，选择“文件 → 另存为”，类型选“Excel 工作簿（*.xlsx）”，再报送保存后的文件。"
	saveAsEN = "Open the table in Excel or WPS, choose File → Save As, type “Excel Workbook (*.xlsx)”, and send that file."
)

// Encrypted says that the file has a password.
func Encrypted() *reporting.FileError {
	return &reporting.FileError{
		Code:   reporting.EncryptedFile,
		Offset: NoOffset,
		Reason: reporting.Text{
			ZH: "文件设有打开密码，无法读取。请用密码打开，在“文件 → 信息 → 保护工作簿 → 用密码进行加密”中把密码删空（WPS：“文件 → 文档加密 → 密码加密”），保存后重新报送。",
			EN: "The file has a password and cannot be read. Open it with the password, remove it under File → Info → Protect Workbook → Encrypt with Password, save and send it again.",
		},
	}
}

// EncryptedArchive says that what is in an archive has a password.
func EncryptedArchive() *reporting.FileError {
	return &reporting.FileError{Code: reporting.EncryptedFile, Offset: NoOffset, Reason: reporting.Text{
		ZH: "这是有密码的压缩包，里面的内容读不出来。请先用密码解压，再把里面的每张表分别报送。",
		EN: "This is an archive with a password, and what is in it cannot be read. Unpack it with the password and send each sheet in it by itself.",
	}}
}

// EncryptedByOffice says that a program of the office that guards documents has encrypted the file. To save it again at the same desk encrypts
// it again. Where no mark of such a program is known, that is a guess: certain is false, and the file may be damaged instead.
func EncryptedByOffice(certain bool) *reporting.FileError {
	if certain {
		return &reporting.FileError{Code: reporting.EncryptedFile, Offset: NoOffset, Reason: reporting.Text{
			ZH: "文件被单位的文档加密软件加密了，离开本单位的电脑就打不开，内容读不出来。请用加密软件解密（或请管理员解密、审批外发），把解密后的文件报送；再存一次没有用，存出来的仍是加密的。",
			EN: "The document protection of the office has encrypted the file, and it opens on its own computers only. Have it decrypted there, or released by whoever may, and send the decrypted copy; to save it again only encrypts it again.",
		}}
	}
	return Unreadable("", reporting.Text{
		ZH: "文件的内容不是任何一种表格，像是被单位的文档加密软件加密过，也可能已经损坏。如果在本单位的电脑上能正常打开，请先解密（或请管理员解密、审批外发），报送解密后的文件；如果打不开，请重新导出。",
		EN: "The file holds nothing like a table: the document protection of the office seems to have encrypted it, or it is damaged. If it opens on the office's computers, have it decrypted and send that copy; if it does not, export it again.",
	})
}

// FromOutside words a formula that fetches its value from elsewhere or runs something: the number has no origin in the sheet.
func FromOutside(function string) reporting.Text {
	return reporting.Textf(
		"单元格的公式（%s）从工作簿以外取数或运行程序，其结果不能作为依据。请选中该单元格，复制后“选择性粘贴 → 数值”，保存后重新报送。",
		"The formula of the cell (%s) fetches its value from outside the workbook or runs a program, so its result proves nothing. Copy the cell, use Paste Special → Values, save and send it again.", function)
}

// LinkedPicture words a picture that is not in the workbook, and would be fetched from a disk or a server of files.
func LinkedPicture(address string) reporting.Text {
	address = reporting.Shorten(address, 100)
	return reporting.Textf(
		"表中有一张图片不在工作簿内，而是链接到“%s”，打开文件时会自动从那里读取。请删除这张图片；如确需保留，请先“剪切”，再“选择性粘贴 → 图片(PNG)”，保存后重新报送。",
		"A picture is not in the workbook but linked to “%s”, from where it is fetched whenever the file is opened. Delete it, or cut it and use Paste Special → Picture (PNG), save and send the file again.", address)
}

// TooLarge refuses what is over a limit.
func TooLarge(part string, why reporting.Text) *reporting.FileError {
	return &reporting.FileError{Code: reporting.TooLarge, Part: part, Offset: NoOffset, Reason: why}
}

// TooManyBytes words the limit of the file's size.
func TooManyBytes(limit int64) reporting.Text {
	return reporting.Textf(
		"文件超过 %d MB。请删去图片、多余的工作表和空白行列，或分成几个文件后重新报送。",
		"The file is over %d MB. Delete pictures, sheets and blank rows that are not needed, or split it, and send it again.", limit>>20)
}

// Bomb words a part that unpacks to more than any table does.
func Bomb() reporting.Text {
	return reporting.Text{
		ZH: "文件解压后过大，不像是正常的表格。请把要报送的区域复制到新建的工作簿中，另存为 .xlsx 后重新报送。",
		EN: "The file unpacks to far more than a table holds. Copy the table into a new workbook, save it as .xlsx and send it again.",
	}
}

// TooMuchPacked words the limits of an archive.
func TooMuchPacked(files int, bytes int64) reporting.Text {
	return reporting.Textf("压缩包里的文件超过 %d 个，或者一共超过 %d MB。请解压后分几次报送。",
		"The archive holds more than %d files, or more than %d MB of them. Unpack it and send them in several goes.", files, bytes>>20)
}

// TextTooLong words a text that no cell can hold.
func TextTooLong() reporting.Text {
	return reporting.Text{
		ZH: "有一段文字长得不像是一个单元格的内容，可能是前面的引号没有成对。请用 Excel 或 WPS 打开检查，另存为 .xlsx 后重新报送。",
		EN: "A text is far longer than a cell can hold; perhaps a quote before it is not closed. Look at it in Excel or WPS, save it as .xlsx and send it again.",
	}
}

// TooManyColumns words the limit of columns.
func TooManyColumns(limit int32) reporting.Text {
	return reporting.Textf(
		"表格超过 %d 列。请检查右侧是否有多余的内容，删去多余的列后重新报送。",
		"The sheet uses more than %d columns. Look for stray content to the right, delete those columns and send it again.", limit)
}

// TooManyRows words the limit of rows.
func TooManyRows(limit int64) reporting.Text {
	return reporting.Textf(
		"表格超过 %d 行。请检查下方是否有多余的内容，删去多余的行后重新报送。",
		"The sheet uses more than %d rows. Look for stray content below, delete those rows and send it again.", limit)
}

// FarAway words a stray cell.
func FarAway() reporting.Text {
	return reporting.Text{
		ZH: "有单元格远离表格主体，表格因此过大。请按 Ctrl+End 找到它，删去多余的行列后保存并重新报送。",
		EN: "A cell lies far away from the table, which makes the sheet too large. Press Ctrl+End to find it, delete the extra rows and columns, save and send it again.",
	}
}

// TooManyCells words the limit of cells.
func TooManyCells(limit int64) reporting.Text {
	return reporting.Textf(
		"表格超过 %d 个单元格。请分成几个文件后重新报送。",
		"The sheet has more than %d cells. Split it into several files and send them again.", limit)
}

// Internal turns a panic into an error. It is the last resort at the border of the package: the file is refused, the
// operator sees where, and the process lives.
func Internal(recovered any) *reporting.FileError {
	e := Damaged("", NoOffset, "reader failed")
	e.Err = fmt.Errorf("panic: %v", recovered)
	return e
}

// StrayQuote says that a quotation mark of a text file has no other, or has found a wrong one, and so has taken lines into one field.
func StrayQuote(cell string) *reporting.FileError {
	e := Unreadable("", reporting.Textf(
		"文件中 %s 处有一个不成对的引号（\"），从那里起的几行被并成了一格，行数不对了，所以整个文件都没有采用。请在原文件中删去或补全这个引号，或者在 Excel 或 WPS 中打开原表，另存为 .xlsx 后重新报送。",
		"A quotation mark (\") at %s has no partner: the lines from there on have become one field, so nothing of the file was used. Remove it or add the other one in the original file, or open the original in Excel or WPS and save it as .xlsx, and send it again.", cell))
	e.Cell = cell
	return e
}
