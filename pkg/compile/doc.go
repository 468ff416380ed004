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
//	# heading              # to #### are 一、 （一） 1. （1）; the compiler numbers them. #### runs into its paragraph
//	@when figures          the next heading's section is left out unless one of its figures is there
//	@when warnings         … or unless there are warnings
//	@when narratives 就业  … or unless a text for that section was sent
//	@narratives 就业       the texts that units sent for that section
//	@end                   the sections end here; what follows belongs to none
//	@annex 标题            what follows is an annex
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
//	{change indicator}               against last year: 增长12.29%, 下降12.29%, 持平
//	{points indicator}               the same for a rate: 上升0.12个百分点
//	{growth indicator}               one or the other as a number with its sign, for charts
//	{year indicator}                 of the year so far instead of the report's period, before any of these: {year completion indicator}
//	{units top indicator 3}          townships of which something is true, so many by name: 城东街道（312人）、港口镇（280人）; top, bottom
//	{units top indicator 3 人}       … in another measure that fits
//	{units unreported indicator 3}   … and, of fallen, zero and unreported, how many there are: 城东街道、港口镇等5个乡镇（街道）
//	{@name}                          a parameter
//	[，同比{change indicator}]       a clause, left out where its comparison has no basis or its parameter no value
//
// A clause with units is left out where there are none,
// and a backslash before { } [ ] \ makes it an ordinary character. LoadTemplate checks all of it against the catalogue and reports
// file:line:column, columns counted in characters.
package compile
