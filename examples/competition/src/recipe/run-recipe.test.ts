import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defined } from '@kic/core'
import { withOutputLock } from '@kic/core/node'
import { generateRows } from '@kic/korean-answers'
import type { Prediction } from '@kic/predictor'
import { loadPredictor } from '@kic/predictor/node'
import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeAll } from './conclude-run.ts'
import { type Recipe, smoke } from './recipe.ts'
import { REFERENCES } from './references.ts'
import type { Refit } from './refit.ts'
import { runRecipe } from './run-recipe.ts'
import type { RunRecipeOptions } from './run-recipe-options.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-recipe-'))
})
afterEach(() => rm(folder, { recursive: true }))

const said: string[] = []
const run = (recipe: Recipe, more: Partial<RunRecipeOptions> = {}): Promise<void> => {
  said.length = 0
  return runRecipe({
    recipe,
    data: join(folder, 'rows.txt'),
    output: join(folder, 'output'),
    engine: 'compiled',
    seed: 1,
    say: (line) => void said.push(line),
    ...more,
  })
}
const output = (file: string): Promise<string> => readFile(join(folder, 'output', file), 'utf8')

/** The competition's format: labelled rows, then rows to submit. */
const HEADER = 'AI_id|digit_1|digit_2|digit_3|text_obj|text_mthd|text_deal\n'
const LABELS = { '011': ['A', '01', '011'], '561': ['I', '56', '561'], '952': ['S', '95', '952'] } as const
const isUsed = (group: string): group is keyof typeof LABELS => Object.hasOwn(LABELS, group)
const labelled = Array.from(generateRows({ rows: 20_000, seed: 1 }))
  .flatMap(({ group, object, method, deal }) => (isUsed(group) ? [{ group, object, method, deal }] : []))
  .slice(0, 240)
const line = (id: number, labels: readonly string[], fields: readonly string[]): string =>
  `${[`id_${id}`, ...labels, ...fields].join('|')}\n`
const submitted = [
  ['식당에서', '음식판매', '한식'],
  ['카센터에서', '자동차수리', '정비'],
]
/** Known words in another order. */
const mixed = labelled.slice(0, 40).map(({ object, method, deal }) => [deal, method, object])
const rowsFile = (toSubmit: readonly (readonly string[])[] = submitted): string =>
  HEADER +
  labelled
    .map(({ group, object, method, deal }, i) => line(i, LABELS[group], [object, method, deal]))
    .join('') +
  toSubmit.map((fields, i) => line(1000 + i, ['', '', ''], fields)).join('')

const tiny: Recipe = {
  ...smoke,
  maxTrainingRows: 200,
  sizes: {
    small: {
      reading: 'characters',
      hidden: 16,
      layers: 1,
      heads: 1,
      initializerRange: 0.06,
      vocabulary: 300,
      ngramSizes: [1, 2, 3],
      ngramBuckets: 1021,
    },
  },
  fineTuning: { small: { epochs: 1, learningRate: 2e-3 } },
  members: smoke.members.filter(({ size }) => size === 'small'),
  ngrams: [
    ...smoke.ngrams,
    { name: 'group-ngrams', level: 'group', model: 'linear-svc', shortest: 1, longest: 2, C: 0.5 },
  ],
  references: REFERENCES.slice(0, 2),
}

const rowsWith = (...more: Parameters<typeof rowsFile>): Promise<void> =>
  writeFile(join(folder, 'rows.txt'), rowsFile(...more))
const stages = async (): Promise<string[]> => (await readdir(join(folder, 'output', 'stages'))).sort()

