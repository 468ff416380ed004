package engine

import (
	_ "embed"
	"path/filepath"
	"strings"
	"text/template"

	"huizong/pkg/reporting"
)

//go:embed config.xml
var configXML []byte

//go:embed users.xml.tmpl
var usersXML string

var usersTemplate = template.Must(template.New("users").Parse(usersXML))

// writeConfig writes the two files that the child reads at its start. They hold hashes of the passwords, not these. Analysts
// have an account only where the child can be kept to its own files: see confine.
func writeConfig(dir string, accounts map[string]Account, httpPort int) error {
	var users strings.Builder
	err := usersTemplate.Execute(&users, map[string]any{
		"Service":  accounts[Service].passwordHash(),
		"Analyst":  accounts[Analyst].passwordHash(),
		"Confined": confinable(),
		"Start":    statements(httpPort),
	})
	if err != nil {
		return reporting.Errorf(reporting.Internal, "engine users: %w", err)
	}
	for name, b := range map[string][]byte{configName: configXML, usersName: []byte(users.String())} {
		if err := writeFile(filepath.Join(dir, name), b); err != nil {
			return reporting.Errorf(reporting.Unavailable, "write engine configuration: %w", err)
		}
	}
	return nil
}
