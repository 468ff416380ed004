package text

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fault"
)

// decode turns the file into UTF-8. A byte order mark decides; else what is valid UTF-8 is UTF-8, and what is valid GB18030
// is GB18030. There is no guessing by frequency: a guess that is wrong once in a thousand files puts wrong names into the
// books, and nobody sees it.
func decode(data []byte, limit int64) (plain []byte, encoding string, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xFE\x00\x00")):
		return decode32(data[4:], binary.LittleEndian, "UTF-32LE")
	case bytes.HasPrefix(data, []byte("\x00\x00\xFE\xFF")):
		return decode32(data[4:], binary.BigEndian, "UTF-32BE")
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		if bad := invalidUTF8(data); bad >= 0 {
			return nil, "", fault.Damaged("", int64(bad), "not UTF-8, although its mark says so")
		}
		return data[3:], "UTF-8", nil
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
		return decode16(data[2:], binary.LittleEndian, "UTF-16LE")
	case bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return decode16(data[2:], binary.BigEndian, "UTF-16BE")
	}
	return decodeUnmarked(data, limit)
}

func decodeUnmarked(data []byte, limit int64) ([]byte, string, error) {
	if at := bytes.IndexByte(data, 0); at >= 0 {
		return nil, "", binaryContent(at)
	}
	bad := invalidUTF8(data)
	if bad < 0 {
		return data, "UTF-8", nil
	}
	if !utf8.FullRune(data[bad:]) && !isASCII(data[:bad]) {
		// Only the last character is cut. Taken for GB18030 the whole file could turn into other characters.
		return nil, "", fault.Damaged("", int64(bad), "cut short inside a character")
	}
	plain, err := decodeGB18030(data, limit)
	return plain, "GB18030", err
}

// invalidUTF8 is the place of the first byte that is not UTF-8, or −1.
func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func isASCII(data []byte) bool {
	for _, c := range data {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// decodeGB18030 refuses what the standard does not define; the decoder marks it with U+FFFD.
func decodeGB18030(data []byte, limit int64) ([]byte, error) {
	decoder := simplifiedchinese.GB18030.NewDecoder()
	out := make([]byte, 0, len(data)*3/2+64) // what GB18030 needs at most, but for the single byte of a euro sign
	var piece [32 << 10]byte
	for rest := data; ; {
		n, used, err := decoder.Transform(piece[:], rest, true)
		if i := bytes.Index(piece[:n], []byte("\uFFFD")); i >= 0 {
			at := len(data) - len(rest)
			return nil, &reporting.FileError{
				Code: reporting.UnreadableFile, Offset: int64(at), Reason: unknownEncoding,
			}
		}
		out, rest = append(out, piece[:n]...), rest[used:]
		if err == nil {
			return out, nil
		}
		if err != transform.ErrShortDst {
			return nil, fault.Damaged("", int64(len(data)-len(rest)), "not GB18030: %w", err)
		}
		if int64(len(out)) > 2*limit {
			return nil, fault.TooLarge("", fault.TooManyBytes(limit))
		}
	}
}

var unknownEncoding = reporting.Text{
	ZH: "文本文件的编码既不是 UTF-8 也不是 GB18030（GBK），文字无法辨认。请用 Excel 或 WPS 打开，另存为 .xlsx 或“CSV UTF-8”后重新报送。",
	EN: "The text file is neither UTF-8 nor GB18030 (GBK), so its characters cannot be told. Open it in Excel or WPS, save it as .xlsx or “CSV UTF-8”, and send it again.",
}

func decode16(data []byte, order binary.ByteOrder, name string) ([]byte, string, error) {
	out := make([]byte, 0, len(data)*3/2) // as Chinese text needs, so that it never grows
	for i := 0; i < len(data); i += 2 {
		if len(data)-i < 2 {
			return nil, "", fault.Damaged("", int64(i), "half a character at the end of %s", name)
		}
		r := rune(order.Uint16(data[i:]))
		if utf16.IsSurrogate(r) {
			if len(data)-i < 4 {
				return nil, "", fault.Damaged("", int64(i), "half a character at the end of %s", name)
			}
			i += 2
			if r = utf16.DecodeRune(r, rune(order.Uint16(data[i:]))); r == utf8.RuneError {
				return nil, "", fault.Damaged("", int64(i), "not %s", name)
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out, name, nil
}

func decode32(data []byte, order binary.ByteOrder, name string) ([]byte, string, error) {
	out := make([]byte, 0, len(data)/2)
	for i := 0; i < len(data); i += 4 {
		if len(data)-i < 4 || !utf8.ValidRune(rune(order.Uint32(data[i:]))) {
			return nil, "", fault.Damaged("", int64(i), "not %s", name)
		}
		out = utf8.AppendRune(out, rune(order.Uint32(data[i:])))
	}
	return out, name, nil
}

// checkControls refuses text that is none. One Ctrl-Z at the end is how DOS ended its files.
func checkControls(plain []byte) ([]byte, error) {
	plain = bytes.TrimSuffix(plain, []byte{0x1A})
	for i, c := range plain {
		if c < ' ' && (c < '\t' || c > '\r') {
			return nil, binaryContent(i)
		}
	}
	return plain, nil
}

func binaryContent(at int) error {
	return &reporting.FileError{
		Code:   reporting.UnreadableFile,
		Offset: int64(at),
		Reason: reporting.Text{
			ZH: "文件里有文本文件不应有的字节（如 NUL），可能已损坏，或者不是电子表格。请在 Excel 或 WPS 中打开原表，另存为 .xlsx 后重新报送。",
			EN: "The file holds bytes that no text file has (such as NUL); it is damaged, or it is no spreadsheet. Open the original table in Excel or WPS, save it as .xlsx and send it again.",
		},
	}
}
