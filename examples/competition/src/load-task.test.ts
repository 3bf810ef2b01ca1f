import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labelsOf } from '@kic/classification'
import { joinFields } from '@kic/data'
import { generateRows } from '@kic/korean-answers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { labelledAt } from './class-name-rows.ts'
import { loadTask, type Task, type TaskSize } from './load-task.ts'
import { withCopies } from './recipe/fine-tuning.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-task-'))
})
afterAll(() => rm(folder, { recursive: true }))

const HEADER = 'AI_id|digit_1|digit_2|digit_3|text_obj|text_mthd|text_deal\n'
const LABELS: Readonly<Record<string, string>> = { '011': 'A|01|011', '561': 'I|56|561', '952': 'S|95|952' }
const answers = Array.from(generateRows({ rows: 20_000, seed: 1 })).flatMap(
  ({ group, object, method, deal }) =>
    LABELS[group] === undefined ? [] : [`${LABELS[group]}|${object}|${method}|${deal}`],
)
/** The competition's format: labelled rows, and two rows to submit. */
const taskOf = async (
  name: string,
  change: (text: string) => string,
  more = '',
  size: Partial<TaskSize> = {},
): Promise<Task> => {
  const file = join(folder, name)
  const rows = [...answers.slice(0, 200), '|||논에서|재배|쌀', '|||카센터에서||정비']
  const lines = rows.map((cells, i) => `id_${i}|${change(cells)}\n`)
  await writeFile(file, HEADER + lines.join('') + more)
  return loadTask({ name: 'test', generatedRows: 1, maxTrainingRows: 1000, ...size }, 1, file)
}
const noisy = (text: string): string => text.normalize('NFD').replaceAll(' ', '\u00a0\u200b')

it('makes the same task from texts that look alike', async () => {
  const clean = await taskOf('clean.txt', (text) => text)
  const blank = 'id_x|A|01|011|\u3164|\u200b|\nid_y||||\u3164||\n'
  const task = await taskOf('noisy.txt', noisy, blank)
  const texts = (part: 'train' | 'validation' | 'test' | 'submit', of: Task): string[] =>
    of[part].map(({ text }) => text)
  for (const part of ['train', 'validation', 'test'] as const)
    expect(texts(part, task), part).toEqual(texts(part, clean))
  // Every row to submit gets an answer.
  expect(texts('submit', task)).toEqual([...texts('submit', clean), ''])
  expect(task.notes.join()).toContain('1 rows are left out')
  const copied = ({ train }: Task) =>
    withCopies(train, { copies: 1, rates: { splitWords: 1 } }, 1).map(({ text }) => text)
  expect(copied(task)).toEqual(copied(clean))
})

it('leaves generated rows unchanged by preparation', async () => {
  const { train, validation } = await loadTask({ name: 'test', generatedRows: 9200, maxTrainingRows: 1 }, 3)
  for (const { text, fields } of [...train, ...validation])
    expect(text).toBe(fields === undefined ? '' : joinFields(fields))
})

it('generates rows of the same groups beside the others', async () => {
  const same = (text: string): string => text
  // The generator has no rows of households.
  const household = 'id_h|T|97|970|가정에서|가사를 도움|\n'
  const [plain, mixed] = [
    await taskOf('plain.txt', same, household),
    await taskOf('mixed.txt', same, household, { mixGenerated: 9200 }),
  ]
  const groups = new Set(plain.train.map(({ labels }) => labels?.group).filter((group) => group !== '970'))
  const added = mixed.generated
  expect(mixed.train).toEqual(plain.train)
  expect(plain.generated).toEqual([])
  expect(added.length).toBeGreaterThan(100)
  expect(added.length).toBeLessThan(9200)
  expect(new Set(added.map(({ labels }) => labels?.group))).toEqual(groups)
  expect([mixed.validation, mixed.test]).toEqual([plain.validation, plain.test])
  expect(mixed.notes.join()).toContain(`${added.length} generated rows are used beside`)
})

it('adds the names of groups and divisions to the training rows alone', async () => {
  const same = (text: string): string => text
  const [plain, named] = [
    await taskOf('unnamed.txt', same),
    await taskOf('named.txt', same, '', { classNames: true }),
  ]
  const added = named.train.slice(plain.train.length)
  expect(named.train.slice(0, plain.train.length)).toEqual(plain.train)
  expect(added.map(({ labels }) => labels)).toEqual([
    ...['01', '56', '95'].map((code) => labelsOf(plain.classification, 'division', code)),
    ...['011', '561', '952'].map((code) => labelsOf(plain.classification, 'group', code)),
  ])
  expect(added.at(-3)?.text).toContain('작물')
  expect(labelledAt(added, 'group')).toHaveLength(3)
  expect([named.validation, named.test, named.submit]).toEqual([plain.validation, plain.test, plain.submit])
  expect(named.notes.join()).toContain(`6 names of classes are added to ${plain.train.length} training rows`)
})

it('mixes generated rows with those of KSIC alone', async () => {
  const size = { name: 'test', generatedRows: 9200, maxTrainingRows: 100, mixGenerated: 9200 }
  await expect(loadTask(size, 1, 'naics')).rejects.toMatchObject({ code: 'example/option' })
  await expect(loadTask(size, 1)).rejects.toMatchObject({ code: 'example/option' })
})
