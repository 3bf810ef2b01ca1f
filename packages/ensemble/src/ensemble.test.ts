import { inMemory, type Probabilities } from '@kic/scores'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coarser } from './coarser.ts'
import { decodePath } from './decode-path.ts'
import { type EnsembleInput, ensembleWithin, parseEnsemble } from './ensemble.ts'
import { selectMembers } from './select-members.ts'
import { vote } from './vote.ts'

const sound: EnsembleInput = {
  format: 'kic-ensemble',
  version: 1,
  scheme: 'published',
  levels: [
    { name: 'section', labels: ['A', 'B'] },
    { name: 'division', labels: ['01', '02', '05'], parents: [0, 0, 1] },
    { name: 'group', labels: ['011', '012', '021', '051'], parents: [0, 0, 1, 2] },
  ],
  members: [
    { name: 'one', level: 'group', model: 'models/one' },
    { name: 'two', level: 'division', weight: 2, predictions: 'predictions/two.safetensors' },
  ],
}
const rows = (...data: number[][]): Probabilities => ({
  rows: data.length,
  classes: data[0]?.length ?? 0,
  data: Float32Array.from(data.flat()),
})
const refused = (json: unknown, message: RegExp): void => {
  expect(() => parseEnsemble(json)).toThrowError(
    expect.objectContaining({ code: 'ensemble/file', message: expect.stringMatching(message) }),
  )
}
const [section, division, group] = sound.levels
const changed = (changes: object): unknown => ({ ...sound, ...changes })

describe('parseEnsemble', () => {
  it('fills in defaults', () => {
    const { space, members } = parseEnsemble(sound)
    expect(space).toBe('probability')
    expect(members[0]).toEqual({
      name: 'one',
      level: 'group',
      model: 'models/one',
      weight: 1,
      temperature: 1,
    })
    expect(parseEnsemble(JSON.parse(JSON.stringify(parseEnsemble(sound))))).toEqual(parseEnsemble(sound))
  })

  it('quickly refuses long or invalid lists, in one sentence', () => {
    const many = (length: number): string[] => Array.from({ length }, (_, i) => `${i}`)
    const level = (labels: unknown): unknown => changed({ levels: [{ name: 'group', labels }] })
    refused(level(many(100_001)), /levels\.0\.labels.*100000/)
    refused(level([1, 2]), /levels\.0\.labels/)
    refused(level(many(10).concat('x'.repeat(201))), /levels\.0\.labels/)
    refused(changed({ levels: many(17) }), /levels: at most 16 entries .* received 17/)
    refused(changed({ members: many(10_001) }), /members: .* received 10001/)
    refused(changed({ members: [{ name: 'a', level: 'group', weight: Number.NaN }] }), /members\.0\.weight/)
    refused(changed({ ['x'.repeat(1e6)]: 1 }), /^.{0,700}$/s)
    const levels = [{ name: 'group', labels: many(100_000) }]
    const started = performance.now()
    parseEnsemble(changed({ scheme: 'path', levels, members: [{ name: 'a', level: 'group' }] }))
    // A pairwise comparison of labels takes half a minute.
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('refuses unknown keys and invalid values', () => {
    refused([], /the file/)
    refused(changed({ version: 2 }), /version/)
    refused(changed({ colour: 'red' }), /colour/)
    refused(changed({ scheme: 'loudest' }), /scheme/)
    refused(changed({ members: [{ name: 'a', level: 'group', wieght: 2 }] }), /members\.0.*wieght/)
    refused(changed({ members: [{ name: 'a', level: 'group', weight: -1 }] }), /members\.0\.weight/)
    refused(changed({ members: [{ name: 'a', level: 'group', temperature: 0 }] }), /members\.0\.temperature/)
  })

  it('knows files in common and budgets, and refuses those of other places and members', () => {
    const files = { 'members/a/tokenizer.json': 'shared/tokenizer.json' }
    expect(parseEnsemble(changed({ files })).files).toEqual(files)
    for (const bad of [{ '../a': 'shared/a' }, { a: '/etc/passwd' }, { a: 1 }, ['a']])
      refused(changed({ files: bad }), /^parseEnsemble: files: files must be/)
    const budget = (members: unknown, changes: object = {}) => ({
      budgets: { fast: { members, accuracy: 0.5, rowsPerSecond: 10, ...changes } },
    })
    const ensemble = parseEnsemble(changed(budget([{ name: 'one', weight: 3, temperature: 2 }])))
    expect(ensembleWithin(ensemble, 'fast').members).toEqual([
      { ...ensemble.members[0], weight: 3, temperature: 2 },
    ])
    expect(() => ensembleWithin(ensemble, 'best')).toThrow(
      expect.objectContaining({
        code: 'ensemble/budget',
        message: expect.stringContaining('fast, received best'),
      }),
    )
    refused(changed(budget([{ name: 'three' }])), /budgets\.fast\.members: .* received 'three'/)
    refused(changed(budget([{ name: 'two' }])), /budgets\.fast\.members: a member of the finest level/)
    refused(changed(budget([{ name: 'one' }, { name: 'one' }])), /budgets\.fast\.members\.1\.name/)
    refused(changed(budget([{ name: 'one' }], { accuracy: 2 })), /budgets\.fast\.accuracy/)
    refused(changed({ budgets: { cheap: {} } }), /budgets/)
  })

  it('refuses paths that leave the folder', () => {
    for (const model of ['/etc', '../x', 'a/../../x', 'C:\\x', '\\\\host\\x', 'a\\..\\..\\x', '']) {
      refused(changed({ members: [{ name: 'a', level: 'group', model }] }), /members\.0\.model/)
    }
  })

  it('refuses levels without a hierarchy, and members without a level', () => {
    refused(
      changed({ levels: [section, division, { ...group, parents: [0, 0, 1] }] }),
      /4 classes need as many parents/,
    )
    refused(
      changed({ levels: [section, { ...division, parents: [0, 0, 2] }, group] }),
      /the 2 classes of 'section', received 2/,
    )
    refused(changed({ levels: [{ ...section, parents: [0, 0] }, division, group] }), /no parents/)
    refused(changed({ levels: [section, { ...division, parents: undefined }, group] }), /received none/)
    refused(
      changed({ levels: [section, { ...division, labels: ['01', '01', '05'] }, group] }),
      /received '01' twice/,
    )
    refused(changed({ levels: [section, { ...division, name: 'section' }, group] }), /levels\.1\.name/)
    refused(
      changed({ members: [{ name: 'a', level: 'class' }] }),
      /one of section, division, group, received 'class'/,
    )
    refused(changed({ members: [{ name: 'a', level: 'division' }] }), /a member of the finest level/)
    refused(changed({ members: [{ name: 'a', level: 'group', weight: 0 }] }), /a member of the finest level/)
    refused(changed({ members: [...sound.members, { name: 'one', level: 'group' }] }), /members\.2\.name/)
    refused(changed({ members: [...sound.members, { name: 's', level: 'section' }] }), /use 'path'/)
    const two = {
      levels: [section, { ...division, name: 'group' }],
      members: [{ name: 'a', level: 'group' }],
    }
    refused(changed(two), /three levels, received 2/)
    expect(() => parseEnsemble(changed({ ...two, scheme: 'path' }))).not.toThrow()
  })

  it('accepts or refuses any JSON, and never fails in another way', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(sound)), (value, key) => {
        for (const json of [value, { ...sound, [key]: value }]) {
          try {
            parseEnsemble(json)
          } catch (error) {
            expect(error).toMatchObject({ code: 'ensemble/file' })
          }
        }
      }),
    )
  })
})