describe('runRecipe', () => {
  it('reruns only predictions if only rows to submit change, with the same result as a fresh run', async () => {
    await rowsWith()
    await run(tiny)
    const before = await stages()
    const member = defined(before.find((name) => name.startsWith('member-group-small-')))
    const config: object = JSON.parse(await output(join('stages', member, 'config.json')))
    expect(config).toMatchObject({
      id2label: { 0: '011', 1: '561', 2: '952' },
      label2id: { '011': 0, '561': 1, '952': 2 },
      kic: { head: 'ngram' },
    })
    await run(tiny)
    expect(said).toContain('16 of 16 stages are already done')

    await rowsWith([...submitted, ['분식점에서', '떡볶이･김밥', '판매']])
    await run(tiny, { combine: 'stacked' })
    expect(said).toContain('11 of 16 stages are already done')
    const added = (await stages()).filter((name) => !before.includes(name) && !name.startsWith('refit-'))
    expect(added.map((name) => name.replace(/-[0-9a-f]{12}$/, ''))).toEqual([
      'predictions-division-small',
      'predictions-group-naive-bayes',
      'predictions-group-ngrams',
      'predictions-group-small',
      'predictions-reference-svm-joined',
    ])

    await run(tiny, { output: join(folder, 'fresh'), combine: 'stacked' })
    for (const file of ['submission.csv', 'predictions.csv', 'model/ensemble.json']) {
      const fresh = await readFile(join(folder, 'fresh', file), 'utf8')
      expect(hashless(await output(file))).toBe(hashless(fresh))
    }
    for (const name of await stages()) {
      if (!name.startsWith('predictions-') || !added.includes(name)) continue
      for (const part of ['test', 'submit']) {
        const file = join('stages', name, `${part}.predictions.safetensors`)
        const [cached, fresh] = await Promise.all(
          ['output', 'fresh'].map((root) => readFile(join(folder, root, file))),
        )
        expect(cached?.equals(fresh ?? Buffer.alloc(0))).toBe(true)
      }
    }
  }, 240_000)

  it('writes a submission that cp949 cannot hold as UTF-8, with a byte order mark for spreadsheet programs', async () => {
    await rowsWith([['분식점에서', '떡볶이･김밥', '판매']])
    await run({ ...tiny, ngrams: [] }, { only: ['group-small'] })
    const [, row] = (await output('submission.csv')).split('\r\n')
    expect((await output('submission.csv')).startsWith('\uFEFF')).toBe(true)
    expect(row).toContain('떡볶이･김밥')
    expect(said).toContain('the submission is written in UTF-8, as cp949 lacks a character of its rows')
  }, 120_000)

  it('trains the chosen members and lets them vote, and trains others without a vote', async () => {
    await rowsWith()
    await run(tiny, { only: ['group-naive-bayes', 'division-small'] })
    const ensemble: { members: { name: string }[] } = JSON.parse(await output('model/ensemble.json'))
    expect(ensemble.members.map(({ name }) => name)).toContain('group-naive-bayes')
    await rm(join(folder, 'output', 'submission.csv'))
    await run(tiny, { only: ['division-small'] })
    expect(said).toContain('none of division-small knows group: made without a vote')
    await expect(output('submission.csv')).rejects.toThrow('ENOENT')
    await expect(run(tiny, { only: ['group-huge'] })).rejects.toMatchObject({
      code: 'example/option',
      message: expect.stringContaining('group-small'),
    })
  }, 120_000)

  it.each([
    ['selected', 'path'],
    ['stacked', 'stacked'],
  ] as const)(
    'packs the chosen ensemble, %s, as a model that gives the answers of predictions.csv, wherever it is copied',
    async (combine, scheme) => {
      const unusable = [
        ['restaurant', 'food', ''],
        ['123', '', ''],
        ['뷁', '쉙', '꿹'],
      ]
      await rowsWith([...submitted, ...unusable, ...mixed])
      await run(tiny, { combine })
      expect(JSON.parse(await output('model/ensemble.json')).scheme).toBe(scheme)
      const { combination, spacing, scores } = JSON.parse(await output('metrics.json'))
      expect(scores['reference: naive Bayes, no spaces']).toEqual(scores['group-naive-bayes'])
      expect(scores['reference: SVM, no spaces'].group.accuracy).toBeGreaterThan(0.7)
      expect(combination.kind).toBe(combine)
      expect(spacing.map(({ system }: { system: string }) => system)).toEqual([
        'best network, group-small',
        'published scheme',
        'chosen ensemble',
        'group-ngrams',
      ])
      // Characters without spaces are the same, however they were spaced; n-grams within words are not.
      expect(spacing[0]).toMatchObject({ joined: spacing[0].test, spaced: spacing[0].test })
      expect(await sameWithOtherSpaces('group-small')).toBe(true)
      expect(await sameWithOtherSpaces('group-ngrams')).toBe(false)
      expect(await output('report.html')).toContain('group-ngrams: n-grams within words')
      expect(said).toContain(
        `predictions: ${join(folder, 'output', 'predictions.csv')} (chosen ensemble, ${combine})`,
      )
      expect(await output('report.html')).toContain('as the option --combine demands')
      expect(await membersOfModel()).toContain('group-naive-bayes')
      const answers = await answersOfCopy()
      expect(answers.map(({ status }) => status).filter((status) => status === 'unusable').length).toBe(3)
      expect(await output('model/README.md')).toContain('Trained on 192 rows of rows.txt')
      expect(await readdir(join(folder, 'output'))).not.toContain('ensemble.json')
    },
    120_000,
  )

  it.each([['group-small-fusion'], ['group-small', 'division-small'], ['group-ngrams']])(
    'packs chosen voters of every kind: %s',
    async (...only) => {
      await rowsWith([...submitted, ...mixed])
      const [member] = tiny.members
      if (member === undefined) throw new Error('the recipe has no members')
      const fused = {
        ...member,
        name: 'group-small-fusion',
        head: 'mean',
        fusion: 'previous-level' as const,
      }
      await run({ ...tiny, members: [...tiny.members, fused] }, { only })
      expect(await membersOfModel()).toContain(only[0])
      await answersOfCopy()
    },
    120_000,
  )

  it('trains chosen voters again on training and validation rows, with the weights of the first training', async () => {
    await rowsWith([...submitted, ...mixed])
    const only = ['group-naive-bayes', 'group-small']
    const metricsWith = async (refit: Refit | undefined) => {
      await run(tiny, { only, refit })
      return JSON.parse(await output('metrics.json'))
    }
    const parametersOf = async (stage: string): Promise<number> => {
      const found = defined((await stages()).find((name) => name.startsWith(`${stage}-`)))
      return JSON.parse(await output(join('stages', found, 'member.json'))).parameters
    }
    const none = await metricsWith('none')
    const card = () => output('model/README.md')
    expect(none.refit).toEqual([])
    expect(await card()).not.toContain('Trained again')
    const names: string[] = none.chosen.map(({ name }: { name: string }) => name)
    expect(names).toContain('group-naive-bayes')

    await run({ ...tiny, modelBytes: 1 }, { only, refit: 'none' })
    const smallest = JSON.parse(await output('metrics.json'))
    expect(smallest.chosen.length).toBe(1)
    await answersOfCopy()

    const ngrams = await metricsWith(undefined)
    expect(ngrams.refit).toEqual(['group-naive-bayes'])
    expect(await card()).toContain(
      'Trained again on training and validation rows, with the same settings: group-naive-bayes.',
    )
    expect(await parametersOf('refit-group-naive-bayes')).toBeGreaterThan(
      await parametersOf('member-group-naive-bayes'),
    )
    await answersOfCopy()

    const all = await metricsWith('all')
    expect(all.refit).toEqual(names)
    for (const other of [ngrams, all]) expect(other.chosen).toEqual(none.chosen)
    expect(all.scores['group-naive-bayes']).toEqual(none.scores['group-naive-bayes'])
    await answersOfCopy()
  }, 120_000)

  it('trains models of each level on the names of its classes, if asked for', async () => {
    await rowsWith()
    await run(tiny, { classNames: true })
    expect(said).toContain('6 names of classes are added to 192 training rows')
    const { rows, members } = JSON.parse(await output('metrics.json'))
    expect(rows.train).toBe(198)
    expect(members).toHaveLength(4)
  }, 120_000)

  it('lets encoders learn generated rows first, and n-gram models learn them with the others', async () => {
    await rowsWith()
    const only = ['group-small', 'group-naive-bayes']
    const learned = async (name: string, more: Partial<RunRecipeOptions>) => {
      await run(tiny, { only, refit: 'none', output: join(folder, name), ...more })
      const root = join(folder, name, 'stages')
      const stage = defined((await readdir(root)).find((one) => one.startsWith('encoder')))
      const { rows, members } = JSON.parse(await readFile(join(folder, name, 'metrics.json'), 'utf8'))
      return {
        rows: rows.train,
        encoder: await readFile(join(root, stage, 'model.safetensors')),
        files: await readdir(join(root, stage)),
        parameters: members.map(({ parameters }: { readonly parameters: number }) => parameters),
      }
    }
    const alone = await learned('alone', {})
    const mixed = await learned('mixed', { mixGenerated: 20_000 })
    expect(said.join()).toMatch(/\d{3} generated rows are used beside 192 training rows/)
    expect(mixed.rows).toBe(alone.rows)
    expect(mixed.encoder.length).toBe(alone.encoder.length)
    expect(mixed.encoder.equals(alone.encoder)).toBe(false)
    expect(mixed.files).toEqual(alone.files)
    expect(mixed.parameters[0]).toBe(alone.parameters[0])
    expect(mixed.parameters[1]).toBeGreaterThan(2 * alone.parameters[1])
  }, 120_000)

  it('submits the answers of the published scheme, or of the chosen ensemble', async () => {
    await rowsWith([...submitted, ...mixed])
    const groups = async (file: string, column: string): Promise<(string | undefined)[]> =>
      table(await output(file)).map((row) => row[column])
    await run(tiny)
    expect(said.find((line) => line.includes('Members are combined by greedy weights'))).toContain(
      '24 validation rows are too few to judge a stack',
    )
    const published = await groups('submission.csv', 'digit_3')
    expect(said.find((line) => line.startsWith('submission:'))).toContain('vote of the published scheme')
    expect(JSON.parse(await output('metrics.json'))).toMatchObject({ submission: 'published' })
    await run(tiny, { submit: 'chosen' })
    const chosen = await groups('submission.csv', 'digit_3')
    expect(chosen).toEqual(await groups('predictions.csv', 'group'))
    expect(chosen).not.toEqual(published)
    expect(said.find((line) => line.startsWith('submission:'))).toContain('vote of the chosen ensemble')
    expect(JSON.parse(await output('metrics.json'))).toMatchObject({ submission: 'chosen' })
    expect(await output('report.html')).toContain('vote of the chosen ensemble')
  }, 120_000)

  describe('refuses before any computation', () => {
    const refuses = async (code: string, message: string, recipe = tiny, more = {}): Promise<void> => {
      await expect(run(recipe, more)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
      })
      expect(said.filter((line) => line.includes('stages to run'))).toEqual([])
    }

    it('an output folder that is a file, or has a folder in place of a file', async () => {
      await rowsWith()
      await writeFile(join(folder, 'file'), '')
      const expected = [join(folder, 'file'), join(folder, 'file', 'below')]
      for (const path of expected) await refuses('core/output', path, tiny, { output: path })
      await mkdir(join(folder, 'output', 'report.html'), { recursive: true })
      await refuses('core/output', 'report.html')
    })

    it('another run into the same folder', async () => {
      await rowsWith()
      const stages = join(folder, 'output', 'stages')
      await withOutputLock('another', stages, () => refuses('core/locked', `process ${process.pid} on`))
    })

    it('an id that is a formula', async () => {
      await writeFile(join(folder, 'rows.txt'), `${rowsFile()}=1+1||||식당에서|판매|\n`)
      await refuses('data/unsafe-id', '=1+1')
      expect(await readdir(folder)).toEqual(['rows.txt'])
    })

    it('a single class, and too few rows', async () => {
      const one = (rows: number): string =>
        Array.from({ length: rows }, (_, i) => line(i, LABELS[561], [`${i}번`, '음식', '판매'])).join('')
      await writeFile(join(folder, 'rows.txt'), HEADER + one(40))
      await refuses('example/too-few-classes', '561')
      await writeFile(join(folder, 'rows.txt'), HEADER + one(1) + line(9, LABELS['011'], ['벼', '재배', '']))
      await refuses('example/no-rows', '2 to train on')
    })

    it('a head that is not installed', async () => {
      await rowsWith()
      const members = tiny.members.map((one) => ({ ...one, head: 'missing' }))
      await expect(run({ ...tiny, members })).rejects.toMatchObject({ code: 'roberta/no-head' })
      expect(await stages().catch(() => [])).toEqual([])
    })
  })

  it('trains on two classes of one division, without the members of levels that have one class', async () => {
    const two = Array.from({ length: 120 }, (_, i) =>
      i % 2 === 0
        ? line(i, ['I', '56', '561'], [`${i}번 식당에서`, '음식', '판매'])
        : line(i, ['I', '56', '562'], [`${i}번 주점에서`, '주류', '판매']),
    )
    await writeFile(join(folder, 'rows.txt'), HEADER + two.join(''))
    await run(tiny, { combine: 'stacked' })
    expect(said).toContain('left out, as their level has one class alone: division-small')
    expect((await output('submission.csv')).split('\r\n')[1]).toMatch(/^id_\d+,I,56,56[12],/)
  }, 120_000)
})

