package clerk

import (
	"math/rand/v2"
	"slices"

	"huizong/pkg/reporting"
)

// habit is one way in which a sheet differs from the form as it is printed. The names appear in the notes of the manifest.
type habit string

// The habits.
const (
	asPrinted habit = ""

	xlsxShared  habit = "xlsx_shared_strings"
	xlsxInline  habit = "xlsx_inline_strings"
	csvUTF8     habit = "csv_utf8"
	csvUTF8BOM  habit = "csv_utf8_bom"
	csvGB18030  habit = "csv_gb18030"
	tabUTF8     habit = "tab_utf8"
	tabGB18030  habit = "tab_gb18030"
	raggedRows  habit = "ragged_rows"
	bareTable   habit = "bare_table"
	notesFirst  habit = "note_sheet_first"
	oldSheet    habit = "hidden_old_sheet"
	annexLine   habit = "annex_line"
	infoCells   habit = "info_cells"
	infoSplit   habit = "info_split"
	noFooter    habit = "no_footer"
	footerCells habit = "footer_cells"
	blankRows   habit = "leading_blank_rows"
	blankColumn habit = "leading_blank_column"
	rowsBetween habit = "blank_rows_between"

	aliases     habit = "header_aliases"
	spaced      habit = "spaced_headers"
	reordered   habit = "reordered_columns"
	extra       habit = "extra_columns"
	noSequence  habit = "no_sequence"
	flatHeader  habit = "one_header_row"
	deepHeader  habit = "three_header_rows"
	headerTwice habit = "repeated_header"

	prefixDot   habit = "row_prefix_1."
	prefixComma habit = "row_prefix_1、"
	prefixParen habit = "row_prefix_(1)"
	prefixWide  habit = "row_prefix_（1）"
	prefixHan   habit = "row_prefix_一、"
	indented    habit = "row_indent"
	sections    habit = "section_rows"
	shuffled    habit = "rows_shuffled"

	numbersText  habit = "numbers_text"
	numbersComma habit = "numbers_comma"
	numbersWide  habit = "numbers_full_width"
	numbersPad   habit = "numbers_padded"
	numbersUnit  habit = "numbers_with_unit"
	numbersMixed habit = "numbers_mixed"
	formats      habit = "number_formats"
	formulas     habit = "formulas_cached"
	zeroWords    habit = "zero_words"

	moneyInfo     habit = "money_in_info_line"
	moneyOther    habit = "money_in_other_unit"
	moneyConflict habit = "money_info_overruled"

	datesSlash   habit = "dates_slash"
	datesDot     habit = "dates_dot"
	datesHan     habit = "dates_han"
	datesCompact habit = "dates_compact"
	datesReal    habit = "dates_real"
	datesMixed   habit = "dates_mixed"

	textPadded habit = "text_padded"
	looseNames habit = "loose_unit_names"
	lowerX     habit = "id_lower_case_x"
	totalRow   habit = "total_row"
	mergedRows habit = "merged_rows"
)

// hand is the set of habits of the clerk who types one sheet.
type hand map[habit]bool

// question is something that every clerk settles in one way. A question of which there is no doubt is not asked.
type question struct {
	answers []answer
	when    func(*Paper, hand) bool // nil: always
}

type answer struct {
	habit  habit
	weight int
}

// sometimes asks for a habit that so many of a hundred clerks have.
func sometimes(percent int, h habit, when func(*Paper, hand) bool) question {
	return question{answers: []answer{{asPrinted, 100 - percent}, {h, percent}}, when: when}
}

// questions are asked in this order; a condition may look at the answers before it.
var questions = []question{
	{answers: []answer{{xlsxShared, 42}, {xlsxInline, 20}, {csvUTF8, 8}, {csvUTF8BOM, 10}, {csvGB18030, 10}, {tabUTF8, 4}, {tabGB18030, 6}}},
	sometimes(25, raggedRows, isText),
	sometimes(15, bareTable, both(isText, mayHide)),
	sometimes(8, notesFirst, isBook),
	sometimes(14, oldSheet, isBook),
	sometimes(12, annexLine, framed),
	{answers: []answer{{asPrinted, 50}, {infoCells, 28}, {infoSplit, 22}}, when: framed},
	{answers: []answer{{asPrinted, 45}, {footerCells, 40}, {noFooter, 15}}, when: framed},
	sometimes(18, blankRows, nil),
	sometimes(15, blankColumn, nil),
	sometimes(14, rowsBetween, nil),

	sometimes(35, aliases, nil),
	sometimes(10, spaced, nil),
	sometimes(30, reordered, movable),
	sometimes(25, extra, movable),
	sometimes(15, noSequence, hasColumn(reporting.Sequence)),
	{answers: []answer{{asPrinted, 70}, {flatHeader, 15}, {deepHeader, 15}}, when: hasGroups},
	sometimes(10, headerTwice, isShape(reporting.Ledger)),

	{answers: []answer{{asPrinted, 55}, {prefixDot, 10}, {prefixComma, 10}, {prefixParen, 8}, {prefixWide, 8}, {prefixHan, 9}}, when: isShape(reporting.IndicatorForm)},
	sometimes(18, indented, isShape(reporting.IndicatorForm, reporting.TargetForm, reporting.Matrix)),
	sometimes(15, sections, isShape(reporting.IndicatorForm)),
	sometimes(10, shuffled, isShape(reporting.IndicatorForm, reporting.TargetForm)),

	{answers: []answer{{asPrinted, 46}, {numbersText, 10}, {numbersComma, 10}, {numbersWide, 8}, {numbersPad, 10}, {numbersMixed, 16}}},
	sometimes(10, numbersUnit, both(plainNumbers, hasColumn(reporting.Measure))),
	sometimes(40, formats, isBook),
	sometimes(60, formulas, canCompute),
	sometimes(25, zeroWords, nil),

	{answers: []answer{{asPrinted, 55}, {moneyInfo, 25}, {moneyConflict, 20}}, when: both(framed, moneyInHeader)},
	sometimes(30, moneyOther, hasMoney),

	{answers: []answer{{asPrinted, 30}, {datesSlash, 12}, {datesDot, 14}, {datesHan, 12}, {datesCompact, 8}, {datesMixed, 10}}, when: hasKind(Day)},
	sometimes(25, datesReal, both(isBook, both(hasKind(Day), plainDates))),
	sometimes(15, textPadded, isShape(reporting.Ledger)),
	sometimes(12, looseNames, hasKind(Name)),
	sometimes(15, lowerX, hasColumn(reporting.IDNumber)),
	sometimes(20, totalRow, hasNoTotal),
	sometimes(40, mergedRows, both(isBook, hasMergeable)),
}

