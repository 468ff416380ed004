package analyst

import (
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"huizong/pkg/access"
	"huizong/pkg/clickhouse"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
)

// queries are ready for the SQL account. Each begins with what it answers, in both languages; a test runs each of them.
//
//go:embed queries/*.sql
var queries embed.FS

// ReadyQuery is one of them.
type ReadyQuery struct {
	Name  string
	Title reporting.Text
	SQL   string
}

// ReadyQueries lists them in order.
func ReadyQueries() ([]ReadyQuery, error) {
	files, err := fs.Glob(queries, "queries/*.sql")
	if err != nil {
		return nil, err
	}
	var list []ReadyQuery
	for _, file := range files {
		text, err := queries.ReadFile(file)
		if err != nil {
			return nil, err
		}
		q := ReadyQuery{Name: strings.TrimSuffix(strings.TrimPrefix(file, "queries/"), ".sql"), SQL: string(text)}
		for _, line := range []struct {
			mark string
			to   *string
		}{{"-- zh: ", &q.Title.ZH}, {"-- en: ", &q.Title.EN}} {
			first, rest, _ := strings.Cut(q.SQL, "\n")
			title, ok := strings.CutPrefix(first, line.mark)
			if !ok {
				return nil, fmt.Errorf("%s: a line %q is missing", file, line.mark)
			}
			*line.to, q.SQL = title, rest
		}
		list = append(list, q)
	}
	return list, nil
}

// dataPage says how machines get at the data.
type dataPage struct {
	Host     string   // of this server, as it was asked for
	SQL      string   // address of the database's HTTP interface; "" where it has none that stays
	Port     string   // of it
	Scopes   []string // that a token for reading figures needs
	Queries  []ReadyQuery
	Views    []shownView
	Examples []apiExample
}

type shownView struct {
	Name, About string
	Columns     []shownColumn
}

type shownColumn struct{ Name, Type, About string }

type apiExample struct {
	Title reporting.Text
	Path  string
	Link  string // opens in the browser
}

var apiExamples = []apiExample{
	{Title: reporting.Text{ZH: "全市上半年各指标", EN: "Figures of the city for a half-year"}, Path: "/api/v1/figures?period=2020H1&format=csv"},
	{Title: reporting.Text{ZH: "某指标各单位逐月", EN: "An indicator by unit and month"}, Path: "/api/v1/figures?period=2020-01,2020-02,2020-03&unit=*&indicator=employment.urban_new_jobs&format=json"},
	{Title: reporting.Text{ZH: "SDMX-CSV 2.0", EN: "SDMX-CSV 2.0"}, Path: "/api/v1/figures?period=2020H1&unit=*&format=sdmx-csv"},
	{Title: reporting.Text{ZH: "一个数由哪些单元格组成", EN: "The cells that a figure is made of"}, Path: "/api/v1/trace/employment.urban_new_jobs?period=2020H1"},
	{Title: reporting.Text{ZH: "各单位逐月数，分页（Link 头给出下一页）", EN: "Facts page by page (the Link header has the next)"}, Path: "/api/v1/facts?period=2020-01..2020-06&limit=1000&format=csv"},
	{Title: reporting.Text{ZH: "预警", EN: "Early warnings"}, Path: "/api/v1/warnings?period=2020H1"},
}

func (p *Pages) dataPage(w http.ResponseWriter, r *http.Request) error {
	lang := p.Language(w, r)
	scheme := "http://"
	if p.Secure {
		scheme = "https://"
	}
	page := dataPage{Host: scheme + r.Host, Examples: apiExamples}
	page.Scopes = []string{string(access.ReadFigures)}
	if p.SQLPort > 0 {
		page.Port = strconv.Itoa(p.SQLPort)
		page.SQL = "http://127.0.0.1:" + page.Port
	}
	var err error
	if page.Queries, err = ReadyQueries(); err != nil {
		return err
	}
	views, err := p.Facts.Views(r.Context())
	if err != nil {
		return err
	}
	page.Views = shownViews(lang, views)
	return p.Show(w, r, "data", reporting.Text{ZH: "数据接口", EN: "Data"}, page)
}

// shownViews explains the views that are there, in the dictionary's order. One that it does not know goes last, in its own words.
func shownViews(lang string, views []clickhouse.View) []shownView {
	rank := func(name string) int {
		for n, known := range viewNames {
			if known.Name == name {
				return n
			}
		}
		return len(viewNames)
	}
	slices.SortStableFunc(views, func(a, b clickhouse.View) int { return rank(a.Name) - rank(b.Name) })
	var shown []shownView
	for _, v := range views {
		s := shownView{Name: v.Name, About: v.About}
		if n := rank(v.Name); n < len(viewNames) {
			s.About = phrase.Pick(lang, viewNames[n].About)
		}
		for _, c := range v.Columns {
			s.Columns = append(s.Columns, shownColumn{c.Name, c.Type, phrase.Pick(lang, columnName(v.Name, c.Name))})
		}
		shown = append(shown, s)
	}
	return shown
}