const table = (csv: string): Record<string, string>[] => parse(csv, { columns: true, bom: true })

/** Members of the model of the last run. */
const membersOfModel = async (): Promise<string[]> => {
  const { members }: { members: { name: string }[] } = JSON.parse(await output('model/ensemble.json'))
  return members.map(({ name }) => name)
}

/** The answers of a copy of the model to the rows to submit, which are those of `predictions.csv`. */
const answersOfCopy = async (): Promise<readonly Prediction[]> => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'kic-copy-'))
  await cp(join(folder, 'output', 'model'), join(elsewhere, 'anywhere'), { recursive: true })
  const wanted = table(await output('predictions.csv'))
  const predictor = await loadPredictor(join(elsewhere, 'anywhere'))
  try {
    expect(predictor.info.warnings).toEqual([])
    expect(predictor.info.calibration).toMatchObject({ temperature: 1, curve: { rows: 24 } })
    const answers = await predictor.predict(wanted.map(({ text = '' }) => text.replace(/^'/, '')))
    expect(answers.length).toBeGreaterThan(0)
    for (const [i, answer] of answers.entries()) {
      const row = defined(wanted[i])
      if (answer.status === 'unusable') {
        expect(row).toMatchObject({ status: 'unusable', reason: answer.reason, group: '' })
        continue
      }
      for (const [level, { code, confidence }] of Object.entries(answer.codes)) {
        expect(row[level]).toBe(code)
        expect(Math.abs(Number(row[`${level}_confidence`]) - confidence)).toBeLessThan(1e-4)
      }
    }
    return answers
  } finally {
    await predictor.dispose()
    await rm(elsewhere, { recursive: true })
  }
}

/** Whether a voter predicts the same of test rows with other spaces. */
const sameWithOtherSpaces = async (name: string): Promise<boolean> => {
  const stages = join(folder, 'output', 'stages')
  const stage = defined((await readdir(stages)).find((one) => one.startsWith(`predictions-${name}-`)))
  const [test, spaced] = await Promise.all(
    ['test', 'spaced'].map((part) => readFile(join(stages, stage, `${part}.predictions.safetensors`))),
  )
  return defined(test).equals(defined(spaced))
}

/** A text without the digests of stages. */
const hashless = (text: string): string => text.replace(/-[0-9a-f]{12}\b/g, '')

describe('writeAll', () => {
  it('writes the other files if one fails, and throws its error afterwards', async () => {
    const written: string[] = []
    const writers = {
      report: async (path: string) => void written.push(path),
      submission: async () => {
        throw new Error('disk full')
      },
      predictions: async (path: string) => void written.push(path),
    }
    const paths = { report: 'r', submission: 's', predictions: 'p' }
    await expect(writeAll(writers, paths)).rejects.toThrow('disk full')
    expect(written).toEqual(['r', 'p'])
  })
})
