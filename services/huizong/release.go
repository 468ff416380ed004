package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"huizong/pkg/reporting"
	"huizong/schemas"
)

func releaseCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "release list|show|diff|verify",
		Short: "Look at the releases of reports: what was published, from what, and what changed",
	}
	cmd.AddCommand(releaseListCommand(), releaseShowCommand(), releaseDiffCommand(), releaseVerifyCommand())
	return cmd
}

// releaseFlags are those that all of them have.
type releaseFlags struct {
	client
	asJSON bool
}

func (f *releaseFlags) on(cmd *cobra.Command) *cobra.Command {
	serverFlag(cmd, &f.client)
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print JSON")
	return cmd
}

// read asks for a resource and reads it into value, or prints it as it is where JSON is wanted.
func (f *releaseFlags) read(cmd *cobra.Command, path string, value any) (printed bool, err error) {
	body, err := f.get(cmd.Context(), path, nil)
	if err != nil {
		return false, err
	}
	if f.asJSON {
		_, err = cmd.OutOrStdout().Write(body)
		return true, err
	}
	return false, json.Unmarshal(body, value)
}

func releaseListCommand() *cobra.Command {
	var f releaseFlags
	return f.on(&cobra.Command{
		Use:   "list",
		Short: "List all releases",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var list []reporting.Release
			if printed, err := f.read(cmd, "/api/v1/releases", &list); printed || err != nil {
				return err
			}
			superseded := map[int]int{}
			for _, r := range list {
				superseded[r.Supersedes] = r.Number
			}
			rows := [][]string{{"号", "报告", "期间", "数据截止", "状态", "理由"}}
			for _, r := range list {
				state := "现行"
				if by := superseded[r.Number]; by != 0 {
					state = fmt.Sprintf("由第%d号取代", by)
				}
				rows = append(rows, []string{strconv.Itoa(r.Number), r.Report, r.Period.String(), r.Cutoff.Format("2006-01-02 15:04:05"), state, r.Reason})
			}
			printTable(cmd, rows, []bool{true, false, false, false, false, false})
			return nil
		},
	})
}

func releaseShowCommand() *cobra.Command {
	var f releaseFlags
	var out string
	cmd := f.on(&cobra.Command{
		Use:   "show N",
		Short: "Print what a release is; --out writes its files",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var r reporting.Release
			printed, err := f.read(cmd, "/api/v1/releases/"+url.PathEscape(args[0]), &r)
			if printed || err != nil {
				return err
			}
			printRelease(cmd, r)
			if out == "" {
				return nil
			}
			return writeRelease(cmd, f.client, r, out, "")
		},
	})
	cmd.Flags().StringVar(&out, "out", "", "folder to write the frozen files into")
	return cmd
}

func printRelease(cmd *cobra.Command, r reporting.Release) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "第%d号  %s  %s  数据截止 %s\n", r.Number, r.Report, r.Period.Label(), r.Cutoff.Format("2006-01-02 15:04:05"))
	fmt.Fprintf(out, "  理由：%s  发布：%s %s\n", r.Reason, r.ReleasedAt.Format("2006-01-02 15:04:05"), r.By)
	if r.Supersedes > 0 {
		fmt.Fprintf(out, "  取代第%d号\n", r.Supersedes)
	}
	fmt.Fprintf(out, "  程序版本 %s，报送 %d 份\n", r.Program, len(r.Inputs))
	for _, f := range r.Files {
		fmt.Fprintf(out, "  %s  %s  %d 字节\n", f.SHA256[:12], f.Name, f.Size)
	}
}

// writeRelease writes the files of a release as they were frozen, or as they compile now.
func writeRelease(cmd *cobra.Command, c client, r reporting.Release, out, rebuilt string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, f := range r.Files {
		body, err := c.get(cmd.Context(), fmt.Sprintf("/api/v1/releases/%d/files/%s", r.Number, url.PathEscape(f.Name)), query("rebuilt", rebuilt))
		if err != nil {
			return err
		}
		if err := keep(cmd, filepath.Join(out, filepath.Base(f.Name)), body); err != nil {
			return err
		}
	}
	return nil
}

