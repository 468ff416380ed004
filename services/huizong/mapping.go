package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"huizong/pkg/reporting"
	"huizong/services/intake"
)

func mappingCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mapping",
		Short: "Confirm what a text on a unit's sheets means: a column, a row, a choice or a unit",
		Long: `Confirm what a text on a unit's sheets means: a column, a row, a choice of a column, or a unit.

It holds for what the unit sends from then on, and for no other unit. What is decided stays. Columns and rows have the ids that the
form's file under schemas/forms gives them; a row of an indicator form is named by its
indicator, and so is one of the forms of targets and of last year's figures.`,
	}
	cmd.AddCommand(confirmCommand(), forgetCommand(), forgetAnswerCommand(), mappingsCommand())
	return cmd
}

func confirmCommand() *cobra.Command {
	var c client
	var m intake.Confirmation
	cmd := &cobra.Command{
		Use:   "confirm TEXT --org ORG (--form FORM (--column ID | --row CODE | --column ID --choice NAME) | --unit CODE)",
		Short: "From now on the text means this for the unit",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if m.Text = args[0]; m.Column+m.Row+m.Unit == "" {
				return fmt.Errorf("say what “%s” means: --column, --row, --column with --choice, or --unit", m.Text)
			}
			return postMapping(cmd, c, m)
		},
	}
	mappingFlags(cmd, &c, &m)
	cmd.Flags().StringVar(&m.Column, "column", "", "id of the form's column")
	cmd.Flags().StringVar(&m.Choice, "choice", "", "one of the choices of the column, in whose cells the text stands")
	cmd.Flags().StringVar(&m.Row, "row", "", "code of the form's row")
	cmd.Flags().StringVar(&m.Unit, "unit", "", "code of the unit")
	return cmd
}

func forgetCommand() *cobra.Command {
	return forgetting("forget TEXT --org ORG [--form FORM]", "From now on the text means again what the catalogue says",
		func(m *intake.Confirmation, text string) { m.Text = text })
}

func forgetAnswerCommand() *cobra.Command {
	return forgetting("forget-answer QUESTION --org ORG", "From now on the question is asked again",
		func(m *intake.Confirmation, question string) { m.Question = question })
}

// forgetting takes back what was confirmed of its argument.
func forgetting(use, short string, of func(m *intake.Confirmation, argument string)) *cobra.Command {
	var c client
	var m intake.Confirmation
	cmd := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			of(&m, args[0])
			return postMapping(cmd, c, m)
		},
	}
	mappingFlags(cmd, &c, &m)
	return cmd
}

func mappingFlags(cmd *cobra.Command, c *client, m *intake.Confirmation) {
	serverFlag(cmd, c)
	cmd.Flags().StringVar(&m.Org, "org", "", "code of the unit that writes so")
	cmd.Flags().StringVar(&m.Form, "form", "", "id of the form")
	cmd.Flags().StringVar(&m.By, "by", os.Getenv("USER"), "who confirms it")
	cmd.Flags().StringVar(&m.Reason, "reason", "", "why")
	cmd.MarkFlagRequired("org")
}

func postMapping(cmd *cobra.Command, c client, m intake.Confirmation) error {
	body, err := c.post(cmd.Context(), "/api/v1/mappings", m)
	if err != nil {
		return err
	}
	var e reporting.Envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return fmt.Errorf("mapping: %w", err)
	}
	printMapping(cmd, e)
	return nil
}

func mappingsCommand() *cobra.Command {
	var c client
	var org string
	cmd := &cobra.Command{
		Use: "list [--org ORG]", Short: "Print what was confirmed, by whom and when", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			body, err := c.get(cmd.Context(), "/api/v1/mappings", query("org", org))
			if err != nil {
				return err
			}
			var list []reporting.Envelope
			if err := json.Unmarshal(body, &list); err != nil {
				return fmt.Errorf("mappings: %w", err)
			}
			for _, e := range list {
				printMapping(cmd, e)
			}
			return nil
		},
	}
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&org, "org", "", "only this unit")
	return cmd
}

func printMapping(cmd *cobra.Command, e reporting.Envelope) {
	means := e.Mapping.Column + e.Mapping.Row + e.Mapping.Unit
	if e.Mapping.Choice != "" {
		means += "＝" + e.Mapping.Choice
	}
	if means == "" {
		means = "（撤销）"
	}
	if e.Mapping.Question != "" {
		means = e.Mapping.Question + means
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s  %s  %s  %s “%s” → %s  %s\n", e.ReceivedAt.Local().Format(time.DateTime), e.By, e.Org, e.Mapping.Form, e.Mapping.Text, means, e.Reason)
}
