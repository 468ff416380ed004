package compiler

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
)

// Trace leads from a figure to the cells that it was added up from: the question's indicator, first period and first unit (none is
// the city).
func (c *Compiler) Trace(ctx context.Context, q reporting.Question) (reporting.Trace, error) {
	indicator := c.Catalogue.Indicator(q.Indicator)
	if indicator == nil {
		return reporting.Trace{}, reporting.Errorf(reporting.NotFound, "no such indicator: %q", q.Indicator)
	}
	unit := ""
	if len(q.Units) > 0 && q.Units[0] != c.Catalogue.City {
		unit = q.Units[0]
	}
	all := reporting.Question{Periods: q.Periods[:1], AsOf: q.AsOf}
	if unit != "" {
		all.Units = []string{unit}
	}
	figures, err := c.Figures(ctx, all)
	if err != nil {
		return reporting.Trace{}, err
	}
	find := func(code string) reporting.Figure {
		for _, f := range figures {
			if f.Indicator == code && (f.Unit == unit || unit == "" && f.Unit == c.Catalogue.City) {
				return f
			}
		}
		return reporting.Figure{Indicator: code, Unit: unit, Period: q.Periods[0]}
	}
	files, err := c.files(ctx)
	if err != nil {
		return reporting.Trace{}, err
	}
	trace := reporting.Trace{Figure: find(q.Indicator), Formula: c.formula(indicator)}
	for _, p := range c.parts(indicator, "value") {
		facts, err := c.Facts.Observations(ctx, p.indicator, unit, q.Periods[0], q.AsOf)
		if err != nil {
			return reporting.Trace{}, fmt.Errorf("observations of %s: %w", p.indicator, err)
		}
		part := reporting.Part{Figure: find(p.indicator), Role: p.role, Cells: []reporting.Origin{}}
		for _, f := range c.counting(facts, p.indicator, q.Periods[0]) {
			part.Cells = append(part.Cells, origin(f, files[f.Submission]))
		}
		trace.Parts = append(trace.Parts, part)
	}
	return trace, nil
}

// counting leaves out what is observed in the period but does not count in its figure: a stock of a month before the last.
func (c *Compiler) counting(facts []reporting.Fact, code string, period reporting.Period) []reporting.Fact {
	if c.Catalogue.Indicator(code).Rollup != reporting.RollupLast {
		return facts
	}
	return slices.DeleteFunc(facts, func(f reporting.Fact) bool { return f.Period.Last != period.Last })
}

func origin(f reporting.Fact, file reporting.Decision) reporting.Origin {
	return reporting.Origin{
		Submission: f.Submission, SHA256: file.SHA256, FileName: file.FileName, Form: f.Form, Sender: f.Sender, Unit: f.Unit, Period: f.Period,
		Sheet: f.Sheet, Cell: f.Cell, Written: f.Written, Value: f.Value, Opened: f.Opened.String(), Closed: f.Closed.String(),
	}
}

// files are the decided submissions by their ids.
func (c *Compiler) files(ctx context.Context) (map[string]reporting.Decision, error) {
	list, err := c.Facts.Submissions(ctx, clickhouse.SubmissionFilter{})
	if err != nil {
		return nil, fmt.Errorf("submissions: %w", err)
	}
	files := make(map[string]reporting.Decision, len(list))
	for _, s := range list {
		files[s.Submission] = s.Decision
	}
	return files, nil
}

type tracePart struct {
	indicator, role string
}

// parts lists the base indicators of an indicator, each with its role.
func (c *Compiler) parts(i *reporting.Indicator, role string) []tracePart {
	switch i.Rollup {
	case reporting.RollupRatio:
		return append(c.parts(c.Catalogue.Indicator(i.Numerator), "numerator"), c.parts(c.Catalogue.Indicator(i.Denominator), "denominator")...)
	case reporting.RollupParts:
		if role == "value" {
			role = "part"
		}
		var parts []tracePart
		for _, code := range i.Parts {
			parts = append(parts, c.parts(c.Catalogue.Indicator(code), role)...)
		}
		return parts
	}
	return []tracePart{{i.Code, role}}
}

// formula says in words how the figure is computed.
func (c *Compiler) formula(i *reporting.Indicator) reporting.Text {
	name := func(code string) reporting.Text { return c.Catalogue.Indicator(code).Name }
	switch i.Rollup {
	case reporting.RollupRatio:
		n, d := name(i.Numerator), name(i.Denominator)
		return reporting.Text{ZH: n.ZH + " ÷ " + d.ZH + "（先各自合计，再相除）", EN: n.EN + " ÷ " + d.EN + " (each added up first)"}
	case reporting.RollupParts:
		var zh, en []string
		for _, code := range i.Parts {
			zh, en = append(zh, name(code).ZH), append(en, name(code).EN)
		}
		return reporting.Text{ZH: strings.Join(zh, " + "), EN: strings.Join(en, " + ")}
	case reporting.RollupLast:
		return reporting.Text{ZH: "期末数：期间最后一个月各单位之和", EN: "the last month's values, added over units"}
	case reporting.RollupDistinct:
		return reporting.Text{ZH: "全市、全期间去重计数；没有明细的直接相加", EN: "distinct keys over the whole city and period; values without a key are added"}
	case reporting.RollupDocket:
		return reporting.Text{ZH: "期间内曾在办的案件：期间立案的，加上此前立案、期初尚未结案的", EN: "cases open at some time in the period: accepted in it, or carried in"}
	}
	return reporting.Text{ZH: "各单位各月之和", EN: "the months added over units"}
}
