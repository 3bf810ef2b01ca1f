import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClassification, numberedLevels } from '@kic/classification'
import { createRandom } from '@kic/core'
import { argMaxRows, type Probabilities, softmaxRows } from '@kic/scores'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EnsembleInput, parseEnsemble } from '../ensemble.ts'
import { softVote } from '../soft-vote.ts'
import { loadEnsemble, saveEnsemble, voteOnStored } from '../stored-ensemble.ts'
import { writePredictions } from '../stored-predictions.ts'
import { vote } from '../vote.ts'
import { chooseEnsemble } from './choose-ensemble.ts'
import { membersAtLevel } from './members-at-level.ts'
import { stackEnsemble } from './stack-ensemble.ts'
import { stackedVote } from './stacked-vote.ts'

const node = (code: string, parent?: string) => ({
  code,
  name: code,
  ...(parent !== undefined && { parent }),
})
const classification = createClassification('three levels', [
  { name: 'section', nodes: [node('A'), node('B')] },
  { name: 'division', nodes: [node('01', 'A'), node('02', 'A'), node('05', 'B')] },
  {
    name: 'group',
    nodes: ['011', '012', '021', '022', '051', '052'].map((code) => node(code, code.slice(0, 2))),
  },
])
const levels = numberedLevels(classification)
const DIVISION_OF = [0, 0, 1, 1, 2, 2]
const SECTION_OF = [0, 0, 0, 0, 1, 1]

const truthOf = (rows: number, seed: number) => {
  const random = createRandom(seed, 'truth')
  const group = Int32Array.from({ length: rows }, () => random.int(6))
  return {
    group,
    division: group.map((g) => DIVISION_OF[g] ?? 0),
    section: group.map((g) => SECTION_OF[g] ?? 0),
  }
}
const member = (labels: Int32Array, classes: number, signal: number, seed: number): Probabilities => {
  const random = createRandom(seed, 'member')
  const logits = Float64Array.from(
    { length: labels.length * classes },
    (_, i) => random.normal() + (i % classes === labels[Math.floor(i / classes)] ? signal : 0),
  )
  return { rows: labels.length, classes, data: softmaxRows(logits, classes) }
}
const truth = truthOf(500, 1)
const candidates = [
  { name: 'good', level: 'group', probabilities: member(truth.group, 6, 2, 1) },
  { name: 'other', level: 'group', probabilities: member(truth.group, 6, 1, 2) },
  { name: 'division', level: 'division', probabilities: member(truth.division, 3, 2, 3) },
]
const accuracyOf = (found: Int32Array | undefined, wanted: Int32Array): number =>
  wanted.filter((label, row) => label === found?.[row]).length / wanted.length

