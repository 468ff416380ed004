package main

import (
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"huizong/pkg/difference"
	"huizong/pkg/reporting"
	"huizong/services/portal/submission"
)

func diffCommand() *cobra.Command {
	var c client
	var against string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "diff SUBMISSION [--against OTHER] [--json]",
		Short: "Print what a submission changed, cell by cell, and which city figures it moved",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := c.get(cmd.Context(), "/api/v1/submissions/"+url.PathEscape(args[0])+"/diff", query("against", against, "wait", "30s"))
			if err != nil {
				return err
			}
			if asJSON {
				_, err := cmd.OutOrStdout().Write(body)
				return err
			}
			var d submission.Diff
			if err := json.Unmarshal(body, &d); err != nil {
				return fmt.Errorf("diff: %w", err)
			}
			printDiff(cmd, d)
			return nil
		},
	}
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&against, "against", "", "compare with this submission (default: the accepted one that it replaced)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printDiff(cmd *cobra.Command, d submission.Diff) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "%s  %s %s %s  %s\n", d.Submission, d.Org, d.Form, d.Period, map[reporting.Outcome]string{reporting.Accepted: "已受理", reporting.Rejected: "已退回"}[d.Outcome])
	if d.Against == "" {
		fmt.Fprintln(out, "此前没有已受理的同期报表")
	} else {
		fmt.Fprintf(out, "与 %s 相比，%d 处不同\n", d.Against, len(d.Changes))
	}
	for _, c := range d.Changes {
		switch c.Kind {
		case difference.Added:
			fmt.Fprintf(out, "  增加  %s  %s  %s\n", c.NewCell, c.Row, c.New)
		case difference.Removed:
			fmt.Fprintf(out, "  减少  %s  %s  %s\n", c.OldCell, c.Row, c.Old)
		default:
			fmt.Fprintf(out, "  更改  %s  %s“%s”  %s → %s\n", c.NewCell, c.Row, c.Column, orEmpty(c.Old), orEmpty(c.New))
		}
	}
	fmt.Fprintf(out, "全市数据变动 %d 项\n", len(d.Moved))
	for _, m := range d.Moved {
		what := map[string]string{"target": "（全年目标）", "previous": "（上年同期）"}[m.What]
		fmt.Fprintf(out, "  %s  %s%s  %s → %s", m.Period, m.Name.ZH, what, orEmpty(m.Old), orEmpty(m.New))
		if m.Difference != "" {
			fmt.Fprintf(out, "  （%s）", signed(m.Difference))
		}
		fmt.Fprintln(out)
	}
}

func orEmpty(text string) string {
	if text == "" {
		return "（空）"
	}
	return text
}

func signed(number string) string {
	if number[0] == '-' {
		return number
	}
	return "+" + number
}