func releaseVerifyCommand() *cobra.Command {
	var f releaseFlags
	var out string
	cmd := f.on(&cobra.Command{
		Use:     "verify N|FILE",
		Aliases: []string{"rebuild"},
		Short:   "Check that a release is as it was written and compiles again to the same bytes, or say of a file which release it is",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := strconv.Atoi(args[0]); err != nil {
				return f.verifyFile(cmd, args[0])
			}
			body, err := f.get(cmd.Context(), "/api/v1/releases/"+url.PathEscape(args[0])+"/verify", nil)
			if err != nil {
				return err
			}
			var check reporting.ReleaseCheck
			if err := json.Unmarshal(body, &check); err != nil {
				return fmt.Errorf("verify: %w", err)
			}
			if f.asJSON {
				cmd.OutOrStdout().Write(body)
			} else {
				printCheck(cmd, check)
			}
			if out != "" {
				var r reporting.Release
				body, err := f.get(cmd.Context(), "/api/v1/releases/"+url.PathEscape(args[0]), nil)
				if err == nil {
					err = json.Unmarshal(body, &r)
				}
				if err != nil {
					return err
				}
				if err := writeRelease(cmd, f.client, r, out, "1"); err != nil {
					return err
				}
			}
			if !check.OK {
				return exitStatus(2)
			}
			return nil
		},
	})
	cmd.Flags().StringVar(&out, "out", "", "folder to write the files into as they compile now")
	return cmd
}

func printCheck(cmd *cobra.Command, check reporting.ReleaseCheck) {
	out := cmd.OutOrStdout()
	for _, p := range check.Checks {
		mark := "✓"
		if !p.OK {
			mark = "✗"
		}
		fmt.Fprintf(out, "%s %s\n", mark, p.What.ZH)
		if p.Note.ZH != "" {
			fmt.Fprintf(out, "    %s\n", p.Note.ZH)
		}
	}
	for _, n := range check.Notes {
		fmt.Fprintf(out, "注意：%s\n", n.ZH)
	}
}

func releaseDiffCommand() *cobra.Command {
	var f releaseFlags
	return f.on(&cobra.Command{
		Use:   "diff N M",
		Short: "Print which figures changed from one release to another, by which submissions, and why",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var d reporting.ReleaseDiff
			printed, err := f.read(cmd, "/api/v1/releases/"+url.PathEscape(args[0])+"/diff/"+url.PathEscape(args[1]), &d)
			if printed || err != nil {
				return err
			}
			return printReleaseDiff(cmd, d)
		},
	})
}

var aspectNames = map[string]string{"value": "数值", "target": "全年目标", "province_target": "省定目标", "previous": "上年同期", "reported": "上报单位"}

func printReleaseDiff(cmd *cobra.Command, d reporting.ReleaseDiff) error {
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		return err
	}
	unit := func(code string) string {
		if u := catalogue.Unit(code); u != nil {
			return u.Name.ZH
		}
		return code
	}
	indicator := func(code string) string {
		if i := catalogue.Indicator(code); i != nil {
			return i.Name.ZH
		}
		return code
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "第%d号 → 第%d号，理由：%s\n", d.From, d.To, d.Reason)
	for _, p := range d.Periods {
		fmt.Fprintf(out, "%s %s %s，理由：%s %s\n", p.At.Local().Format("2006-01-02 15:04"), p.Period, map[bool]string{true: "关闭", false: "重新开放"}[p.Kind == reporting.PeriodClosed], p.Reason, p.By)
	}
	fmt.Fprintf(out, "\n数据变化 %d 处\n", len(d.Figures))
	for _, f := range d.Figures {
		fmt.Fprintf(out, "  %s  %s  %s  %s：%s → %s\n", unit(f.Unit), f.Period, indicator(f.Indicator), aspectNames[f.Aspect], shownOr(f.Before), shownOr(f.After))
		for _, cause := range f.Causes {
			fmt.Fprintf(out, "      %s %s %s：%s → %s  %s%s\n", unit(cause.Org), cause.Period, indicator(cause.Indicator), shownOr(cause.Before), shownOr(cause.After), cause.Submission, replacing(cause.Replaces))
		}
	}
	fmt.Fprintf(out, "\n报送变化 %d 份\n", len(d.Inputs))
	for _, i := range d.Inputs {
		if i.Gone {
			fmt.Fprintf(out, "  %s %s %s  %s 不再有效\n", unit(i.Org), i.Form, i.Period, i.Submission)
			continue
		}
		fmt.Fprintf(out, "  %s %s %s  %s%s\n", unit(i.Org), i.Form, i.Period, i.Submission, replacing(i.Replaces))
	}
	for _, o := range d.Other {
		fmt.Fprintf(out, "另有不同：%s  %s → %s\n", o.What, shownOr(o.Before), shownOr(o.After))
	}
	return nil
}

func shownOr(text string) string {
	if strings.TrimSpace(text) == "" {
		return "（无）"
	}
	return text
}

func replacing(id string) string {
	if id == "" {
		return "（新报）"
	}
	return "（取代 " + id + "）"
}
