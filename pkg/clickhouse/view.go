package clickhouse

import "context"

// View is one of the views that analysts read.
type View struct {
	Name    string
	About   string // in English, as its migration says
	Columns []ViewColumn
}

// ViewColumn is a column of a view.
type ViewColumn struct {
	Name, Type string
}

// A view with a parameter has no columns of its own to list.
const selectViews = `
SELECT t.name, t.comment, c.name, c.type
FROM system.tables AS t
LEFT JOIN system.columns AS c ON c.database = t.database AND c.table = t.name
WHERE t.database = currentDatabase() AND t.engine = 'View'
ORDER BY t.name, c.position`

// Views lists the views with their columns, by name.
func (s *Store) Views(ctx context.Context) ([]View, error) {
	type line struct {
		view   View
		column ViewColumn
	}
	lines, err := selectAll(ctx, s, "list views", selectViews, nil, func(r row) (l line, err error) {
		err = r.Scan(&l.view.Name, &l.view.About, &l.column.Name, &l.column.Type)
		return l, err
	})
	if err != nil {
		return nil, err
	}
	var views []View
	for _, l := range lines {
		if n := len(views); n == 0 || views[n-1].Name != l.view.Name {
			views = append(views, l.view)
		}
		if last := &views[len(views)-1]; l.column.Name != "" {
			last.Columns = append(last.Columns, l.column)
		}
	}
	return views, nil
}
