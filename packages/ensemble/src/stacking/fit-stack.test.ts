import { createRandom } from '@kic/core'
import { fitTemperature, logProbability, type Probabilities, softmaxRows } from '@kic/scores'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { softVote } from '../soft-vote.ts'
import reference from './__fixtures__/stack.json' with { type: 'json' }
import { fitStack } from './fit-stack.ts'
import { stackObjective } from './stack-objective.ts'
import { stackRows } from './stack-rows.ts'
import { stackedVote } from './stacked-vote.ts'

const matrix = (rows: readonly (readonly number[])[]): Probabilities => ({
  rows: rows.length,
  classes: rows[0]?.length ?? 0,
  data: Float32Array.from(rows.flat()),
})
const expectClose = (found: readonly number[] | undefined, wanted: readonly number[], within: number) => {
  expect(found).toHaveLength(wanted.length)
  for (const [i, one] of wanted.entries())
    expect(Math.abs((found?.[i] ?? Number.NaN) - one)).toBeLessThan(within)
}

/** Labels, and members whose logits are noise and a signal on the label. */
const drawn = (rows: number, classes: number, signals: readonly number[], seed = 1) => {
  const random = createRandom(seed, 'stack')
  const labels = Int32Array.from({ length: rows }, () => random.int(classes))
  const members = signals.map((signal): Probabilities => {
    const logits = Float64Array.from(
      { length: rows * classes },
      (_, i) => random.normal() + (i % classes === labels[Math.floor(i / classes)] ? signal : 0),
    )
    return { rows, classes, data: softmaxRows(logits, classes) }
  })
  return { labels, members }
}
const lossOf = ({ data, classes }: Probabilities, labels: Int32Array): number =>
  labels.reduce((sum, label, row) => sum - logProbability(data[row * classes + label] ?? 0), 0) /
  labels.length

