import { codeIndex, createClassification } from '@kic/classification'
import { drillDowns, type JudgedAnswers, levelConfusion, validationCurve, worstConfusions } from '@kic/scores'
import { expect, it } from 'vitest'
import { html } from './html.ts'
import { renderReport } from './render-report.ts'
import type { ReportData } from './report-data.ts'

const classification = createClassification('three levels', [
  {
    name: 'section',
    nodes: [
      { code: 'A', name: 'farms' },
      { code: 'B', name: 'mines' },
    ],
  },
  {
    name: 'division',
    nodes: [
      { code: '01', name: 'crops', parent: 'A' },
      { code: '02', name: 'wood', parent: 'A' },
      { code: '05', name: 'coal', parent: 'B' },
    ],
  },
  {
    name: 'group',
    nodes: [
      { code: '011', name: 'rice', parent: '01' },
      { code: '012', name: 'fruit', parent: '01' },
      { code: '021', name: 'forest', parent: '02' },
      { code: '051', name: 'pits', parent: '05' },
    ],
  },
])

/** Rows as [actual group, predicted group, text]. */
const judge = (
  rows: readonly (readonly [string, string, string])[],
): JudgedAnswers & { readonly texts: readonly string[] } => {
  const numbers = (level: string, which: 0 | 1) =>
    Int32Array.from(rows, (row) =>
      codeIndex(classification, level, row[which].slice(0, level === 'group' ? 3 : 2)),
    )
  const sections = (which: 0 | 1) => Int32Array.from(rows, (row) => (row[which].startsWith('05') ? 1 : 0))
  return {
    classification,
    predicted: { section: sections(1), division: numbers('division', 1), group: numbers('group', 1) },
    actual: { section: sections(0), division: numbers('division', 0), group: numbers('group', 0) },
    texts: rows.map((row) => row[2]),
  }
}

const judged = judge([
  ['011', '011', 'rice field'],
  ['011', '012', 'rice and plums'],
  ['011', '012', '<script>alert(1)</script>'],
  ['012', '021', 'orchard'],
  ['051', '051', 'pit'],
])

it('escapes every text except its own markup', () => {
  expect(html`<b title="${'"\'<>&'}">${[html`<i>${1}</i>`]}</b>`.source).toBe(
    '<b title="&quot;&#39;&lt;&gt;&amp;"><i>1</i></b>',
  )
})

it('renders a page without requests, and escapes hostile texts', async () => {
  const scores = { section: { accuracy: 0.8, macroF1: 0.7 }, group: { accuracy: 0.4, macroF1: 0.3 } }
  const hostile = '"><script>alert(1)</script>'
  const data: ReportData = {
    title: hostile,
    testName: hostile,
    testRows: 5,
    levels: ['section', 'division', 'group'],
    verdict: hostile,
    leads: {
      reference: hostile,
      level: hostile,
      leads: { [hostile]: { difference: 0.01, low: 0, high: 0.02 } },
    },
    systems: [
      { name: 'ensemble', levels: scores },
      { name: 'best member', levels: scores },
    ],
    members: [
      {
        name: hostile,
        level: 'group',
        description: hostile,
        parameters: 1e6,
        seconds: 1,
        scores,
        curve: [
          { epoch: 1, accuracy: 0.3 },
          { epoch: 2, accuracy: 0.4 },
        ],
      },
    ],
    techniques: [
      {
        technique: hostile,
        without: 'a',
        with: 'b',
        level: 'group',
        gain: { difference: -0.01, low: -0.02, high: 0.01 },
      },
    ],
    confusions: ['section', 'division'].map((level) => levelConfusion(judged, level)),
    drillDown: drillDowns(judged),
    worst: worstConfusions(judged, judged.texts),
    reliability: { bins: [{ confidence: 0.5, accuracy: 0.4, rows: 3 }], expectedCalibrationError: 0.1 },
    coverage: validationCurve(
      ['section', 'group'],
      [
        { confidence: 0.9, correct: { section: true, group: true } },
        { confidence: 0.5, correct: { section: true, group: false } },
      ],
    ),
    codedBy: hostile,
    review: { target: 0.95, level: hostile, below: null },
    facts: [{ name: hostile, value: hostile }],
  }
  const page = await renderReport(data)
  expect(page).not.toContain('<script')
  expect(page).not.toMatch(/(src|href)="(?!data:)/)
  expect(page).not.toMatch(/url\((?!#)/)
  expect(page).toContain('&lt;script&gt;alert(1)')
  expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(5)
})
