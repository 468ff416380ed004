package workbook

import (
	"bytes"
	"slices"
	"strings"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/biff"
	"huizong/pkg/workbook/internal/cfb"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/input"
	"huizong/pkg/workbook/internal/ods"
	"huizong/pkg/workbook/internal/ooxml"
	"huizong/pkg/workbook/internal/text"
	"huizong/pkg/workbook/internal/unzip"
)

// headBytes are what files are told apart by.
const headBytes = 4096

// open tells the formats apart by their first bytes.
func open(file input.File, l Limits) (source, error) {
	head, err := file.Head(headBytes)
	if err != nil {
		return nil, err
	}
	switch {
	case len(head) == 0:
		return nil, fault.Unreadable("", emptyFile)
	case unzip.IsZip(head):
		return openZip(file, l)
	case cfb.Is(head):
		return openCompound(file, l)
	case bytes.HasPrefix(head, []byte("\x09\x08")) && bytes.IndexByte(head[:min(len(head), 64)], 0) > 0:
		return openStream(file, l) // a bare stream, as some export programs write it
	}
	if len(head) < len(cfb.Signature) && (strings.HasPrefix(cfb.Signature, string(head)) || strings.HasPrefix("PK\x03\x04", string(head))) {
		return nil, fault.Damaged("", file.Size(), "cut short inside the header")
	}
	if err := recogniseOther(head); err != nil {
		return nil, err
	}
	return openText(file, l)
}

var emptyFile = reporting.Text{
	ZH: "文件是空的（0 字节），可能没有保存或传送完。请重新保存后报送。",
	EN: "The file is empty (0 bytes); it was perhaps not saved or sent in full. Save it again and send it.",
}

// openZip opens a workbook in a zip, and names what else comes in one.
func openZip(file input.File, l Limits) (source, error) {
	zip, err := unzip.Open(file, l)
	if err != nil {
		return nil, err
	}
	if zip.Encrypted() {
		return nil, fault.EncryptedArchive()
	}
	if ods.Is(zip) {
		book, err := ods.Open(zip, l)
		if err != nil {
			return nil, err
		}
		return openDocument{book}, nil
	}
	book, err := ooxml.Open(zip, l)
	if err != nil {
		return nil, err
	}
	if book == nil {
		return nil, nameZip(zip)
	}
	return xlsx{book}, nil
}

// nameZip says what a zip that is no workbook is.
func nameZip(zip *unzip.Archive) error {
	has := func(prefix string) bool {
		return slices.ContainsFunc(zip.Names(), func(name string) bool { return strings.HasPrefix(unzip.Key(name), prefix) })
	}
	switch {
	case has("xl/workbook.bin"):
		return fault.OtherFormat("二进制格式的 Excel 文件（.xlsb）", "an Excel binary workbook (.xlsb)")
	case has("word/"):
		return fault.NotTable(fault.Document, "Word 文档", "a Word document")
	case has("ppt/"):
		return fault.NotTable(fault.Document, "演示文稿", "a presentation")
	case has("xl/"), has("[content_types].xml"):
		return fault.Damaged("", fault.NoOffset, "an Office file without a workbook")
	case has("content.xml"):
		return fault.NotTable(fault.Document, "OpenDocument 文本或其他文件", "an OpenDocument file of another kind")
	}
	return fault.NotTable(fault.Archive, "压缩包（ZIP）", "an archive (zip)")
}

// openCompound opens a workbook in a compound file, and names what else comes in one.
func openCompound(whole input.File, l Limits) (source, error) {
	file, err := cfb.Open(whole, l)
	if err != nil {
		return nil, err
	}
	if file.Has("EncryptedPackage") {
		return nil, fault.Encrypted()
	}
	for _, name := range []string{"Workbook", "Book"} { // some files have both, for older versions
		if !file.Has(name) {
			continue
		}
		stream, err := file.Stream(name)
		if err != nil {
			return nil, err
		}
		return openStream(stream, l)
	}
	switch {
	case file.Has("WordDocument"):
		return nil, fault.NotTable(fault.Document, "Word 文档", "a Word document")
	case file.Has("PowerPoint Document"):
		return nil, fault.NotTable(fault.Document, "演示文稿", "a presentation")
	}
	return nil, fault.NotTable(fault.Program, "其他程序的文件，里面没有工作簿", "a file of another program, without a workbook in it")
}