describe('fitStack', () => {
  it("finds scikit-learn's logistic regression where there are two classes", () => {
    const { labels, members, weights, bias } = reference.binary
    const { stack } = fitStack(members.map(matrix), labels, {
      ridge: { weights: 0, bias: 1e-7 },
      nonNegative: false,
      tolerance: 1e-8,
    })
    expectClose(stack.weights, weights, 1e-4)
    expect((stack.bias?.[1] ?? 0) - (stack.bias?.[0] ?? 0)).toBeCloseTo(bias, 4)
  })

  it.each(reference.cases)(
    "finds SciPy's minimum with the penalties $ridge, non-negative: $nonNegative",
    (wanted) => {
      const { stack } = fitStack(reference.members.map(matrix), reference.labels, {
        ...wanted,
        tolerance: 1e-8,
      })
      expectClose(stack.weights, wanted.weights, 2e-4)
      if (stack.bias) expectClose(stack.bias, wanted.bias, 2e-4)
      if (stack.deviations) expectClose(stack.deviations.flat(), wanted.deviations.flat(), 2e-4)
      expect(stack.bias === undefined).toBe(wanted.ridge.bias === undefined)
      expect(stack.deviations === undefined).toBe(wanted.ridge.deviations === undefined)
      // The third member is against the label.
      if (wanted.nonNegative) expect(stack.weights[2]).toBe(0)
      expect(wanted.weights[2]).toBeLessThan(1e-9)
    },
  )

  it('is temperature scaling where there is one member', () => {
    const { labels, members } = drawn(400, 7, [1.5])
    const [member] = members
    const { stack } = fitStack(members, labels, { ridge: { weights: 0 }, tolerance: 1e-8 })
    const temperature = fitTemperature({ logits: (member?.data ?? []).map(Math.log), classes: 7, labels })
    expect(stack.weights[0]).toBeCloseTo(1 / temperature, 4)
    expect(stack.bias).toBeUndefined()
  })

  it('finds the weights and biases that labels were drawn with', () => {
    const { members } = drawn(3000, 6, [0, 0, 0], 2)
    const truth = { weights: [1.2, 0.4, 0], bias: [0.6, 0, -0.6, 0.3, -0.3, 0] }
    const { data } = stackedVote(truth, members)
    const random = createRandom(3, 'labels')
    const labels = Int32Array.from({ length: 3000 }, (_, row) => {
      let [left, label] = [random.next(), 0]
      while (label < 5 && left > (data[row * 6 + label] ?? 0)) left -= data[row * 6 + label++] ?? 0
      return label
    })
    const { stack, ridge } = fitStack(members, labels)
    expectClose(stack.weights, truth.weights, 0.12)
    expect(ridge.bias).toBeDefined()
    expectClose(stack.bias, truth.bias, 0.2)
    expect(ridge.deviations).toBeUndefined()
  })

  it('takes no biases where labels have none, and beats equal weights on other rows', () => {
    const signals = [2, 1, 0, 0]
    const { labels, members } = drawn(800, 8, signals, 4)
    const { stack, ridge } = fitStack(members, labels)
    expect(ridge.bias ?? 100).toBe(100)
    expect(ridge.deviations).toBeUndefined()
    const other = drawn(3000, 8, signals, 5)
    const loss = lossOf(stackedVote(stack, other.members), other.labels)
    expect(loss).toBeLessThan(lossOf(softVote(other.members, { space: 'log' }), other.labels) - 0.1)
    // log-odds of a normal signal s are s times the noise's, so the best weights are the signals.
    expectClose(stack.weights, signals, 0.25)
  })

  it('does not depend on the order of members, classes or rows', () => {
    const { labels, members } = drawn(120, 4, [1, 0.5, 0.2], 6)
    const options = { ridge: { weights: 1, bias: 2, deviations: 30 }, tolerance: 1e-8 }
    const { stack } = fitStack(members, labels, options)
    const turned = fitStack(members.toReversed(), labels, options).stack
    expectClose(turned.weights, stack.weights.toReversed(), 1e-4)
    expectClose(turned.deviations?.flat(), stack.deviations?.toReversed().flat() ?? [], 1e-4)
    expectClose(turned.bias, stack.bias ?? [], 1e-4)
    // Both rows and columns from last to first.
    const reversed = members.map((member) => ({ ...member, data: member.data.toReversed() }))
    const classes = fitStack(
      reversed,
      labels.toReversed().map((label) => 3 - label),
      options,
    ).stack
    expectClose(classes.weights, stack.weights, 1e-4)
    expectClose(classes.bias, stack.bias?.toReversed() ?? [], 1e-4)
  })

  it('looks at some of many classes, and finds the weight that is best over all', () => {
    const { labels, members } = drawn(600, 150, [4, 3], 7)
    const scaled = members.map((member) => ({ ...member, data: member.data.map((p) => p ** 1.5) }))
    const sums = scaled.map(({ data, ...member }): Probabilities => {
      const rows = Array.from({ length: 600 }, (_, row) => data.subarray(150 * row, 150 * (row + 1)))
      const all = rows.flatMap((row) => {
        const sum = row.reduce((a, b) => a + b, 0)
        return Array.from(row, (p) => p / sum)
      })
      return { ...member, data: Float32Array.from(all) }
    })
    const { stack } = fitStack(sums, labels, { ridge: { weights: 0 }, tolerance: 1e-8 })
    const loss = lossOf(stackedVote(stack, sums), labels)
    for (const factor of [0.9, 0.95, 1.05, 1.1]) {
      const weights = stack.weights.map((weight) => factor * weight)
      expect(loss).toBeLessThan(lossOf(stackedVote({ weights }, sums), labels))
    }
  })

  it('bears rows without a class, classes without rows, certainty, and members that say nothing', () => {
    const { labels, members } = drawn(60, 3, [1], 8)
    const unknown = labels.map((label, row) => (row % 2 ? -1 : Math.min(label, 1)))
    const flat = { rows: 60, classes: 3, data: new Float32Array(180).fill(1 / 3) }
    const sure = {
      rows: 60,
      classes: 3,
      data: Float32Array.from({ length: 180 }, (_, i) => Number(i % 3 === 0)),
    }
    const perfect = {
      ...sure,
      data: sure.data.map((_, i) => Number(i % 3 === unknown[Math.floor(i / 3)])),
    }
    for (const given of [[...members, flat], [flat], [sure], [perfect, ...members]]) {
      const { stack, rows } = fitStack(given, unknown)
      expect(rows).toBe(30)
      for (const weight of [...stack.weights, ...(stack.bias ?? [])])
        expect(Number.isFinite(weight)).toBe(true)
      const { data } = stackedVote(stack, given)
      expect(data.every((p) => p >= 0 && p <= 1)).toBe(true)
    }
    expect(
      fitStack(
        [flat],
        Int32Array.from({ length: 60 }, (_, row) => (row === 7 ? 2 : -1)),
      ).rows,
    ).toBe(1)
    expect(fitStack(members, labels, { groups: new Int32Array(60) }).ridge).toEqual({ weights: 10 })
  })

  it('repeats with its seed, and keeps groups together', () => {
    const { labels, members } = drawn(200, 4, [1, 1], 9)
    expect(fitStack(members, labels, { seed: 3 })).toEqual(fitStack(members, labels, { seed: 3 }))
    // A thousand copies of ten rows are ten rows: a bias that copies would confirm is not taken.
    const row = (i: number) => i % 10
    const copies = members.map(({ data, ...member }) => ({
      ...member,
      rows: 1000,
      data: Float32Array.from({ length: 4000 }, (_, i) => data[4 * row(Math.floor(i / 4)) + (i % 4)] ?? 0),
    }))
    const copied = Int32Array.from({ length: 1000 }, (_, i) => labels[row(i)] ?? 0)
    const groups = Int32Array.from({ length: 1000 }, (_, i) => row(i))
    expect(fitStack(copies, copied).ridge.bias).toBeDefined()
    expect(fitStack(copies, copied, { groups }).loss).toBeGreaterThan(fitStack(copies, copied).loss)
  })

  it('refuses what it cannot fit', () => {
    const { labels, members } = drawn(10, 3, [1, 1], 10)
    const refuses = (code: string, ...given: Parameters<typeof fitStack>) =>
      expect(() => fitStack(...given)).toThrow(expect.objectContaining({ code: `ensemble/${code}` }))
    refuses('no-members', [], labels)
    refuses('shape', [...members, matrix([[0.5, 0.5]])], labels)
    refuses(
      'shape',
      members.map((member) => ({ ...member, ofClass: Int32Array.of(0, 1, 3) })),
      labels,
    )
    refuses('labels', members, labels.slice(1))
    refuses(
      'labels',
      members,
      labels.map(() => 3),
    )
    refuses(
      'labels',
      members,
      labels.map(() => -1),
    )
    refuses('labels', members, labels, { groups: [1] })
    const broken = members.map((member) => ({ ...member, data: member.data.map(() => Number.NaN) }))
    refuses('shape', broken, labels)
    // Without a penalty the best weight of a member that is always right is infinite.
    const right = matrix(Array.from(labels, (label) => [0, 1, 2].map((c) => (c === label ? 0.5 : 0.25))))
    expect(fitStack([right], labels, { ridge: { weights: 0 } }).stack.weights[0]).toBeGreaterThan(10)
  })
})

