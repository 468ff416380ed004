package main

import (
	"net/url"

	"github.com/spf13/cobra"
)

func templateCommand() *cobra.Command {
	var c client
	var org, period, out, lang string
	cmd := &cobra.Command{
		Use:   "template FORM --org ORG --period P --out FILE",
		Short: "Write a form as a workbook that is ready to fill",
		Long: `Write a form as a workbook that is ready to fill.

Unit, period and unit of money stand in it, last month's cumulative and balances where they are accepted, drop-down lists, checks and
formulas.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return saved(cmd, c, "/api/v1/forms/"+url.PathEscape(args[0])+"/template", query("org", org, "period", period, "lang", lang), out)
		},
	}
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&org, "org", "", "code of the unit that will send it")
	cmd.Flags().StringVar(&period, "period", "", "period that it is for: 2020-06, 2020H1 or 2020")
	cmd.Flags().StringVar(&out, "out", "", "file to write")
	cmd.Flags().StringVar(&lang, "lang", "zh", "language of the instructions: zh or en")
	for _, name := range []string{"org", "period", "out"} {
		cmd.MarkFlagRequired(name)
	}
	return cmd
}
