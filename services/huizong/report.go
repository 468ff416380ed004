package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"huizong/pkg/reporting"
)

// allFormats is what a release holds unless told otherwise.
const allFormats = "docx,xlsx,pdf,html"

// reportFlags are those of `huizong report`.
type reportFlags struct {
	period, out, formats, asOf, parameters string
	set                                    map[string]string // parameters, before those of the file
	boundaries                             string
	release                                bool
	reason, unfinished, by                 string
}

func reportCommand() *cobra.Command {
	var c client
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report NAME --period 2020H1 --out DIR --format docx,xlsx,pdf,html",
		Short: "Compile a report",
		Long: `Compile a report, as .docx, .xlsx, .pdf or .html.

Each file has a companion for the office, which is not sent: what is missing, all numbers, and where each comes from.
With --release it is published: figures, template, inputs and files are frozen under the next number, for good.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			parameters, err := readParameters(f.parameters)
			if err != nil {
				return err
			}
			maps.Copy(parameters, f.set)
			if f.unfinished != "" {
				parameters["unfinished"] = f.unfinished
			}
			if f.release {
				return publish(cmd, c, args[0], f, parameters)
			}
			if err := os.MkdirAll(f.out, 0o755); err != nil {
				return err
			}
			return compileReport(cmd, c, args[0], f, parameters)
		},
	}
	cmd.AddCommand(reportListCommand())
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&f.period, "period", "", "period of the report: 2020H1, 2020-06")
	cmd.Flags().StringVar(&f.out, "out", ".", "folder for the files")
	cmd.Flags().StringVar(&f.formats, "format", "", "formats, joined by commas (default docx; of a release "+allFormats+")")
	cmd.Flags().StringVar(&f.asOf, "as-of", "", "compile what was known then")
	cmd.Flags().StringVar(&f.boundaries, "boundaries", "", boundariesUsage)
	cmd.Flags().StringVar(&f.parameters, "parameters", "", "YAML file with the template's parameters: name: text")
	cmd.Flags().StringToStringVar(&f.set, "parameter", nil, "one of the template's parameters, before that of the file: name=text")
	cmd.Flags().BoolVar(&f.release, "release", false, "publish it under the next number")
	cmd.Flags().StringVar(&f.reason, "reason", "", "why it is released")
	cmd.Flags().StringVar(&f.unfinished, "unfinished", "", "why it goes out although something is missing or not filled in; it stands in the report")
	cmd.Flags().StringVar(&f.by, "by", os.Getenv("USER"), "who releases it")
	cmd.MarkFlagRequired("period")
	return cmd
}

// periodNames are what reports are about, as people read it.
var periodNames = map[string]string{"month": "月", "quarter": "季度", "half": "半年", "year": "年"}

func reportListCommand() *cobra.Command {
	var f releaseFlags
	return f.on(&cobra.Command{
		Use:   "list",
		Short: "List the reports that can be compiled, and what each asks for",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var reports []reporting.ReportTemplate
			if printed, err := f.read(cmd, "/api/v1/reports", &reports); printed || err != nil {
				return err
			}
			rows := [][]string{{"报告", "名称", "期间", "须填"}}
			for _, r := range reports {
				var asked []string
				for _, p := range r.Parameters {
					if !p.Default {
						asked = append(asked, p.Name+"（"+p.Label+"）")
					}
				}
				rows = append(rows, []string{strings.ReplaceAll(r.ID, "_", "-"), r.Name, periodNames[r.Periods], strings.Join(asked, "、")})
			}
			printTable(cmd, rows, []bool{false, false, false, false})
			return nil
		},
	})
}

// readParameters reads a file of names and texts; no file gives none.
func readParameters(path string) (map[string]string, error) {
	parameters := map[string]string{}
	if path == "" {
		return parameters, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := yaml.Unmarshal(data, &parameters); err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "%s: want lines of name: text: %w", path, err)
	}
	return parameters, nil
}

func formatsOf(text string) []string {
	formats := strings.Split(text, ",")
	for i := range formats {
		formats[i] = strings.TrimSpace(formats[i])
	}
	return formats
}

// compileReport writes the report in each format. All of them are as of one moment, that of the first.
func compileReport(cmd *cobra.Command, c client, report string, f reportFlags, parameters map[string]string) error {
	q := query("period", f.period, "as_of", f.asOf, "boundaries", f.boundaries)
	for name, text := range parameters {
		q.Set("param."+name, text)
	}
	var formats []string // each with that of its companion, which the office keeps
	for _, format := range formatsOf(cmp.Or(f.formats, "docx")) {
		formats = append(formats, format, "companion."+format)
	}
	for _, format := range formats {
		q.Set("format", format)
		body, header, err := c.fetch(cmd.Context(), "/api/v1/reports/"+url.PathEscape(report), q)
		if err != nil {
			return err
		}
		if cutoff := header.Get("Huizong-Cutoff"); cutoff != "" {
			q.Set("as_of", cutoff)
		}
		_, named, err := mime.ParseMediaType(header.Get("Content-Disposition"))
		if err != nil {
			return fmt.Errorf("report %s: name of the file: %w", report, err)
		}
		stem, _, _ := strings.Cut(filepath.Base(named["filename"]), ".") // it has the unit that a report is about
		if err := keep(cmd, filepath.Join(f.out, strings.TrimSuffix(stem, "_companion")+"."+format), body); err != nil {
			return err
		}
	}
	return nil
}

func keep(cmd *cobra.Command, path string, data []byte) error {
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return err
	}
	_, err := fmt.Fprintln(cmd.OutOrStdout(), path)
	return err
}

// fetch is get with the headers of the answer.
func (c client) fetch(ctx context.Context, path string, q url.Values) ([]byte, http.Header, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.server, "/")+path+"?"+q.Encode(), nil)
	if err != nil {
		return nil, nil, err
	}
	return c.answer(request)
}

// publish makes a release, and writes its files where --out says so.
func publish(cmd *cobra.Command, c client, report string, f reportFlags, parameters map[string]string) error {
	if strings.TrimSpace(f.reason) == "" {
		return errors.New("report --release: say --reason")
	}
	period, err := reporting.ParsePeriod(f.period)
	if err != nil {
		return err
	}
	body, err := c.post(cmd.Context(), "/api/v1/releases", map[string]any{"report": report, "period": period, "as_of": f.asOf, "boundaries": f.boundaries,
		"formats": formatsOf(cmp.Or(f.formats, allFormats)), "parameters": parameters, "reason": f.reason, "by": f.by})
	if err != nil {
		return err
	}
	var r reporting.Release
	if err := json.Unmarshal(body, &r); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	printRelease(cmd, r)
	if !cmd.Flags().Changed("out") {
		return nil
	}
	return writeRelease(cmd, c, r, f.out, "")
}
