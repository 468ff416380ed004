package schemas

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"huizong/pkg/validate"
)

// guide is docs/adding-a-form.md.
func guide(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "docs", "adding-a-form.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// TestGuideNamesEveryKey: what a form's file may say is on the page about it.
func TestGuideNamesEveryKey(t *testing.T) {
	t.Parallel()
	page := guide(t)
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(ty reflect.Type) {
		for ty.Kind() == reflect.Slice || ty.Kind() == reflect.Pointer {
			ty = ty.Elem()
		}
		if ty.Kind() != reflect.Struct || seen[ty] {
			return
		}
		seen[ty] = true
		for i := range ty.NumField() {
			key, _, _ := strings.Cut(ty.Field(i).Tag.Get("yaml"), ",")
			named := strings.Contains(page, "`"+key+"`") || strings.Contains(page, "`"+key+":") || strings.Contains(page, "{"+key+":") ||
				strings.Contains(page, " "+key+":") || strings.Contains(page, "\n"+key+":")
			if key != "" && key != "-" && !named {
				t.Errorf("docs/adding-a-form.md does not say what %s of %s is", key, ty.Name())
			}
			walk(ty.Field(i).Type)
		}
	}
	walk(reflect.TypeFor[formFile]())
}

// TestGuideExamples: all examples of the page load together, over the embedded folder, and what is quoted of them is theirs.
func TestGuideExamples(t *testing.T) {
	t.Parallel()
	page, dir := guide(t), t.TempDir()
	paths, err := filepath.Glob(filepath.Join("..", "docs", "examples", "*.yaml"))
	if err != nil || len(paths) < 3 {
		t.Fatalf("examples: %v, %v", paths, err)
	}
	if err := os.Mkdir(filepath.Join(dir, "forms"), 0o755); err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, path := range paths {
		if !strings.Contains(page, "examples/"+filepath.Base(path)) {
			t.Errorf("the page does not name %s", path)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all += string(text)
		if err := os.WriteFile(filepath.Join(dir, "forms", filepath.Base(path)), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	over, err := Over(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load(over)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Forms) != 17+len(paths) {
		t.Errorf("%d forms", len(c.Forms))
	}
	for _, quoted := range []string{
		"{indicator: inspection.enterprises_inspected, distinct: credit_code, on: inspected_on", "{id: year_to_date, header: 年初至本月, aliases: [年初至今, 本年累计, 累计], type: amount, cumulative: true}", "holds: corrected_on >= inspected_on",
	} {
		if !strings.Contains(page, quoted) || !strings.Contains(all, quoted) {
			t.Errorf("quoted on the page, or in an example, and not in the other: %s", quoted)
		}
	}
}

// TestGuideMistake: the mistake that the page shows is answered as it says.
func TestGuideMistake(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile(filepath.Join("..", "docs", "examples", "eighteenth_form.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "forms"), 0o755); err != nil {
		t.Fatal(err)
	}
	wrong := strings.Replace(string(example), "holds: corrected_on >= inspected_on", "holds: corrected_on >= inspected", 1)
	if err := os.WriteFile(filepath.Join(dir, "forms", "labour_inspections.yaml"), []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	over, err := Over(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load(over)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := validate.New(c); err == nil || !strings.Contains(guide(t), fmt.Sprintf("huizong: %v\n", err)) {
		t.Errorf("the page does not show: %v", err)
	}
}
