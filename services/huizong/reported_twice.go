package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"huizong/services/portal/api"
)

func reportedTwiceCommand() *cobra.Command {
	var c client
	var period string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "reported-twice [--period P] [--json]",
		Short: "Print the persons and enterprises that several units have reported",
		Long: `Print the persons and enterprises that several units have reported for the same indicator and month, or in the same year where only
one unit may, with each unit's sheet and cell. Persons are masked: the sheets say who they are. It is a question, not a fault.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			body, err := c.get(cmd.Context(), "/api/v1/reported-twice", query("period", period))
			if err != nil {
				return err
			}
			if asJSON {
				_, err := cmd.OutOrStdout().Write(body)
				return err
			}
			var list []api.Twice
			if err := json.Unmarshal(body, &list); err != nil {
				return fmt.Errorf("reported twice: %w", err)
			}
			if len(list) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), "没有被多个单位同时上报的人员或企业")
				return nil
			}
			rows := [][]string{{"指标", "时间", "人员或企业", "单位", "回执号", "工作表", "单元格"}}
			for _, t := range list {
				for _, r := range t.Reports {
					rows = append(rows, []string{t.Name.ZH, r.Period.Label(), t.Who, r.UnitName, r.Submission, r.Sheet, r.Cell})
				}
			}
			printTable(cmd, rows, make([]bool, len(rows[0])))
			return nil
		},
	}
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&period, "period", "", "only this span of months")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
