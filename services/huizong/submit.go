package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"huizong/pkg/nats"
	"huizong/pkg/reporting"
)

// sender is the way that a file goes: over HTTP, or as a request over NATS.
type sender interface {
	submit(ctx context.Context, s sheet) (reporting.Receipt, error)
	outcome(ctx context.Context, receipt reporting.Receipt) (state, error)
}

func submitCommand() *cobra.Command {
	var (
		c                 client
		s                 sheet
		manifest, natsURL string
		asJSON            bool
		answers           []string
	)
	cmd := &cobra.Command{
		Use:   "submit --org ORG [--form FORM] --period P FILE | submit --manifest submissions.csv",
		Short: "Send sheets and print their outcomes and findings",
		Long: `Send sheets and print their outcomes and findings.

A workbook that holds several forms on sheets of their own becomes a submission of each, unless --form names one.
A manifest is a CSV file with the columns path, org, form and period; others are ignored. Its files are sent in order.
Exit status: 0 all accepted, 2 some rejected, 1 not sent.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if s.answers, err = answerList(answers); err != nil {
				return err
			}
			sheets, err := sheetsToSend(manifest, s, args)
			if err != nil {
				return err
			}
			var way sender = c
			if natsURL != "" {
				bus, err := nats.Dial(natsURL, nats.Options{Name: "huizong submit", Token: tokenOf(c.server, os.Getenv("HUIZONG_TOKEN")), RootCA: os.Getenv("HUIZONG_CA")})
				if err != nil {
					return err
				}
				defer bus.Close()
				way = natsSender{bus}
			}
			return submitAll(cmd, way, sheets, asJSON)
		},
	}
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&s.org, "org", "", "code of the unit that the sheet is from")
	cmd.Flags().StringVar(&s.form, "form", "", "id of the form (default: recognised from the sheet)")
	cmd.Flags().StringVar(&s.period, "period", "", "period of the sheet: 2020-06, 2020H1 or 2020")
	cmd.Flags().StringArrayVar(&answers, "answer", nil, "QUESTION=OPTION: an answer to what the sheet asks; it is remembered (may be given several times)")
	cmd.Flags().StringVar(&manifest, "manifest", "", "CSV file that lists many sheets")
	cmd.Flags().StringVar(&natsURL, "nats", "", "send as requests over NATS to this URL instead of HTTP")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a line of JSON for each sheet")
	return cmd
}

func sheetsToSend(manifest string, s sheet, args []string) ([]sheet, error) {
	switch {
	case manifest != "" && len(args) == 0:
		return readManifest(manifest)
	case manifest == "" && len(args) == 1 && s.org != "" && s.period != "":
		s.path = args[0]
		return []sheet{s}, nil
	}
	return nil, errors.New("submit needs --org, --period and one FILE, or --manifest alone")
}

func readManifest(path string) ([]sheet, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff"))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("%s: no header line", path)
	}
	columns := map[string]int{}
	for _, name := range []string{"path", "org", "form", "period"} {
		if columns[name] = slices.Index(records[0], name); columns[name] < 0 {
			return nil, fmt.Errorf("%s: no column %q", path, name)
		}
	}
	var sheets []sheet
	for _, r := range records[1:] {
		s := sheet{path: r[columns["path"]], org: r[columns["org"]], form: r[columns["form"]], period: r[columns["period"]]}
		if !filepath.IsAbs(s.path) {
			s.path = filepath.Join(filepath.Dir(path), s.path)
		}
		sheets = append(sheets, s)
	}
	return sheets, nil
}

// inFlight is how many submissions may wait for their outcomes while further ones are sent.
const inFlight = 32

// sent is a submission on its way: its state comes when it has an outcome, or an error.
type sent struct {
	sheet sheet
	done  chan result
}

type result struct {
	state state
	err   error
}

// submitAll sends the sheets one after the other, which fixes their order, and prints the outcomes in that order. It does not wait
// for one outcome before it sends the next sheet.
func submitAll(cmd *cobra.Command, way sender, sheets []sheet, asJSON bool) error {
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	queue := make(chan sent, inFlight)
	go func() {
		defer close(queue)
		for _, s := range sheets {
			receipt, err := way.submit(ctx, s)
			for _, one := range receipt.All() {
				item := sent{sheet: s, done: make(chan result, 1)}
				if err != nil {
					item.done <- result{state: refused(s, err), err: err}
				} else {
					go func() {
						st, err := way.outcome(ctx, one)
						item.done <- result{state: st, err: err}
					}()
				}
				select {
				case queue <- item:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	p := &printer{out: cmd.OutOrStdout(), asJSON: asJSON, many: len(sheets) > 1}
	if p.many && watched(cmd) {
		p.bar = progressbar.NewOptions(len(sheets), progressbar.OptionSetWriter(cmd.ErrOrStderr()), progressbar.OptionSetDescription("submit"),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("sheets"))
	}
	for item := range queue {
		r := <-item.done
		if r.err != nil && r.state.Outcome == "" {
			if !p.many {
				return r.err
			}
			return fmt.Errorf("%s (%d sheets before it are decided): %w", item.sheet.path, p.accepted+p.rejected, r.err)
		}
		if err := p.print(item.sheet, r.state); err != nil {
			return err
		}
	}
	return p.end()
}

// watched says that a person looks at what a command prints to standard error.
func watched(cmd *cobra.Command) bool {
	errors, ok := cmd.ErrOrStderr().(*os.File)
	return ok && term.IsTerminal(int(errors.Fd()))
}

// refused makes an outcome of a refusal at the door that is about the file itself.
func refused(s sheet, err error) state {
	if !strings.HasPrefix(err.Error(), string(reporting.TooLarge)) {
		return state{}
	}
	period, _ := reporting.ParsePeriod(s.period)
	return state{Decision: reporting.Decision{Outcome: reporting.Rejected, Form: s.form, Org: s.org, Period: period, Findings: []reporting.Finding{{
		Code: reporting.TooLarge, Severity: reporting.SeverityError, Message: "文件过大，不能报送；请只保留报表本身", MessageEN: err.Error()}}}}
}

// printer prints outcomes as they come.
type printer struct {
	out      io.Writer
	bar      *progressbar.ProgressBar
	asJSON   bool
	many     bool
	accepted int
	rejected int
}

// line is what submit --json prints for a sheet.
type line struct {
	Submission string              `json:"submission"`
	Outcome    reporting.Outcome   `json:"outcome"`
	Form       string              `json:"form"`
	Org        string              `json:"org"`
	Period     reporting.Period    `json:"period"`
	Findings   []reporting.Finding `json:"findings"`
}

func (p *printer) print(s sheet, st state) error {
	if st.Outcome == reporting.Accepted {
		p.accepted++
	} else {
		p.rejected++
	}
	if p.bar != nil {
		p.bar.Add(1)
	}
	if p.asJSON {
		if st.Findings == nil {
			st.Findings = []reporting.Finding{}
		}
		return json.NewEncoder(p.out).Encode(line{st.Submission, st.Outcome, st.Form, st.Org, st.Period, st.Findings})
	}
	if p.many && st.Outcome == reporting.Accepted {
		return nil
	}
	if p.bar != nil {
		p.bar.Clear()
	}
	fmt.Fprintf(p.out, "%s  %s %s %s  %s\n", map[reporting.Outcome]string{reporting.Accepted: "已受理", reporting.Rejected: "已退回"}[st.Outcome],
		st.Org, st.Form, st.Period, cmp.Or(st.FileName, filepath.Base(s.path)))
	for _, g := range reporting.GroupFindings(st.Findings) {
		fmt.Fprintf(p.out, "    %s %s%s%s\n", map[reporting.Severity]string{"error": "错误", "warning": "提醒", "note": "说明"}[g.Severity], place(g.Finding), g.Message, alike(g))
		printQuestion(p.out, g.Question)
	}
	return nil
}

// alike says in how many more cells the same was found, and where.
func alike(g reporting.FindingGroup) string {
	cells := g.Cells()
	if len(cells) == 1 {
		return ""
	}
	const shown = 5
	more := strings.Join(cells[1:min(len(cells), shown+1)], "、")
	if len(cells) > shown+1 {
		more += " 等"
	}
	return fmt.Sprintf("（同类共 %d 处：%s）", len(cells), more)
}

func place(f reporting.Finding) string {
	switch {
	case f.Cell == "" && f.Sheet == "":
		return ""
	case f.Sheet == "":
		return f.Cell + "："
	}
	return strings.Trim(f.Sheet+"!"+f.Cell, "!") + "："
}

func (p *printer) end() error {
	if p.bar != nil {
		p.bar.Finish()
		fmt.Fprintln(os.Stderr)
	}
	if p.many && !p.asJSON {
		fmt.Fprintf(p.out, "已受理 %d 份，已退回 %d 份\n", p.accepted, p.rejected)
	}
	if p.rejected > 0 {
		return exitStatus(2)
	}
	return nil
}

// natsSender sends files as requests: the way of a unit's own system, whose account reaches its own subjects only.
type natsSender struct {
	bus *nats.Bus
}

func (n natsSender) submit(ctx context.Context, s sheet) (reporting.Receipt, error) {
	var receipt reporting.Receipt
	data, err := os.ReadFile(s.path)
	if err != nil {
		return receipt, err
	}
	subject, err := nats.SendSubject(s.org)
	if err != nil {
		return receipt, err
	}
	reply, err := n.bus.Request(ctx, subject, data, map[string]string{"form": s.form, "period": s.period, "file-name": filepath.Base(s.path), "answers": s.answers})
	if err != nil {
		return receipt, err
	}
	if err := json.Unmarshal(reply.Data, &receipt); err != nil {
		return receipt, fmt.Errorf("receipt: %w", err)
	}
	return receipt, nil
}

func (n natsSender) outcome(ctx context.Context, receipt reporting.Receipt) (state, error) {
	subject, err := nats.OutcomeSubject(receipt.Org)
	if err != nil {
		return state{}, err
	}
	for {
		reply, err := n.bus.Request(ctx, subject, []byte(receipt.Submission), nil)
		if err != nil {
			return state{}, err
		}
		var st state
		if err := json.Unmarshal(reply.Data, &st); err != nil {
			return st, fmt.Errorf("outcome: %w", err)
		}
		if !st.Pending {
			return st, nil
		}
	}
}
