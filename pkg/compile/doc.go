// Package compile turns figures, targets and texts into a report: a Template and an Input become a Document, which the
// writers docx, pdf, html and xlsx print.
//
// A Document says what stands where and nothing about fonts. Its blocks are headings, paragraphs, tables and charts; writers share
// how charts are drawn (drawing), how text is made safe, how files are packed and how bindings are listed (internal/…).
//
// It does no I/O of its own and keeps no clock: the same input gives the same document, and a writer gives the same bytes for it.
// It computes nothing either, beyond the difference of two rates and of a completion and the calendar: figures come finished from
// the roll-up. Numbers stay exact fractions until Binding.Printed rounds them, once.
//
// Every number in a Document is bound to the figure that it came from. What is missing is said, in its place and in a list at the
// front; it is never printed as zero and never guessed.
//
// # The template
//
// A template is a folder with report.yaml (title, parameters, precision) and report.tmpl, the text. The text is read line by line:
//
//	// a comment
//	# heading              # to #### are 一、 （一） 1. （1）; the compiler numbers them. #### runs into its paragraph, and so does
//	                       a heading that ends in 。
//	- sentence             begins a point of its paragraph: 一是, 二是, as far as they have something to say
//	- @narratives 就业     each text of the section is a point; one of several paragraphs follows as paragraphs of its own
//	@when figures          the next heading's section is left out unless one of its figures is there
//	@when warnings         … or unless there are warnings
//	@when narratives 就业  … or unless a text for that section was sent
//	@narratives 就业       the texts that units sent for that section
//	@end                   the sections end here; what follows belongs to none
//	@annex 标题            what follows is an annex; one without anything in it is left out
//	@companion             the annexes that follow are not sent: they are the companion's, which the office keeps
//	@table targets         a table: targets and their completion; figures: all numbers of all indicators; units: every indicator by
//	                       unit; warnings: those that were given; origins: where each number before it comes from, so it stands last
//	@table warnings 8      the first eight, in short, and how many more there are
//	@chart bars 标题{completion indicator}{…}   a bar for each figure: values, completion or growth
//	@chart months 标题{indicator}{…}            the months of the period, a column for each figure
//
// Any other line is one sentence; the lines up to an empty line are one paragraph. A sentence is the smallest thing that can be
// missing: where none of several figures is there, one mark stands for all of it. In a sentence stand
//
//	{indicator}                      its value and measure: 2583人, 54.84%, 2.80亿元
//	{indicator 亿元 2}               … in another measure that fits, with other digits; auto is 万元 or 亿元 by size
//	{target indicator}               the year's target
//	{completion indicator}           value over target: 54.84%
//	{pace indicator}                 completion against the calendar: 快于时序进度4.84个百分点
//	{province completion indicator}  the province's target instead of the city's, before target, completion, pace or ceiling
//	{ceiling indicator}              a target that is not to be passed: 未超过年度控制目标（4.50%）
//	{balance indicator}              what stands at the end, by its sign: 结余2.67亿元, 缺口0.05亿元
//	{change indicator}               against last year: 增长12.29%, 下降12.29%, 持平; 增长18.8倍 from twice more on; from and to nothing
//	                                 by the numbers: 由0增至4件, 降为0（上年同期为4件）
//	{sequential indicator}           against the months before, as many as the period has; only where both are whole
//	{points indicator}               the same for a rate: 上升0.12个百分点
//	{growth indicator}               one or the other as a number with its sign, for charts
//	{year indicator}                 of the year so far instead of the report's period, before any of these: {year completion indicator}
//	{units top indicator 3}          townships of which something is true, so many by name: 城东街道（312人）、港口镇（280人）; top, bottom
//	{units top indicator 3 人}       … in another measure that fits
//	{units unreported indicator 3}   … and, of fallen, zero and unreported, how many there are: 城东街道、港口镇等5个乡镇（街道）
//	{say pace indicator 较快 正常 偏慢}  one of three phrases by how a figure stands: by pace, change, points, sequential, or against another
//	                                 one: {say against indicator indicator 多于 等于 少于}. The phrase - lets the clause go
//	{goals behind}                   the year's targets that are behind the calendar, ahead of it, or met
//	{only indicator}                 nothing; its clause goes unless there is something of the indicator: what has not happened is not told
//	{@name}                          a parameter
//	[，同比{change indicator}]       a clause, left out where its comparison has no basis or its parameter no value
//
// What is absent has one word for each reason, everywhere: 未报 is owed and not sent, 不适用 is owed by nobody or does not apply, 无基数 is
// nothing over nothing; 0 is a number. Only the first is marked. A sentence of which nothing applies says nothing. Money goes to the next
// smaller measure before it would be printed as zero, and a completion gets more digits before it would be printed as 0 or 100.
//
// What report.yaml says under due is when services/compiler drafts the report although sheets are missing.
//
// Figures that some unit is not in carry a mark. What report.yaml says under incomplete decides whether they are compared:
//
//	change: same_units     against last year only the units of both years (同口径), where they are most of those that owe the number;
//	                       mark compares all; omit, which stands where nothing is said, leaves the clause out
//	pace, rank: mark       against calendar and ceiling, and among units (of whom those that are late are never named), with words that say so
//	trend: omit            a month that is not whole has no column in a chart
//
// A phrase of {say} has no place for a mark: it is left out.
//
// Every report takes the parameters issue_date, document_number, signer, annexes and unfinished besides its own. What keeps it from being
// sent is Document.Unfinished; who sends it nevertheless says why in the last of these, and that stands in the text.
//
// A clause with units is left out where there are none,
// and a backslash before { } [ ] \ makes it an ordinary character. LoadTemplate checks all of it against the catalogue and reports
// file:line:column, columns counted in characters.
package compile