func openStream(stream input.File, l Limits) (source, error) {
	book, err := biff.Open(stream, l)
	if err != nil {
		return nil, err
	}
	return xls{book}, nil
}

// openText opens what is left: text, or nothing that we know.
func openText(file input.File, l Limits) (source, error) {
	table, err := text.Open(file, l)
	if finding, ok := reporting.FindingOf(err); ok && finding.Code == reporting.UnreadableFile {
		head, broken := file.Head(headBytes)
		if broken != nil {
			return nil, broken
		}
		err = nameEncrypted(head, err)
	}
	if err != nil {
		return nil, err
	}
	return csv{table}, nil
}

// guards are programs that encrypt the documents of an office, by the names that stand in the heads of their files.
var guards = []string{"E-SafeNet", "ESAFENET", "TSD-Header", "IP-guard", "IPGUARD", "Ldterm", "LDSAFE", "CDGDOC", "SmartSec", "DocGuard", "SecDoc", "DLP", "Encrypt", "ENCRYPT", "SafeDoc", "AnyOffice",
	"TopSec", "Vsec", "InfoGuard", "HuaTu", "GreenShield", "LockDoc"}

// nameEncrypted names a file that a guard has encrypted, or that looks like one: its first bytes are as mixed as no text is. The error is
// what it is otherwise.
func nameEncrypted(head []byte, otherwise error) error {
	for _, name := range guards {
		if bytes.Contains(head[:min(len(head), 512)], []byte(name)) {
			return fault.EncryptedByOffice(true)
		}
	}
	control := 0
	for _, c := range head {
		if c != 0 && c < ' ' && (c < '\t' || c > '\r') {
			control++
		}
	}
	if len(head) >= 64 && 25*control > len(head) {
		return fault.EncryptedByOffice(false)
	}
	return otherwise
}

// magic are files that people send instead of a table.
var magic = []struct {
	head, zh, en string
	kind         fault.Other
}{
	{"%PDF", "PDF 文件", "a PDF", fault.Document},
	{"\x89PNG", "图片（PNG）", "a picture (PNG)", fault.Picture},
	{"\xFF\xD8\xFF", "图片（JPEG）", "a picture (JPEG)", fault.Picture},
	{"GIF8", "图片（GIF）", "a picture (GIF)", fault.Picture},
	{"II*\x00", "图片（TIFF）", "a picture (TIFF)", fault.Picture},
	{"MM\x00*", "图片（TIFF）", "a picture (TIFF)", fault.Picture},
	{"Rar!", "压缩包（RAR）", "an archive (RAR)", fault.Archive},
	{"7z\xBC\xAF\x27\x1C", "压缩包（7z）", "an archive (7z)", fault.Archive},
	{"\x1F\x8B", "压缩包（gzip）", "an archive (gzip)", fault.Archive},
	{"BZh", "压缩包（bzip2）", "an archive (bzip2)", fault.Archive},
	{"\xFD7zXZ", "压缩包（xz）", "an archive (xz)", fault.Archive},
	{"{\\rtf", "RTF 文档", "an RTF document", fault.Document},
	{"SQLite format 3", "数据库文件", "a database", fault.Program},
	{"MZ", "程序文件", "a program", fault.Program},
	{"\x7FELF", "程序文件", "a program", fault.Program},
}

// recogniseOther names what is not a table and is known by its first bytes.
func recogniseOther(head []byte) error {
	for _, m := range magic {
		if bytes.HasPrefix(head, []byte(m.head)) && (len(m.head) > 2 || bytes.IndexByte(head[:min(len(head), 512)], 0) >= 0) {
			return fault.NotTable(m.kind, m.zh, m.en)
		}
	}
	if len(head) > 26 && head[0] == 'B' && head[1] == 'M' && bytes.HasPrefix(head[6:], []byte{0, 0, 0, 0}) {
		return fault.NotTable(fault.Picture, "图片（BMP）", "a picture (BMP)")
	}
	for _, old := range []string{"\x09\x00\x04\x00", "\x09\x02\x06\x00", "\x09\x04\x06\x00"} {
		if bytes.HasPrefix(head, []byte(old)) {
			return fault.OtherFormat("Excel 4.0 或更早版本的文件", "a file of Excel 4.0 or earlier")
		}
	}
	return recogniseMarkup(head)
}