describe('stackedVote', () => {
  it('is the softmax of weighted logarithms, biases and deviations', () => {
    const one = { rows: 1, classes: 2, data: Float32Array.of(0.25, 0.75) }
    const two = { rows: 1, classes: 2, data: Float32Array.of(0.5, 0.5) }
    const odds = ({ data: [a = 0, b = 0] }: Probabilities): number => Math.log(b / a)
    expect(odds(stackedVote({ weights: [2, 5] }, [one, two]))).toBeCloseTo(2 * Math.log(3), 5)
    expect(odds(stackedVote({ weights: [2, 5], bias: [1, 0] }, [one, two]))).toBeCloseTo(
      2 * Math.log(3) - 1,
      5,
    )
    const deviations = [
      [0, 1],
      [0, 0],
    ]
    expect(odds(stackedVote({ weights: [2, 5], deviations }, [one, two]))).toBeCloseTo(
      3 * Math.log(0.75) - 2 * Math.log(0.25),
      5,
    )
  })

  it('equals the soft vote of logarithms where weights sum to 1', () => {
    const members = candidates.slice(0, 2).map(({ probabilities }) => probabilities)
    const wanted = softVote(members, { weights: [3, 1], space: 'log' }).data
    stackedVote({ weights: [0.75, 0.25] }, members).data.forEach((p, i) => {
      expect(p).toBeCloseTo(wanted[i] ?? Number.NaN, 5)
    })
  })

  it('reads coarser members by the class above, finer ones by sums', () => {
    const group = { rows: 1, classes: 6, data: Float32Array.of(0.1, 0.2, 0.1, 0.1, 0.3, 0.2) }
    const division = { rows: 1, classes: 3, data: Float32Array.of(0.7, 0.1, 0.2) }
    const members = [
      { level: 'group', probabilities: group },
      { level: 'division', probabilities: division },
    ]
    const finest = stackedVote({ weights: [1, 1] }, membersAtLevel(levels, 'group', members)).data
    const products = [0.07, 0.14, 0.01, 0.01, 0.06, 0.04]
    products.forEach((product, c) => {
      expect(finest[c]).toBeCloseTo(product / 0.33, 5)
    })
    const coarse = stackedVote({ weights: [1, 1] }, membersAtLevel(levels, 'division', members)).data
    const sums = [0.3 * 0.7, 0.2 * 0.1, 0.5 * 0.2]
    sums.forEach((product, c) => {
      expect(coarse[c]).toBeCloseTo(product / 0.33, 5)
    })
  })

  it('says the same of float16’s least number and of nothing', () => {
    const members = [0, 2 ** -24].map((least) => [{ rows: 1, classes: 2, data: Float32Array.of(least, 1) }])
    const [nothing, least] = members.map((given) => stackedVote({ weights: [0.7] }, given))
    expect(nothing).toEqual(least)
  })

  it('refuses a stack of other members or classes', () => {
    const members = candidates.slice(0, 2).map(({ probabilities }) => probabilities)
    for (const stack of [
      { weights: [1] },
      { weights: [1, 1], bias: [1] },
      { weights: [1, 1], deviations: [[1]] },
      { weights: [1, 1], deviations: [new Array(6).fill(0)] },
    ])
      expect(() => stackedVote(stack, members)).toThrow(expect.objectContaining({ code: 'ensemble/weights' }))
  })
})

