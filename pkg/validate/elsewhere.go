package validate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// Wanted is what is to be looked for in the sheets of other units: persons and enterprises that are to be reported once.
type Wanted struct {
	Form       string
	Indicators []string
	Keys       []string
	Period     reporting.Period // in which they are reported once
}

// Elsewhere finds the persons and enterprises of the table that another unit has reported for the same thing in the same time, where the
// form says that they are to be reported once. It is a warning at either unit's second sheet: who is right only the units know. found
// answers with the facts that stood; it is not asked where there is nothing to look for. observations are those of the table.
func (c *Checker) Elsewhere(t *reporting.Table, observations []reporting.Observation, found func(Wanted) ([]reporting.Fact, error)) ([]reporting.Finding, error) {
	k := &check{Checker: c, table: t, form: t.Form}
	e := elsewhere{check: k, loads: map[string]reporting.Load{}}
	w := Wanted{Form: t.Form.ID}
	for _, l := range t.Form.Loads {
		if l.Once != "" {
			e.loads[l.Indicator] = l
			w.Indicators = append(w.Indicators, l.Indicator)
		}
	}
	for _, o := range observations {
		if _, once := e.loads[o.Indicator]; once && o.Key != "" {
			w.Keys = append(w.Keys, o.Key)
		}
	}
	slices.Sort(w.Keys)
	if w.Keys = slices.Compact(w.Keys); len(w.Keys) == 0 {
		return nil, nil
	}
	periods := t.Form.Shared(t.Period)
	w.Period = reporting.Period{First: periods[0].First, Last: periods[len(periods)-1].Last}
	facts, err := found(w)
	if err != nil {
		return nil, err
	}
	e.index(facts)
	e.compare(observations)
	return k.findings, nil
}

type elsewhere struct {
	*check
	loads map[string]reporting.Load // by indicator
	there map[reported][]reporting.Fact
}

// reported is a person or an enterprise in the time in which it is reported once.
type reported struct {
	indicator, key string
	when           reporting.Period
}

func (e *elsewhere) index(facts []reporting.Fact) {
	e.there = map[reported][]reporting.Fact{}
	for _, f := range facts {
		r := e.reported(f.Observation)
		e.there[r] = append(e.there[r], f)
	}
}

func (e *elsewhere) reported(o reporting.Observation) reported {
	when := reporting.MonthPeriod(o.Period.Last)
	if e.loads[o.Indicator].Once == reporting.OncePerYear {
		when = reporting.YearPeriod(o.Period.Last.Year())
	}
	return reported{o.Indicator, o.Key, when}
}

// compare names each of them once in the sheet, at its first row.
func (e *elsewhere) compare(observations []reporting.Observation) {
	done := map[reported]bool{}
	for _, o := range observations {
		if _, once := e.loads[o.Indicator]; !once || o.Key == "" {
			continue
		}
		r := e.reported(o)
		if there := e.there[r]; len(there) > 0 && !done[r] {
			done[r] = true
			e.report(o, there)
		}
	}
}

func (e *elsewhere) report(o reporting.Observation, there []reporting.Fact) {
	column := e.form.Column(e.loads[o.Indicator].Distinct)
	at := reporting.Value{Cell: o.Cell}
	for i := range e.table.Lines {
		line := &e.table.Lines[i]
		if cmp.Or(line.Sheet, e.table.Sheet) == o.Sheet && slices.ContainsFunc(line.Values, func(v reporting.Value) bool { return v.Cell == o.Cell }) {
			at = line.Values[column]
		}
	}
	who := reporting.Text{ZH: "此单位", EN: "this enterprise"}
	if e.form.Columns[column].Type == reporting.IDNumber {
		who = reporting.Text{ZH: "此人", EN: "this person"}
	}
	var others []string
	for _, f := range there {
		if name := e.unit(f.Sender); !slices.Contains(others, name) {
			others = append(others, name)
		}
	}
	first, name := there[0], e.catalogue.Indicator(o.Indicator).Name
	e.find(reporting.DuplicatePerson, reporting.SeverityWarning, at, reporting.Text{
		ZH: fmt.Sprintf("%s在%s已由“%s”报送（回执 %s），“%s”%s内只应由一个单位报送，请与对方核实由谁报送",
			who.ZH, first.Period.Label(), strings.Join(others, "”“"), first.Submission, name.ZH, span[e.loads[o.Indicator].Once].ZH),
		EN: fmt.Sprintf("%s was reported by “%s” for %s (receipt %s); “%s” is reported by one unit %s: please agree with the other which of you",
			who.EN, strings.Join(others, "”, “"), first.Period.Label(), first.Submission, name.EN, span[e.loads[o.Indicator].Once].EN),
	})
}

var span = map[reporting.Once]reporting.Text{reporting.OncePerMonth: {ZH: "一个月", EN: "in a month"}, reporting.OncePerYear: {ZH: "一年", EN: "in a year"}}
