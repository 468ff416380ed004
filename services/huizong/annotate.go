package main

import (
	"fmt"
	"net/url"
	"os"

	"github.com/spf13/cobra"
)

func annotateCommand() *cobra.Command {
	var c client
	var out, lang string
	cmd := &cobra.Command{
		Use:   "annotate SUBMISSION --out FILE",
		Short: "Write the sender's own workbook with what was found in it",
		Long: `Write the sender's own workbook with what was found in it, as .xlsx.

Each cell at fault is coloured and commented; a first sheet lists all findings with links. The workbook can be corrected and sent again as it is.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return saved(cmd, c, "/api/v1/submissions/"+url.PathEscape(args[0])+"/annotated", query("lang", lang, "wait", "30s"), out)
		},
	}
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&out, "out", "", "file to write")
	cmd.Flags().StringVar(&lang, "lang", "zh", "zh or en")
	cmd.MarkFlagRequired("out")
	return cmd
}

// saved writes what the server answers to a file.
func saved(cmd *cobra.Command, c client, path string, q url.Values, out string) error {
	body, err := c.get(cmd.Context(), path, q)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, body, 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), out)
	return err
}
