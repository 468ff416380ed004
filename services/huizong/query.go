package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"huizong/pkg/reporting"
	"huizong/schemas"
)

func factsCommand() *cobra.Command {
	var c client
	var indicator, period, format, asOf string
	cmd := &cobra.Command{
		Use:   "facts [--indicator I] [--period 2020-01..2020-06] --format csv|json",
		Short: "Print the facts that stand: one line an indicator, month and unit",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printed(cmd, c, "/api/v1/facts", query("indicator", indicator, "period", period, "format", format, "as_of", asOf))
		},
	}
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&indicator, "indicator", "", "code of one indicator")
	cmd.Flags().StringVar(&period, "period", "", "only these months")
	cmd.Flags().StringVar(&format, "format", "csv", "csv, json or xlsx")
	cmd.Flags().StringVar(&asOf, "as-of", "", "as it stood then: 2020-07-01 or 2020-07-01T08:00:00+08:00")
	return cmd
}

func figuresCommand() *cobra.Command {
	var c client
	var period, unit, format, asOf, boundaries string
	cmd := &cobra.Command{
		Use:   "figures --period 2020H1[,2020-06,2020Q2,2020-01..2020-05] [--as-of T] [--boundaries DAY] --format csv|json|xlsx",
		Short: "Print the city's figures",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printed(cmd, c, "/api/v1/figures", query("period", period, "unit", unit, "format", format, "as_of", asOf, "boundaries", boundaries))
		},
	}
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&period, "period", "", "the periods, joined by commas")
	cmd.Flags().StringVar(&boundaries, "boundaries", "", boundariesUsage)
	cmd.Flags().StringVar(&unit, "unit", "", "units besides the city, joined by commas; * is all")
	cmd.Flags().StringVar(&format, "format", "csv", "csv, json or xlsx")
	cmd.Flags().StringVar(&asOf, "as-of", "", "as it stood then: 2020-07-01 or 2020-07-01T08:00:00+08:00")
	cmd.MarkFlagRequired("period")
	return cmd
}

// query makes a query of names and values, without the empty ones.
func query(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

func printed(cmd *cobra.Command, c client, path string, q url.Values) error {
	body, err := c.get(cmd.Context(), path, q)
	if err != nil {
		return err
	}
	_, err = cmd.OutOrStdout().Write(body)
	return err
}

const boundariesUsage = "a day: units that had ended by then count for their successors"

func traceCommand() *cobra.Command {
	var c client
	var period, org, asOf, boundaries string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "trace INDICATOR --period P [--org ORG] [--boundaries DAY] [--json]",
		Short: "Print where a figure comes from: formula, parts, and every cell",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := c.get(cmd.Context(), "/api/v1/trace/"+url.PathEscape(args[0]), query("period", period, "org", org, "as_of", asOf, "boundaries", boundaries))
			if err != nil {
				return err
			}
			if asJSON {
				_, err := cmd.OutOrStdout().Write(body)
				return err
			}
			var t reporting.Trace
			if err := json.Unmarshal(body, &t); err != nil {
				return fmt.Errorf("trace: %w", err)
			}
			return printTrace(cmd, t)
		},
	}
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&period, "period", "", "period of the figure")
	cmd.Flags().StringVar(&org, "org", "", "unit of the figure (default: the city)")
	cmd.Flags().StringVar(&asOf, "as-of", "", "as it stood then")
	cmd.Flags().StringVar(&boundaries, "boundaries", "", boundariesUsage)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.MarkFlagRequired("period")
	return cmd
}

func printTrace(cmd *cobra.Command, t reporting.Trace) error {
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	name := func(code string) string {
		if i := catalogue.Indicator(code); i != nil {
			return i.Name.ZH
		}
		return code
	}
	value := func(f reporting.Figure) string {
		if f.Value == nil {
			return "（" + f.Absence().ZH + "）"
		}
		return reporting.PlainNumber(f.Value, catalogue.Indicator(f.Indicator).Places())
	}
	fmt.Fprintf(out, "%s  %s  %s = %s\n公式：%s\n", name(t.Figure.Indicator), t.Figure.Indicator, t.Figure.Period, value(t.Figure), t.Formula.ZH)
	for _, p := range t.Parts {
		fmt.Fprintf(out, "\n%s（%s） = %s，%d 个单元格，上报 %d/%d\n", name(p.Figure.Indicator), p.Role, value(p.Figure), len(p.Cells), p.Figure.Reported, p.Figure.Expected)
		for _, o := range p.Cells {
			at := strings.Trim(o.Sheet+"!"+o.Cell, "!")
			fmt.Fprintf(out, "  %s  %s  %s  %s  %s  %s  表中“%s” = %s\n", o.Submission, o.SHA256[:min(12, len(o.SHA256))], o.Unit, o.Period, o.FileName, at, o.Written, o.Value)
		}
	}
	return nil
}

func periodCommand() *cobra.Command {
	var c client
	var reason, by string
	cmd := &cobra.Command{
		Use:   "period close|open P --reason TEXT",
		Short: "Close a period for all submissions, or open it again",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] != "close" && args[0] != "open" {
				return errors.New("period: say close or open")
			}
			if _, err := c.post(cmd.Context(), "/api/v1/periods/"+url.PathEscape(args[1])+"/"+args[0], map[string]string{"reason": reason, "by": by}); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s %s\n", args[1], map[string]string{"close": "已关闭", "open": "已重新开放"}[args[0]])
			return nil
		},
	}
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&reason, "reason", "", "why")
	cmd.Flags().StringVar(&by, "by", os.Getenv("USER"), "who")
	cmd.MarkFlagRequired("reason")
	return cmd
}
