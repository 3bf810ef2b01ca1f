import { codesOf, levelNames } from '@kic/classification'
import { ksic10, ksic10Occurring, ksicScript } from '@kic/classification/ksic'
import { expect, it } from 'vitest'
import { assumedNotes } from './assumed-notes.ts'
import { CONFIG_PLACE, classTree } from './class-tree.ts'
import { notesJson, parseNotes } from './model-notes.ts'

const known = [{ classification: ksic10, script: ksicScript }]

const levelsOf = (labels: readonly string[], classification?: string): readonly string[] =>
  classTree(
    assumedNotes('runs/x', { names: labels, place: CONFIG_PLACE, classification }, known).notes
      .classification,
    labels,
  ).levels

it.each([
  [['A', 'B', 'C']],
  [['A', 'C', 'G']],
  [['01', '02', '03']],
  [['positive', 'negative']],
  [['A', '해당 없음']],
])('treats %j as the model’s own labels', (labels) => {
  const { notes, warning } = assumedNotes('runs/x', { names: labels, place: CONFIG_PLACE }, known)
  expect(levelsOf(labels)).toEqual(['label'])
  expect(notes).toMatchObject({ script: undefined, classification: { name: 'labels' } })
  expect(warning).toMatch(/^runs\/x has no kic\.json .* count as its own labels/)
  // A written file needs no assumption.
  expect(parseNotes(JSON.parse(JSON.stringify(notesJson(notes))))).toEqual(notes)
})

const codes: readonly (readonly [labels: readonly string[], level: string])[] = [
  [['01', '95'], 'division'],
  [['952', '012'], 'group'],
  [['011'], 'group'],
  ...[ksic10, ksic10Occurring].flatMap((classification) =>
    levelNames(classification).map((level) => [codesOf(classification, level), level] as const),
  ),
]

it.each(codes)('treats %j as codes of KSIC', (labels, level) => {
  expect(levelsOf(labels).at(-1)).toBe(level)
  expect(assumedNotes('runs/x', { names: labels, place: CONFIG_PLACE }, known).warning).toContain(
    'count as codes of KSIC rev. 10',
  )
})

it('treats all labels as the model’s own if no classification is known', () => {
  const { notes, warning } = assumedNotes(
    'runs/x',
    { names: ['011', '012'], place: CONFIG_PLACE, classification: ksic10.name },
    [],
  )
  expect(levelNames(notes.classification)).toEqual(['label'])
  expect(warning).toContain('count as its own labels')
})

it('follows config.json', () => {
  expect(levelsOf(['A', 'B', 'C'], ksic10.name)).toEqual(['section'])
  expect(
    assumedNotes(
      'runs/x',
      { names: ['A', 'B', 'C'], place: CONFIG_PLACE, classification: ksic10.name },
      known,
    ).warning,
  ).toBeUndefined()
})

it.each([
  [['LABEL_0', 'LABEL_1'], "received 'LABEL_0', 'LABEL_1'"],
  [['good', 'good'], "received 'good', 'good'"],
  [['good', ''], "received 'good', ''"],
  [[], 'received none'],
  [['011', '012', '453', '999'], "received '999'"],
])('refuses %j', (labels, message) => {
  expect(() => levelsOf(labels)).toThrowError(
    expect.objectContaining({ code: 'predictor/labels', message: expect.stringContaining(message) }),
  )
})
