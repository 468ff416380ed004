// Charts: draws every <figure data-chart> of the page. README.md has the markup and the shape of its data. The numbers stand in a
// table beside each chart, so a chart that cannot be drawn takes nothing away.
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer])

const ink = '#1d4f91'
const text = '#1f2933'
const quiet = '#52606d'
const hair = '#e1e5ea'
const before = '#8d9db5' // 3:1 on white, as a mark has to be
// Lines differ by dash and symbol besides their colour.
const colours = [ink, '#b3540a', '#2c7a53', '#8a3b8f', '#52606d', '#a3202f', '#0b7285', '#7a6200']
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect', 'emptyTriangle', 'emptyDiamond']
const dashes = ['solid', 'dashed', 'dotted']

const lang = document.documentElement.lang || 'zh-CN'
const failure = lang.startsWith('en') ? 'The chart could not be drawn; the table has its numbers.' : '图表未能显示，数字见表格。'

// number is a value as its data has it: a number, a decimal as text, or null for what was not reported.
const number = (value) => (value === null || value === undefined || value === '' ? null : Number(value))

function writer(data) {
  const digits = data.digits || 0
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, style: data.percent ? 'percent' : 'decimal' }
  const format = new Intl.NumberFormat(lang, options)
  return (value) => (value === null || Number.isNaN(value) ? '—' : format.format(value) + (data.measure && !data.percent ? ' ' + data.measure : ''))
}

// axisWriter has no measure and no more digits than the ticks need.
function axisWriter(data) {
  const format = new Intl.NumberFormat(lang, { maximumFractionDigits: 2, style: data.percent ? 'percent' : 'decimal' })
  return (value) => format.format(value)
}

const axisOf = {
  names: (data) => ({
    type: 'category',
    data: data.categories,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: hair } },
    axisLabel: { color: quiet, hideOverlap: true },
  }),
  values: (data) => ({
    type: 'value',
    axisLabel: { color: quiet, formatter: axisWriter(data), hideOverlap: true },
    splitLine: { lineStyle: { color: hair } },
  }),
}

function shared(data) {
  const write = writer(data)
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, color: text },
    grid: { left: 4, right: 12, top: data.series.length > 1 ? 36 : 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    legend: { show: data.series.length > 1, type: 'plain', left: 0, top: 0, itemHeight: 10, itemWidth: 18, textStyle: { color: text } },
    // Drawn, not html: the policy of the pages forbids styles in markup.
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, valueFormatter: (v) => write(number(v)), axisPointer: { type: 'shadow' } },
  }
}

// lookOf is how a series looks: what was before is pale, and the others are counted without it.
function lookOf(data, series) {
  const i = data.series.filter((s) => !s.before).indexOf(series)
  return i < 0 ? { colour: before, symbol: 'emptyCircle', dash: 'dashed' } : { colour: colours[i % colours.length], symbol: symbols[i % symbols.length], dash: dashes[Math.floor(i / colours.length) % dashes.length] }
}

function mark(axis, at, name) {
  return {
    silent: true,
    symbol: 'none',
    data: [{ [axis]: number(at), name }],
    lineStyle: { color: text, type: 'dashed', width: 1 },
    label: { formatter: name, color: text, position: axis === 'xAxis' ? 'start' : 'insideEndTop' },
  }
}

const bars = (data) => ({
  ...shared(data),
  xAxis: axisOf.names(data),
  yAxis: axisOf.values(data),
  series: data.series.map((s, i) => ({
    type: 'bar',
    name: s.name,
    data: s.values.map(number),
    barMaxWidth: 22,
    barGap: '10%',
    itemStyle: { color: lookOf(data, s).colour },
    emphasis: { disabled: true },
    markLine: i === 0 && data.mark ? mark('yAxis', data.mark.value, data.mark.name) : undefined,
  })),
})