describe('stackObjective', () => {
  it('has the gradient of its value, as finite differences tell', () => {
    const size = fc.integer({ min: 1, max: 4 })
    fc.assert(
      fc.property(
        size,
        size,
        size,
        fc.nat(),
        fc.boolean(),
        fc.boolean(),
        (rows, classes, count, seed, bias, more) => {
          const { labels, members } = drawn(rows, classes + 1, new Array<number>(count).fill(1), seed)
          const ridge = { weights: 0.7, bias: bias ? 0.3 : undefined, deviations: more ? 0.9 : undefined }
          const included = Uint8Array.from({ length: rows }, (_, row) => Number(row !== 1))
          const { objective, start } = stackObjective(stackRows('test', members, labels), ridge, included)
          const random = createRandom(seed, 'point')
          const at = start.map((x) => x + random.normal())
          const gradient = new Float64Array(at.length)
          objective(at, gradient)
          const step = 1e-5
          for (const i of at.keys()) {
            const value = (by: number): number =>
              objective(
                at.map((x, j) => (i === j ? x + by : x)),
                new Float64Array(at.length),
              )
            expect((value(step) - value(-step)) / (2 * step)).toBeCloseTo(gradient[i] ?? Number.NaN, 5)
          }
        },
      ),
    )
  })

  it('has the curvature of its value', () => {
    const { labels, members } = drawn(9, 4, [1, 2], 11)
    const { objective, curvature, start } = stackObjective(stackRows('test', members, labels), {
      weights: 0.7,
      bias: 0.3,
      deviations: 0.9,
    })
    const step = 1e-5
    curvature(start).forEach((own, i) => {
      const slope = (by: number): number => {
        const gradient = new Float64Array(start.length)
        objective(
          start.map((x, j) => (i === j ? x + by : x)),
          gradient,
        )
        return gradient[i] ?? Number.NaN
      }
      expect((slope(step) - slope(-step)) / (2 * step)).toBeCloseTo(own, 4)
    })
  })
})
