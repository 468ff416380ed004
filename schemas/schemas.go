// Package schemas is the data that the product goes by, embedded: forms, indicators, units, reports, and the tables of the
// database. Adding a form, an indicator or a rule is a change here and not in Go.
//
// Load reads forms, indicators and units into a reporting.Catalogue and refuses what does not fit together, with file and line.
package schemas

import (
	"embed"
	"io/fs"
)

//go:embed checks forms indicators units reports clickhouse
var files embed.FS

// FS is the whole folder.
func FS() fs.FS { return files }

// Sub is one folder of it: "clickhouse", "reports".
func Sub(folder string) fs.FS {
	sub, err := fs.Sub(files, folder)
	if err != nil {
		panic(err) // the name is a constant of ours, and valid
	}
	return sub
}
