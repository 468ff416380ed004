// Package text reads tables from text files: values separated by commas, tabs, semicolons or bars, in the encodings that
// Chinese offices use.
//
// The file is gone through twice: once to judge every byte of it, so that nothing is read of a file that is not sound, and once
// to read. Both times it is decoded piece by piece.
//
// A record is a row, also a blank one; a line break in quotes does not begin another. A quote that is never closed is an
// error, since it has swallowed the rest of the file.
package text

import (
	"bytes"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/input"
	"huizong/pkg/workbook/internal/limits"
)

// Table is a text file that was found sound.
type Table struct {
	Encoding  string // "UTF-8", "UTF-16LE", "GB18030" …
	Delimiter byte   // ',' '\t' ';' or '|'

	file     input.File
	encoding *encoding
	limits   limits.Limits
	fields   int // how many most records have
}

// Open judges the file and finds its encoding and delimiter. The table refers to it.
func Open(file input.File, l limits.Limits) (*Table, error) {
	e, err := findEncoding(file)
	if err != nil {
		return nil, err
	}
	t := &Table{Encoding: e.name, file: file, encoding: e, limits: l}
	sample, isBlank, err := t.judge()
	if err != nil {
		return nil, err
	}
	if isBlank {
		return nil, fault.Unreadable("", blank)
	}
	if !bytes.ContainsAny(bytes.TrimSpace(sample), "\r\n,\t;|") {
		return nil, fault.Unreadable("", oneText)
	}
	t.Delimiter, t.fields = findDelimiter(sample)
	return t, nil
}

// judge goes through the whole text, and returns how it begins and whether there is nothing but space in it.
func (t *Table) judge() (sample []byte, isBlank bool, err error) {
	d, err := t.encoding.open(t.file)
	if err != nil {
		return nil, false, err
	}
	isBlank = true
	for piece := []byte(nil); !d.done(); {
		if piece, err = d.piece(piece[:0]); err != nil {
			return nil, false, err
		}
		if len(sample) < sampleBytes {
			sample = append(sample, piece...)
		}
		isBlank = isBlank && len(bytes.TrimSpace(piece)) == 0
	}
	return sample, isBlank, nil
}

var blank = reporting.Text{
	ZH: "文件里没有任何内容。请检查是否选错了文件，保存后重新报送。",
	EN: "The file holds nothing. Check that it is the right one, save it and send it again.",
}

// oneText words a file that is mostly a message of some program, saved under the name of the table that was meant.
var oneText = reporting.Text{
	ZH: "文件里只有一段文字，没有表格，可能是下载或导出时出错的提示。请打开要报送的表，另存为 .xlsx 后重新报送。",
	EN: "The file holds a piece of text and no table; it may be the message of a failed download or export. Open the table that is to be sent, save it as .xlsx and send it again.",
}

// Scan reads the records. Texts are kept in the arena; the row is the reader's own and changes after visit.
func (t *Table) Scan(texts *arena.Texts, visit func(*reporting.Row) error) error {
	r, err := t.newReader()
	if err != nil {
		return err
	}
	meter := limits.NewMeter(t.limits, "", "")
	r.meter = meter
	for {
		more, err := r.record(texts)
		if err != nil || !more {
			return err
		}
		if len(r.row.Cells) > 0 {
			if err := meter.Row(&r.row); err != nil {
				return err
			}
			if err := visit(&r.row); err != nil {
				return err
			}
		}
		r.row.Index++
	}
}

func (t *Table) newReader() (*reader, error) {
	d, err := t.encoding.open(t.file)
	if err != nil {
		return nil, err
	}
	d.judged = true
	r := &reader{delimiter: t.Delimiter, decoder: d, fields: t.fields}
	if _, err := r.more(); err != nil {
		return nil, err
	}
	if line, ok := separatorLine(r.rest); ok {
		r.rest = r.rest[line:]
		r.row.Index = 1 // the line is a record too, without a cell
	}
	return r, nil
}
