package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"huizong/pkg/reporting"
	"huizong/services/portal/admin"
)

func quarantineCommand() *cobra.Command {
	var c client
	cmd := &cobra.Command{
		Use:   "quarantine",
		Short: "Look at submissions that could not be decided through our own fault, and replay them",
	}
	list := &cobra.Command{
		Use: "list", Short: "Print what could not be decided, and why", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			body, err := c.get(cmd.Context(), "/api/v1/quarantine", nil)
			if err != nil {
				return err
			}
			var held []admin.Undecided
			if err := json.Unmarshal(body, &held); err != nil {
				return fmt.Errorf("quarantine: %w", err)
			}
			if len(held) == 0 {
				fmt.Fprintln(cmd.ErrOrStderr(), "没有未能核对的报表 / everything could be decided")
			}
			for _, q := range held {
				fmt.Fprintln(cmd.OutOrStdout(), undecidedLine(q.Submission, q.Org, q.Form, q.Period, q.Reason))
			}
			return nil
		},
	}
	replay := &cobra.Command{
		Use: "replay SUBMISSION", Short: "Decide a submission again, once the fault is mended", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := c.post(cmd.Context(), "/api/v1/quarantine/"+url.PathEscape(args[0])+"/replay", nil); err != nil {
				return err
			}
			fmt.Fprintln(cmd.ErrOrStderr(), "已安排重新核对 / it is decided again in its unit's turn: "+args[0])
			return nil
		},
	}
	for _, sub := range []*cobra.Command{list, replay} {
		serverFlag(sub, &c)
		cmd.AddCommand(sub)
	}
	return cmd
}

// undecidedLine is a submission that could not be decided, in one line.
func undecidedLine(submission, org, form string, period reporting.Period, reason string) string {
	reason, _, _ = strings.Cut(reason, "\n")
	return fmt.Sprintf("%s  %s %s %s: %s", submission, org, cmp.Or(form, "?"), period, cmp.Or(reason, "see the log of the rebuild"))
}
