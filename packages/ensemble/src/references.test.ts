import { defined } from '@kic/core'
import { inMemory, type PredictionSource } from '@kic/scores'
import { describe, expect, it } from 'vitest'
import { coarseMembers, labels, members, reference, smoothed } from './__fixtures__/voting.ts'
import { hardVote } from './hard-vote.ts'
import { mostProbable } from './most-probable.ts'
import { publishedScheme } from './published-scheme.ts'
import { selectMembers } from './select-members.ts'
import { softVote } from './soft-vote.ts'
import { vote } from './vote.ts'

const { weights, temperatures } = reference
const classesOf = (votes: Int32Array): number[] => Array.from(votes)
const expectClose = (actual: Float32Array, expected: readonly number[]): void => {
  expect(expected.length).toBeGreaterThan(50)
  expected.forEach((value, i) => {
    expect(Math.abs(defined(actual[i]) - value)).toBeLessThan(1e-6)
  })
}
const votes = members.map(mostProbable)

/** The same predictions in blocks of 37 rows. */
const inBlocks: PredictionSource = () =>
  Array.from({ length: Math.ceil(reference.rows / 37) }, (_, i) => {
    const [start, end] = [37 * i, Math.min(reference.rows, 37 * (i + 1))]
    return {
      start,
      members: members.map(({ classes, data }) => ({
        rows: end - start,
        classes,
        data: data.slice(start * classes, end * classes),
      })),
    }
  })

describe('softVote', () => {
  it("equals scikit-learn's VotingClassifier, also when classes tie", () => {
    expect(reference.softTies).toBeGreaterThan(0)
    expect(classesOf(mostProbable(softVote(members)))).toEqual(reference.soft)
    expect(classesOf(mostProbable(softVote(members, { weights })))).toEqual(reference.softWeighted)
  })

  it('equals NumPy in probability and log space, with weights and temperatures', () => {
    expectClose(softVote(members, { weights }).data, reference.mean)
    expectClose(softVote(members, { weights, temperatures }).data, reference.meanTempered)
    expectClose(softVote(members, { weights, space: 'log' }).data, reference.logMean)
    expectClose(softVote(members, { weights, temperatures, space: 'log' }).data, reference.logMeanTempered)
  })
})

describe('hardVote', () => {
  it("equals scikit-learn's VotingClassifier when the lowest class wins ties", () => {
    expect(reference.hardTies).toBeGreaterThan(10)
    expect(classesOf(hardVote(votes, { ties: 'lowest-class' }))).toEqual(reference.hardLowest)
    expect(classesOf(hardVote(votes, { ties: 'lowest-class', weights }))).toEqual(
      reference.hardLowestWeighted,
    )
  })

  it("equals Counter.most_common of Python when the earliest member's vote wins ties", () => {
    expect(classesOf(hardVote(votes))).toEqual(reference.hardFirst)
    expect(reference.hardFirst).not.toEqual(reference.hardLowest)
  })
})

describe('publishedScheme', () => {
  it('equals an implementation in Python', () => {
    const result = publishedScheme({
      groupMembers: members,
      divisionMembers: coarseMembers,
      division: {
        name: 'division',
        labels: names('D', 3),
        ofClass: Int32Array.from(reference.parent),
      },
      section: {
        name: 'section',
        labels: names('S', 2),
        ofClass: Int32Array.from(reference.parent, (d) => defined(reference.top[d])),
      },
    })
    expect(classesOf(result.group)).toEqual(reference.published.group)
    expect(classesOf(result.division)).toEqual(reference.published.division)
    expect(classesOf(result.section)).toEqual(reference.published.section)
  })
})

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`)
const ensemble = (scheme: 'published' | 'path') => ({
  format: 'kic-ensemble' as const,
  version: 1 as const,
  scheme,
  space: 'probability' as const,
  levels: [
    { name: 'section', labels: names('S', 2) },
    { name: 'division', labels: names('D', 3), parents: reference.top },
    { name: 'group', labels: names('G', 6), parents: reference.parent },
  ],
  members: [
    ...coarseMembers.map((_, i) => ({ name: `d${i}`, level: 'division', weight: 1, temperature: 1 })),
    ...members.map((_, i) => ({ name: `g${i}`, level: 'group', weight: 1, temperature: 1 })),
  ],
})

describe('vote', () => {
  it('decodes the same most probable path as NumPy', () => {
    const { levels } = vote(ensemble('path'), [...coarseMembers, ...members])
    expect(classesOf(levels.group?.classes ?? new Int32Array())).toEqual(reference.path)
    expect(reference.pathDiffersFromGroup).toBeGreaterThan(5)
    levels.group?.classes.forEach((group, row) => {
      expect(levels.division?.classes[row]).toBe(reference.parent[group])
      expect(levels.section?.classes[row]).toBe(reference.top[defined(reference.parent[group])])
    })
  })

  it('votes as published, and takes the confidence of a class from its groups', () => {
    const { levels, finest } = vote(ensemble('published'), [...coarseMembers, ...members])
    expect(classesOf(levels.division?.classes ?? new Int32Array())).toEqual(reference.published.division)
    expect(classesOf(levels.section?.classes ?? new Int32Array())).toEqual(reference.published.section)
    const ofDivision = [0, 1, 2, 3, 4, 5]
      .filter((g) => reference.parent[g] === levels.division?.classes[0])
      .reduce((sum, g) => sum + defined(finest.data[g]), 0)
    expect(levels.division?.confidence[0]).toBeCloseTo(ofDivision, 6)
    expect(levels.group?.confidence[0]).toBe(Math.max(...finest.data.slice(0, 6)))
  })
})

describe('selectMembers', () => {
  it('takes the same members as a greedy search in NumPy, in one block or several', async () => {
    for (const source of [inMemory(members), inBlocks]) {
      const { picks, scores, weights: taken } = await selectMembers(source, labels, { rounds: 12 })
      expect(picks).toEqual(reference.greedyPicks)
      scores.forEach((score, round) => {
        expect(score).toBeCloseTo(defined(reference.greedyScores[round]), 10)
      })
      // The first best score is that of the ninth round.
      const counted = reference.greedyPicks.slice(0, reference.greedyScores.indexOf(Math.max(...scores)) + 1)
      expect(taken).toEqual(members.map((_, k) => counted.filter((pick) => pick === k).length))
    }
  })

  it('returns weights that reach its score, above every single member', async () => {
    const { weights: taken, scores } = await selectMembers(inBlocks, labels, { rounds: 12 })
    const right = (predicted: Int32Array): number =>
      predicted.filter((c, row) => c === labels[row]).length / labels.length
    const best = Math.max(...scores)
    expect(right(mostProbable(softVote(members, { weights: taken })))).toBeCloseTo(best, 10)
    expect(best).toBeGreaterThan(Math.max(...members.map((member) => right(mostProbable(member)))))
  })

  it('lowers the log-loss round by round if that is the metric', async () => {
    const { scores, weights: taken } = await selectMembers(inMemory(smoothed), labels, {
      rounds: 6,
      metric: 'log-loss',
    })
    expect(scores[0]).toBeCloseTo(Math.min(...reference.lossesBefore), 5)
    const { data, classes } = softVote(smoothed, { weights: taken })
    const loss =
      -labels.reduce((sum, c, row) => sum + Math.log(defined(data[row * classes + c])), 0) / labels.length
    expect(loss).toBeCloseTo(Math.min(...scores), 5)
    expect(Math.min(...scores)).toBeLessThan(defined(scores[0]))
  })
})
