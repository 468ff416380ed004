package worker

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/pkg/validate"
	"huizong/pkg/workbook"
	"huizong/schemas"
)

func zj(t testing.TB) (*Judge, *reporting.Catalogue) {
	c, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	j, err := NewJudge(c, []byte("k"), workbook.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return j, c
}

func none(string) (validate.History, error) { return validate.History{}, nil }

func TestZCorpus(t *testing.T) {
	j, c := zj(t)
	p, _ := reporting.ParsePeriod("2020-06")
	codes := map[reporting.FindingCode]int{}
	filepath.WalkDir(os.Getenv("CORPUS"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, _ := os.ReadFile(path)
		for _, form := range append([]string{""}, "employment_monthly", "fund_monthly", "benefit_payments", "enrolment_monthly") {
			t0 := time.Now()
			org := "349981SB"
			v, err := j.Judge(b, form, org, p, none)
			if err != nil {
				t.Error(path, err)
			}
			took := time.Since(t0)
			errs := 0
			for _, f := range v.Findings {
				if f.Severity == "error" {
					errs++
				}
			}
			codes[v.Findings[0].Code]++
			if os.Getenv("ALL") != "" || form == "" && strings.Contains(path, "zh-gov") || v.Findings[0].Code != "unknown_form" && v.Findings[0].Code != "unreadable_file" && v.Findings[0].Code != "too_large" && v.Findings[0].Code != "encrypted_file" || took > 300*time.Millisecond {
				fmt.Printf("%s [%s] %v %s n=%d errs=%d %s!%s %s | %s\n", filepath.Base(path), form, took.Round(time.Millisecond), v.Findings[0].Code, len(v.Findings), errs, v.Findings[0].Sheet, v.Findings[0].Cell, v.Findings[0].Message, v.Findings[0].MessageEN)
			}
		}
		return nil
	})
	fmt.Println(codes)
	_ = c
}

func TestZSample(t *testing.T) {
	j, c := zj(t)
	_ = c
	for seed := int64(1); seed <= 3; seed++ {
		kit, err := sample.Generate(sample.Config{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		bad, n := 0, 0
		for _, f := range kit.Files {
			v, err := j.Judge(f.Bytes, f.Form, f.Org, f.Period, none)
			if err != nil {
				t.Fatal(err)
			}
			n++
			o := reporting.Accepted
			if reporting.HasErrors(v.Findings) {
				o = reporting.Rejected
			}
			if o != f.Expect {
				bad++
				if bad < 6 {
					fmt.Println(seed, f.Path, f.Note, o, f.Expect, f.Finding, v.Findings[:min(3, len(v.Findings))])
				}
			}
		}
		fmt.Println("seed", seed, "bad", bad, "of", n)
	}
}

func BenchmarkZStress(b *testing.B) {
	j, c := zj(b)
	p, _ := reporting.ParsePeriod("2020-06")
	file, _ := os.ReadFile(os.Getenv("KIT") + "/stress/349981SB-benefit_payments-20k.xlsx")
	sheets, err := j.decode(file)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		v, err := j.judge0(sheets, "benefit_payments", "349981SB", p)
		if err != nil || reporting.HasErrors(v.Findings) {
			b.Fatal(v.Findings[0])
		}
	}
	_ = c
}
