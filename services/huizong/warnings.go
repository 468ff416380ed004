package main

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/spf13/cobra"

	"huizong/pkg/reporting"
)

func warningsCommand() *cobra.Command {
	var c client
	var period, asOf, boundaries string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "warnings --period 2020H1 [--boundaries DAY] [--json]",
		Short: "Print what the bureau should look at: figures near a threshold, or past it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			body, err := c.get(cmd.Context(), "/api/v1/warnings", query("period", period, "as_of", asOf, "boundaries", boundaries))
			if err != nil {
				return err
			}
			if asJSON {
				_, err := cmd.OutOrStdout().Write(body)
				return err
			}
			var warnings []reporting.Warning
			if err := json.Unmarshal(body, &warnings); err != nil {
				return fmt.Errorf("warnings: %w", err)
			}
			if len(warnings) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), "没有预警")
				return nil
			}
			rows := [][]string{{"级别", "对象", "指标", "事项", "现值", "界限", "依据"}}
			for _, w := range warnings {
				rows = append(rows, []string{map[string]string{"red": "红色", "yellow": "黄色"}[w.Level], w.UnitName, w.Name.ZH, w.Text.ZH,
					inMeasure(w.Value, w), inMeasure(w.Threshold, w), w.Basis})
			}
			printTable(cmd, rows, []bool{false, false, false, false, true, true, false})
			return nil
		},
	}
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&period, "period", "", "period that is looked at")
	cmd.Flags().StringVar(&asOf, "as-of", "", "look at what was known then")
	cmd.Flags().StringVar(&boundaries, "boundaries", "", boundariesUsage)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.MarkFlagRequired("period")
	return cmd
}

// inMeasure prints a number of a warning as reports do.
func inMeasure(n json.Number, w reporting.Warning) string {
	value, ok := new(big.Rat).SetString(n.String())
	if !ok {
		return "—"
	}
	if factor, ok := reporting.Money(w.Measure).Factor(); ok {
		value.Quo(value, factor.Rat())
	}
	if w.Measure == "%" {
		value.Mul(value, big.NewRat(100, 1))
	}
	return value.FloatString(w.Places) + w.Measure
}
