package intake

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"huizong/pkg/endpoint"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// DeadlineOrder says until when a form is due.
type DeadlineOrder struct {
	Form   string           `json:"form,omitempty"`  // id; "" is every monthly form
	Period reporting.Period `json:"period,omitzero"` // "" is every period that is still open
	Day    int              `json:"day,omitempty"`   // of the month in which the form is due: 1 to 31, in a shorter month its last
	Date   string           `json:"date,omitempty"`  // or one date, of one period: 2020-07-08
	Time   string           `json:"time,omitempty"`  // by the bureau's clock; "" is 18:00
	Reason string           `json:"reason"`
}

// postDeadline sets a deadline: an entry of the journal, so that it can be said later who moved it and why.
func (in *Intake) postDeadline(w http.ResponseWriter, r *http.Request) error {
	order, err := readDeadline(w, r)
	if err != nil {
		return err
	}
	order.Reason = strings.TrimSpace(order.Reason)
	form := in.Catalogue.Form(order.Form)
	switch {
	case order.Reason == "":
		return reporting.Errorf(reporting.Invalid, "setting a deadline needs a reason")
	case len([]rune(order.Reason)) > maxWords:
		return reporting.Errorf(reporting.Invalid, "the reason is longer than %d characters", maxWords)
	case form == nil && order.Form != "":
		return reporting.Errorf(reporting.Invalid, "form %q: no such form", order.Form)
	case form == nil && !order.Period.IsZero() && order.Period.Len() != 1:
		return reporting.Errorf(reporting.Invalid, "the monthly forms are sent for a month; %s is none", order.Period)
	case form != nil && !order.Period.IsZero() && !form.Sends(order.Period):
		return reporting.Errorf(reporting.Invalid, "form %s is sent for a %s; %s is none", form.ID, form.Periods, order.Period)
	}
	return in.enter(w, r, reporting.Envelope{Kind: reporting.DeadlineSet, Form: order.Form, Period: order.Period, Reason: order.Reason,
		Deadline: &reporting.Deadline{Day: order.Day, Date: order.Date, Time: cmp.Or(order.Time, reporting.DefaultDue.Clock())}})
}

// readDeadline reads an order: JSON, or a page's form with the same fields.
func readDeadline(w http.ResponseWriter, r *http.Request) (DeadlineOrder, error) {
	var order DeadlineOrder
	if !endpoint.FromPage(r) {
		return order, endpoint.ReadJSON(w, r, maxJSON, &order)
	}
	if err := endpoint.ReadForm(w, r, maxJSON); err != nil {
		return order, err
	}
	field := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	order = DeadlineOrder{Form: field("form"), Date: field("date"), Time: field("time"), Reason: field("reason")}
	var err error
	if text := field("period"); text != "" {
		if order.Period, err = reporting.ParsePeriod(text); err != nil {
			return order, err
		}
	}
	if text := field("day"); text != "" {
		if order.Day, err = strconv.Atoi(text); err != nil {
			return order, reporting.Errorf(reporting.Invalid, "day %q: want a day of the month", text)
		}
	}
	return order, nil
}

// listDeadlines shows what was set, in order. What a form's own deadline is, and what holds for a period, the board says.
func (in *Intake) listDeadlines(w http.ResponseWriter, _ *http.Request) error {
	set := in.Store.Deadlines()
	if set == nil {
		set = []reporting.Envelope{}
	}
	return problem.JSON(w, http.StatusOK, set)
}
