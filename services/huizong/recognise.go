package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"huizong/pkg/nats"
	"huizong/pkg/reporting"
	"huizong/services/intake"
)

func recogniseCommand() *cobra.Command {
	var c client
	var s sheet
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "recognise FILE [--org ORG] [--period P]",
		Short: "Say which form, unit and period a file seems to be, and what it asks; nothing is sent by it",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var rec reporting.Recognition
			s.path = args[0]
			if err := c.postFile(cmd.Context(), "/api/v1/recognitions", s, &rec); err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(rec)
			}
			for _, one := range append([]reporting.Recognition{rec}, rec.Packed...) {
				printRecognition(cmd.OutOrStdout(), one)
			}
			return nil
		},
	}
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&s.org, "org", "", "code of the unit that is to send it (default: one's own, or the one that the sheet names)")
	cmd.Flags().StringVar(&s.period, "period", "", "the month that is collected (default: the last one that has ended)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return cmd
}

func printRecognition(out io.Writer, rec reporting.Recognition) {
	fmt.Fprintf(out, "%s  %s %s %s  %s %s\n", rec.FileName, cmp.Or(rec.Org, "—"), cmp.Or(rec.Form, "—"), cmp.Or(rec.Period.String(), "—"), rec.FormTitle.ZH, rec.SHA256)
	for _, f := range rec.Findings {
		if f.Question == nil {
			fmt.Fprintf(out, "    %s%s\n", place(f), f.Message)
		}
	}
	for _, q := range rec.Questions {
		fmt.Fprintf(out, "    %s\n", q.Text.ZH)
		printQuestion(out, &q)
	}
	for _, q := range rec.Answered {
		fmt.Fprintf(out, "    %s\n", q.Told().Message)
	}
}

// printQuestion prints how a question can be answered; of one that was answered nothing.
func printQuestion(out io.Writer, q *reporting.Question) {
	if q == nil || q.Answer != "" {
		return
	}
	for _, o := range q.Options {
		fmt.Fprintf(out, "        --answer '%s=%s'  %s\n", q.ID, o.ID, o.Text.ZH)
	}
}

func answerCommand() *cobra.Command {
	var c client
	var a intake.Answering
	var given []string
	var org, natsURL string
	cmd := &cobra.Command{
		Use:   "answer (--submission ID | --sha256 HASH) --answer QUESTION=OPTION …",
		Short: "Answer what a sheet asks; it is remembered for the unit and the layout",
		Long: `Answer what a sheet asks: a submission, or a file that was recognised within the hour.

It holds for what the unit sends from then on. What is decided stays: send the file again.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			answers, err := parseAnswers(given)
			if err != nil || len(answers) == 0 {
				return cmp.Or(err, error(reporting.Errorf(reporting.Invalid, "answer: nothing is answered: --answer QUESTION=OPTION")))
			}
			a.Answers = answers
			var body []byte
			if natsURL != "" {
				body, err = answerOverNATS(cmd, c, natsURL, org, a)
			} else {
				body, err = c.post(cmd.Context(), "/api/v1/answers", a)
			}
			if err != nil {
				return err
			}
			var entries []reporting.Envelope
			if err := json.Unmarshal(body, &entries); err != nil {
				return fmt.Errorf("answer: %w", err)
			}
			for _, e := range entries {
				printMapping(cmd, e)
			}
			return nil
		},
	}
	serverFlag(cmd, &c)
	cmd.Flags().StringVar(&a.Submission, "submission", "", "id of the submission that asks")
	cmd.Flags().StringVar(&a.SHA256, "sha256", "", "of the recognised file that asks")
	cmd.Flags().StringArrayVar(&given, "answer", nil, "QUESTION=OPTION (may be given several times)")
	cmd.Flags().StringVar(&a.By, "by", os.Getenv("USER"), "who answers")
	cmd.Flags().StringVar(&a.Reason, "reason", "", "why")
	cmd.Flags().StringVar(&org, "org", "", "code of the submission's unit, with --nats")
	cmd.Flags().StringVar(&natsURL, "nats", "", "answer over NATS to this URL instead of HTTP")
	return cmd
}

func answerOverNATS(cmd *cobra.Command, c client, url, org string, a intake.Answering) ([]byte, error) {
	bus, err := nats.Dial(url, nats.Options{Name: "huizong answer", Token: tokenOf(c.server, os.Getenv("HUIZONG_TOKEN")), RootCA: os.Getenv("HUIZONG_CA")})
	if err != nil {
		return nil, err
	}
	defer bus.Close()
	subject, err := nats.SendSubject(org)
	if err != nil {
		return nil, err
	}
	answers, err := json.Marshal(a.Answers)
	if err != nil {
		return nil, err
	}
	reply, err := bus.Request(cmd.Context(), subject, nil, map[string]string{"answer-to": a.Submission, "answers": string(answers)})
	return reply.Data, err
}

// parseAnswers reads QUESTION=OPTION. An option may hold an equals sign, a question does not.
func parseAnswers(given []string) ([]reporting.Answer, error) {
	var answers []reporting.Answer
	for _, text := range given {
		question, option, ok := strings.Cut(text, "=")
		if !ok || question == "" || option == "" {
			return nil, reporting.Errorf(reporting.Invalid, "answer %q: want QUESTION=OPTION", text)
		}
		answers = append(answers, reporting.Answer{Question: question, Option: option})
	}
	return answers, nil
}

// answerList is the answers as they are sent, "" where there are none.
func answerList(given []string) (string, error) {
	answers, err := parseAnswers(given)
	if err != nil || len(answers) == 0 {
		return "", err
	}
	text, err := json.Marshal(answers)
	return string(text), err
}
