package schemas

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"huizong/pkg/reporting"
)

// deciding are the folders whose files decide outcomes and figures; the reports' only say how figures are printed.
var deciding = []string{"checks", "forms", "indicators", "units"}

const printing = "reports"

// Contents are the files of a folder of definitions, with their hashes.
func Contents(fsys fs.FS) (reporting.Definitions, error) {
	var d reporting.Definitions
	sum := sha256.New()
	for _, folder := range append(deciding, printing) {
		err := fs.WalkDir(fsys, folder, func(name string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && name == folder {
				return nil // a city without checks
			}
			if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") || folder != printing && path.Ext(name) != ".yaml" {
				return err
			}
			data, err := fs.ReadFile(fsys, name)
			if err != nil {
				return err
			}
			own := sha256.Sum256(data)
			file := reporting.DefinitionFile{Name: name, SHA256: hex.EncodeToString(own[:])}
			if d.Files = append(d.Files, file); folder != printing {
				fmt.Fprintln(sum, file.Name, file.SHA256)
			}
			return nil
		})
		if err != nil {
			return d, reporting.Errorf(reporting.Invalid, "read definitions: %w", err)
		}
	}
	d.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return d, nil
}

// Decides reports whether a file of that name decides outcomes or figures.
func Decides(name string) bool { return !strings.HasPrefix(name, printing+"/") }
