import type { Expectation, ReliabilityBin } from '@kic/scores'
import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { Html, html } from './html.ts'
import type { ReportedMember } from './report-data.ts'

/** Colours are the page's custom properties, so one picture fits the light and the dark scheme. */
const THEME = {
  background: 'transparent',
  font: 'inherit',
  axis: {
    labelColor: 'currentColor',
    titleColor: 'currentColor',
    domainColor: 'var(--line)',
    tickColor: 'var(--line)',
    gridColor: 'var(--line)',
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
  },
  view: { stroke: null },
} as const

/** Tableau's twenty, alternating dark and light. */
const COLOURS = [
  '#4c78a8',
  '#9ecae9',
  '#f58518',
  '#ffbf79',
  '#54a24b',
  '#88d27a',
  '#b79a20',
  '#f2cf5b',
  '#439894',
  '#83bcb6',
  '#e45756',
  '#ff9d98',
  '#79706e',
  '#bab0ac',
  '#d67195',
  '#fcbfd2',
  '#b279a2',
  '#d6a5c9',
  '#9e765f',
  '#d8b5a5',
] as const

const SIZE = { width: 400, height: 240 } as const

/** Draws a Vega-Lite specification as inline SVG that scales with its container. */
const draw = async (label: string, spec: TopLevelSpec): Promise<Html> => {
  const view = new View(parse(compile(spec, { config: THEME }).spec), { renderer: 'none' })
  const svg = await view.toSVG()
  view.finalize()
  return new Html(
    svg.replace(/^<svg([^>]*?) width="\d+" height="\d+"/, `<svg$1 role="img" aria-label="${label}"`),
  )
}

/** Accuracy at a level against the share of answers coded automatically. */
export const coverageChart = (points: readonly Expectation[], level: string): Promise<Html> =>
  draw('Accuracy against the share of answers coded automatically', {
    ...SIZE,
    data: {
      values: points.map(({ automatic, accuracy }) => ({
        share: automatic,
        accuracy: accuracy[level]?.accuracy,
      })),
    },
    mark: { type: 'line', stroke: 'var(--accent)', strokeWidth: 2.5 },
    encoding: {
      x: {
        field: 'share',
        type: 'quantitative',
        axis: { format: '%', title: 'answers coded automatically' },
        scale: { domain: [0, 1] },
      },
      y: {
        field: 'accuracy',
        type: 'quantitative',
        axis: { format: '%', title: 'accuracy of these' },
        scale: { zero: false },
      },
      order: { field: 'share' },
    },
  })

/** Accuracy of predictions against their confidence; the dashed line is perfect calibration. */
export const reliabilityChart = (bins: readonly ReliabilityBin[]): Promise<Html> =>
  draw('Accuracy of predictions against their confidence', {
    ...SIZE,
    layer: [
      {
        data: {
          values: [
            { confidence: 0, accuracy: 0 },
            { confidence: 1, accuracy: 1 },
          ],
        },
        mark: { type: 'line', stroke: 'var(--muted)', strokeDash: [5, 5] },
        encoding: {
          x: { field: 'confidence', type: 'quantitative' },
          y: { field: 'accuracy', type: 'quantitative' },
        },
      },
      {
        data: { values: bins.filter(({ rows }) => rows > 0) },
        mark: { type: 'circle', color: 'var(--accent)', opacity: 0.9 },
        encoding: {
          x: {
            field: 'confidence',
            type: 'quantitative',
            axis: { format: '%', title: 'confidence' },
            scale: { domain: [0, 1] },
          },
          y: {
            field: 'accuracy',
            type: 'quantitative',
            axis: { format: '%', title: 'accuracy' },
            scale: { domain: [0, 1] },
          },
          size: { field: 'rows', type: 'quantitative', legend: null, scale: { range: [30, 400] } },
        },
      },
    ],
  })

/** Validation accuracy of every member over its epochs, with a legend below. */
export const learningCurves = async (members: readonly ReportedMember[]): Promise<Html> => {
  const names = members.map(({ name }) => name)
  const chart = await draw('Validation accuracy of every member over its epochs', {
    ...SIZE,
    data: {
      values: members.flatMap(({ name, curve }) =>
        curve.map(({ epoch, accuracy }) => ({ member: name, epoch, accuracy })),
      ),
    },
    mark: { type: 'line', point: { size: 25 } },
    encoding: {
      x: { field: 'epoch', type: 'quantitative', axis: { title: 'epoch', tickMinStep: 1 } },
      y: {
        field: 'accuracy',
        type: 'quantitative',
        axis: { format: '%', title: 'validation accuracy' },
        scale: { zero: false },
      },
      color: {
        field: 'member',
        type: 'nominal',
        legend: null,
        scale: { domain: names, range: [...COLOURS] },
      },
    },
  })
  // Long names in the chart's own legend would leave little space for the chart.
  return html`${chart}<ul class="legend">${names.map((name, i) => html`<li><i style="background:${COLOURS[i % COLOURS.length]}"></i>${name}</li>`)}</ul>`
}
