package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"huizong/pkg/nats"
)

func quarantineCommand() *cobra.Command {
	var c client
	cmd := &cobra.Command{
		Use:   "quarantine",
		Short: "Look at submissions that could not be decided, and replay them",
	}
	list := &cobra.Command{
		Use: "list", Short: "Print what is in the quarantine, and why", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			body, err := c.get(cmd.Context(), "/api/v1/quarantine", nil)
			if err != nil {
				return err
			}
			var held []nats.Quarantined
			if err := json.Unmarshal(body, &held); err != nil {
				return fmt.Errorf("quarantine: %w", err)
			}
			for _, q := range held {
				reason, _, _ := strings.Cut(q.Reason, "\n")
				fmt.Fprintf(cmd.OutOrStdout(), "%s  %s  after %d deliveries: %s\n", q.ID, q.Time.Format(time.DateTime), q.Deliveries, reason)
			}
			return nil
		},
	}
	replay := &cobra.Command{
		Use: "replay SUBMISSION", Short: "Decide a submission of the quarantine again", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, err := c.post(cmd.Context(), "/api/v1/quarantine/"+url.PathEscape(args[0])+"/replay", nil)
			return err
		},
	}
	for _, sub := range []*cobra.Command{list, replay} {
		serverFlag(sub, &c)
		cmd.AddCommand(sub)
	}
	return cmd
}
