import type { Expectation } from '@kic/predictor'
import type { ReliabilityBin } from '@kic/trainer'
import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { Html } from './html.ts'
import type { ReportedMember } from './report-data.ts'

/** Colours are the page's custom properties, so that one picture serves the light and the dark scheme. */
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
  legend: {
    labelColor: 'currentColor',
    titleColor: 'currentColor',
    labelFontSize: 12,
    orient: 'bottom',
    columns: 3,
  },
  view: { stroke: null },
} as const

const SIZE = { width: 560, height: 280 } as const

/** Draws a Vega-Lite specification as inline SVG that grows with its place. */
const draw = async (label: string, spec: TopLevelSpec): Promise<Html> => {
  const view = new View(parse(compile(spec, { config: THEME }).spec), { renderer: 'none' })
  const svg = await view.toSVG()
  view.finalize()
  return new Html(
    svg.replace(/^<svg([^>]*?) width="\d+" height="\d+"/, `<svg$1 role="img" aria-label="${label}"`),
  )
}

/** Accuracy at a level against the share of answers that are coded without a person. */
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
        axis: { format: '%', title: 'accuracy among them' },
        scale: { zero: false },
      },
      order: { field: 'share' },
    },
  })

/** Accuracy of predictions against their confidence; on the dashed line they agree. */
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

/** Validation accuracy of every member over its epochs. */
export const learningCurves = (members: readonly ReportedMember[]): Promise<Html> =>
  draw('Validation accuracy of every member over its epochs', {
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
      color: { field: 'member', type: 'nominal', title: null, scale: { scheme: 'tableau20' }, sort: null },
    },
  })