describe('vote', () => {
  it('ignores members of weight 0, and applies temperatures', () => {
    const ensemble = parseEnsemble({
      ...sound,
      scheme: 'path',
      members: [
        { name: 'sure', level: 'group', temperature: 4 },
        { name: 'other', level: 'group' },
        { name: 'silent', level: 'group', weight: 0 },
      ],
    })
    const sure = rows([0.97, 0.01, 0.01, 0.01])
    const other = rows([0.05, 0.05, 0.05, 0.85])
    const silent = rows([0, 0, 1, 0])
    // 0.97^¼ : 0.01^¼ is 0.99 : 0.32, so 0.51 after scaling. The other member wins with 0.85.
    const { levels, finest } = vote(ensemble, [sure, other, silent])
    expect(levels.group?.classes).toEqual(Int32Array.of(3))
    expect(levels.section?.classes).toEqual(Int32Array.of(1))
    expect(finest.data[0]).toBeCloseTo((0.97 ** 0.25 / (0.97 ** 0.25 + 3 * 0.01 ** 0.25) + 0.05) / 2, 5)
    expect(finest.data[2]).toBeLessThan(0.12)
  })

  it('refuses predictions with other rows, classes or members', () => {
    const ensemble = parseEnsemble(sound)
    const one = rows([0, 0, 0, 1])
    const code = expect.objectContaining({ code: 'ensemble/shape' })
    expect(() => vote(ensemble, [one])).toThrowError(code)
    expect(() => vote(ensemble, [one, one])).toThrowError(code)
    expect(() => vote(ensemble, [one, rows([0, 0, 1], [0, 0, 1])])).toThrowError(code)
    expect(() => vote(ensemble, [one, rows([0, 0, 1])])).not.toThrow()
  })
})

