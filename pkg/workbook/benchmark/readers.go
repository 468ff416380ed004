package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook"
)

// readers read a file and count its cells.
var readers = map[string]func([]byte) (int, error){
	"inflate":           inflate,
	"ours":              rows,
	"ours, whole sheet": whole,
	"excelize":          readExcelize,
	"encoding/csv":      readCSV,
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

func rows(data []byte) (cells int, err error) {
	book, err := workbook.Open(data, workbook.Limits{})
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

func whole(data []byte) (cells int, err error) {
	book, err := workbook.Open(data, workbook.Limits{})
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
