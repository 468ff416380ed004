package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook"
)

// ours read a file on the disk, where it stays, and count its cells.
var ours = map[string]func(workbook.File) (int, error){
	"ours":              rows,
	"ours, whole sheet": whole,
}

// others want the file in memory.
var others = map[string]func([]byte) (int, error){
	"inflate":      inflate,
	"excelize":     readExcelize,
	"encoding/csv": readCSV,
}

// prepare opens the file for the subject. What wants it in memory finds it there: only the reading itself is timed.
func prepare(subject, name string) (read func() (int, error), err error) {
	if other := others[subject]; other != nil {
		data, err := os.ReadFile(name)
		return func() (int, error) { return other(data) }, err
	}
	own := ours[subject]
	if own == nil {
		return nil, fmt.Errorf("no reader %q", subject)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	return func() (int, error) { return own(io.NewSectionReader(file, 0, info.Size())) }, err
}

// inflate only unpacks, with the same library: the bound for any reader of this file.
func inflate(data []byte) (int, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return 0, err
	}
	for _, f := range archive.File {
		at, err := f.DataOffset()
		if err != nil {
			return 0, err
		}
		packed := bytes.NewReader(data[at : at+int64(f.CompressedSize64)])
		if _, err := io.Copy(io.Discard, flate.NewReader(packed)); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

func rows(file workbook.File) (cells int, err error) {
	book, err := workbook.OpenFile(file, workbook.Limits{})
	if err != nil {
		return 0, err
	}
	for i := range book.Sheets() {
		err := book.Rows(i, func(row *reporting.Row) error { cells += len(row.Cells); return nil })
		if err != nil {
			return 0, err
		}
	}
	return cells, nil
}

func whole(file workbook.File) (cells int, err error) {
	book, err := workbook.OpenFile(file, workbook.Limits{})
	if err != nil {
		return 0, err
	}
	for i := range book.Sheets() {
		sheet, err := book.Read(i)
		if err != nil {
			return 0, err
		}
		for _, row := range sheet.Rows {
			cells += len(row.Cells)
		}
	}
	return cells, nil
}

func readExcelize(data []byte) (cells int, err error) {
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		return 0, err
	}
	rows, err := f.Rows(f.GetSheetList()[0])
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		columns, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return 0, err
		}
		cells += len(columns)
	}
	return cells, rows.Close()
}

func readCSV(data []byte) (cells int, err error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.ReuseRecord = true
	for {
		record, err := r.Read()
		if err == io.EOF {
			return cells, nil
		}
		if err != nil {
			return 0, err
		}
		cells += len(record)
	}
}