describe('levels', () => {
  const level = (ofClass: readonly number[], classes: number) => ({
    name: 'coarse',
    labels: Array.from({ length: classes }, (_, c) => `C${c}`),
    ofClass: Int32Array.from(ofClass),
  })

  it('sums probabilities up to a coarser level', () => {
    const sums = coarser(rows([0.1, 0.2, 0.3, 0.4], [1, 0, 0, 0]), level([0, 0, 1, 2], 3))
    expect([...sums.data].map((x) => Math.round(x * 1e6) / 1e6)).toEqual([0.3, 0.3, 0.4, 1, 0, 0])
  })

  it('takes the first of equal paths, weights levels, and handles zeros', () => {
    const finest = rows([0.4, 0.4, 0.2], [0, 0, 1])
    const coarse = { probabilities: rows([0.3, 0.7], [1, 0]), level: level([0, 0, 1], 2) }
    expect(decodePath(finest, [])).toEqual(Int32Array.of(0, 2))
    expect(decodePath(finest, [coarse])).toEqual(Int32Array.of(2, 0))
    expect(decodePath(finest, [{ ...coarse, weight: 0.1 }])).toEqual(Int32Array.of(0, 2))
  })

  it('refuses hierarchies that do not match', () => {
    const finest = rows([0.5, 0.5])
    const refusedLevel = (ofClass: number[], probabilities = rows([1, 0]), weight = 1) => {
      return expect(() => decodePath(finest, [{ probabilities, level: level(ofClass, 2), weight }]))
    }
    refusedLevel([0]).toThrowError(expect.objectContaining({ code: 'ensemble/hierarchy' }))
    refusedLevel([0, 2]).toThrowError(expect.objectContaining({ code: 'ensemble/hierarchy' }))
    refusedLevel([0, -1]).toThrowError(expect.objectContaining({ code: 'ensemble/hierarchy' }))
    refusedLevel([0, 1], rows([1, 0], [1, 0])).toThrowError(
      expect.objectContaining({ code: 'ensemble/shape' }),
    )
    refusedLevel([0, 1], rows([1, 0]), -1).toThrowError(expect.objectContaining({ code: 'ensemble/weights' }))
    refusedLevel([0, 1], rows([1])).toThrowError(expect.objectContaining({ code: 'ensemble/shape' }))
    expect(() => coarser(finest, level([0, 1], 1))).toThrowError(/one of the 1 classes of 'coarse'/)
  })
})

describe('labels of held-out rows', () => {
  const source = inMemory([rows([0.6, 0.4], [0.3, 0.7], [0.9, 0.1])])

  it('may be missing for some rows', async () => {
    const known = Int32Array.of(0, 1, -1)
    expect((await selectMembers(source, known, { rounds: 1 })).scores).toEqual([1])
  })

  it('must match the rows and the classes', async () => {
    for (const labels of [
      [0, 1],
      [0, 1, 2],
      [-1, -1, -1],
    ]) {
      const code = expect.objectContaining({ code: 'ensemble/labels' })
      await expect(selectMembers(source, Int32Array.from(labels))).rejects.toThrowError(code)
    }
    const labels = Int32Array.of(0, 1, 0)
    const rounds = selectMembers(source, labels, { rounds: 0 })
    await expect(rounds).rejects.toThrowError(expect.objectContaining({ code: 'ensemble/rounds' }))
    const options: object = { metric: 'luck' }
    const metric = selectMembers(source, labels, options)
    await expect(metric).rejects.toThrowError(expect.objectContaining({ code: 'ensemble/metric' }))
  })
})

describe.each(['path', 'published'] as const)('the temperature of a vote (%s)', (scheme) => {
  it('changes how sure an answer is, and no answer', () => {
    const ensemble = parseEnsemble(changed({ scheme }))
    const members = [rows([0.5, 0.3, 0.1, 0.1], [0.1, 0.1, 0.2, 0.6]), rows([0.2, 0.5, 0.3], [0.1, 0.1, 0.8])]
    const [raw, soft] = [vote(ensemble, members), vote(ensemble, members, 2)]
    expect(vote(ensemble, members, 1)).toEqual(raw)
    for (const { name } of ensemble.levels)
      expect(soft.levels[name]?.classes).toEqual(raw.levels[name]?.classes)
    const roots = [0.1, 0.1, 0.2, 0.6].map(Math.sqrt)
    const sum = roots.reduce((a, b) => a + b)
    for (const [c, root] of roots.entries()) expect(soft.finest.data[4 + c]).toBeCloseTo(root / sum, 6)
    expect(soft.levels.group?.confidence[1]).toBeCloseTo((roots[3] ?? 0) / sum, 6)
  })
})