describe('an ensemble that is stacked', () => {
  it('beats its members on other rows, on one path', async () => {
    const ensemble = parseEnsemble(await stackEnsemble(classification, candidates, truth))
    expect(ensemble.stacks?.map(({ level }) => level)).toEqual(['section', 'division', 'group'])
    const other = truthOf(2000, 9)
    const probabilities = [
      member(other.group, 6, 2, 11),
      member(other.group, 6, 1, 12),
      member(other.division, 3, 2, 13),
    ]
    const { levels: found, finest } = vote(ensemble, probabilities)
    const accuracy = accuracyOf(found.group?.classes, other.group)
    const [best] = probabilities
    expect(accuracy).toBeGreaterThan(accuracyOf(argMaxRows(best?.data ?? [], 6), other.group) + 0.05)
    expect(finest).toMatchObject({ rows: 2000, classes: 6 })
    found.group?.classes.forEach((group, row) => {
      expect(found.division?.classes[row]).toBe(DIVISION_OF[group])
      expect(found.section?.classes[row]).toBe(SECTION_OF[group])
    })
  })

  it('takes sums of the finer level where a level has no stack', async () => {
    const input = await stackEnsemble(classification, candidates, {
      group: truth.group,
      division: truth.division,
    })
    const ensemble = parseEnsemble(input)
    expect(ensemble.stacks?.map(({ level }) => level)).toEqual(['division', 'group'])
    const { levels: found } = vote(
      ensemble,
      candidates.map(({ probabilities }) => probabilities),
    )
    expect(accuracyOf(found.section?.classes, truth.section)).toBeGreaterThan(0.9)
  })

  it('leaves out members without weight at any level, which changes no vote', async () => {
    const misled = { name: 'misled', level: 'group', probabilities: member(truth.group, 6, -2, 4) }
    const helpful = candidates.filter(({ level }) => level === 'group')
    const known = { group: truth.group }
    const input = await stackEnsemble(classification, [misled, ...helpful], known)
    expect(input.members.map(({ name }) => name)).toEqual(helpful.map(({ name }) => name))
    for (const { weights } of input.stacks ?? []) expect(weights).toHaveLength(helpful.length)
    const given = helpful.map(({ probabilities }) => probabilities)
    const withZeros = parseEnsemble({
      ...input,
      members: [{ name: 'misled', level: 'group' }, ...input.members],
      stacks: input.stacks?.map(({ weights, deviations, ...stack }) => ({
        ...stack,
        weights: [0, ...weights],
        deviations: deviations && [new Array(6).fill(0), ...deviations],
      })),
    })
    expect(vote(withZeros, [misled.probabilities, ...given])).toEqual(vote(parseEnsemble(input), given))
    // Where no member knows anything, one still has to know the classes.
    const alone = await stackEnsemble(classification, [misled], known)
    expect(alone.members).toHaveLength(1)
  })

  it('votes the same on stored predictions', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kic-stacked-'))
    try {
      const input = await stackEnsemble(classification, candidates, truth)
      for (const { name, level, probabilities } of candidates) {
        const labels = levels.find((one) => one.name === level)?.labels ?? []
        const ids = Array.from({ length: probabilities.rows }, (_, row) => `${row}`)
        await writePredictions(join(folder, `${name}.safetensors`), { level, labels, ids }, [probabilities], {
          dtype: 'float32',
        })
      }
      const path = join(folder, 'ensemble.json')
      const members = input.members.map((one) => ({ ...one, predictions: `${one.name}.safetensors` }))
      await saveEnsemble(path, { ...input, members })
      const wanted = vote(
        parseEnsemble(input),
        candidates.map(({ probabilities }) => probabilities),
      )
      let rows = 0
      for await (const { start, ids, levels: found } of voteOnStored(await loadEnsemble(path), {
        blockRows: 500,
      })) {
        rows += ids.length
        for (const { name } of levels)
          expect(found[name]).toEqual({
            classes: wanted.levels[name]?.classes.slice(start, start + ids.length),
            confidence: wanted.levels[name]?.confidence.slice(start, start + ids.length),
          })
      }
      expect(rows).toBe(500)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('parseEnsemble', () => {
  const sound: EnsembleInput = {
    format: 'kic-ensemble',
    version: 1,
    scheme: 'stacked',
    levels,
    members: [
      { name: 'a', level: 'group' },
      { name: 'b', level: 'division' },
    ],
    stacks: [{ level: 'group', weights: [1, 0.5], bias: [0, 0, 0, 0, 0, 1] }],
  }
  const [stack] = sound.stacks ?? []
  const refused = (changes: object, message: RegExp): void => {
    expect(() => parseEnsemble({ ...sound, ...changes })).toThrow(
      expect.objectContaining({ code: 'ensemble/file', message: expect.stringMatching(message) }),
    )
  }

  it('takes stacks that fit, and refuses others', () => {
    expect(parseEnsemble(sound).stacks).toEqual(sound.stacks)
    refused({ stacks: undefined }, /stacks: 'stacked' needs them/)
    refused({ scheme: 'path' }, /stacks: 'path' has none/)
    refused({ stacks: [] }, /stacks/)
    refused({ stacks: [{ ...stack, level: 'class' }] }, /no level 'class'/)
    refused({ stacks: [stack, stack] }, /stacks\.1\.level.*earlier/)
    refused({ stacks: [{ level: 'division', weights: [1, 1] }] }, /the finest level, 'group', needs one/)
    refused({ stacks: [{ ...stack, weights: [1] }] }, /2 members need as many, not 1/)
    refused({ stacks: [{ ...stack, bias: [1] }] }, /6 classes need as many, not 1/)
    refused({ stacks: [{ ...stack, deviations: [[1]] }] }, /stacks\.0\.deviations/)
    refused({ stacks: [{ ...stack, weights: [1, Number.NaN] }] }, /stacks\.0\.weights/)
    refused({ stacks: [{ ...stack, weights: [1, 1e7] }] }, /stacks\.0\.weights/)
    refused({ stacks: [{ ...stack, wieghts: [1] }] }, /wieghts/)
    const fast = { members: [{ name: 'a' }], accuracy: 0.5, rowsPerSecond: 1 }
    refused({ budgets: { fast } }, /budgets: the stacks/)
    refused({ members: [{ name: 'a', level: 'group', weight: 2 }, sound.members[1]] }, /members\.0\.weight/)
  })

  it('accepts or refuses any stacks, and what it accepts votes', () => {
    const number = fc.oneof(fc.double({ min: -2, max: 2 }), fc.constant(null))
    const numbers = fc.array(number, { maxLength: 7 })
    const stacks = fc.array(
      fc.record(
        {
          level: fc.constantFrom('group', 'division', 'x'),
          weights: numbers,
          bias: numbers,
          deviations: fc.array(numbers),
        },
        { requiredKeys: ['level', 'weights'] },
      ),
    )
    const members = [
      { rows: 1, classes: 6, data: new Float32Array(6).fill(1 / 6) },
      { rows: 1, classes: 3, data: Float32Array.of(0, 0, 1) },
    ]
    fc.assert(
      fc.property(fc.oneof(stacks, fc.jsonValue()), (given) => {
        try {
          const { finest } = vote(parseEnsemble({ ...sound, stacks: given }), members)
          expect(finest.data.every((p) => p >= 0 && p <= 1)).toBe(true)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ensemble/file' })
        }
      }),
    )
  })
})

describe('chooseEnsemble', () => {
  const tilted = candidates.map((candidate) => {
    const { probabilities } = candidate
    if (candidate.level !== 'group') return candidate
    // A prior that no selection of members can take away.
    const data = probabilities.data.map((p, i) => p * (i % 6 === 0 ? 60 : 1))
    const rows = Array.from({ length: probabilities.rows }, (_, row) => {
      const own = data.subarray(6 * row, 6 * row + 6)
      const sum = own.reduce((a, b) => a + b, 0)
      return Array.from(own, (p) => p / sum)
    })
    return { ...candidate, probabilities: { ...probabilities, data: Float32Array.from(rows.flat()) } }
  })

  it('chooses the stack where it is more accurate on rows that neither saw', async () => {
    const told: number[] = []
    const onFit = (done: number, all: number) => void told.push(done / all)
    const found = await chooseEnsemble(classification, tilted, truth, { seed: 1, onFit })
    expect(told).toEqual([0.2, 0.4, 0.6, 0.8, 1])
    expect(found.chosen).toBe('stacked')
    expect(found.difference.low).toBeGreaterThan(0)
    expect(found.difference.difference).toBeCloseTo(
      found.judged.stacked.accuracy - found.judged.selected.accuracy,
      12,
    )
    expect(found.rows).toBe(500)
    expect(found.ensemble).toEqual(await stackEnsemble(classification, tilted, truth, { seed: 1 }))
    expect(await chooseEnsemble(classification, tilted, truth, { seed: 1 })).toEqual(found)
  })

  it('takes the lower log-loss where accuracy does not tell', async () => {
    // Of one member alone, no combination changes an answer.
    const { chosen, difference, judged, ensemble } = await chooseEnsemble(
      classification,
      candidates.slice(0, 1),
      { group: truth.group },
    )
    expect([difference.low, difference.high]).toEqual([0, 0])
    expect(judged.stacked.logLoss).not.toBe(judged.selected.logLoss)
    expect(chosen).toBe(judged.stacked.logLoss < judged.selected.logLoss ? 'stacked' : 'selected')
    expect(ensemble.scheme).toBe(chosen === 'stacked' ? 'stacked' : 'path')
  })

  it('needs rows with a class in both halves, and takes equal texts as one', async () => {
    const none = { ...truth, group: truth.group.map((group, row) => (row === 5 ? group : -1)) }
    const one = { ...truth, group: new Int32Array(500) }
    const refusedHalf = expect.objectContaining({ code: 'ensemble/labels' })
    await expect(chooseEnsemble(classification, candidates, none)).rejects.toThrow(refusedHalf)
    await expect(
      chooseEnsemble(classification, candidates, one, { groups: new Int32Array(500) }),
    ).rejects.toThrow(refusedHalf)
  })
})