// draw asks all questions. One clerk in eight has no habits at all beyond a file format.
func draw(p *Paper, rng *rand.Rand) (hand, []string) {
	h, names := hand{}, []string{}
	printed := rng.IntN(8) == 0
	for i, q := range questions {
		a := q.ask(rng)
		if a == asPrinted || (printed && i > 0) || (q.when != nil && !q.when(p, h)) {
			continue
		}
		h[a] = true
		names = append(names, string(a))
	}
	return h, names
}

func (q question) ask(rng *rand.Rand) habit {
	sum := 0
	for _, a := range q.answers {
		sum += a.weight
	}
	n := rng.IntN(sum)
	for _, a := range q.answers {
		if n -= a.weight; n < 0 {
			return a.habit
		}
	}
	return asPrinted
}

func isBook(_ *Paper, h hand) bool    { return h[xlsxShared] || h[xlsxInline] }
func isText(p *Paper, h hand) bool    { return !isBook(p, h) }
func framed(_ *Paper, h hand) bool    { return !h[bareTable] }
func mayHide(p *Paper, _ hand) bool   { return !p.Plain }
func hasGroups(p *Paper, _ hand) bool { return p.grouped() }
func hasMergeable(p *Paper, _ hand) bool {
	return slices.ContainsFunc(p.Columns, func(c Column) bool { return c.Mergeable })
}
func hasMoney(p *Paper, _ hand) bool { return p.Money != "" }

// moneyInHeader reports whether the unit of money is named over a column, and not in a column of measures.
func moneyInHeader(p *Paper, _ hand) bool { return p.Money != "" && p.column(reporting.Measure) < 0 }

// movable reports whether the columns have no fixed order.
func movable(p *Paper, _ hand) bool {
	return p.Shape == reporting.IndicatorForm || p.Shape == reporting.Ledger
}

// plainNumbers reports whether numbers are typed as numbers.
func plainNumbers(_ *Paper, h hand) bool {
	return !h.any(numbersText, numbersComma, numbersWide, numbersPad, numbersMixed, numbersUnit)
}

// plainDates reports whether nothing is settled yet about dates.
func plainDates(_ *Paper, h hand) bool {
	return !h.any(datesSlash, datesDot, datesHan, datesCompact, datesMixed)
}

// canCompute reports whether cells may be formulas: Excel would not add up numbers that are typed as text.
func canCompute(p *Paper, h hand) bool {
	sums := p.Total != nil || slices.ContainsFunc(p.Columns, func(c Column) bool { return c.SumOf != "" })
	return sums && h[xlsxInline] && !p.Plain && plainNumbers(p, h)
}

func (h hand) any(habits ...habit) bool {
	return slices.ContainsFunc(habits, func(x habit) bool { return h[x] })
}

// hasNoTotal reports whether the paper is a ledger of money, under which some clerks add a total that the form does not ask for.
func hasNoTotal(p *Paper, _ hand) bool {
	return p.Shape == reporting.Ledger && p.Total == nil && p.Money != ""
}

func both(a, b func(*Paper, hand) bool) func(*Paper, hand) bool {
	return func(p *Paper, h hand) bool { return a(p, h) && b(p, h) }
}

func isShape(shapes ...reporting.Shape) func(*Paper, hand) bool {
	return func(p *Paper, _ hand) bool { return slices.Contains(shapes, p.Shape) }
}

func hasColumn(t reporting.ValueType) func(*Paper, hand) bool {
	return func(p *Paper, _ hand) bool { return p.column(t) >= 0 }
}

func hasKind(k Kind) func(*Paper, hand) bool {
	return func(p *Paper, _ hand) bool { return p.has(k) }
}