const lines = (data) => {
  const option = shared(data)
  return {
    ...option,
    tooltip: { ...option.tooltip, axisPointer: { type: 'line' } },
    xAxis: { ...axisOf.names(data), boundaryGap: false },
    yAxis: axisOf.values(data),
    series: data.series.map((s, i) => ({
      type: 'line',
      name: s.name,
      data: s.values.map(number), // null breaks the line: not reported is not zero
      symbol: lookOf(data, s).symbol,
      symbolSize: 6,
      showAllSymbol: true,
      lineStyle: { width: 2, type: lookOf(data, s).dash },
      itemStyle: { color: lookOf(data, s).colour },
      emphasis: { disabled: true },
      markLine: i === 0 && data.mark ? mark('yAxis', data.mark.value, data.mark.name) : undefined,
    })),
  }
}

// progress has one bar a category, against its target, with the pace of the year as a line across them.
const progress = (data) => {
  const write = writer(data)
  const option = shared(data)
  const values = data.series[0].values.map(number)
  return {
    ...option,
    grid: { ...option.grid, top: data.mark ? 28 : 8 },
    legend: { show: false },
    xAxis: { ...axisOf.values(data), min: 0, max: Math.max(1, ...values, data.mark ? number(data.mark.value) : 0) },
    yAxis: [
      { ...axisOf.names(data), inverse: true, axisLabel: { color: text } },
      { ...axisOf.names(data), inverse: true, axisLabel: { color: text }, data: values.map(write), position: 'right', axisPointer: { show: false } }, // the values in a column
    ],
    series: [
      {
        type: 'bar',
        name: data.series[0].name,
        data: values,
        barWidth: 12,
        showBackground: true,
        backgroundStyle: { color: '#eef1f4' },
        itemStyle: { color: ink },
        emphasis: { disabled: true },
        markLine: data.mark ? mark('xAxis', data.mark.value, data.mark.name) : undefined,
      },
    ],
  }
}

const kinds = { bars, lines, progress }

function heightOf(data) {
  if (data.kind === 'progress') return data.categories.length * 26 + 64
  return data.series.length > 6 ? 340 : 260
}

async function dataOf(figure) {
  const inline = figure.querySelector('script[type="application/json"]')
  if (inline) return JSON.parse(inline.textContent)
  const answer = await fetch(figure.dataset.chart, { headers: { Accept: 'application/json' }, credentials: 'same-origin' })
  if (!answer.ok) throw new Error(`${figure.dataset.chart}: ${answer.status}`)
  return answer.json()
}

// linkAt is the page of the category at a point: a path of ours, nothing else.
function linkAt(chart, data, event) {
  const point = [event.offsetX, event.offsetY]
  if (!data.links || !chart.containPixel('grid', point)) return undefined
  const link = data.links[chart.convertFromPixel({ seriesIndex: 0 }, point)[data.kind === 'progress' ? 1 : 0]]
  return /^\/(?!\/)/.test(link || '') ? link : undefined
}

function follow(chart, data) {
  const surface = chart.getZr()
  surface.on('mousemove', (event) => surface.setCursorStyle(linkAt(chart, data, event) ? 'pointer' : 'default'))
  surface.on('click', (event) => {
    const link = linkAt(chart, data, event)
    if (link) location.assign(link)
  })
}

function draw(figure, data) {
  const drawing = document.createElement('div')
  drawing.className = 'chart-drawing'
  drawing.setAttribute('role', 'img')
  drawing.setAttribute('aria-label', data.label)
  drawing.style.height = heightOf(data) + 'px'
  const caption = figure.querySelector('figcaption')
  figure.insertBefore(drawing, caption ? caption.nextSibling : figure.firstChild)

  const chart = init(drawing, null, { renderer: 'svg' })
  chart.setOption(kinds[data.kind](data))
  follow(chart, data)
  new ResizeObserver(() => chart.resize()).observe(drawing)
  addEventListener('beforeprint', () => chart.resize())
}

async function show(figure) {
  try {
    draw(figure, await dataOf(figure))
    figure.dataset.state = 'drawn'
  } catch (error) {
    const note = document.createElement('p')
    note.textContent = failure
    figure.appendChild(note)
    figure.dataset.state = 'failed'
    console.warn(error)
  }
}

document.querySelectorAll('figure[data-chart]').forEach(show)