// recogniseMarkup names web pages and XML, which older systems export under the name .xls.
func recogniseMarkup(head []byte) error {
	head = bytes.ToLower(head)
	head = bytes.ReplaceAll(head, []byte{0}, nil) // UTF-16
	head = bytes.TrimPrefix(bytes.TrimPrefix(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), []byte("\xFF\xFE")), []byte("\xFE\xFF"))
	head = bytes.TrimLeft(head, " \t\r\n")
	has := func(mark string) bool { return bytes.Contains(head, []byte(mark)) }
	switch {
	case bytes.HasPrefix(head, []byte("mime-version:")):
		return fault.NotTable(fault.Saveable, "网页存档（MHT）", "a web archive (MHT)")
	case !bytes.HasPrefix(head, []byte("<")):
		return nil
	case has("urn:schemas-microsoft-com:office:spreadsheet"):
		return fault.OtherFormat("“XML 电子表格 2003”文件，只是后缀名改成了 .xls", "an “XML Spreadsheet 2003” file under the name of an .xls")
	case has("<html"), has("<!doctype html"), has("<table"), has("<head"), has("<meta"), has("<style"):
		return fault.NotTable(fault.Saveable, "网页（HTML），只是后缀名改成了表格", "a web page (HTML) under the name of a spreadsheet")
	case bytes.HasPrefix(head, []byte("<?xml")), bytes.HasPrefix(head, []byte("<!doctype")):
		return fault.NotTable(fault.Saveable, "XML 文件", "an XML file")
	}
	return nil
}

// xlsx adapts a workbook of Office Open XML.
type xlsx struct{ book *ooxml.Workbook }

func (x xlsx) sheets() []SheetInfo {
	list := make([]SheetInfo, len(x.book.Sheets))
	for i, s := range x.book.Sheets {
		list[i] = SheetInfo{Name: s.Name, Hidden: s.Hidden, VeryHidden: s.VeryHidden, Kind: s.Kind}
	}
	return list
}

func (x xlsx) held() int64 { return x.book.Held() }

func (x xlsx) scan(i int, texts *arena.Texts, visit func(*reporting.Row) error) (*reporting.Sheet, error) {
	return x.book.Scan(i, texts, visit)
}

// xls adapts a workbook of BIFF.
type xls struct{ book *biff.Workbook }

func (x xls) sheets() []SheetInfo {
	list := make([]SheetInfo, len(x.book.Sheets))
	for i, s := range x.book.Sheets {
		list[i] = SheetInfo{Name: s.Name, Hidden: s.Hidden, VeryHidden: s.VeryHidden, Kind: s.Kind}
	}
	return list
}

func (x xls) held() int64 { return x.book.Held() }

func (x xls) scan(i int, texts *arena.Texts, visit func(*reporting.Row) error) (*reporting.Sheet, error) {
	return x.book.Scan(i, texts, visit)
}

// openDocument adapts an OpenDocument spreadsheet.
type openDocument struct{ book *ods.Workbook }

func (o openDocument) sheets() []SheetInfo {
	list := make([]SheetInfo, len(o.book.Sheets))
	for i, s := range o.book.Sheets {
		list[i] = SheetInfo{Name: s.Name, Hidden: s.Hidden, Kind: "worksheet"}
	}
	return list
}

func (o openDocument) held() int64 { return 0 }

func (o openDocument) scan(i int, texts *arena.Texts, visit func(*reporting.Row) error) (*reporting.Sheet, error) {
	return o.book.Scan(i, texts, visit)
}

// csv adapts a text table.
type csv struct{ table *text.Table }

func (c csv) sheets() []SheetInfo { return []SheetInfo{{Kind: "worksheet"}} }

func (c csv) held() int64 { return 0 }

func (c csv) scan(_ int, texts *arena.Texts, visit func(*reporting.Row) error) (*reporting.Sheet, error) {
	return &reporting.Sheet{}, c.table.Scan(texts, visit)
}
