package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook"
)

func sheetCommand() *cobra.Command {
	var name, format string
	cmd := &cobra.Command{
		Use:   "sheet FILE [--sheet NAME] --format csv|json",
		Short: "Print what the reader sees in a file, cell by cell",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			book, err := workbook.Open(data, workbook.DefaultLimits())
			if err != nil {
				return err
			}
			cells, err := readCells(book, name)
			if err != nil {
				return err
			}
			return writeCells(cmd, cells, format)
		},
	}
	cmd.Flags().StringVar(&name, "sheet", "", "only this sheet (default: all, hidden ones too)")
	cmd.Flags().StringVar(&format, "format", "csv", "csv or json")
	return cmd
}

// seen is a cell as the reader gives it.
type seen struct {
	Sheet   string `json:"sheet"`
	Hidden  bool   `json:"hidden"`
	Cell    string `json:"cell"`
	Kind    string `json:"kind"`
	Text    string `json:"text"`            // as it is stored
	Shown   string `json:"shown,omitempty"` // what a person sees, where that is something else
	Marks   string `json:"marks,omitempty"`
	Date    string `json:"date,omitempty"`
	Formula string `json:"formula,omitempty"`
}

var kindNames = map[reporting.CellKind]string{
	reporting.Blank: "blank", reporting.TextCell: "text", reporting.NumberCell: "number", reporting.BoolCell: "bool", reporting.ErrorCell: "error",
}

func readCells(book *workbook.Book, name string) ([]seen, error) {
	var cells []seen
	found := false
	for i, info := range book.Sheets() {
		if name != "" && info.Name != name {
			continue
		}
		found = true
		sheet, err := book.Read(i)
		if err != nil {
			return nil, fmt.Errorf("sheet %q: %w", info.Name, err)
		}
		for _, row := range sheet.Rows {
			for _, c := range row.Cells {
				day, _ := sheet.Day(c)
				cells = append(cells, seen{Sheet: info.Name, Hidden: info.Hidden || row.Hidden, Cell: reporting.CellName(c.Row, c.Col), Kind: kindNames[c.Kind],
					Text: c.Text, Shown: shown(c), Marks: marks(c), Date: day.String(), Formula: c.Formula()})
			}
		}
	}
	if !found {
		return nil, fmt.Errorf("no sheet %q", name)
	}
	return cells, nil
}

func shown(c reporting.Cell) string {
	if text := c.Shown(); text != c.Text {
		return text
	}
	return ""
}

// markNames name what a cell shows beside its value.
var markNames = []struct {
	mark reporting.Marks
	name string
}{
	{reporting.Struck, "struck"}, {reporting.PartStruck, "partly struck"}, {reporting.Raised, "raised"}, {reporting.Doubtful, "doubtful"},
	{reporting.Calculated, "calculated"},
}

func marks(c reporting.Cell) string {
	var names []string
	for _, m := range markNames {
		if c.Marks&m.mark != 0 {
			names = append(names, m.name)
		}
	}
	return strings.Join(names, " ")
}

func writeCells(cmd *cobra.Command, cells []seen, format string) error {
	out := cmd.OutOrStdout()
	switch format {
	case "json":
		return json.NewEncoder(out).Encode(cells)
	case "csv":
		w := csv.NewWriter(out)
		if err := w.Write([]string{"sheet", "hidden", "cell", "kind", "text", "shown", "marks", "date", "formula"}); err != nil {
			return err
		}
		for _, c := range cells {
			if err := w.Write([]string{c.Sheet, fmt.Sprint(c.Hidden), c.Cell, c.Kind, c.Text, c.Shown, c.Marks, c.Date, c.Formula}); err != nil {
				return err
			}
		}
		w.Flush()
		return w.Error()
	}
	return fmt.Errorf("format %q: want csv or json", format)
}
