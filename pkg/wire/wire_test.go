package wire_test

import (
	"math/rand"
	"reflect"
	"regexp"
	"runtime"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/wire"
	"huizong/schemas"
)

var codec = wire.Codec{Any: []reflect.Type{reflect.TypeFor[string](), reflect.TypeFor[reporting.Decimal](), reflect.TypeFor[int64]()}}

type all struct {
	Truth   bool
	Small   int8
	Large   int64
	Natural uint32
	Text    string
	Number  reporting.Decimal
	Period  reporting.Period
	Pattern *regexp.Regexp
	Bytes   []byte
	Texts   []string
	Nothing []string
	Empty   []string
	Pairs   map[string][]string
	Any     []any
	Form    *reporting.Form
	None    *reporting.Form
	reporting.Lineage
	inner
	left int
}

type inner struct{ Deep string }

func sample() all {
	return all{Truth: true, Small: -128, Large: 1 << 62, Natural: 7, Text: "汇总\x00\xff", Number: reporting.MustDecimal("-12.345"), Period: reporting.YearPeriod(2020),
		Pattern: regexp.MustCompile(`^\d+$`), Bytes: []byte{0, 1}, Texts: []string{"a", ""}, Empty: []string{}, Pairs: map[string][]string{"k": {"v"}, "": nil},
		Any: []any{"t", nil, reporting.Int(3), int64(-4)}, Form: &reporting.Form{ID: "f", Columns: []reporting.Column{{ID: "c"}}}, Lineage: reporting.Lineage{Cell: "A1"}, inner: inner{"d"}}
}

func TestRoundTrip(t *testing.T) {
	want := sample()
	b, err := codec.Encode(nil, want)
	if err != nil {
		t.Fatal(err)
	}
	var got all
	if err := codec.Decode(b, &got, 1<<20); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	want.left, want.Any = 1, []any{struct{}{}}
	if _, err := codec.Encode(nil, want); err == nil {
		t.Error("a type that nobody named was encoded")
	}
}

// TestCatalogue: the definitions arrive whole.
func TestCatalogue(t *testing.T) {
	want, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	b, err := codec.Encode(nil, want)
	if err != nil {
		t.Fatal(err)
	}
	var got *reporting.Catalogue
	if err := codec.Decode(b, &got, 64<<20); err != nil {
		t.Fatal(err)
	}
	got.Index()
	if !reflect.DeepEqual(got, want) {
		t.Error("the catalogue is another one")
	}
}

// TestStrangeBytes decodes bytes that were altered, cut or made up: a value or an error, and never more memory than allowed.
func TestStrangeBytes(t *testing.T) {
	whole, err := codec.Encode(nil, sample())
	if err != nil {
		t.Fatal(err)
	}
	const room = 1 << 20
	r := rand.New(rand.NewSource(11))
	refused := 0
	for range 20_000 {
		b := append([]byte(nil), whole[:r.Intn(len(whole)+1)]...)
		for range r.Intn(4) {
			if len(b) > 0 {
				b[r.Intn(len(b))] = byte(r.Intn(256))
			}
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var got all
		err := codec.Decode(b, &got, room)
		runtime.ReadMemStats(&after)
		if err != nil {
			refused++
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 4*room {
			t.Fatalf("%d bytes took %d", len(b), took)
		}
	}
	if refused < 10_000 {
		t.Errorf("only %d of 20000 were refused", refused)
	}
}

// TestRoom: a billion elements are refused before they are made.
func TestRoom(t *testing.T) {
	var rows []reporting.LedgerRow
	many, err := codec.Encode(nil, make([]reporting.LedgerRow, 100_000))
	if err != nil {
		t.Fatal(err)
	}
	if err := codec.Decode(many, &rows, 1<<20); !wire.IsTooLarge(err) || rows != nil {
		t.Errorf("%v, %d rows; want it to be refused", err, len(rows))
	}
	if err := codec.Decode([]byte{0xff, 0xff, 0xff, 0xff, 0x07}, &rows, 1<<40); err == nil || wire.IsTooLarge(err) {
		t.Errorf("%v: two billion rows in no bytes", err)
	}
}
