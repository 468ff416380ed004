package compile

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// Aspect says which number of a figure is printed.
type Aspect string

// The aspects. They are the functions of the template language, too.
const (
	Value       Aspect = "value"
	Numerator   Aspect = "numerator"   // of a ratio; only in tables
	Denominator Aspect = "denominator" // of a ratio; only in tables
	Target      Aspect = "target"
	Completion  Aspect = "completion"
	Previous    Aspect = "previous"   // the same months of last year; only in tables
	Growth      Aspect = "growth"     // Change or Points with its sign, where no word carries it
	Change      Aspect = "change"     // against the same months of last year, as a share of them
	Points      Aspect = "points"     // the same for a rate, as a difference
	Pace        Aspect = "pace"       // completion less the share of the year that has passed
	Ceiling     Aspect = "ceiling"    // the target, where it is not to be passed
	Sequential  Aspect = "sequential" // against the months before, as a share of them
	Balance     Aspect = "balance"    // the value, where a word says whether it is left or lacking
	Only        Aspect = "only"       // nothing: it lets its clause go unless there is something of the indicator
	SameUnits   Aspect = "same_units" // Change of the units alone that have reported in both years; no function of its own
)

var aspectLabels = map[Aspect]string{
	Value: "", Target: "全年目标", Completion: "完成率", Change: "同比", Points: "同比", Pace: "与时序进度之差", Ceiling: "控制目标",
	Numerator: "分子", Denominator: "分母", Previous: "上年同期", Growth: "同比",
	Sequential: "环比", Balance: "", SameUnits: "同比（同口径）",
	provinceTarget: "省定目标", provinceCompletion: "省定目标完成率", provincePace: "与省定目标时序进度之差", provinceCeiling: "省定控制目标",
}

// The same of the province's target. The city's has no mark.
const (
	provinceTarget     = Target + "." + reporting.ProvinceTarget
	provinceCompletion = Completion + "." + reporting.ProvinceTarget
	provincePace       = Pace + "." + reporting.ProvinceTarget
	provinceCeiling    = Ceiling + "." + reporting.ProvinceTarget
)

// by is the aspect as of the target of a level; "" is the city.
func (a Aspect) by(level string) Aspect {
	if level == "" {
		return a
	}
	return a + Aspect("."+level)
}

// level is who has issued the target that the aspect is about, and the aspect as of the city's.
func (a Aspect) level() (Aspect, string) {
	base, level, _ := strings.Cut(string(a), ".")
	if level == reporting.ProvinceTarget {
		return Aspect(base), level
	}
	return a, reporting.CityTarget
}

// functions are the aspects that the template language has.
var functions = []Aspect{Value, Target, Completion, Pace, Ceiling, Change, Points, Growth, Sequential, Balance, Only}

// FigureID names a figure.
type FigureID struct {
	Indicator string
	Unit      string
	Period    reporting.Period
}

// Binding ties a printed number to the figure that it came from. The same number printed twice has one binding.
type Binding struct {
	ID      string // F001, F002, … in the order of the document
	Figure  FigureID
	Aspect  Aspect
	Label   string   // for people: 城镇新增就业人数·完成率·2020年上半年
	Exact   *big.Rat // in the figure's own unit, with its sign
	Measure string   // that it is printed in
	Places  int
	number  int    // of the id
	Entry   string // the binding at whose entry its origin is listed; "" where it is not
}

// Scaled is the exact number in the measure that it is printed in.
func (b Binding) Scaled() *big.Rat { return scaled(b.Exact, b.Measure) }

// Printed is the number as it stands in the report, without its measure. Where words carry the direction (增长, 下降) it has no sign.
func (b Binding) Printed() string {
	exact := b.Exact
	if b.Aspect.worded() {
		exact = new(big.Rat).Abs(exact)
	}
	return printed(exact, b.Measure, b.Places)
}

// worded reports whether words say the number's sign.
func (a Aspect) worded() bool {
	base, _ := a.level()
	return slices.Contains([]Aspect{Change, Points, Pace, Sequential, Balance, SameUnits}, base)
}

// bindingKey is what makes two printed numbers the same.
type bindingKey struct {
	figure  FigureID
	aspect  Aspect
	measure string
	places  int
}

// binder hands out bindings in the order in which numbers are printed.
type binder struct {
	catalogue *reporting.Catalogue
	bindings  []Binding
	ids       map[bindingKey]int
	byFigure  map[FigureID][]int // places in bindings
}

func newBinder(c *reporting.Catalogue) binder {
	return binder{catalogue: c, ids: map[bindingKey]int{}, byFigure: map[FigureID][]int{}}
}

// bind returns the run of a number. A measure "" is that of a bare count.
func (b *binder) bind(id FigureID, aspect Aspect, exact *big.Rat, measure string, places int) Run {
	key := bindingKey{id, aspect, measure, places}
	at, known := b.ids[key]
	if !known {
		at = len(b.bindings)
		b.ids[key], b.byFigure[id] = at, append(b.byFigure[id], at)
		b.bindings = append(b.bindings, Binding{
			ID: fmt.Sprintf("F%03d", at+1), number: at + 1, Figure: id, Aspect: aspect, Label: b.label(id, aspect),
			Exact: exact, Measure: measure, Places: places,
		})
	}
	return Run{Text: b.bindings[at].Printed(), Binding: b.bindings[at].ID}
}

func (b *binder) label(id FigureID, aspect Aspect) string {
	label := nameOf(b.catalogue, id.Indicator)
	if u := b.catalogue.Unit(id.Unit); u != nil && id.Unit != b.catalogue.City {
		label = u.Name.ZH + "·" + label
	}
	if l := aspect.label(); l != "" {
		label += "·" + l
	}
	return label + "·" + id.Period.Label()
}
