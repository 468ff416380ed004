package sample

import (
	"bytes"
	"sync"
	"testing"

	"huizong/pkg/reporting"
)

func mustGenerate(tb testing.TB, cfg Config) *Kit {
	tb.Helper()
	kit, err := Generate(cfg)
	if err != nil {
		tb.Fatalf("Generate(%+v): %v", cfg, err)
	}
	return kit
}

const halfYearSeed = 7

var generated = sync.OnceValues(func() (*Kit, error) { return Generate(Config{Seed: halfYearSeed}) })

// halfYear is a kit of all forms that tests share and leave as it is.
func halfYear(tb testing.TB) *Kit {
	tb.Helper()
	kit, err := generated()
	if err != nil {
		tb.Fatal(err)
	}
	return kit
}

func TestGenerateIsDeterministic(t *testing.T) {
	t.Parallel()
	a, b := halfYear(t), mustGenerate(t, Config{Seed: halfYearSeed})
	if len(a.Files) != len(b.Files) {
		t.Fatalf("%d files, then %d", len(a.Files), len(b.Files))
	}
	for i := range a.Files {
		if a.Files[i].Path != b.Files[i].Path || !bytes.Equal(a.Files[i].Bytes, b.Files[i].Bytes) {
			t.Errorf("file %d: %s and %s differ", i, a.Files[i].Path, b.Files[i].Path)
		}
	}
	other := mustGenerate(t, Config{Seed: halfYearSeed + 1})
	same := 0
	for i := range min(len(a.Files), len(other.Files)) {
		if bytes.Equal(a.Files[i].Bytes, other.Files[i].Bytes) {
			same++
		}
	}
	if same > 0 {
		t.Errorf("%d files of two seeds are equal", same)
	}
}

// TestSmallerKitsAgree: fewer months and forms tell the same numbers.
func TestSmallerKitsAgree(t *testing.T) {
	t.Parallel()
	long := map[Fact]bool{}
	for _, f := range halfYear(t).Truth.Facts() {
		long[f.key()] = true
	}
	short := mustGenerate(t, Config{Seed: halfYearSeed, Months: 3, Forms: []string{"fund_monthly", "dispute_cases", "training_ledger"}}).Truth.Facts()
	missing := 0
	for _, f := range short {
		if !long[f.key()] {
			missing++
		}
	}
	if len(short) == 0 || missing > 0 {
		t.Errorf("%d of %d facts differ", missing, len(short))
	}
}

// key makes a fact comparable: a Decimal is not.
func (f Fact) key() Fact {
	f.Indicator += "=" + f.Value.String()
	f.Value = reporting.Decimal{}
	return f
}

func TestGenerateRefuses(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]Config{
		"year":   {Year: 1899},
		"months": {Months: 13},
		"form":   {Forms: []string{"employment_monthly", "no_such_form"}},
	} {
		if _, err := Generate(cfg); reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%s: error = %v, want one of code invalid", name, err)
		}
	}
}

func TestFilesAreOfReasonableSize(t *testing.T) {
	t.Parallel()
	paths := map[string]bool{}
	for _, f := range halfYear(t).Files {
		if len(f.Bytes) < 80 || len(f.Bytes) > 200_000 {
			t.Errorf("%s has %d bytes", f.Path, len(f.Bytes))
		}
		if paths[f.Path] {
			t.Errorf("%s twice", f.Path)
		}
		paths[f.Path] = true
	}
}

func BenchmarkGenerate(b *testing.B) {
	for i := range b.N {
		mustGenerate(b, Config{Seed: int64(i)})
	}
}
