package sample

import (
	"fmt"
	"strconv"

	"huizong/pkg/sample/internal/clerk"
	"huizong/pkg/sample/internal/fiction"
)

// send has the sheet typed.
func (c *city) send(d delivery) (File, error) {
	rng := c.chance("sheet", d.form.id, d.sender.code, d.period.String(), strconv.FormatBool(d.again))
	paper := clerk.Paper{
		City: cityName, Office: d.sender.name, Title: d.form.title, Group: d.form.group, Shape: d.form.shape, Period: d.period,
		Money: d.form.money, Columns: d.form.columns, Lines: d.page.lines, Total: d.page.total,
		People: [3]string{fiction.Name(rng), fiction.Name(rng), fiction.Name(rng)},
		Filled: d.period.End().AddDays(1 + rng.IntN(5)),
	}
	if d.form.sent == eachYear {
		paper.Filled = d.period.Start().AddDays(7 + rng.IntN(14))
	}
	if d.spoiled() {
		paper.Plain = true
		d.event.spoil(&paper, rng)
	}
	doc, err := clerk.Type(paper, rng)
	if err != nil {
		return File{}, err
	}
	expect, finding := d.expect()
	return File{
		Path: d.path(doc.Ext), Org: d.sender.code, Form: d.form.id, Period: d.period, Bytes: doc.Bytes,
		Expect: expect, Finding: finding, Note: d.note(doc.Habits),
	}, nil
}

func (d delivery) path(ext string) string {
	second := ""
	if d.again {
		second = "-2"
	}
	return fmt.Sprintf("inbox/%s/%s-%s%s%s", d.period, d.sender.code, d.form.id, second, ext)
}
