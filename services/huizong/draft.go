package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"huizong/pkg/reporting"
)

func draftCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "draft list|show",
		Short: "Look at the drafts that were compiled by themselves: when the last sheet was in, or at the deadline",
	}
	cmd.AddCommand(draftListCommand(), draftShowCommand())
	return cmd
}

// reasons are why a draft was made, as people read it.
var reasons = map[string]string{"complete": "报送齐全", "deadline": "到达截止时间"}

func draftListCommand() *cobra.Command {
	var f releaseFlags
	return f.on(&cobra.Command{
		Use:   "list",
		Short: "List all drafts",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var drafts []reporting.Draft
			if printed, err := f.read(cmd, "/api/v1/drafts", &drafts); printed || err != nil {
				return err
			}
			rows := [][]string{{"报告", "期间", "数据截止", "缘由", "缺报"}}
			for _, d := range drafts {
				rows = append(rows, []string{d.Report, d.Period.String(), d.Cutoff.Format("2006-01-02 15:04:05"), reasons[d.Because], strconv.Itoa(len(d.Missing))})
			}
			printTable(cmd, rows, []bool{false, false, false, false, true})
			return nil
		},
	})
}

func draftShowCommand() *cobra.Command {
	var f releaseFlags
	var report, out string
	cmd := f.on(&cobra.Command{
		Use:   "show PERIOD",
		Short: "Print what is missing in a draft; --out writes its files",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			period, err := reporting.ParsePeriod(args[0])
			if err != nil {
				return err
			}
			var drafts []reporting.Draft
			if printed, err := f.read(cmd, "/api/v1/drafts", &drafts); printed || err != nil {
				return err
			}
			for _, d := range drafts {
				if d.Period == period && d.Report == strings.ReplaceAll(report, "-", "_") {
					printDraft(cmd, d)
					return f.writeDraft(cmd, d, out)
				}
			}
			return fmt.Errorf("%s 没有 %s 的草稿：报送齐全或到达截止时间后自动编制", period, report)
		},
	})
	cmd.Flags().StringVar(&report, "report", "half-year", "which report")
	cmd.Flags().StringVar(&out, "out", "", "folder to write the files into")
	return cmd
}

func printDraft(cmd *cobra.Command, d reporting.Draft) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "%s  %s  数据截止 %s  %s\n", d.Report, d.Period.Label(), d.Cutoff.Format("2006-01-02 15:04:05"), reasons[d.Because])
	for _, m := range d.Missing {
		fmt.Fprintf(out, "  缺报：%s  %s（%s）  %s\n", m.Period, m.Name, m.Org, m.Title)
	}
	for _, file := range d.Files {
		fmt.Fprintf(out, "  %s\n", file)
	}
	for _, note := range d.Notes {
		fmt.Fprintf(out, "  注意：%s\n", note)
	}
}

// writeDraft writes the files of a draft into a folder; "" is none.
func (f *releaseFlags) writeDraft(cmd *cobra.Command, d reporting.Draft, out string) error {
	if out == "" {
		return nil
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, name := range d.Files {
		body, err := f.get(cmd.Context(), fmt.Sprintf("/api/v1/drafts/%s/%s/files/%s", d.Report, d.Period, url.PathEscape(name)), nil)
		if err != nil {
			return err
		}
		if err := keep(cmd, filepath.Join(out, filepath.Base(name)), body); err != nil {
			return err
		}
	}
	return nil
}
